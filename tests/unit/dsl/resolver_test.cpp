#include <doctest/doctest.h>

#include "tests/unit/dsl/checking.hpp"

using namespace consign;
using checking::check;
using checking::codes;

namespace {

std::string when(const std::string& condition, const std::string& declarations = "") {
  return declarations + "\nrule r { when " + condition + " then tag \"x\" }\n";
}

Scope scope_of(const std::string& condition, const std::string& declarations = "") {
  const auto result = check(when(condition, declarations));
  REQUIRE(result.ok());
  return result.rules->rules[0].scope;
}

}  // namespace

TEST_CASE("a rule's scope comes from what its condition reads outside quantifiers") {
  CHECK(scope_of("line.sku = \"A\"") == Scope::line);
  CHECK(scope_of("product.tag = \"A\" and order.test") == Scope::line);
  CHECK(scope_of("order.test") == Scope::order);
  CHECK(scope_of("true") == Scope::order);
  CHECK(scope_of("any line (line.sku = \"A\")") == Scope::order);
  CHECK(scope_of("sum of line.quantity > 3") == Scope::order);
  CHECK(scope_of("a", "define a = b\ndefine b = line.sku = \"A\"") == Scope::line);
  CHECK(scope_of("any line (a)", "define a = line.sku = \"A\"") == Scope::order);
  CHECK(scope_of("t[line.sku] = 1", "table t = { \"A\": 1 }") == Scope::line);
}

TEST_CASE("defines that hold each other are nested no deeper than the limit") {
  std::string chain = "define d0 = order.test\n";
  for (int i = 1; i <= 10; ++i) {
    chain += "define d" + std::to_string(i) + " = not d" + std::to_string(i - 1) + "\n";
  }
  CheckOptions options;
  options.limits.nesting = 21;
  CHECK(codes(check(when("d10", chain), options)) == "");
  options.limits.nesting = 20;
  CHECK(codes(check(when("d10", chain), options)) == "E0601");
}

TEST_CASE("long chains of defines and of arithmetic do not exhaust the stack") {
  std::string chain = "define d20000 = order.test\n";
  for (int i = 0; i < 20000; ++i) {
    chain += "define d" + std::to_string(i) + " = not d" + std::to_string(i + 1) + "\n";
  }
  CHECK_FALSE(check(when("d0", chain)).ok());
  std::string sum = "1";
  for (int i = 0; i < 5000; ++i) sum += " + 1";
  CHECK_FALSE(check(when("order.quantity > " + sum)).ok());
}

TEST_CASE("days of a period are days of the declared zone, both included") {
  const auto result = check(
      "timezone \"Europe/Stockholm\"\nrule r { from 2026-10-25 until 2026-10-25 when true then tag "
      "\"x\" }");
  REQUIRE(result.ok());
  // The day on which clocks go back has 25 hours.
  CHECK(format_timestamp(*result.rules->rules[0].details->from) == "2026-10-24T22:00:00Z");
  CHECK(format_timestamp(*result.rules->rules[0].details->until) == "2026-10-25T23:00:00Z");
}

TEST_CASE("a table takes the spelling of the enumeration that looks up in it, and keeps its own") {
  const auto result = check(when("t[order.ship_to.country] = \"x\" and t[line.title] = \"x\"",
                                 "table t = { \"se\": \"x\" }"));
  REQUIRE(result.ok());
  REQUIRE(result.rules->tables.size() == 2);
  CHECK(result.rules->tables[0].rows[0].first.text == "se");
  CHECK(result.rules->tables[1].rows[0].first.text == "SE");
}

TEST_CASE("an assign to nobody is an error") {
  for (const std::string form :
       {"first available of {}", "cheapest available of { }", "split {}"}) {
    CAPTURE(form);
    CHECK(codes(check("rule r { when true then assign to " + form + " }\n")) == "E0407");
  }
  // What could not be read is told of once.
  CHECK(codes(check("rule r { when true then assign to first available of { 3pl } }\n")) ==
        "E0104");
}

