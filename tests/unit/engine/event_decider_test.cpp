// What rules on an event of the set's own make of it: who gets it, and what is noted.

#include <doctest/doctest.h>

#include <string>

#include "consign/dsl.hpp"
#include "consign/engine.hpp"

using namespace consign;

namespace {

constexpr Timestamp kThursday{1795687200000000};  // 2026-11-26T10:00:00Z

constexpr const char* kDeclared =
    "event conversation { shop: code, stage: text, waited: duration, worth: money, turns: number "
    "}\n"
    "group presales { sub:anna, sub:bo }\n"
    "group aftersales { sub:cy }\n";

Record conversation() {
  Record record;
  record.set_keyed(Field::event_code, "shop", Value::of_code("nordic"));
  record.set_keyed(Field::event_text, "stage", Value::of_text("Pre-Sales"));
  record.set_keyed(Field::event_duration, "waited", Value::of_duration(Decimal(600)));
  record.set_keyed(Field::event_money, "worth", Value::of_money(Decimal(90), "EUR"));
  record.set_keyed(Field::event_number, "turns", Value::of_number(Decimal(0)));
  return record;
}

/// "assigned r: group presales; tag x; note r y; notify r desk z; …"
std::string outcome(const std::string& rules, const Record& event = conversation()) {
  const CheckResult result = check_rules({{"10-test.rules", kDeclared + rules}});
  for (const Diagnostic& each : result.diagnostics) INFO(render(each, *result.sources));
  REQUIRE(result.ok());
  const auto program = compile_scope(result.rules, Scope::event, 0);
  Record shop;
  shop.set(Field::shop_id, Value::of_code("nordic"));
  shop.set(Field::shop_plan, Value::of_enum("advanced"));
  Arena arena;
  const EventDecision decision = decide_event(*program, event, shop, kThursday, arena);
  const auto named = [&](RuleIndex rule) { return std::string(result.rules->rules[rule].name); };
  std::string text = decision.state == EventDecision::State::recorded   ? "recorded"
                     : decision.state == EventDecision::State::assigned ? "assigned"
                                                                        : "held";
  if (decision.because != kNoRule) text += " " + named(decision.because);
  if (!decision.reason.empty()) text += " (" + std::string(decision.reason) + ")";
  if (decision.hand != nullptr) {
    text += decision.hand->group ? ": group " + result.rules->groups[*decision.hand->group].name
                                 : ": " + decision.hand->account->to_string();
  }
  for (const auto tag : decision.tags) text += "; tag " + std::string(tag);
  for (const auto& each : decision.notes) {
    text += "; note " + named(each.rule) + " " + std::string(each.text);
  }
  for (const auto& each : decision.notices) {
    text += "; notify " + named(each.rule) + " " + std::string(each.endpoint) + " " +
            std::string(each.text);
  }
  for (const auto& each : decision.superseded) {
    text += "; superseded " + named(each.rule) + " by " + named(each.by);
  }
  for (const auto& each : decision.failures) text += "; failed " + named(each.rule);
  for (const auto& each : decision.shadows) {
    text += "; " + named(each.rule) + " " + std::string(each.would);
    if (!each.detail.empty()) text += " " + std::string(each.detail);
  }
  return text;
}

}  // namespace

TEST_CASE("the first rule that gives an event to somebody wins, and later ones are recorded") {
  CHECK(outcome("rule a { when conversation.stage = \"pre-sales\" then assign to group presales }\n"
                "rule b on conversation { when true then assign to sub:cy, tag \"b\" }\n") ==
        "assigned a: group presales; tag b; superseded b by a");
  CHECK(outcome("rule b on conversation { when true then assign to sub:cy }\n") ==
        "assigned b: sub:cy");
}

TEST_CASE("an event that no rule gives to anybody is recorded, unless an otherwise rule does") {
  const std::string none = "rule a { when conversation.stage = \"x\" then assign to sub:cy }\n";
  CHECK(outcome(none) == "recorded");
  const std::string rest =
      "rule z on conversation { otherwise then assign to group aftersales }\n"
      "rule y on conversation { otherwise then tag \"second\" }\n";
  CHECK(outcome(rest + none) == "assigned z: group aftersales");
  CHECK(outcome(rest + "rule b on conversation { when true then assign to sub:cy }\n") ==
        "assigned b: sub:cy");
}

TEST_CASE("tags are a set, and what is said twice by a rule is said once") {
  CHECK(
      outcome("rule b on conversation { when true then tag \"z\", tag \"a\", tag \"z\", note \"n "
              "{conversation.stage}\", note \"n {conversation.stage}\", notify desk \"d\", notify "
              "desk \"d\" }\n"
              "rule c on conversation { when true then tag \"a\", notify desk \"d\" }\n") ==
      "recorded; tag a; tag z; note b n Pre-Sales; notify b desk d; notify c desk d");
}

TEST_CASE("after stop no later rule is asked, an otherwise rule neither") {
  CHECK(outcome("rule a on conversation { when true then tag \"a\", stop }\n"
                "rule b on conversation { when true then assign to sub:cy }\n"
                "rule z on conversation { otherwise then assign to sub:cy }\n") ==
        "recorded; tag a");
}

TEST_CASE("a rule that fails holds the event where it would have given it to somebody or stopped") {
  CHECK(outcome("rule a { when 10 / conversation.turns > 1 then tag \"a\" }\n"
                "rule b on conversation { when true then assign to sub:cy }\n") ==
        "assigned b: sub:cy; failed a");
  const auto held = outcome(
      "rule a { when 10 / conversation.turns > 1 then assign to group presales }\n"
      "rule b on conversation { when true then assign to sub:cy, tag \"b\" }\n"
      "rule z on conversation { otherwise then tag \"z\" }\n");
  CHECK(held.starts_with("held a (rule a: it failed: "));
  CHECK(held.ends_with("): sub:cy; tag b; failed a"));
  CHECK(outcome("rule a { when conversation.worth > 5 USD then stop }\n").starts_with("held a "));
}

TEST_CASE("a field that an event does not bring is missing, and a shop's facts are there") {
  Record bare;
  CHECK(outcome("rule a { when conversation.stage is missing and not (conversation.turns > 3) then "
                "tag \"a\" }\n"
                "rule b { when conversation.stage = \"x\" then tag \"b\" }\n",
                bare) == "recorded; tag a");
  CHECK(outcome("rule a on conversation { when shop.plan = \"advanced\" and conversation.waited >= "
                "10min then assign to sub:cy }\n") == "assigned a: sub:cy");
}

TEST_CASE("rules of other shops and other days are not asked") {
  CHECK(outcome("rule a on conversation { shop outlet when true then assign to sub:cy }\n"
                "rule b on conversation { shop nordic when true then assign to sub:anna }\n") ==
        "assigned b: sub:anna");
}

TEST_CASE("a shadow rule says what it would have done and does nothing") {
  CHECK(outcome("rule s on conversation { mode shadow when true then assign to group presales, tag "
                "\"s\", stop }\n"
                "rule b on conversation { when true then assign to sub:cy }\n"
                "rule t on conversation { mode shadow when true then assign to sub:bo }\n") ==
        "assigned b: sub:cy; s would_assign group presales; s would_tag s; s would_stop; t "
        "would_be_superseded sub:bo");
  CHECK(outcome("rule s { mode shadow when 1 / conversation.turns > 1 then stop }\n")
            .starts_with("recorded; s would_fail it failed"));
}
