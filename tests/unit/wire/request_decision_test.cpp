// What is given of what is asked for: the answers of all shops together, caps and bans.

#include "daemon/wire/request_decision.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "consign/dsl.hpp"

using namespace consign;

namespace {

constexpr Timestamp kThursday{1795687200000000};  // 2026-11-26T10:00:00Z

std::shared_ptr<const RuleSet> rule_set(const std::string& rules) {
  const CheckResult result = check_rules({{"10-test.rules", rules}});
  for (const Diagnostic& each : result.diagnostics) INFO(render(each, *result.sources));
  REQUIRE(result.ok());
  return result.rules;
}

Result<AskedFor, std::vector<JsonError>> read(const std::string& text, const RuleSet& rules) {
  static const ObjectForm form({Subject::request}, {"by"});
  const auto document = parse_json(text);
  REQUIRE(document.ok());
  return read_request(document->root(), form, rules);
}

/// What the request comes to, as JSON. The shop `nordic` has the plan shopify, others none that is
/// known.
std::string decided(const std::string& text, const std::string& request,
                    const std::vector<Permission>& bans = {}) {
  const auto rules = rule_set(text);
  const auto asked = read(request, *rules);
  REQUIRE(asked.ok());
  std::vector<Record> shops;
  for (const std::string& shop : asked->shops) {
    Record& facts = shops.emplace_back();
    if (shop == "nordic") facts.set(Field::shop_plan, Value::of_enum("shopify"));
  }
  Record filer;
  filer.set(Field::account_id, Value::of_code("owner:olga"));
  const auto program = compile_scope(rules, Scope::request);
  Arena arena;
  const auto outcome =
      decide_asked(program.get(), *rules, bans, *asked, filer, shops, kThursday, arena);
  return boost::json::serialize(request_outcome_to_json(outcome, *asked));
}

constexpr const char* kAsked =
    R"({"kind":"staff","shops":["nordic"],"permissions":["orders:view+edit"]})";

std::string because(const std::string& rule, int line) {
  return R"("because":{"rule":")" + rule + R"(","file":"10-test.rules","line":)" +
         std::to_string(line) + "}";
}

std::string faults(const std::string& request) {
  const auto asked = read(request, *rule_set("role agent = orders:view"));
  REQUIRE_FALSE(asked.ok());
  std::string all;
  for (const JsonError& each : asked.error()) all += each.pointer + ": " + each.message + "\n";
  return all;
}

}  // namespace

TEST_CASE("what is approved is given as it was asked for") {
  CHECK(decided("rule a { when request.kind = \"staff\" then approve for 1 day idle 90 days }",
                kAsked) == R"({"state":"approved",)" + because("a", 1) +
                               R"(,"permissions":["orders:edit","orders:view"],)"
                               R"("until":"2026-11-27T10:00:00Z","idle_seconds":7776000})");
}

TEST_CASE("without a rule that approves it a request is denied") {
  const std::string denied =
      R"({"state":"denied","reason":"no rule approves it","permissions":[]})";
  CHECK(decided("", kAsked) == denied);
  CHECK(decided("rule a { when request.kind = \"service\" then approve }", kAsked) == denied);
  const auto rules = rule_set("");
  const auto asked = read(kAsked, *rules);
  Arena arena;
  const auto outcome = decide_asked(nullptr, *rules, {}, *asked, {}, {}, kThursday, arena);
  CHECK(outcome.state == RequestOutcome::State::denied);
  CHECK(outcome.reason == "no rule approves it");
}

TEST_CASE("a grant is given instead of what was asked for") {
  CHECK(
      decided(
          "rule a { when request.kind = \"staff\" then grant apps:dianxiaomi+stock idle 30 days }",
          kAsked) == R"({"state":"approved",)" + because("a", 1) +
                         R"(,"permissions":["apps:dianxiaomi","apps:stock"],)"
                         R"("idle_seconds":2592000})");
}

TEST_CASE("every at most cuts, bans cut, and each says so") {
  const std::string rules =
      "never grant orders:edit\n"
      "rule a { when request.kind = \"staff\" then approve, at most orders:* }\n"
      "rule b on request { when true then at most orders:view+edit, draft_orders:* }";
  const std::string request =
      R"({"kind":"staff","shops":["nordic"],"permissions":["orders:view+edit+refund","draft_orders:view"]})";
  CHECK(decided(rules, request) ==
        R"({"state":"approved",)" + because("a", 2) + R"(,"permissions":["orders:view"],"cut":[)" +
            R"({"permission":"draft_orders:view",)" + because("a", 2) + "}," +
            R"({"permission":"orders:edit","because":{"never_grant":"orders:edit"}},)" +
            R"({"permission":"orders:refund",)" + because("b", 3) + "}]}");
  CHECK(decided("rule a on request { when true then approve }", kAsked, {{"orders", "*"}}) ==
        R"({"state":"denied","reason":"nothing is left of what is asked for",)" + because("a", 1) +
            R"(,"permissions":[],"cut":[)" +
            R"({"permission":"orders:edit","because":{"never_grant":"orders:*"}},)" +
            R"({"permission":"orders:view","because":{"never_grant":"orders:*"}}]})");
}

TEST_CASE("a whole resource is given whole, or what caps and bans leave of it") {
  const std::string all = R"({"kind":"staff","shops":["nordic"],"permissions":["orders:*"]})";
  const std::string approve = "rule a on request { when true then approve }\n";
  CHECK(decided(approve, all) ==
        R"({"state":"approved",)" + because("a", 1) + R"(,"permissions":["orders:*"]})");
  const std::string cut =
      decided(approve + "rule b on request { when true then at most orders:view+refund }", all,
              {{"orders", "refund"}});
  CHECK(cut.starts_with(R"({"state":"approved",)" + because("a", 1) +
                        R"(,"permissions":["orders:view"],"cut":[)"));
  CHECK(cut.find(R"({"permission":"orders:refund","because":{"never_grant":"orders:refund"}})") !=
        std::string::npos);
}

