// Reading the files of a rule set from a folder.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "consign/dsl.hpp"
#include "consign/result.hpp"
#include "consign/source.hpp"

namespace consign {

/// All `*.rules`, `*.yaml`, `*.yml` below `folder`, in the byte order of their relative paths;
/// names that start with `.` or end in `~` are left out. An error says which path could not be read
/// and why.
Result<std::vector<RuleFile>> read_rules_folder(const std::filesystem::path& folder);

/// Reads one folder again and again: files whose status says that they are as they were are not
/// read, and their sources are the same ones. Not thread-safe.
class RulesFolder {
 public:
  explicit RulesFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// What read_rules_folder() would give.
  Result<std::vector<std::shared_ptr<const Source>>> read();

 private:
  struct Known {
    struct stat status;  ///< of before it was read
    std::chrono::system_clock::time_point read_at;
    std::shared_ptr<const Source> source;
  };
  static bool is_as_it_was(const Known& known, const struct stat& status);

  const std::filesystem::path folder_;
  std::unordered_map<std::string, Known> known_;  ///< by relative path
};

}  // namespace consign