TEST_CASE("words that other languages have are answered in this one's") {
  const auto help = [](const std::string& condition) {
    const auto result = check("rule r { when " + condition + " then tag \"x\" }\n");
    REQUIRE(result.diagnostics.size() == 1);
    return result.diagnostics[0].help.at(0);
  };
  CHECK(help("order.note = null") == "to ask for what is not there, write `… is missing`");
  CHECK(help("order.test = yes") == "did you mean `true`?");
}

TEST_CASE("the members of a list have one type, used or not") {
  const auto mixed = check("list l = { \"a\", 1, 2 }\n");
  CHECK(codes(mixed) == "E0304");
  CHECK(codes(check(when("order.note in l or order.source in l", "list l = { \"a\", 1 }\n"))) ==
        "E0304");
  CHECK(codes(check("list l = { 1 EUR, 2 USD }\nlist m = {}\n")) == "");
}

TEST_CASE("a fault in a list is told of once, however often it is used") {
  const std::string list = "list l = { \"Sweden\" }\n";
  CHECK(codes(check(when("order.ship_to.country in l or order.ship_to.country not in l", list))) ==
        "E0302");
}

TEST_CASE("what refers to a broken define or table is not at fault") {
  CHECK(codes(check(when("d and not d", "define d = order.totl > 5 EUR"))) == "E0201");
  CHECK(codes(check(when("t[line.sku] = 1", "table t = { 5 EUR: 1 }"))) == "E0304");
}

TEST_CASE("members after `exactly` are all so or none is") {
  CHECK(codes(check(when("line.title in { exactly \"A\", exactly \"B\" }"))) == "");
  CHECK(codes(check(when("line.title in { exactly \"A\", \"B\" }"))) == "E0301");
}

TEST_CASE("a suspended supplier, its shops and countries come from both spellings alike") {
  const auto rules = check(
      "supplier a { name \"A\", countries { \"no\", \"SE\" } shops { x, \"y z\" }\n"
      "handling cost 2.50 EUR\nlead time 2 days\nsuspended }\n");
  const auto yaml = check_rules({{"a.yaml",
                                  "suppliers:\n  a: { name: A, countries: [no, SE], shops: [x, \"y "
                                  "z\"], handling_cost: 2.50 EUR,"
                                  " lead_time: 2 days, suspended: true }\n"}});
  REQUIRE(rules.ok());
  REQUIRE(yaml.ok());
  CHECK(outline(*rules.rules) == outline(*yaml.rules));
  CHECK(
      outline(*rules.rules) ==
      "supplier a \"A\"\n  countries NO SE\n  shops x y z\n  suspended\n  handling cost 2.50 EUR\n"
      "  lead time 172800 s\n");
}

TEST_CASE("what a supplier has and when it works comes from both spellings alike") {
  const auto rules = check(
      "supplier a { stock tracked, safety stock 2.5, capacity 40 per hour\n cut-off \"16:00\"\n"
      "working days { Tuesday, \"monday\" } timezone \"Europe/Berlin\", endpoint \"my desk\" }\n");
  const auto yaml = check_rules(
      {{"a.yaml",
        "suppliers:\n  a:\n    stock_tracked: true\n    safety_stock: 2.5\n    capacity: 40 per "
        "hour\n"
        "    cut_off: 16:00\n    working_days: [Tuesday, monday]\n    timezone: Europe/Berlin\n"
        "    endpoint: my desk\n"}});
  REQUIRE(rules.ok());
  REQUIRE(yaml.ok());
  CHECK(outline(*rules.rules) == outline(*yaml.rules));
  const Supplier& supplier = rules.rules->suppliers[0];
  CHECK(supplier.stock_tracked);
  CHECK(supplier.safety_stock.to_string() == "2.5");
  REQUIRE(supplier.capacity);
  CHECK(supplier.capacity->orders == 40);
  CHECK(supplier.capacity->per == CapacityPeriod::hour);
  CHECK(supplier.working.cut_off_minutes == 16 * 60);
  CHECK(supplier.working.days == 0b0000011);
  CHECK(supplier.working.zone == find_time_zone("Europe/Berlin"));
  CHECK(supplier.endpoint == "my desk");
}

