// Engine against reference, over random worlds. CONSIGN_DIFFERENTIAL_SEEDS=N makes the run longer,
// CONSIGN_DIFFERENTIAL_FIRST=N starts it elsewhere.

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>

#include "consign/dsl.hpp"
#include "tests/differential/world.hpp"

namespace consign::reference {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

CheckResult checked(const std::string& text) { return check_rules({{"10-world.rules", text}}); }

std::string rendered(const CheckResult& result) {
  std::string out;
  for (const Diagnostic& diagnostic : result.diagnostics)
    out += render(diagnostic, *result.sources);
  return out;
}

std::string by_engine(const Program& program, const Case& one) {
  Arena arena;
  const Decision decision =
      decide(program, one.event, one.facts, one.now, arena, one.prior ? &*one.prior : nullptr);
  return render(rules_of(program), copy_of(decision));
}

ReferenceDecision judged(const RuleSet& rules, const Case& one) {
  return decide(rules, one.event, one.facts, one.now, one.prior ? &*one.prior : nullptr);
}

/// The lines of two texts that stand in one of them only.
std::string difference(const std::string& expected, const std::string& seen) {
  std::map<std::string, int> count;
  const auto each_line = [](const std::string& text, auto&& use) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      use(text.substr(at, end - at));
      at = end + 1;
    }
  };
  each_line(expected, [&](const std::string& line) { ++count[line]; });
  each_line(seen, [&](const std::string& line) { --count[line]; });
  std::string out;
  for (const auto& [line, more] : count) {
    if (more != 0) out += (more > 0 ? "reference only: " : "engine only:    ") + line + "\n";
  }
  return out.empty() ? "the order of lines differs\n" : out;
}

/// Whether engine and reference differ on the case; rule sets that do not load do not.
bool differ(const RuleText& rules, const Case& one) {
  const CheckResult result = checked(text_of(rules));
  if (!result.ok()) return false;
  return by_engine(*compile(result.rules), one) !=
         render(*result.rules, judged(*result.rules, one));
}

/// Drops rules, then lines, while the difference stays; then tells all there is to know.
std::string report(RuleText rules, Case one) {
  for (std::size_t i = rules.rules.size(); i-- > 0;) {
    RuleText fewer = rules;
    fewer.rules.erase(fewer.rules.begin() + static_cast<std::ptrdiff_t>(i));
    if (differ(fewer, one)) rules = std::move(fewer);
  }
  for (std::size_t i = one.event.lines.size(); i-- > 0;) {
    const Case fewer = without_line(one, i);
    if (differ(rules, fewer)) one = fewer;
  }
  const CheckResult result = checked(text_of(rules));
  const std::string expected = render(*result.rules, judged(*result.rules, one));
  const std::string seen = by_engine(*compile(result.rules), one);
  return text_of(rules) + "\n--- event\n" + describe(one) + "\n--- reference\n" + expected +
         "\n--- engine\n" + seen + "\n--- difference\n" + difference(expected, seen);
}

/// Every line's parts add up to its quantity, whoever decided.
void check_quantities(const Case& one, const ReferenceDecision& decision) {
  for (std::size_t i = 0; i < decision.lines.size(); ++i) {
    Decimal sum(0);
    for (const ReferencePart& part : decision.lines[i].parts) sum = *sum.plus(part.quantity);
    CHECK(sum == one.event.lines[i].value(Field::line_quantity)->number);
  }
}

void check_case(const World& world, const std::shared_ptr<const RuleSet>& rules,
                const Program& program, const Case& one) {
  const ReferenceDecision expected = judged(*rules, one);
  check_quantities(one, expected);
  const std::string seen = by_engine(program, one);
  if (seen != render(*rules, expected)) FAIL_CHECK(report(world.rules, one));
  CHECK(by_engine(program, one) == seen);
}

}  // namespace

TEST_CASE("engine and reference decide alike in random worlds") {
  const std::uint64_t first = setting("CONSIGN_DIFFERENTIAL_FIRST", 1);
  const std::uint64_t count = setting("CONSIGN_DIFFERENTIAL_SEEDS", 2000);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    CAPTURE(seed);
    const World world = small_world(seed);
    const std::string text = text_of(world.rules);
    const CheckResult result = checked(text);
    REQUIRE_MESSAGE(result.ok(), rendered(result) << "\n" << text);
    const auto program = compile(result.rules);
    Dice dice(seed);
    for (const Case& one : world.cases) {
      check_case(world, result.rules, *program, one);
      check_case(world, result.rules, *program,
                 decided_again(one, *result.rules, judged(*result.rules, one), dice));
    }
  }
}

TEST_CASE("a formatted rule set means what it meant") {
  const std::uint64_t first = setting("CONSIGN_DIFFERENTIAL_FIRST", 1);
  const std::uint64_t count = setting("CONSIGN_DIFFERENTIAL_SEEDS", 2000) / 4;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    CAPTURE(seed);
    const World world = small_world(seed);
    const std::string text = text_of(world.rules);
    const FormatResult formatted = format_rules({"10-world.rules", text});
    REQUIRE_MESSAGE(formatted.ok(), text);
    CHECK(format_rules({"10-world.rules", formatted.text}).text == formatted.text);
    const CheckResult before = checked(text);
    const CheckResult after = checked(formatted.text);
    REQUIRE(before.ok());
    REQUIRE_MESSAGE(after.ok(), rendered(after) << "\n" << formatted.text);
    CHECK(outline(*after.rules) == outline(*before.rules));
    for (const Case& one : world.cases) {
      CHECK(render(*after.rules, judged(*after.rules, one)) ==
            render(*before.rules, judged(*before.rules, one)));
    }
  }
}

}  // namespace consign::reference
