// Rule sets as commands take them: a folder, or one file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/session.hpp"
#include "consign/dsl.hpp"
#include "consign/result.hpp"

namespace consign::cli {

/// The files that a path stands for. `prefix` in front of a file's path gives what the user would
/// type to open it.
struct RulesSource {
  std::vector<RuleFile> files;
  std::string prefix;
};
Result<RulesSource> read_rules(const std::string& path);

/// Writes at most `limit` messages (0: all) on standard error, errors before warnings, and says how
/// many were left out.
void show_messages(const std::vector<Diagnostic>& messages, const SourceMap& sources,
                   std::string_view prefix, std::size_t limit, const Session& session);

/// The checked rule set behind `path`, for commands that need one that is in order. Else what is
/// wrong stands on standard error and `exit` says how the command ends.
struct LoadedRules {
  std::shared_ptr<const RuleSet> rules;
  std::string prefix;
  Exit exit = kFine;
};
LoadedRules load_rules(const std::string& path, const Session& session);

/// "2 errors and 1 warning".
std::string count_messages(std::size_t errors, std::size_t warnings);

/// How many of the messages are errors.
std::size_t count_errors(const std::vector<Diagnostic>& messages);

/// How many messages the commands show when nobody asks for another number.
inline constexpr std::size_t kMessagesShown = 50;

}  // namespace consign::cli