TEST_CASE("a supplier that says nothing of it works always, and has all there is") {
  const auto result = check("supplier a\n");
  REQUIRE(result.ok());
  const Supplier& supplier = result.rules->suppliers[0];
  CHECK_FALSE(supplier.stock_tracked);
  CHECK(supplier.safety_stock.is_zero());
  CHECK_FALSE(supplier.capacity);
  CHECK(supplier.working.days == 0x7f);
  CHECK(supplier.working.zone == nullptr);
  CHECK(supplier.endpoint.empty());
  // Unset marks of YAML, and one day without braces.
  const auto yaml = check_rules({{"a.yaml", "suppliers: { a: { stock_tracked: false } }\n"}});
  REQUIRE(yaml.ok());
  CHECK(outline(*yaml.rules) == outline(*result.rules));
  const auto friday = check("timezone \"UTC\"\nsupplier a { working days friday }\n");
  REQUIRE(friday.ok());
  CHECK(friday.rules->suppliers[0].working.days == 0b0010000);
}

TEST_CASE("a supplier's zone is its own, or the rule set's, wherever that is declared") {
  const auto result = check(
      "supplier a { capacity 5 per day }\nsupplier b { cut-off \"00:00\", timezone \"Asia/Tokyo\" "
      "}\n"
      "timezone \"Europe/Stockholm\"\n");
  REQUIRE(result.ok());
  CHECK(result.rules->suppliers[0].working.zone == find_time_zone("Europe/Stockholm"));
  CHECK(result.rules->suppliers[1].working.zone == find_time_zone("Asia/Tokyo"));
  CHECK(result.rules->suppliers[1].working.cut_off_minutes == 0);
  for (const std::string wants :
       {"capacity 5 per day", "cut-off \"16:00\"", "working days { monday }"}) {
    CAPTURE(wants);
    CHECK(codes(check("supplier a { " + wants + " }\n")) == "E0312");
    // What is wrong with a zone is told of by itself.
    CHECK(codes(check("supplier a { " + wants + ", timezone \"Europe/Berlim\" }\n")) == "E0209");
    CHECK(codes(check("timezone \"Europe/Berlim\"\nsupplier a { " + wants + " }\n")) == "E0209");
  }
}

TEST_CASE("an assign says whether lines stay together and into how many parts they go") {
  const auto assign = [](const std::string& behind) {
    const auto result = check(
        "supplier a\nsupplier b\nrule r { when true then assign to first available of { a, b } " +
        behind + " }\n");
    REQUIRE(result.ok());
    return std::get<AssignAction>(result.rules->rules[0].actions[0].what);
  };
  CHECK_FALSE(assign("").keep_together);
  CHECK(assign("").at_most_parts == 1);
  CHECK(assign("keep together").keep_together);
  CHECK(assign("in parts").at_most_parts == kAnyParts);
  CHECK(assign("keep together in at most 2 parts or next rule").at_most_parts == 2);
  CHECK(assign("keep together in at most 2 parts or next rule").or_next_rule);
  const auto silent = check("rule r { when true then do not notify channel }\n");
  REQUIRE(silent.ok());
  CHECK(silent.rules->rules[0].actions[0].kind() == ActionKind::silence);
}

TEST_CASE("rules that assign in parts still assign to their suppliers") {
  CHECK(codes(check(
            "supplier a\nsupplier b\n"
            "rule r { when line.sku = \"x\" then assign to first available of { a, b } in parts }\n"
            "rule s { when line.quantity > 1 then assign to b }\n")) == "W0805");
}

TEST_CASE("a declaration that could not be read gives its own message alone") {
  const std::string rules =
      "rule r { when a and t[line.sku] = 1 and line.sku in l then assign to acme }\n";
  const auto result = check(
      "supplier acme { name \"A }\ndefine a = order.total >\n"
      "table t = { \"A\" 1 }\nlist l = { \"A\" \"B\" }\n" +
      rules);
  for (const auto& message : result.diagnostics) {
    CAPTURE(message.message);
    CHECK(row_of(message.code).id.starts_with("E01"));
  }
  CHECK(result.diagnostics.size() == 4);
}
