// Smaller texts of a declaration or a rule.
#pragma once

#include <string>
#include <vector>

#include "tests/differential/rule_writer.hpp"

namespace consign::reference {

/// Texts that could stand in the place of `piece`, one of the set's declarations or rules: without
/// one of its lines, actions or members, with a condition replaced by one of its parts, without
/// some parentheses. Those that take away most come first; not all of them load.
std::vector<std::string> smaller_texts(const RuleText& rules, const std::string& piece);

}  // namespace consign::reference
