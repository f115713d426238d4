// What rules on request say: which answer counts, what is given, and what cuts it down.

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "consign/dsl.hpp"
#include "consign/engine.hpp"

using namespace consign;

namespace {

constexpr Timestamp kThursday{1795687200000000};  // 2026-11-26T10:00:00Z

/// Somebody wants to be staff at nordic and outlet; owner:olga files it.
Record request(std::initializer_list<std::string_view> permissions = {"orders:view",
                                                                      "orders:refund"}) {
  Record record;
  record.set(Field::request_kind, Value::of_enum("staff"));
  for (const std::string_view each : permissions) {
    Value permission = Value::of_code(each);
    permission.type = Type::permission;
    record.add(Field::request_permission, permission);
  }
  record.add(Field::request_shop, Value::of_code("nordic"));
  record.add(Field::request_shop, Value::of_code("outlet"));
  record.set(Field::request_code_ok, Value::of_bool(true));
  record.set(Field::request_requester_email, Value::of_code("bo@example.com"));
  record.set(Field::account_id, Value::of_code("owner:olga"));
  record.set(Field::account_kind, Value::of_enum("owner"));
  return record;
}

/// The shop nordic; without a plan, and with staff only where it is said.
Record shop(std::optional<std::int64_t> staff = 4) {
  Record record;
  record.set(Field::shop_id, Value::of_code("nordic"));
  if (staff) record.set(Field::shop_staff_count, Value::of_number(Decimal(*staff)));
  return record;
}

std::string told(const GrantTerm& term) {
  std::string text;
  if (term.seconds) text += " for " + std::to_string(*term.seconds);
  if (term.until) text += " until " + format_timestamp(*term.until);
  if (term.idle_seconds) text += " idle " + std::to_string(*term.idle_seconds);
  return text;
}

/// "approve r", "review r by …: reason" and so on, and behind it, each after "; ", all else.
std::string answer(const std::string& rules, const Record& asked = request(),
                   const Record& facts = shop(), Timestamp now = kThursday) {
  const CheckResult result = check_rules({{"10-test.rules", rules}});
  for (const Diagnostic& each : result.diagnostics) INFO(render(each, *result.sources));
  REQUIRE(result.ok());
  const auto program = compile_scope(result.rules, Scope::request);
  Arena arena;
  const RequestDecision decision = decide_request(*program, asked, facts, now, arena);
  const auto named = [&](RuleIndex rule) { return std::string(result.rules->rules[rule].name); };
  using Answer = RequestDecision::Answer;
  std::string text = decision.answer == Answer::nothing   ? "nothing"
                     : decision.answer == Answer::approve ? "approve"
                     : decision.answer == Answer::review  ? "review"
                                                          : "deny";
  if (decision.because != kNoRule) text += " " + named(decision.because);
  if (decision.reviewer != nullptr) {
    const ReviewAction& review = *decision.reviewer;
    if (review.account != nullptr) text += " by " + review.account->to_string();
    if (!review.role.empty()) text += " by role " + std::string(review.role);
  }
  if (decision.term) text += told(*decision.term);
  if (!decision.reason.empty()) text += ": " + std::string(decision.reason);
  const auto listed = [](std::span<const Permission> permissions) {
    std::string all;
    for (const Permission& each : permissions) all += " " + each.to_string();
    return all;
  };
  for (const auto& each : decision.grants) {
    text += "; " + named(each.rule) + " grants" + listed(each.grant->permissions) +
            told(each.grant->term);
  }
  for (const auto& each : decision.limits) {
    text += "; " + named(each.rule) + " limits" + listed(each.at_most);
  }
  if (decision.require_mfa) text += "; mfa";
  for (const Noticed& each : decision.notices) {
    text += "; " + named(each.rule) + " notifies " + std::string(each.endpoint) + " " +
            std::string(each.text);
  }
  for (const Failure& each : decision.failures) {
    text += "; " + named(each.rule) + " failed";
  }
  for (const ShadowRecord& each : decision.shadows) {
    text += "; " + named(each.rule) + " " + std::string(each.would);
    if (!each.detail.empty()) text += " " + std::string(each.detail);
  }
  return text;
}

}  // namespace

