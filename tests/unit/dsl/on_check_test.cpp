// Rules on check: what makes a rule one, what it may read and do, and what is said otherwise.

#include <doctest/doctest.h>

#include "tests/unit/dsl/checking.hpp"

using namespace consign;
using checking::check;
using checking::codes;
using checking::headlines;

namespace {

Scope scope_of(const std::string& condition, const std::string& declarations = "") {
  const auto result = check(declarations + "\nrule r { when " + condition + " then forbid }");
  REQUIRE_MESSAGE(result.ok(), codes(result));
  return result.rules->rules[0].scope;
}

}  // namespace

TEST_CASE("a condition that reads a check or an account makes the rule one on check") {
  CHECK(scope_of("check.action = orders:view") == Scope::check);
  CHECK(scope_of("account.mfa") == Scope::check);
  CHECK(scope_of("staff", "define staff = account.kind = \"staff\"") == Scope::check);
  CHECK(scope_of("hour(now, \"UTC\") > 22 and account.mfa") == Scope::check);
  CHECK(codes(check("rule r { when true then allow }")) == "E0417");
  CHECK(codes(check("rule r on check { when true then allow }")).empty());
  CHECK(codes(check("rule r on check { otherwise then forbid }")).empty());
}

TEST_CASE("orders and checks do not meet in one condition, not through defines either") {
  CHECK(codes(check("rule r { when account.mfa and order.test then allow }")) == "E0402");
  CHECK(codes(check("define d = order.test\nrule r { when account.mfa and d then allow }")) ==
        "E0402");
  CHECK(codes(check("define d = order.test\nrule r on check { when d then allow }")) == "E0416");
  CHECK(codes(check("rule r { when any line (account.mfa) then allow }")) == "E0402");
  CHECK(codes(check("rule r on line { when account.mfa then stop }")) == "E0416");
}

TEST_CASE("a rule on check answers and does nothing else, a rule on orders does not answer") {
  CHECK(
      headlines(check("rule r on check { when true then assign to nobody, grant orders:view }")) ==
      std::vector<std::string>{"E0417 `assign` has no meaning in a rule on check",
                               "E0417 `grant` has no meaning in a rule on check"});
  CHECK(headlines(check("rule r on line { when true then stop, allow }")) ==
        std::vector<std::string>{"E0417 `allow` has no meaning in a rule on line"});
  CHECK(codes(check("rule r on check { when true then forbid \"a\", allow }")) == "E0418");
  CHECK(codes(check("rule r on check { when true }")) == "E0404");
}

TEST_CASE("what is said about the scope is said although the condition is faulty") {
  CHECK(codes(check("rule r on check { when account.knd = \"x\" then tag \"x\" }")) ==
        "E0201 E0417");
  CHECK(codes(check("rule r { when account.knd = \"x\" then allow }")) == "E0201");
}

TEST_CASE("requests are not answered by what answers checks") {
  CHECK(codes(check("rule r on request { when true then allow }")) == "E0417");
  CHECK(codes(check("rule r { when request.code_ok then allow }")) == "E0417");
  CHECK(codes(check("rule r on check { when request.code_ok then allow }")) == "E0416");
}

TEST_CASE("a permission that the vocabulary does not have is an error with a suggestion") {
  const auto result = check("rule r { when check.action = orders:refnud then allow }");
  CHECK(headlines(result) ==
        std::vector<std::string>{"E0205 there is no permission `orders:refnud`"});
  CHECK(result.diagnostics[0].help.size() == 1);
  CHECK(codes(check("permissions wms:pick\nrule r { when check.action = wms:pick then allow }"))
            .empty());
  CHECK(codes(check("rule r { when check.action = apps:x then allow }")).empty());
  CHECK(codes(check("rule r { when check.action = apps:* then allow }")) == "E0205");
}

