// What random worlds and readers have found, made small and kept under a name.
#include <doctest/doctest.h>

#include "tests/differential/trial.hpp"

namespace consign::reference {
namespace {

/// An order of two lines whose products p-1 and p-2 are unknown.
Case two_unknown_products() {
  Case one;
  const std::string time = "2026-11-27T10:00:00Z";
  one.now = *parse_timestamp(time);
  one.order = {{Field::order_id, "1001", {}},      {Field::order_shop, "nordic", {}},
               {Field::order_currency, "EUR", {}}, {Field::order_payment, "paid", {}},
               {Field::order_placed_at, time, {}}, {Field::order_received_at, time, {}},
               {Field::order_total, "512.40", {}}, {Field::order_test, "false", {}}};
  for (const char* number : {"1", "2"}) {
    GivenProduct product;
    product.key = std::string("p-") + number;
    one.products.push_back(product);
    GivenLine line;
    line.product = one.lines.size();
    line.fields = {{Field::line_id, number, {}},
                   {Field::line_quantity, "1", {}},
                   {Field::line_price, "19.90", {}},
                   {Field::line_requires_shipping, "true", {}},
                   {Field::line_gift_card, "false", {}}};
    one.lines.push_back(line);
  }
  return one;
}

/// What the rules come to; all who decide agree.
ReferenceDecision decided(std::vector<std::string> declarations, std::vector<std::string> rules,
                          const Case& one) {
  const CheckResult result = checked({std::move(declarations), std::move(rules)});
  REQUIRE_MESSAGE(result.ok(), messages_of(result));
  Trial::Verdict verdict = Trial(result.rules).decide(one);
  CHECK(verdict.disagreement == "");
  return std::move(verdict.expected);
}

/// What a rule with that condition comes to; all who decide agree.
ReferenceDecision decided_by(const char* scope, const std::string& condition, const Case& one) {
  return decided({"supplier acme\n", "rate USD = 0.92 EUR\n", "table extra = { \"acme\": 2 }\n",
                  "table fee = { \"acme\": 5 EUR }\n"},
                 {std::string("rule r on ") + scope + " {\n  when " + condition +
                  "\n  then assign to acme\n}\n"},
                 one);
}

/// What the second line waits for in a rule on order with that condition.
std::vector<std::string> waits_for(const std::string& condition, const Case& one) {
  return decided_by("order", condition, one).lines.at(1).waits_for;
}

using Facts = std::vector<std::string>;

}  // namespace

TEST_CASE("a line whose summed value is missing is not waited for") {
  Case one = two_unknown_products();
  one.lines[1].fields.push_back({Field::line_vendor, "acme", {}});
  CHECK(waits_for("sum of fee[line.vendor] (product.status = \"draft\") > 1 EUR", one) ==
        Facts{"product p-2"});
}

TEST_CASE("the bound of a `between` that is settled is not waited for") {
  const Case one = two_unknown_products();
  CHECK(waits_for("5 between count of lines (line.id = \"1\" and product.tag = \"a\")"
                  " and sum of extra[product.vendor] (line.id = \"2\")",
                  one) == Facts{"product p-2"});
}

TEST_CASE("what makes no difference to a sum is not waited for") {
  Case one = two_unknown_products();
  one.lines[0].fields[1].text = "0";
  CHECK(waits_for("sum of line.quantity (line.id = \"1\" and product.tag = \"a\")"
                  " < sum of extra[product.vendor] (line.id = \"2\")",
                  one) == Facts{"product p-2"});
}

TEST_CASE("a time that is moved by as many hours as there are lines of a kind is not known") {
  const Case one = two_unknown_products();
  CHECK(waits_for("order.placed_at + 1h * count of lines (product.tag = \"a\") > order.received_at",
                  one) == Facts{"product p-1", "product p-2"});
}

TEST_CASE("rules that both give the last piece to the same supplier do not overlap") {
  Case one = two_unknown_products();
  one.lines.pop_back();
  one.lines[0].fields.push_back({Field::line_sku, "ACM-1", {}});
  one.stock = {{"acme", "ACM-1", Decimal(1), Decimal(0)}};
  const ReferencePart part =
      decided({"supplier acme {}\nsupplier bravo {}\noverlaps hold\n"},
              {"rule r on line { when true then assign to acme }\n",
               "rule s on line { when true then assign to first available of { acme, bravo } }\n"},
              one)
          .lines.at(0)
          .parts.at(0);
  CHECK(part.outcome == Outcome::assigned);
  CHECK(part.supplier == "acme");
}

TEST_CASE("of a line that has become less, what has shipped stands and what has not is cut") {
  Case one = two_unknown_products();
  one.lines.pop_back();
  one.lines[0].fields[1].text = "5";
  Prior prior;
  for (const bool shipped : {false, true}) {
    Prior::Part& part = prior.parts.emplace_back();
    part.line = "1";
    part.number = shipped ? 2 : 1;
    part.quantity = Decimal(3);
    part.supplier = "acme";
    part.shipped = shipped;
  }
  one.prior = prior;
  const ReferenceLine line = decided({"supplier acme {}\n"}, {}, one).lines.at(0);
  REQUIRE(line.parts.size() == 2);
  CHECK(line.parts[0].quantity == Decimal(2));
  CHECK(line.parts[1].quantity == Decimal(3));
  CHECK(line.parts[1].shipped);
}

TEST_CASE("bounds that exclude their ends do so in another currency, too") {
  Case one = two_unknown_products();
  one.order[2].text = "USD";
  const auto outcome = [&](const char* price) {
    one.lines[0].fields[2].text = price;
    return decided_by("line", "line.price > 0 EUR and line.price < 0.92 EUR", one)
        .lines.at(0)
        .parts.at(0)
        .outcome;
  };
  CHECK(outcome("-0") == Outcome::held);
  CHECK(outcome("0.99") == Outcome::assigned);
  CHECK(outcome("1.00") == Outcome::held);
}

}  // namespace consign::reference
