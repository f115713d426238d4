// Engine against reference, over random worlds. CONSIGN_DIFFERENTIAL_SEEDS=N decides by that many
// rule sets, CONSIGN_DIFFERENTIAL_FIRST=N starts elsewhere.

#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/differential/coverage.hpp"
#include "tests/differential/shrink.hpp"
#include "tests/differential/trial.hpp"
#include "tests/differential/world.hpp"

namespace consign::reference {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kOrdinarySets = 400;  // each costs ten times as much
constexpr std::size_t kFewestPairs = 10'000;
constexpr std::size_t kFewestOfEach = 0;  // so few sets cannot show everything
#else
constexpr std::uint64_t kOrdinarySets = 4'000;
constexpr std::size_t kFewestPairs = 100'000;
constexpr std::size_t kFewestOfEach = 20;
#endif
constexpr std::size_t kCasesOfSet = 13;

struct Seeds {
  std::uint64_t first, count;

  static Seeds from_environment() {
    const auto setting = [](const char* name, std::uint64_t otherwise) {
      const char* text = std::getenv(name);
      return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
    };
    return {setting("CONSIGN_DIFFERENTIAL_FIRST", 1),
            setting("CONSIGN_DIFFERENTIAL_SEEDS", kOrdinarySets)};
  }
  std::uint64_t end() const { return first + count; }
};

Trial trial_of(const World& world) {
  const CheckResult result = checked(world.rules);
  REQUIRE_MESSAGE(result.ok(), messages_of(result) << "\n" << text_of(world.rules));
  return Trial(result.rules);
}

/// What of the line's quantity has shipped, as far as the quantity still includes it.
Decimal shipped_of(const Case& one, const std::string& line) {
  Decimal sum(0);
  if (!one.prior) return sum;
  for (const Prior::Part& part : one.prior->parts) {
    if (part.line == line && part.shipped) sum = *sum.plus(*part.quantity.minus(part.gone));
  }
  return sum;
}

/// Every line's parts add up to its quantity, whoever decided, unless more of it has shipped.
bool quantities_add_up(const Case& one, const ReferenceDecision& decision) {
  for (std::size_t i = 0; i < decision.lines.size(); ++i) {
    Decimal sum = shipped_of(one, decision.lines[i].id);
    for (const ReferencePart& part : decision.lines[i].parts) {
      if (!part.shipped) sum = *sum.plus(part.quantity);
    }
    const auto quantity = *Decimal::parse(*text_in(one.lines[i].fields, Field::line_quantity));
    if (sum != std::max(quantity, shipped_of(one, decision.lines[i].id))) return false;
  }
  return true;
}

/// Nobody promises more than there is to promise.
bool stock_lasts(const Case& one, const ReferenceDecision& decision) {
  for (const Facts::Stock& stock : one.stock) {
    Decimal promised(0);
    for (std::size_t i = 0; i < decision.lines.size(); ++i) {
      const std::string* sku = text_in(one.lines[i].fields, Field::line_sku);
      if (sku == nullptr || *sku != stock.sku) continue;
      for (const ReferencePart& part : decision.lines[i].parts) {
        if (!part.kept && part.supplier == stock.supplier) promised = *promised.plus(part.quantity);
      }
    }
    const Decimal left = *stock.available.minus(stock.safety);
    if (!promised.is_zero() && left < promised) return false;
  }
  return true;
}

/// Makes the disagreement small, and tells all there is to know.
std::string report(const World& world, const Case& one) {
  const auto differ = [](const RuleText& rules, const Case& each) {
    return !disagreement(rules, each).empty();
  };
  const Failing small = shrunk({world.rules, one}, differ);
  return describe(small) + disagreement(small.rules, small.one);
}

/// A run over many worlds.
struct Run {
  Coverage coverage;
  std::size_t pairs = 0;
  std::size_t disagreements = 0;

  /// Lets all who can decide the case. Nothing where they disagree.
  std::optional<ReferenceDecision> tried(const World& world, Trial& trial, const Case& one) {
    ++pairs;
    Trial::Verdict verdict = trial.decide(one);
    CHECK(quantities_add_up(one, verdict.expected));
    CHECK(stock_lasts(one, verdict.expected));
    if (!verdict.disagreement.empty()) {
      ++disagreements;
      FAIL_CHECK(report(world, one));
      return std::nullopt;
    }
    coverage.note(one);
    coverage.note(verdict.expected);
    return std::move(verdict.expected);
  }

  void decide_all(const World& world, Dice dice) {
    Trial trial = trial_of(world);
    coverage.note(trial.rules());
    coverage.note(trial.program());
    for (const Case& one : world.cases) {
      const auto first = tried(world, trial, one);
      if (!first) return;  // one report of a world is enough
      const Case again = decided_again(one, trial.rules(), *first, dice, world.flavour);
      if (!tried(world, trial, again)) return;
    }
  }
};

}  // namespace

TEST_CASE("engine and reference decide alike in random worlds") {
  const Seeds seeds = Seeds::from_environment();
  Run run;
  for (std::uint64_t seed = seeds.first; seed < seeds.end() && run.disagreements < 5; ++seed) {
    CAPTURE(seed);
    run.decide_all(world_of(seed, kCasesOfSet), Dice(seed));
  }
  MESSAGE(seeds.count << " rule sets, " << run.pairs << " pairs of rule set and order");
  if (seeds.count < kOrdinarySets || run.disagreements != 0) return;
  CHECK(run.pairs >= kFewestPairs);
  CHECK(run.coverage.missed(kFewestOfEach) == "");
}

TEST_CASE("engine and reference decide alike by thousands of rules") {
  const Seeds seeds = Seeds::from_environment();
  Run run;
  for (std::uint64_t seed = seeds.first; seed < seeds.first + seeds.count / 400; ++seed) {
    CAPTURE(seed);
    run.decide_all(large_world_of(seed, 6), Dice(seed));
  }
  MESSAGE(run.pairs << " pairs of large rule set and order");
}

TEST_CASE("a formatted rule set means what it meant") {
  const Seeds seeds = Seeds::from_environment();
  for (std::uint64_t seed = seeds.first; seed < seeds.first + seeds.count / 8; ++seed) {
    CAPTURE(seed);
    const World world = world_of(seed, 4);
    const std::string text = text_of(world.rules);
    const FormatResult formatted = format_rules({"10-world.rules", text});
    REQUIRE_MESSAGE(formatted.ok(), text);
    CHECK(format_rules({"10-world.rules", formatted.text}).text == formatted.text);
    const CheckResult before = checked(world.rules);
    const CheckResult after = check_rules({{"10-world.rules", formatted.text}});
    REQUIRE(before.ok());
    REQUIRE_MESSAGE(after.ok(), messages_of(after) << "\n" << formatted.text);
    CHECK(outline(*after.rules) == outline(*before.rules));
    for (const Case& one : world.cases) {
      CHECK(expected(*after.rules, one) == expected(*before.rules, one));
    }
  }
}

}  // namespace consign::reference
