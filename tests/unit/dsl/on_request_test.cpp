// Rules on request, and what holds for kinds of accounts.

#include <doctest/doctest.h>

#include "tests/unit/dsl/checking.hpp"

using namespace consign;
using checking::check;
using checking::codes;
using checking::headlines;

namespace {

using Lines = std::vector<std::string>;

Scope scope_of(const std::string& condition, const std::string& declarations = "") {
  const auto result = check(declarations + "\nrule r { when " + condition + " then notify desk }");
  REQUIRE_MESSAGE(result.ok(), codes(result));
  return result.rules->rules[0].scope;
}

std::string codes_of(const std::string& actions, const std::string& declarations = "") {
  return codes(check(declarations + "\nrule r on request { when true then " + actions + " }"));
}

/// What the rule set comes to, one thing a line.
std::string tree(const std::string& text) {
  const auto result = check(text);
  REQUIRE_MESSAGE(result.ok(), codes(result));
  return outline(*result.rules);
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

CheckResult check_yaml(std::string text) { return check_rules({{"10-a.yaml", std::move(text)}}); }

std::string formatted(const std::string& text) {
  const auto once = format_rules({"a.rules", text});
  CHECK(once.diagnostics.empty());
  CHECK(format_rules({"a.rules", once.text}).text == once.text);
  return once.text;
}

}  // namespace

TEST_CASE("a condition that reads a request makes the rule one on request") {
  CHECK(scope_of("request.kind = \"staff\"") == Scope::request);
  CHECK(scope_of("request.kind = \"staff\" and account.mfa") == Scope::request);
  CHECK(scope_of("account.kind = \"owner\" and request.code_ok") == Scope::request);
  CHECK(scope_of("request.code_ok and shop.plan = \"plus\"") == Scope::request);
  CHECK(scope_of("by-owner and request.code_ok", "define by-owner = account.kind = \"owner\"") ==
        Scope::request);
  CHECK(scope_of("asked", "define asked = request.permission = orders:view") == Scope::request);
  CHECK(scope_of("shop.plan = \"plus\"") == Scope::order);
  CHECK(codes(check("rule r on request { when account.mfa then approve }")).empty());
  CHECK(codes(check("rule r on request { when shop.plan = \"plus\" then approve }")).empty());
}

TEST_CASE("what belongs to different events does not meet in one condition") {
  const auto with = [](const std::string& condition) {
    return codes(
        check("define d = order.test\ndefine c = check.action = orders:view\n"
              "event talk { stage: text }\n"
              "rule r { when " +
              condition + " then notify desk }"));
  };
  CHECK(with("request.code_ok and order.test") == "E0402");
  CHECK(with("request.code_ok and d") == "E0402");
  CHECK(with("request.code_ok and c") == "E0402");
  CHECK(with("request.code_ok and check.action = orders:view") == "E0402");
  CHECK(with("request.code_ok and talk.stage = \"x\"") == "E0402");
  CHECK(with("any line (request.code_ok)") == "E0402");
  CHECK(headlines(
            check("define d = order.test\nrule r { when request.code_ok and d then approve }")) ==
        Lines{"E0402 the condition reads `order.test` and `request.code_ok`, which belong to "
              "different events"});
}

TEST_CASE("a rule on request reads what a request has and nothing else") {
  const auto with = [](const std::string& condition) {
    return headlines(check("rule r on request { when " + condition + " then review }"));
  };
  CHECK(with("order.test") == Lines{"E0416 `order.test` is read in a rule on request"});
  CHECK(with("line.quantity > 1") == Lines{"E0416 `line.quantity` is read in a rule on request"});
  CHECK(with("any line (line.quantity > 1)") ==
        Lines{"E0416 the lines of an order are read in a rule on request"});
  CHECK(with("check.action = orders:view") ==
        Lines{"E0416 `check.action` is read in a rule on request"});
  CHECK(headlines(check("rule r on request { when true then deny \"not {order.id}\" }")) ==
        Lines{"E0416 `order.id` is read in a rule on request"});
  CHECK(codes(check("rule r on request { when true then deny \"{request.kind} at {shop.id}, "
                    "{account.id}, {now}\" }"))
            .empty());
}

TEST_CASE("a rule on request does what requests are for") {
  CHECK(codes_of("approve for 90 days idle 30 days, at most orders:*, require mfa, notify desk")
            .empty());
  CHECK(
      codes_of("grant orders:view until 2027-01-01T00:00:00Z, review, notify desk \"x\"").empty());
  const auto result = check(
      "supplier acme\nrule r on request { when true then assign to acme, hold \"x\", tag \"x\", "
      "note "
      "\"x\", stop, allow, do not notify channel, assign to group g }");
  CHECK(headlines(result) ==
        Lines{"E0417 `assign` has no meaning in a rule on request",
              "E0417 `hold` has no meaning in a rule on request",
              "E0417 `tag` has no meaning in a rule on request",
              "E0417 `note` has no meaning in a rule on request",
              "E0417 `stop` has no meaning in a rule on request",
              "E0417 `allow` has no meaning in a rule on request",
              "E0417 `do not notify channel` has no meaning in a rule on request",
              "E0417 `assign to group` has no meaning in a rule on request"});
  CHECK(headlines(check(
            "rule r on line { when true then approve, deny, review, at most orders:view, "
            "require mfa }")) == Lines{"E0417 `approve` has no meaning in a rule on line",
                                       "E0417 `deny` has no meaning in a rule on line",
                                       "E0417 `review` has no meaning in a rule on line",
                                       "E0417 `at most` has no meaning in a rule on line",
                                       "E0417 `require mfa` has no meaning in a rule on line"});
  CHECK(codes(check("rule r { when account.mfa then approve }")) == "E0417");
}

TEST_CASE("a rule does not let and deny at once") {
  CHECK(headlines(check("rule r on request { when true then approve, deny }")) ==
        Lines{"E0418 this rule both approves and denies"});
  CHECK(headlines(check("rule r on request { when true then deny \"x\", grant orders:view }")) ==
        Lines{"E0418 this rule both grants and denies"});
  CHECK(codes_of("approve, review by owner:olga").empty());
  CHECK(codes_of("approve, grant orders:view").empty());
}

TEST_CASE("who reviews is a role that is declared, or an account") {
  const std::string role = "role desk = orders:view\nsupplier acme";
  CHECK(codes_of("review by desk", role).empty());
  CHECK(codes_of("review by owner:olga").empty());
  CHECK(codes_of("review by supplier:acme", role).empty());
  CHECK(codes_of("review by desc", role) == "E0204");
  CHECK(codes_of("review by ownr:olga") == "E0302");
  CHECK(codes_of("review by supplier:acne", role) == "E0203");
  CHECK(codes_of("review by") == "E0100");
  const auto result = check(role + "\nrule r on request { when true then review by desc }");
  CHECK(result.diagnostics[0].help == Lines{"did you mean `desk`?"});
}

TEST_CASE("at most takes wildcards and roles, and what is banned as well") {
  const std::string declared = "never grant wallet:*\nrole desk = orders:view+refund\n";
  CHECK(codes_of("approve, at most orders:*, wallet:*, desk", declared).empty());
  CHECK(holds(tree(declared + "rule r on request { when true then at most desk, draft_orders:* }"),
              "at most draft_orders:* orders:refund orders:view"));
  CHECK(codes_of("at most orders:vew") == "E0205");
  CHECK(codes_of("at most dsk", declared) == "E0204");
  CHECK(codes_of("at least orders:view") == "E0100");
  CHECK(codes_of("at most") == "E0100");
}

TEST_CASE("a grant on request goes to who asks, and to nobody else") {
  CHECK(codes_of("grant orders:view").empty());
  CHECK(headlines(check("rule r on request { when true then grant orders:view to staff:anna }")) ==
        Lines{"E0417 in a rule on request a grant goes to who asks"});
  CHECK(codes_of("grant wallet:*", "never grant wallet:*") == "E0409");
}

TEST_CASE("a term says how long, once") {
  CHECK(holds(
      tree("timezone \"UTC\"\nrule r on request { when true then approve until 2027-01-01 idle "
           "90 days }"),
      "approve until 2027-01-02T00:00:00Z idle 7776000 s"));
  CHECK(holds(tree("rule r on request { when true then grant orders:view idle 1h for 2h }"),
              "grant orders:view for 7200 s idle 3600 s"));
  CHECK(headlines(check("rule r on request { when true then approve for 1 day for 2 days }")) ==
        Lines{"E0109 this says `for` or `until` twice"});
  CHECK(codes_of("approve for 1 day until 2027-01-01T00:00:00Z") == "E0109");
  CHECK(codes_of("approve idle 1 day idle 2 days") == "E0109");
  CHECK(codes_of("grant orders:view idle 1 day idle 2 days") == "E0109");
  CHECK(codes_of("approve idle 0 days") == "E0411");
  CHECK(codes_of("approve for orders") == "E0100");
  CHECK(codes_of("require sms") == "E0100");
}

TEST_CASE("what holds for a kind of accounts is said once, over all files") {
  const std::string policy =
      "accounts staff { seats { starter 0, shopify: 5 } invitation 7 days, idle 90 days }\n"
      "accounts collaborator { idle 90 days per organization }\naccounts supplier { }";
  CHECK(holds(tree(policy),
              "accounts staff\n  seats starter 0\n  seats shopify 5\n  invitation 604800 s\n"
              "  idle 7776000 s\naccounts collaborator\n  idle 7776000 s per organization\n"
              "accounts supplier\n"));
  const auto twice = check_rules({{"a.rules", "accounts staff { idle 90 days }\n"},
                                  {"b.rules", "accounts staff { idle 30 days }\n"}});
  CHECK(headlines(twice) == Lines{"E0212 accounts `staff` is declared twice"});
  REQUIRE(twice.diagnostics[0].labels.size() == 2);
  CHECK(twice.sources->get(twice.diagnostics[0].labels[0].span.source).path == "b.rules");
  CHECK(twice.sources->get(twice.diagnostics[0].labels[1].span.source).path == "a.rules");
}

TEST_CASE("what is wrong with an accounts block is said where it stands") {
  const auto with = [](const std::string& text) { return headlines(check(text)); };
  CHECK(with("accounts staf { idle 90 days }") ==
        Lines{"E0302 there is no kind of account `staf`"});
  CHECK(with("accounts staff { seats { shopfy 5 } }") == Lines{"E0302 there is no plan `shopfy`"});
  CHECK(with("accounts staff { seats { basic 1.5 } }") ==
        Lines{"E0304 seats are a whole number, but `1.5` is a number"});
  CHECK(with("accounts staff { seats { basic 5 EUR } }").size() == 1);
  CHECK(with("accounts staff { seats { basic 1, basic 2 } }") ==
        Lines{"E0212 plan `basic` stands here twice"});
  CHECK(codes(check("accounts staff { seats { basic 1 } seats { basic 2 } }")) == "E0109");
  CHECK(codes(check("accounts staff { idle 1 day idle 2 days }")) == "E0109");
  CHECK(codes(check("accounts staff { invitation 7 }")) == "E0304");
  CHECK(codes(check("accounts staff { idle 0 days }")) == "E0411");
  CHECK(codes(check("accounts staff { invitation 7 days per organization }")) == "E0100");
  CHECK(codes(check("accounts staff { idle 7 days per shop }")) == "E0100");
  CHECK(codes(check("accounts staff { mfa }")) == "E0100");
  CHECK(codes(check("accounts { idle 7 days }")) == "E0100");
}

TEST_CASE("YAML says the same of accounts, and faults point into it") {
  const auto result = check_yaml(
      "accounts:\n"
      "  staff:\n    seats: { starter: 0, shopify: 5 }\n    invitation: 7 days\n    idle: 90 days\n"
      "  collaborator: { idle: 90 days per organization }\n"
      "rules:\n"
      "  - rule: r\n    when: request.kind = \"staff\"\n"
      "    then: [approve idle 90 days, \"at most orders:view, orders:refund\", require mfa]\n");
  REQUIRE_MESSAGE(result.ok(), codes(result));
  CHECK(outline(*result.rules) ==
        tree("accounts staff { seats { starter 0, shopify 5 } invitation 7 days idle 90 days }\n"
             "accounts collaborator { idle 90 days per organization }\n"
             "rule r { when request.kind = \"staff\"\n"
             "  then approve idle 90 days, at most orders:view, orders:refund, require mfa }"));
  const auto at = [](const std::string& text) {
    const auto faulty = check_yaml(text);
    std::string all;
    for (const Diagnostic& each : faulty.diagnostics) {
      const Span span = each.labels.at(0).span;
      all +=
          std::string(row_of(each.code).id) + " " + std::string(faulty.sources->text(span)) + "\n";
    }
    return all;
  };
  CHECK(at("accounts: { staf: { idle: 90 days } }") == "E0302 staf\n");
  CHECK(at("accounts: { staff: { seats: { shopfy: 5 } } }") == "E0302 shopfy\n");
  CHECK(at("accounts: { staff: { seats: { basic: 1.5 } } }") == "E0304 1.5\n");
  CHECK(at("accounts: { staff: { invitation: 7 days per organization, idle: 90 days } }") ==
        "E0302 organization\n");
  CHECK(at("accounts: { staff: { idle: 90 days per day } }") == "E0302 day\n");
  CHECK(at("accounts: { staff: { seat: { basic: 1 } } }") == "E0506 seat\n");
}

TEST_CASE("a rule on request that can never fire is warned of") {
  CHECK(codes(check("rule r { when request.kind = \"staff\" and request.kind = \"service\" then "
                    "approve }")) == "W0803");
  CHECK(
      codes(check("rule r { when shop.staff_count < 1 and shop.staff_count > 2 and request.code_ok "
                  "then approve }")) == "W0803");
  CHECK(codes(check("rule r { when request.permission = orders:view and request.permission = "
                    "orders:edit then review }"))
            .empty());
}

TEST_CASE("an approve or grant that holds where a field is missing is warned of") {
  CHECK(headlines(check("rule r { when request.role != \"x\" then approve }")) ==
        Lines{"W0808 this rule also approves where `request.role` is missing"});
  CHECK(headlines(check("rule r { when not (request.message contains \"x\") then grant orders:view "
                        "}")) ==
        Lines{"W0808 this rule also grants where `request.message` is missing"});
  CHECK(codes(check("rule r { when request.role is present and request.role != \"x\" then approve "
                    "}"))
            .empty());
  CHECK(codes(check("rule r { when request.role != \"x\" then deny }")).empty());
  CHECK(codes(check("rule r { when request.role != \"x\" then review }")).empty());
}

TEST_CASE("rules of other scopes are no overlap and no assign that comes too late") {
  CHECK(codes(check("supplier acme\nevent talk { stage: text }\ngroup g { sub:anna }\n"
                    "rule a on line { when true then assign to acme }\n"
                    "rule b on talk { when true then assign to group g }\n"
                    "rule c on talk { when true then assign to sub:bo }\n"
                    "rule d on request { when true then approve }\n"
                    "rule e on request { when true then deny }"))
            .empty());
}

TEST_CASE("a role that another file changes is meant by rules that are taken over") {
  std::vector<RuleFile> files = {
      {"a.rules", "role desk = orders:view\n"},
      {"b.rules",
       "rule r on request { when true then grant desk, at most desk, review by desk }\n"}};
  RuleSetLoader loader;
  CHECK(holds(outline(*loader.check(files).rules), "grant orders:view\n"));
  files[0].text = "role desk = orders:view+refund\n";
  const auto after = loader.check(files);
  CHECK(holds(outline(*after.rules), "grant orders:refund orders:view\n"));
  CHECK(holds(outline(*after.rules), "at most orders:refund orders:view\n"));
  files[0].text = "role desc = orders:view\n";
  CHECK(codes(loader.check(files)) == "E0204 E0204 E0204");
}

TEST_CASE("requests and accounts are formatted like all others") {
  CHECK(
      formatted("rule r   on request { when true then approve for 90 days   idle 30 days,at   most "
                "orders:* ,draft_orders:view,require   mfa , review by   owner:\"olga o\" }") ==
      "rule r on request {\n  when true\n  then approve for 90 days idle 30 days,\n"
      "       at most orders:*, draft_orders:view,\n       require mfa,\n"
      "       review by owner:\"olga o\"\n}\n");
  CHECK(formatted("# all\naccounts   staff{ # of shops\nseats { starter 0,  basic 0 ,\n"
                  "# five\nshopify 5 }\ninvitation   7 days # a week\n}") ==
        "# all\naccounts staff {  # of shops\n  seats { starter 0, basic 0,\n    # five\n"
        "    shopify 5 }\n  invitation 7 days  # a week\n}\n");
  CHECK(formatted("accounts collaborator { idle 90 days   per organization }") ==
        "accounts collaborator { idle 90 days per organization }\n");
}
