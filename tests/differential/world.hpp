// Random worlds: a rule set, and orders with facts to decide by it.
#pragma once

#include <vector>

#include "tests/differential/event_writer.hpp"
#include "tests/differential/rule_writer.hpp"

namespace consign::reference {

struct World {
  Flavour flavour;
  RuleText rules;
  std::vector<Case> cases;
};

/// The world of that seed, the same on every machine.
World world_of(std::uint64_t seed, std::size_t cases);
/// The same, with some thousand rules.
World large_world_of(std::uint64_t seed, std::size_t cases);

}  // namespace consign::reference
