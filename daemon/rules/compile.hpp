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

/// The files of a set as they stand on the disk or in the store.
using RuleSources = std::vector<std::shared_ptr<const Source>>;

/// Checks and compiles; no side effects.
Compiled compile_rules(std::vector<RuleFile> files, const CheckOptions& options, Timestamp now);
/// The same, one set after the other: the loader knows the files that have not changed, and of
/// `previous`, the program in force if there is one, what they were compiled to is taken over.
Compiled compile_rules(RuleSources files, RuleSetLoader& loader, Timestamp now,
                       const std::shared_ptr<const Program>& previous);

/// A refusal for a reason outside the files' text: a folder that cannot be read, one without files.
std::shared_ptr<const RefusedRules> refuse(std::string hash, const std::string& why, Timestamp now);

/// The hash that these files will have as a rule set.
std::string hash_of(const RuleSources& files);

RuleSources sources_of(std::vector<RuleFile> files);

}  // namespace consign