TEST_CASE("a mistyped action of any permission is an error that names the right one") {
  for (const PermissionRow& row : all_permissions()) {
    std::string written = row.permission().to_string();
    auto& last = written[written.size() - 1];
    auto& before = written[written.size() - 2];
    if (last == before) {
      written.pop_back();
    } else {
      std::swap(last, before);
    }
    CAPTURE(written);
    const auto result = check("role r = " + written);
    REQUIRE(codes(result) == "E0205");
    CHECK(result.diagnostics[0].help ==
          std::vector<std::string>{"did you mean `" + row.permission().to_string() + "`?"});
  }
}

TEST_CASE("a handle of another system gets help that names the permission") {
  const auto help = [](const std::string& rules) {
    const auto result = check(rules);
    REQUIRE(codes(result) == "E0204");
    return result.diagnostics[0].help;
  };
  using Help = std::vector<std::string>;
  CHECK(help("supplier acme\nrule r { when line.quantity > 0 then assign to acme, grant "
             "fulfill_and_ship_orders }") ==
        Help{"Shopify's `fulfill_and_ship_orders` is written `orders:fulfill`"});
  CHECK(help("role agent = orders") == Help{"Shopify's `orders` is written `orders:view`"});
  CHECK(help("never grant \"Return/Refund\"") ==
        Help{"Shopee's `Return/Refund` is written `orders:return, orders:refund`"});
  const auto in_a_condition =
      check("rule r { when check.action = fulfill_and_ship_orders then allow }");
  CHECK(in_a_condition.diagnostics[0].help ==
        Help{"Shopify's `fulfill_and_ship_orders` is written `orders:fulfill`"});
  CHECK(help("role packer = orders:view\nrole agent = packr") == Help{"did you mean `packer`?"});
}

TEST_CASE("permissions may stand in a list") {
  const auto result = check(
      "list money = { orders:refund+cancel, wallet:* }\n"
      "rule r { when check.action in money then forbid }");
  REQUIRE_MESSAGE(result.ok(), codes(result));
  CHECK(outline(*result.rules)
            .find("{ orders:refund, orders:cancel, wallet:password, wallet:withdraw }") !=
        std::string::npos);
  CHECK(codes(check("list mixed = { orders:refund, \"x\" }")) == "E0304");
  CHECK(codes(check("list money = { orders:refnud }\nrule r { when check.action in money then "
                    "forbid }\nrule s { when check.action in money then allow }")) == "E0205");
}

TEST_CASE("a permission that a set declares anew is meant by rules that are taken over") {
  std::vector<RuleFile> files = {{"a.rules", "permissions wms:pick\n"},
                                 {"b.rules", "rule r { when check.action = wms:* then allow }\n"}};
  RuleSetLoader loader;
  const std::string before = outline(*loader.check(files).rules);
  files[0].text = "permissions wms:pick+pack\n";
  const std::string after = outline(*loader.check(files).rules);
  CHECK(before.find("wms:pack") == std::string::npos);
  CHECK(after.find("wms:pack") != std::string::npos);
}

TEST_CASE(
    "an allow that holds where a field is missing is warned of, each time the set is loaded") {
  std::vector<RuleFile> files = {{"a.rules", "rule r { when account.role != \"x\" then allow }\n"}};
  RuleSetLoader loader;
  CHECK(codes(loader.check(files)) == "W0808");
  CHECK(codes(loader.check(files)) == "W0808");
  files.push_back({"b.rules", ""});
  CHECK(codes(loader.check(files)) == "W0808");
  CHECK(codes(check("rule r { when account.role != \"x\" then forbid }")).empty());
  CHECK(codes(check("rule r { when not (account.role = \"x\") then allow }")) == "W0808");
  CHECK(codes(check("rule r { when not (account.role != \"x\") then allow }")).empty());
}

TEST_CASE("rules on check are formatted like all others") {
  const auto formatted = format_rules(
      {"a.rules", "rule r   on check { when   account.mfa then allow , forbid   \"no\" }"});
  CHECK(formatted.text ==
        "rule r on check {\n  when account.mfa\n  then allow,\n       forbid \"no\"\n}\n");
}
