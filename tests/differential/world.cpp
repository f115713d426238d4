#include "tests/differential/world.hpp"

namespace consign::reference {

World world_of(std::uint64_t seed, std::size_t cases) {
  Dice dice(seed);
  World world;
  world.flavour = flavour_of(dice);
  world.rules = RuleWriter(dice, world.flavour).rule_set();
  for (std::size_t i = 0; i < cases; ++i) {
    world.cases.push_back(random_case(dice, world.flavour));
  }
  return world;
}


}  // namespace consign::reference
