// Reading the files of a rule set from a folder.
#pragma once

#include <filesystem>
#include <vector>

#include "consign/dsl.hpp"
#include "consign/result.hpp"

namespace consign {

/// All `*.rules`, `*.yaml`, `*.yml` below `folder`, in the byte order of their relative paths;
/// names that start with `.` or end in `~` are left out. An error says which path could not be read
/// and why.
Result<std::vector<RuleFile>> read_rules_folder(const std::filesystem::path& folder);

}  // namespace consign
