#include <doctest/doctest.h>

#include "tests/unit/dsl/checking.hpp"

using namespace consign;
using checking::check;
using checking::codes;
using checking::headlines;

namespace {

const std::string kGood = "rule r { when true then tag \"x\" }\n";

}  // namespace

TEST_CASE("files are taken in the byte order of their paths, however they come") {
  const auto result = check_rules(
      {{"b/10.rules", "rule last { when true then tag \"x\" }"},
       {"20.yaml", "rules:\n  - rule: second\n    when: \"true\"\n    then: tag \"x\"\n"},
       {"10.rules", "rule first { when use then tag \"x\" }"},
       {"99.yml", "defines: { use: order.test }\n"}});
  REQUIRE_MESSAGE(result.ok(), (result.diagnostics.empty() ? "" : result.diagnostics[0].message));
  REQUIRE(result.rules->rules.size() == 3);
  CHECK(result.rules->rules[0].name == "first");
  CHECK(result.rules->rules[1].name == "second");
  CHECK(result.rules->rules[2].name == "last");
}

TEST_CASE("the hash names paths and bytes, not the order of giving") {
  const RuleFile a{"a.rules", kGood};
  const RuleFile b{"b.rules", "# nothing\n"};
  const auto one = check_rules({a, b});
  const auto other = check_rules({b, a});
  const auto moved = check_rules({a, {"c.rules", b.text}});
  REQUIRE(one.ok());
  CHECK(one.rules->hash.size() == 64);
  CHECK(one.rules->hash == other.rules->hash);
  CHECK(one.rules->hash != moved.rules->hash);
}

TEST_CASE("a name that two files declare is shown with both places") {
  const auto result = check_rules({{"a.rules", kGood}, {"b.rules", kGood}});
  CHECK_FALSE(result.ok());
  REQUIRE(result.diagnostics.size() == 1);
  const Diagnostic& message = result.diagnostics[0];
  CHECK(message.message == "rule `r` is declared twice");
  REQUIRE(message.labels.size() == 2);
  CHECK(result.sources->get(message.labels[0].span.source).path == "b.rules");
  CHECK(result.sources->get(message.labels[1].span.source).path == "a.rules");
}

TEST_CASE("limits have messages of their own") {
  CheckOptions options;
  options.limits.file_bytes = 10;
  CHECK(codes(check(kGood, options)) == "E0610");
  options = {};
  options.limits.files = 1;
  CHECK(codes(check_rules({{"a.rules", kGood}, {"b.rules", ""}}, options)) == "E0611");
  options = {};
  options.limits.rules = 1;
  CHECK(codes(check(kGood + "rule s { when true then tag \"x\" }", options)) == "E0612");
  CHECK(codes(check_rules({{"a.txt", kGood}})) == "E0613");
  CHECK(codes(check_rules({{"a.rules", kGood}, {"a.rules", ""}})) == "E0614");
}

TEST_CASE("too many messages are cut off and counted, errors before warnings") {
  std::string text = "rule w { when product.tag contains \"x\" then tag \"x\" }\n";
  for (int i = 0; i < 30; ++i) {
    text += "rule r" + std::to_string(i) + " { when order.totl > 5 EUR then tag \"x\" }\n";
  }
  CheckOptions options;
  options.limits.messages = 10;
  const auto result = check(text, options);
  REQUIRE(result.diagnostics.size() == 11);
  CHECK(result.diagnostics[0].message == "there is no field `order.totl`");
  CHECK(result.diagnostics[10].message == "and 21 more messages");
}

TEST_CASE("too many warnings are cut off and counted, and do not break the rule set") {
  std::string text;
  for (int i = 0; i < 15; ++i) text += "rule r" + std::to_string(i) + " { when false then stop }\n";
  CheckOptions options;
  options.limits.messages = 10;
  const auto result = check(text, options);
  CHECK(result.ok());
  REQUIRE(result.diagnostics.size() == 11);
  CHECK(headlines(result)[10] == "W0807 and 5 more warnings");
}

TEST_CASE("bans of the configuration cannot be loosened") {
  CheckOptions options;
  options.never_grant = {{"orders", "refund"}};
  const auto result =
      check("supplier acme\nrule r { when order.test then grant orders:* to staff:anna }", options);
  CHECK(headlines(result) ==
        std::vector<std::string>{
            "E0409 `orders:*` holds `orders:refund`, which may never be granted"});
  CHECK(check("role r = orders:refund\n" + kGood, options).ok());
}

TEST_CASE("file names with number prefixes of different width are warned of") {
  const auto result = check_rules({{"9-b.rules", ""}, {"10-a.rules", kGood}, {"x/1.rules", ""}});
  CHECK(headlines(result) ==
        std::vector<std::string>{
            "W0806 number prefixes of different width: `10-a.rules` runs before `9-b.rules`"});
  CHECK(result.ok());
  CHECK(codes(check_rules({{"10-a.rules", kGood}, {"20-b.rules", ""}, {"x.rules", ""}})) == "");
}

TEST_CASE("pairs of overlapping assigns are shown up to twenty and the rest counted") {
  std::string text;
  for (int i = 0; i < 8; ++i) {
    const std::string n = std::to_string(i);
    text += "supplier s" + n + "\nrule r" + n + " { when product.tag = \"t" + n +
            "\" then assign to s" + n + " }\n";
  }
  const auto result = check(text);
  REQUIRE(result.diagnostics.size() == 21);
  CHECK(result.diagnostics[0].message ==
        "and 8 more pairs of rules that can claim one line for different suppliers");
  const auto few = find_warnings(*result.rules, 5);
  REQUIRE(few.size() == 6);
  CHECK(few[0].message == "23 pairs of rules were not compared: there are too many");
}

TEST_CASE("rules that ask one field for different values are not compared at all") {
  std::string text = "supplier a\nsupplier b\n";
  for (int i = 0; i < 2000; ++i) {
    const std::string n = std::to_string(i);
    text += "rule r" + n + " { when line.sku = \"S" + n + "\" then assign to " +
            (i % 2 == 0 ? "a" : "b") + " }\n";
  }
  CHECK(codes(check(text)) == "");
}

TEST_CASE("rules for other shops, other times or with a stop do not overlap") {
  const std::string suppliers = "supplier a\nsupplier b\ntimezone \"Europe/Stockholm\"\n";
  const std::string second =
      "rule s { shop outlet from 2026-11-01 when product.tag = \"y\" then assign to b }";
  const auto with = [&](const std::string& clauses, const std::string& then) {
    return codes(check(suppliers + "rule r { " + clauses + " when product.tag = \"x\" then " +
                       then + " }\n" + second));
  };
  CHECK(with("", "assign to a") == "W0805");
  CHECK(with("shop outlet, nordic", "assign to a") == "W0805");
  CHECK(with("shop nordic", "assign to a") == "");
  CHECK(with("until 2026-10-31", "assign to a") == "");
  CHECK(with("mode shadow", "assign to a") == "");
  CHECK(with("", "assign to a, stop") == "");
  CHECK(with("", "assign to first available of { a } or next rule") == "");
  CHECK(with("", "assign to b") == "");
}
