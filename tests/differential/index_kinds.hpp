// The ways in which a program's index finds its rules: the one place of these tests that looks into
// the engine.
#pragma once

#include <string_view>
#include <vector>

#include "consign/engine.hpp"

namespace consign::reference {

/// One name for each key under which a rule is filed.
std::vector<std::string_view> index_kinds(const Program& program);
/// All that there are.
std::vector<std::string_view> all_index_kinds();

}  // namespace consign::reference
