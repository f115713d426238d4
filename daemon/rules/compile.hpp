// Files to a rule set that can be put in force, or to the reasons why not.
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "consign/dsl.hpp"
#include "daemon/rules/current_rules.hpp"

namespace consign {

using Compiled =
    std::variant<std::shared_ptr<const ActiveRules>, std::shared_ptr<const RefusedRules>>;

/// Checks and compiles; no side effects.
Compiled compile_rules(std::vector<RuleFile> files, const CheckOptions& options, Timestamp now);
/// The same, one set after the other: the loader knows the files that have not changed.
Compiled compile_rules(std::vector<RuleFile> files, RuleSetLoader& loader, Timestamp now);

/// A refusal for a reason outside the files' text: a folder that cannot be read, one without files.
std::shared_ptr<const RefusedRules> refuse(std::string hash, const std::string& why, Timestamp now);

/// The hash that these files will have as a rule set.
std::string hash_of(const std::vector<RuleFile>& files);

}  // namespace consign
