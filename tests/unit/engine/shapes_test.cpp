// Rule sets of many shapes decide alike with the index and without.

#include "bench/shapes.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "daemon/wire/decision_json.hpp"

using namespace consign;
using namespace consign::bench;

namespace {

constexpr Timestamp kNow{1795255152000000};

std::string decided(const Program& program, const Sample& sample, Arena& arena) {
  const Decision decision = decide(program, sample.order.event, sample.facts, kNow, arena);
  return boost::json::serialize(decision_to_json(decision, program, sample.order, "id"));
}

std::shared_ptr<const RuleSet> rules_of_text(const std::string& text) {
  CheckResult result = check_rules({{"test.rules", text}});
  REQUIRE(result.ok());
  return result.rules;
}

}  // namespace

TEST_CASE("rule sets of awkward shapes decide alike with the index and without") {
  CompileOptions always, never;
  always.always = true;
  never.index = false;
  for (const Shape& shape : all_shapes()) {
    CAPTURE(shape.name);
    for (const std::size_t rules : {std::size_t{3}, std::size_t{150}}) {
      const auto set = rule_set(shape, rules);
      const auto with = compile(set), asked = compile(set, always), without = compile(set, never);
      Arena arena;
      for (const Sample& sample : samples(shape, rules, shape.lines > 100 ? 3 : 40)) {
        const std::string expected = decided(*without, sample, arena);
        CHECK(decided(*with, sample, arena) == expected);
        CHECK(decided(*asked, sample, arena) == expected);
      }
    }
  }
}

TEST_CASE("a value that thousands of rules share does not find them all") {
  std::string text;
  for (int i = 0; i < 3'000; ++i) {
    text += "rule r" + std::to_string(i) +
            " { when order.ship_to.country in { \"SE\", \"NO\" } and " + "order.source = \"s" +
            std::to_string(i % 50) + "\" and order.shipping_method = \"m" + std::to_string(i / 50) +
            "\" then tag \"t" + std::to_string(i) + "\" }\n";
  }
  const auto program = compile(rules_of_text(text));
  auto order = read_order(std::move(parse_json(R"({"shop":"s","id":"1","currency":"EUR",
    "total":"10","source":"s7","shipping_method":"m3","ship_to":{"country":"NO"},
    "lines":[{"id":"1","quantity":1,"price":"1"}]})")
                                        .value()));
  receive(*order, kNow);
  Arena arena;
  const Decision decision = decide(*program, order->event, {}, kNow, arena);
  REQUIRE(decision.tags.size() == 1);
  CHECK(decision.tags.front() == "t157");
  CHECK(cost_of(*program).index_groups <= 3);
}

TEST_CASE("a rule that asks of no line holds where there are none, whatever the order has") {
  CompileOptions always;
  always.always = true;
  const auto program = compile(rules_of_text(R"(
    rule r { when no line (order.ship_to.country = "SE" or line.sku = "A") then tag "none" })"),
                               always);
  auto order = read_order(std::move(parse_json(R"({"shop":"s","id":"1","currency":"EUR",
    "total":"10","ship_to":{"country":"SE"},
    "lines":[{"id":"1","sku":"A","quantity":1,"price":"1"}]})")
                                        .value()));
  receive(*order, kNow);
  Arena arena;
  CHECK(decide(*program, order->event, {}, kNow, arena).tags.empty());
  order->event.lines.clear();
  CHECK(decide(*program, order->event, {}, kNow, arena).tags.size() == 1);
}
