// What rules on check answer: who allows, who forbids, and which of them counts.

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "consign/dsl.hpp"
#include "consign/engine.hpp"

using namespace consign;

namespace {

constexpr Timestamp kThursday{1795687200000000};  // 2026-11-26T10:00:00Z

/// Whether staff:anna, who packs at nordic, may do something there.
Record question(std::string_view action, std::string_view shop = "nordic") {
  Record record;
  Value permission = Value::of_code(action);
  permission.type = Type::permission;
  record.set(Field::check_action, permission);
  record.set(Field::check_resource_kind, Value::of_enum("order"));
  if (!shop.empty()) record.set(Field::check_resource_shop, Value::of_code(shop));
  record.set(Field::account_id, Value::of_code("staff:anna"));
  record.set(Field::account_kind, Value::of_enum("staff"));
  record.add(Field::account_role, Value::of_code("packer"));
  record.add(Field::account_role, Value::of_code("early"));
  record.set(Field::account_suspended, Value::of_bool(false));
  record.set(Field::account_mfa, Value::of_bool(false));
  return record;
}

/// "allow r", "forbid r: reason" or "nothing", and behind it what shadow rules would have said.
std::string answer(const std::string& rules, const Record& asked = question("orders:refund"),
                   Timestamp now = kThursday) {
  const CheckResult result = check_rules({{"10-test.rules", rules}});
  for (const Diagnostic& each : result.diagnostics) INFO(render(each, *result.sources));
  REQUIRE(result.ok());
  const auto program = compile_scope(result.rules, Scope::check);
  Arena arena;
  const CheckDecision decision = decide_check(*program, asked, now, arena);
  const auto named = [&](RuleIndex rule) { return std::string(result.rules->rules[rule].name); };
  std::string text = "nothing";
  if (decision.answer == CheckDecision::Answer::allow) text = "allow " + named(decision.because);
  if (decision.answer == CheckDecision::Answer::forbid) text = "forbid " + named(decision.because);
  if (!decision.reason.empty()) text += ": " + std::string(decision.reason);
  for (const ShadowRecord& shadow : decision.shadows) {
    text += "; " + named(shadow.rule) + " " + std::string(shadow.would);
    if (!shadow.detail.empty()) text += ": " + std::string(shadow.detail);
  }
  return text;
}

}  // namespace

TEST_CASE("a check that no rule speaks of is not answered") {
  CHECK(answer("rule a on check { when account.kind = \"owner\" then allow }") == "nothing");
  CHECK(answer("rule a { when true then tag \"x\" }") == "nothing");
  CHECK(answer("") == "nothing");
}

TEST_CASE("an allow allows, and the first of several is named") {
  CHECK(answer("rule a { when account.role = \"packer\" then allow }\n"
               "rule b { when account.role = \"early\" then allow }") == "allow a");
}

TEST_CASE("a forbid beats an allow wherever it stands") {
  const std::string allow = "rule a on check { when true then allow }\n";
  const std::string forbid =
      "rule f { when check.action = orders:refund then forbid \"{account.id} may not\" }\n";
  CHECK(answer(allow + forbid) == "forbid f: staff:anna may not");
  CHECK(answer(forbid + allow) == "forbid f: staff:anna may not");
  CHECK(answer(forbid + allow, question("orders:view")) == "allow a");
}