TEST_CASE("a request that no rule speaks of is not answered") {
  CHECK(answer("") == "nothing");
  CHECK(answer("rule a { when request.kind = \"service\" then approve }") == "nothing");
  CHECK(answer("rule a { when true then tag \"x\" }") == "nothing");
  CHECK(answer("rule a on request { when true then require mfa }") == "nothing; mfa");
}

TEST_CASE("deny beats review and review beats approve, wherever they stand") {
  const std::string approve = "rule a on request { when true then approve for 1 day }\n";
  const std::string review = "rule r on request { when true then review by owner:olga }\n";
  const std::string deny = "rule d on request { when true then deny \"no\" }\n";
  CHECK(answer(approve + review) == "review r by owner:olga for 86400");
  CHECK(answer(review + approve) == "review r by owner:olga for 86400");
  for (const std::string& rules :
       {approve + review + deny, deny + review + approve, review + deny + approve}) {
    CHECK(answer(rules) == "deny d by owner:olga for 86400: no");
  }
}

TEST_CASE("of several that say the same the first counts") {
  CHECK(answer("rule a on request { when true then approve for 1 day idle 2 days }\n"
               "rule b on request { when true then approve for 9 days }") ==
        "approve a for 86400 idle 172800");
  CHECK(answer("role desk = orders:view\n"
               "rule a on request { when true then review by desk }\n"
               "rule b on request { when true then review by owner:olga }") ==
        "review a by role desk");
  CHECK(answer("rule a on request { when true then deny \"first\" }\n"
               "rule b on request { when true then deny \"second\" }") == "deny a: first");
}

TEST_CASE("every at most, grant, notice and second factor counts") {
  CHECK(answer("rule a on request { when true then approve, at most orders:* }\n"
               "rule b on request { when true then at most orders:view, require mfa }\n"
               "rule c on request { when true then grant orders:view idle 1h, notify desk "
               "\"{request.kind} at {shop.id} by {account.id}\" }") ==
        "approve a; c grants orders:view idle 3600; a limits orders:*; b limits orders:view; mfa; "
        "c notifies desk staff at nordic by owner:olga");
}

TEST_CASE("a grant approves") {
  CHECK(answer("rule g on request { when true then grant orders:view }") ==
        "approve g; g grants orders:view");
}