TEST_CASE("a role is what it holds") {
  const std::string rules =
      "role agent = orders:view, apps:dianxiaomi\n"
      "rule a { when request.role = \"agent\" and request.permission = orders:view then approve }";
  CHECK(decided(rules, R"({"kind":"sub_account","shops":["nordic"],"role":"agent"})") ==
        R"({"state":"approved",)" + because("a", 2) +
            R"(,"permissions":["apps:dianxiaomi","orders:view"]})");
}

TEST_CASE("of all shops the strongest answer counts: deny, nothing, review, approve") {
  const std::string two =
      R"({"kind":"staff","shops":["nordic","outlet"],"permissions":["orders:view"]})";
  const std::string approve = "rule a on request { when true then approve }\n";
  CHECK(decided(approve + "rule d on request { shop outlet when true then deny \"not {shop.id}\" }",
                two) ==
        R"({"state":"denied","reason":"not outlet",)" + because("d", 2) + R"(,"permissions":[]})");
  CHECK(decided(approve + "rule r on request { shop outlet when true then review by owner:olga }\n"
                          "rule m on request { shop nordic when true then require mfa }",
                two) == R"({"state":"review","reviewer":"owner:olga",)" + because("r", 2) +
                            R"(,"permissions":["orders:view"],"require_mfa":true})");
  CHECK(decided("rule a on request { shop nordic when true then approve }\n"
                "rule r on request { shop nordic when true then review }",
                two) == R"({"state":"denied","reason":"no rule approves it","permissions":[]})");
}

TEST_CASE("what differs between shops is told for each") {
  const std::string two =
      R"({"kind":"staff","shops":["nordic","outlet"],"permissions":["orders:view+edit"]})";
  CHECK(decided("rule a on request { when true then approve }\n"
                "rule m on request { shop outlet when true then at most orders:view }",
                two) == R"({"state":"approved",)" + because("a", 1) + R"(,"shops":{)" +
                            R"("nordic":{"permissions":["orders:edit","orders:view"]},)" +
                            R"("outlet":{"permissions":["orders:view"],"cut":[)" +
                            R"({"permission":"orders:edit",)" + because("m", 2) + "}]}}}");
}

TEST_CASE("a fact of the shop that is not known has a person look at it") {
  const std::string rule =
      "rule a { when request.kind = \"staff\" and shop.staff_count < 5 then approve }";
  CHECK(decided(rule, kAsked) ==
        R"({"state":"review","reason":"what it asks about is not known",)" + because("a", 1) +
            R"(,"permissions":["orders:edit","orders:view"],"failures":[{"rule":"a",)"
            R"("file":"10-test.rules","line":1,"cause":"what it asks about is not known"}]})");
}

TEST_CASE("what a person gives instead is cut by the same caps and bans") {
  const auto rules = rule_set(
      "never grant wallet:*\npermissions wallet:open\n"
      "rule a on request { when true then approve, at most orders:view+edit, wallet:open }");
  const auto asked = read(kAsked, *rules);
  const auto program = compile_scope(rules, Scope::request);
  const std::vector<Record> shops(1);
  Arena arena;
  const auto outcome = decide_asked(program.get(), *rules, {}, *asked, {}, shops, kThursday, arena);
  const auto cut = cut_down({{"orders", "view"}, {"orders", "refund"}, {"wallet", "open"}},
                            "nordic", outcome.caps, *rules, {});
  CHECK(cut.left == std::vector<Permission>{{"orders", "view"}});
  REQUIRE(cut.cuts.size() == 2);
  CHECK(cut.cuts[0].permission == Permission{"orders", "refund"});
  CHECK(cut.cuts[0].because.at("rule") == "a");
  CHECK(cut.cuts[1].because.at("never_grant") == "wallet:*");
}

TEST_CASE("a request names permissions as other systems do, too") {
  const auto asked = read(
      R"({"kind":"staff","shops":["a"],"permissions":["fulfill_and_ship_orders","orders","shopify/orders"]})",
      *rule_set("role agent = orders:view"));
  REQUIRE(asked.ok());
  CHECK(asked->permissions == std::vector<Permission>{{"orders", "fulfill"}, {"orders", "view"}});
}

TEST_CASE("faults of a request point at what is wrong") {
  CHECK(faults("[]") == ": a request is a JSON object\n");
  CHECK(faults("{}") == "/kind: this is the kind of request, as \"staff\" or \"collaborator\"\n");
  CHECK(faults(R"({"kind":"staff"})") == "/shops: name at least one shop\n");
  CHECK(faults(R"({"kind":"stuff","shops":["a"]})") ==
        "/kind: `stuff` is no kind of request; did you mean `staff`?\n");
  CHECK(faults(R"({"kind":"staff","shops":["a"],"rolle":"agent"})") ==
        "/rolle: there is no field `rolle` here; did you mean `role`?\n");
  CHECK(faults(R"({"kind":"staff","shops":["a"],"role":"agnet"})") ==
        "/role: there is no role `agnet`; did you mean `agent`?\n");
  CHECK(faults(R"({"kind":"staff","shops":["a"],"permissions":["orders:vew","order","apps:*"]})") ==
        "/permissions/0: there is no permission `orders:vew`; did you mean `orders:view`?\n"
        "/permissions/1: Shopify has no permission `order`; did you mean `orders`?\n"
        "/permissions/2: `apps:*` stands for apps without end; name the app\n");
}
