#include "tests/differential/world.hpp"

namespace consign::reference {

namespace {

World world_with(Dice& dice, Flavour flavour, std::size_t cases) {
  World world{std::move(flavour), {}, {}};
  world.rules = RuleWriter(dice, world.flavour).rule_set();
  for (std::size_t i = 0; i < cases; ++i) {
    world.cases.push_back(random_case(dice, world.flavour));
  }
  return world;
}

}  // namespace

World world_of(std::uint64_t seed, std::size_t cases) {
  Dice dice(seed);
  return world_with(dice, flavour_of(dice), cases);
}

World large_world_of(std::uint64_t seed, std::size_t cases) {
  Dice dice(seed);
  return world_with(dice, large_flavour_of(dice), cases);
}

}  // namespace consign::reference
