// The shrinker, on faults that are made for it.
#include "tests/differential/shrink.hpp"

#include <doctest/doctest.h>

#include "tests/differential/trial.hpp"
#include "tests/differential/world.hpp"

namespace consign::reference {
namespace {

std::string said(const RuleText& rules, const Case& one) {
  const CheckResult result = checked(rules);
  return result.ok() ? expected(*result.rules, one) : std::string();
}

/// As an engine would decide that loses the order's note.
bool loses_the_note(const RuleText& rules, const Case& one) {
  Case without = one;
  std::erase_if(without.order, [](const Given& given) { return given.field == Field::order_note; });
  return said(rules, one) != said(rules, without);
}

/// As an engine would decide that takes an unknown product for one without any facts.
bool takes_unknown_for_missing(const RuleText& rules, const Case& one) {
  Case guessed = one;
  for (GivenProduct& product : guessed.products) {
    if (product.state == Known::unknown) product.state = Known::missing;
  }
  return said(rules, one) != said(rules, guessed);
}

/// The first world whose rule set is not small and on one of whose orders the fault shows.
Failing first_failing(const Fails& fails) {
  for (std::uint64_t seed = 1; seed < 500; ++seed) {
    const World world = world_of(seed, 4);
    if (world.rules.rules.size() < 10) continue;
    for (const Case& one : world.cases) {
      if (one.lines.size() > 2 && fails(world.rules, one)) return {world.rules, one};
    }
  }
  FAIL("no world shows the fault");
  return {};
}

std::size_t values_of(const Case& one) {
  std::size_t count = one.order.size() + one.shared.size();
  for (const GivenLine& line : one.lines) count += line.fields.size();
  for (const GivenProduct& product : one.products) count += product.fields.size();
  return count;
}

}  // namespace

TEST_CASE("a fault that needs one value shrinks to one rule that reads it") {
  const Failing large = first_failing(loses_the_note);
  const Failing small = shrunk(large, loses_the_note);
  INFO(describe(small));
  CHECK(loses_the_note(small.rules, small.one));
  REQUIRE(small.rules.rules.size() == 1);
  CHECK(small.rules.rules[0].find("order.note") != std::string::npos);
  CHECK(small.rules.rules[0].size() < 150);
  CHECK(small.rules.declarations.size() <= 4);
  CHECK(small.one.lines.size() <= 1);
  CHECK_FALSE(small.one.prior);
  CHECK(text_in(small.one.order, Field::order_note) != nullptr);
  // What every order has, the note, and what every line has.
  CHECK(values_of(small.one) <= 9 + 5 + 1);
}

TEST_CASE("a fault that needs an unknown product shrinks to one line of it") {
  const Failing large = first_failing(takes_unknown_for_missing);
  const Failing small = shrunk(large, takes_unknown_for_missing);
  INFO(describe(small));
  CHECK(takes_unknown_for_missing(small.rules, small.one));
  REQUIRE(small.rules.rules.size() == 1);
  CHECK(small.rules.rules[0].find("product.") != std::string::npos);
  REQUIRE(small.one.lines.size() == 1);
  REQUIRE(small.one.products.size() == 1);
  CHECK(small.one.products[0].state == Known::unknown);
  CHECK(describe(small).find(name_of(small.one.products[0]) + " is unknown") != std::string::npos);
}

TEST_CASE("shrinking stops after so many attempts, with something that still fails") {
  const Failing large = first_failing(loses_the_note);
  std::size_t tries = 0;
  const Failing small = shrunk(
      large,
      [&](const RuleText& rules, const Case& one) {
        ++tries;
        return loses_the_note(rules, one);
      },
      25);
  CHECK(tries == 25);
  CHECK(loses_the_note(small.rules, small.one));
}

}  // namespace consign::reference
