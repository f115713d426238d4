#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "bench/workload.hpp"
#include "daemon/wire/decision_json.hpp"

using namespace consign;
using namespace consign::bench;

namespace {

constexpr Timestamp kNow{1795255152000000};

std::string decided(const Program& program, const Sample& sample) {
  Arena arena;
  const Decision decision = decide(program, sample.order.event, sample.facts, kNow, arena);
  return boost::json::serialize(decision_to_json(decision, program, sample.order, "id"));
}

std::shared_ptr<const RuleSet> rules_of_text(const std::string& text) {
  CheckResult result = check_rules({{"test.rules", text}});
  REQUIRE(result.ok());
  return result.rules;
}

std::vector<std::string> unindexed(const std::string& text) {
  const auto program = compile(rules_of_text(text));
  std::vector<std::string> names;
  for (const Unindexed& each : cost_of(*program).unindexed) {
    names.push_back(std::string(rules_of(*program).rules[each.rule].name) + ": " +
                    std::string(name_of(each.why)));
  }
  return names;
}

}  // namespace

TEST_CASE(
    "a thousand rules decide alike with the index and without, also where products are unknown") {
  const auto rules = rule_set(1'000);
  const auto with = compile(rules);
  const auto without = compile(rules, {false});
  std::size_t waiting = 0;
  for (const Sample& sample : samples(1'000, 200, true)) {
    const std::string decision = decided(*with, sample);
    waiting += decision.find("\"waiting\"") != std::string::npos;
    CHECK(decision == decided(*without, sample));
  }
  CHECK(waiting > 10);
}

TEST_CASE("rules are indexed by what they ask for, and those by negations alone are named") {
  const auto names = unindexed(R"(
    supplier acme
    rule by-tag { when product.tag = "x" and order.total > 5 EUR then assign to acme }
    rule by-list { when order.ship_to.country in { "SE", "NO" } then tag "north" }
    rule by-range { when order.total between 5 EUR and 10 EUR then tag "small" }
    rule by-prefix { when line.sku starts with "ACM-" then assign to acme }
    rule by-glob { when line.sku like "*-XL" then assign to acme }
    rule by-either { when product.tag = "x" or order.tag = "y" then assign to acme }
    rule by-any-line { when any line (line.sku = "A") then tag "a" }
    rule by-every-line { when every line (line.sku = "A") then tag "a" }
    rule by-absence { when order.note is missing then tag "quiet" }
    rule by-denial { when not (order.note is missing or order.tag != "y") then tag "y" }
    rule negated { when order.tag != "y" then tag "z" }
    rule either-negated { when product.tag = "x" or order.tag != "y" then assign to acme }
    rule counted { when count of lines (line.sku = "A") > 2 then tag "many" }
    rule counted-none { when count of lines (line.sku = "A") < 2 then tag "few" }
    rule by-part { when line.title contains "gift" then tag "gift" }
    rule by-middle { when line.title like "*gift*" then tag "gift" }
    rule by-expression { when line.sku matches "(?i)^acm-[0-9]+" then tag "acme" }
    rule any-digit { when line.sku matches "[0-9]$" then tag "digit" }
    rule by-false { when not order.test then tag "real" }
    rule half { when order.total / 2 > 5 EUR then tag "half" }
    rule on-friday { when weekday(order.placed_at, "Europe/Stockholm") = "fri" then tag "late" }
    rule own-brand { when line.vendor = product.vendor then tag "own" }
    rule half-or { when order.tag = "y" or (order.total / 2 > 5 EUR and order.tag != "z") then tag "h" }
    rule all { when true then tag "all" })");
  CHECK(names == std::vector<std::string>{
                     "negated: negated", "either-negated: negated", "counted-none: counted",
                     "any-digit: pattern", "half: computed", "on-friday: computed",
                     "own-brand: two_fields", "half-or: computed", "all: always_true"});
}

TEST_CASE("the first rule that an unknown product makes wait is the one that is told") {
  const auto rules = rules_of_text(R"(
    supplier acme
    rule elsewhere { when product.tag = "a" and order.ship_to.country = "NO" then assign to acme }
    rule dear { when product.tag = "b" and order.total > 5000 EUR then assign to acme }
    rule here { when product.tag = "c" then assign to acme }
    rule here-too { when product.tag = "d" then assign to acme })");
  auto node = parse_json(R"({"shop":"s","id":"1","currency":"EUR","total":"10",
    "ship_to":{"country":"SE"},"lines":[{"id":"1","product":"p","quantity":1,"price":"1"}]})");
  Sample sample{"", std::move(read_order(std::move(node.value())).value()), {}};
  receive(sample.order, kNow);
  sample.facts.products.push_back({Known::unknown, "product p", {}});
  const auto program = compile(rules);
  Arena arena;
  const Decision decision = decide(*program, sample.order.event, sample.facts, kNow, arena);
  const Part& part = decision.lines.front().parts.front();
  CHECK(part.outcome == Outcome::waiting);
  CHECK(rules->rules[part.because].name == "here");
}