TEST_CASE("a rule that fails has a person look at the request, unless it only notifies") {
  const std::string fails = " on request { when 1 / (hour(now, \"UTC\") - 10) > 0 then ";
  const std::string failed = "review f: it failed: division by zero; f failed";
  for (const char* action : {"approve", "deny", "review", "grant orders:view",
                             "at most orders:view", "require mfa", "approve, notify desk"}) {
    CHECK(answer("rule f" + fails + action + " }") == failed);
  }
  CHECK(answer("rule f" + fails + "notify desk }") == "nothing; f failed");
  CHECK(answer("rule a on request { when true then approve }\nrule f" + fails + "deny }") ==
        failed);
  CHECK(answer("rule d on request { when true then deny }\nrule f" + fails + "approve }") ==
        "deny d; f failed");
  const Timestamp later{kThursday.micros + 3'600'000'000};
  CHECK(answer("rule f" + fails + "approve }", request(), shop(), later) == "approve f");
}

TEST_CASE("a permission asked for is one of many") {
  const auto with = [](const std::string& condition) {
    return answer("rule a { when " + condition + " then approve }");
  };
  CHECK(with("request.permission = orders:view") == "approve a");
  CHECK(with("request.permission = orders:view+cancel") == "approve a");
  CHECK(with("request.permission = orders:*") == "approve a");
  CHECK(with("request.permission = orders:cancel") == "nothing");
  CHECK(with("request.permission in { customers:*, orders:refund }") == "approve a");
  CHECK(with("request.permission = orders:view and request.permission = orders:refund") ==
        "approve a");
  CHECK(answer("rule d { when request.permission != orders:view then deny }") == "nothing");
  CHECK(answer("rule d { when request.permission not in { customers:* } then deny }") == "deny d");
  CHECK(answer("rule d { when request.permission is missing then deny }", request({})) == "deny d");
  CHECK(with("request.shop = \"outlet\"") == "approve a");
}

TEST_CASE("facts of the shop that are not known make it unknown, its plan may be missing") {
  const std::string full =
      "rule full { when shop.staff_count >= 5 and request.kind = \"staff\" "
      "then deny \"{shop.staff_count} of 5\" }\n";
  const std::string rest = "rule rest on request { otherwise then approve }";
  CHECK(answer(full + rest, request(), shop(5)) == "deny full: 5 of 5");
  CHECK(answer(full + rest, request(), shop(4)) == "approve rest");
  CHECK(answer(full + rest, request(), shop(std::nullopt)) ==
        "review full: what it asks about is not known; full failed");
  CHECK(answer("rule d on request { when true then deny \"{shop.staff_count}, {shop.plan}.\" }",
               request(), shop(std::nullopt)) == "deny d: ?, .");
  CHECK(answer("rule d on request { when shop.plan = \"plus\" then approve }") == "nothing");
  CHECK(answer("rule d on request { when shop.plan is missing then review }") == "review d");
}

TEST_CASE("otherwise rules answer what no other rule has") {
  const std::string rest =
      "rule o on request { otherwise then review }\n"
      "rule p on request { otherwise when request.code_ok then deny \"p\" }\n";
  CHECK(answer(rest) == "deny p: p");
  CHECK(answer(rest + "rule a on request { when true then approve }") == "approve a");
  CHECK(answer(rest + "rule m on request { when true then at most orders:view }") ==
        "deny p: p; m limits orders:view");
}

TEST_CASE("shadow rules decide nothing and say what they would have") {
  CHECK(
      answer(
          "rule a on request { mode shadow when true then approve, grant orders:view, review, at "
          "most orders:view, require mfa, notify desk }\n"
          "rule d on request { mode shadow when true then deny \"at {now}\" }\n"
          "rule f on request { mode shadow when 1 / (hour(now, \"UTC\") - 10) > 0 then deny }\n"
          "rule off on request { mode off when true then deny }") ==
      "nothing; a would_approve; a would_grant; a would_review; a would_limit; a "
      "would_require_mfa; a would_notify desk; d would_deny at 2026-11-26T10:00:00Z; f would_fail "
      "it failed: division by zero");
}

TEST_CASE("rules count within their period and for their shops alone") {
  const std::string rule =
      "rule a on request { shop nordic from 2026-11-26T10:00:00Z until 2026-11-27T10:00:00Z\n"
      "  when true then approve }";
  const auto at = [&](std::int64_t seconds) {
    return answer(rule, request(), shop(), {kThursday.micros + seconds * 1'000'000});
  };
  CHECK(at(0) == "approve a");
  CHECK(at(-1) == "nothing");
  CHECK(at(86'399) == "approve a");
  CHECK(at(86'400) == "nothing");
  CHECK(answer("rule a on request { shop outlet when true then approve }") == "nothing");
}

TEST_CASE("rules of other scopes are no part of requests") {
  const CheckResult result = check_rules(
      {{"10-test.rules",
        "event talk { stage: text }\nevent call { stage: text }\n"
        "rule a on check { when true then allow }\nrule t on order { when true then tag \"x\" }\n"
        "rule r on request { when true then approve }\nrule e on call { when true then stop }"}});
  REQUIRE(result.ok());
  CHECK(cost_of(*compile(result.rules)).rules == 1);
  CHECK(cost_of(*compile_scope(result.rules, Scope::request)).rules == 1);
  CHECK(cost_of(*compile_scope(result.rules, Scope::event, 0)).rules == 0);
  CHECK(cost_of(*compile_scope(result.rules, Scope::event, 1)).rules == 1);
}