TEST_CASE("a permission that is written out stands for each of those that it covers") {
  const std::string declared = "permissions orders:wrap\n";
  const auto asked = [&](const std::string& condition, std::string_view action) {
    return answer(declared + "rule a { when " + condition + " then allow }", question(action));
  };
  CHECK(asked("check.action = orders:view+refund", "orders:refund") == "allow a");
  CHECK(asked("check.action = orders:view+refund", "orders:cancel") == "nothing");
  CHECK(asked("check.action = orders:*", "orders:wrap") == "allow a");
  CHECK(asked("orders:* = check.action", "orders:wrap") == "allow a");
  CHECK(asked("check.action = orders:*", "draft_orders:view") == "nothing");
  CHECK(asked("check.action != orders:*", "orders:wrap") == "nothing");
  CHECK(asked("check.action != orders:*", "draft_orders:view") == "allow a");
  CHECK(asked("check.action != orders:view", "orders:refund") == "allow a");
  CHECK(asked("check.action in { customers:*, orders:view+wrap }", "orders:wrap") == "allow a");
  CHECK(asked("check.action not in { customers:*, orders:view }", "customers:view") == "nothing");
  CHECK(asked("check.action not in { customers:*, orders:view }", "apps:any") == "allow a");
  CHECK(asked("check.action = apps:dianxiaomi", "apps:dianxiaomi") == "allow a");
}

TEST_CASE("a forbid that fails forbids and an allow that fails does not count") {
  const std::string fails = " { when 1 / (hour(now, \"UTC\") - 10) > 0 then ";
  CHECK(answer("rule a on check" + fails + "allow }") == "nothing");
  CHECK(answer("rule f on check" + fails + "forbid \"no\" }") ==
        "forbid f: it failed: division by zero");
  CHECK(answer("rule f on check" + fails +
               "forbid \"no\" }\n"
               "rule a on check { when true then allow }") ==
        "forbid f: it failed: division by zero");
  const Timestamp later{kThursday.micros + 3'600'000'000};
  CHECK(answer("rule a on check" + fails + "allow }", question("orders:view"), later) == "allow a");
}

TEST_CASE("what is missing is unlike everything") {
  const Record asked = question("orders:refund", "");
  const auto with = [&](const std::string& condition) {
    return answer("rule f { when " + condition + " then forbid }", asked);
  };
  CHECK(with("check.resource.shop = \"nordic\"") == "nothing");
  CHECK(with("check.resource.shop != \"nordic\"") == "forbid f");
  CHECK(with("check.resource.shop is missing") == "forbid f");
}

TEST_CASE("otherwise rules answer what no other rule has, and among them forbid beats allow") {
  const std::string rest =
      "rule o on check { otherwise then allow }\n"
      "rule p on check { otherwise when account.role = \"early\" then forbid \"too early\" }\n";
  CHECK(answer(rest) == "forbid p: too early");
  CHECK(answer(rest + "rule a { when account.kind = \"staff\" then allow }") == "allow a");
}

TEST_CASE("shadow rules answer nothing and say what they would have") {
  CHECK(answer("rule a { mode shadow when account.kind = \"staff\" then allow }\n"
               "rule f { mode shadow when account.kind = \"staff\" then forbid \"at {now}\" }\n"
               "rule off { mode off when account.kind = \"staff\" then forbid }") ==
        "nothing; a would_allow; f would_forbid: at 2026-11-26T10:00:00Z");
}

TEST_CASE("rules answer within their period and for their shops alone") {
  const std::string rule =
      "rule a { shop nordic from 2026-11-26T10:00:00Z until 2026-11-27T10:00:00Z\n"
      "  when account.kind = \"staff\" then allow }";
  const auto at = [&](std::string_view shop, std::int64_t seconds) {
    return answer(rule, question("orders:view", shop), {kThursday.micros + seconds * 1'000'000});
  };
  CHECK(at("nordic", 0) == "allow a");
  CHECK(at("nordic", -1) == "nothing");
  CHECK(at("nordic", 86'399) == "allow a");
  CHECK(at("nordic", 86'400) == "nothing");
  CHECK(at("outlet", 0) == "nothing");
  CHECK(at("", 0) == "nothing");
}

TEST_CASE("rules on orders are no part of checks, nor those on check of orders") {
  const CheckResult result = check_rules(
      {{"10-test.rules",
        "rule a on check { when true then allow }\nrule t on order { when true then tag \"x\" }"}});
  REQUIRE(result.ok());
  CHECK(cost_of(*compile(result.rules)).rules == 1);
  CHECK(cost_of(*compile_scope(result.rules, Scope::check)).rules == 1);
}
