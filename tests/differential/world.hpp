// Small random worlds: a rule set as text, and events with facts to decide.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consign/engine.hpp"
#include "tests/differential/reference.hpp"
#include "tests/differential/rule_writer.hpp"

namespace consign::reference {

/// What `decide` takes besides the rules.
struct Case {
  Event event;
  Facts facts;
  Timestamp now;
  std::optional<Prior> prior;
};

struct World {
  RuleText rules;
  std::vector<Case> cases;
};

/// The world of that seed, the same on every machine.
World small_world(std::uint64_t seed);

/// The rule set as one file.
std::string text_of(const RuleText& rules);

/// The case of later, once it was decided so: facts have come, some parts stand, some were freed.
Case decided_again(const Case& before, const RuleSet& rules, const ReferenceDecision& decision,
                   Dice& dice);

/// The case without its line `line`.
Case without_line(const Case& before, std::size_t line);

/// A case as text, for the report of a difference.
std::string describe(const Case& one);

}  // namespace consign::reference
