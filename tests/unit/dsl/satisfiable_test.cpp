// What is said never to fire must never fire; these are the cases in which it would be easy to go
// too far.

#include <doctest/doctest.h>

#include "tests/unit/dsl/checking.hpp"

using namespace consign;
using checking::check;
using checking::codes;

namespace {

bool never(const std::string& condition) {
  const bool on_check = condition.starts_with("check.") || condition.starts_with("account.");
  const auto result = check(
      "timezone \"Europe/Stockholm\"\nrate USD = 0.92 EUR\n"
      "define small = order.total < 5 EUR\nlist few = { \"A\", \"B\" }\n"
      "rule r { when " +
      condition + (on_check ? " then forbid }\n" : " then tag \"x\" }\n"));
  REQUIRE_MESSAGE(result.ok(), condition);
  return codes(result) == "W0803";
}

}  // namespace

TEST_CASE("what can hold is not called a contradiction") {
  for (const char* condition : {
           "order.note != \"a\" and order.note != \"b\"",
           "product.tag = \"a\" and product.tag = \"b\"",
           "not (product.tag = \"a\") and product.tag = \"b\"",
           "order.note != \"a\" and order.note is missing",
           "not (order.subtotal > 5 EUR) and not (order.subtotal <= 5 EUR)",
           "line.title = \"a\" and line.title = exactly \"A\"",
           "line.title = \"a\" and line.title != exactly \"a\"",
           "order.total > 5 EUR and order.total < 6 USD",
           "order.total >= 5 EUR and order.total <= 5 EUR",
           "order.quantity in { 1, 2 } and order.quantity > 1",
           "line.sku in few and line.sku = \"A\"",
           "any line (line.sku = \"A\") and any line (line.sku = \"B\")",
           "every line (line.sku = \"A\" and line.sku = \"B\")",
           "no line (line.sku = \"A\" and line.sku = \"B\")",
           "order.attribute[\"a\"] = \"x\" and order.attribute[\"b\"] = \"y\"",
           "hour(now) > 22 and hour(now, \"Asia/Tokyo\") < 3",
           "(line.sku = \"A\" or line.sku = \"B\") and line.sku = \"B\"",
           "line.title = \"a b\" and line.title contains \"b\"",
           "line.title like \"a*\" and line.title like \"*b\"",
           "product.vendor is missing and product.tag is missing",
           "product.id is missing",
           "count of lines (line.sku = \"A\") = 1 and count of lines (line.sku = \"B\") = 2",
           "order.placed_at >= 2026-11-01 and order.placed_at <= 2026-11-01",
           "not (line.sku = \"A\" and line.sku = \"B\")",
           "order.test = false or order.test",
           "order.quantity > 1 / 0 and order.quantity < 1",
           "order.note like \"a*\" and order.note not like \"b*\"",
           "order.note contains \"A\" and order.note not contains exactly \"A\"",
           "order.note not like \"a*\" and not (order.note like \"a*\")",
           "check.action != orders:view and check.action = orders:refund",
           "check.action = orders:* and check.action in { orders:view, wallet:* }",
           "account.role = \"a\" and account.role = \"b\"",
       }) {
    CAPTURE(condition);
    CHECK_FALSE(never(condition));
  }
}

TEST_CASE("parts that contradict are found") {
  for (const char* condition : {
           "line.sku = \"A\" and line.sku = \"a\"",
           "line.title = \"A\" and line.title != \"a\"",
           "check.action = orders:view and check.action != orders:view+cancel",
           "check.action = orders:* and check.action in { wallet:* }",
           "account.kind = \"owner\" and account.kind = \"staff\"",
           "line.title = \"B\" and line.title = exactly \"A\"",
           "product.tag in { \"a\", \"b\" } and product.tag not in { \"b\", \"a\", \"c\" }",
           "product.tag is missing and product.tag = \"a\"",
           "order.total > 5 EUR and small",
           "order.total > 5 EUR and order.total <= 5 EUR",
           "order.total between 9 EUR and 5 EUR",
           "order.quantity in { 1, 2 } and order.quantity > 2",
           "order.quantity = 1 and order.quantity != 1",
           "not (order.quantity >= 1) and order.quantity > 5",
           "line.sku in few and line.sku = \"C\"",
           "line.sku = \"ACM-1\" and line.sku not like \"ACM-*\"",
           "not order.test and order.test = true",
           "not (order.note is present) and order.note contains \"x\"",
           "count of lines < 0",
           "(order.quantity < 1 or order.quantity > 9) and order.quantity = 5",
           "no line (line.quantity > 1) and 2 = 3",
           "not every line (true)",
           "\"a\" = \"b\"",
           "5 > 6",
           "order.quantity > 5 and order.quantity < 2 + 1",
           "3 + 2 < order.quantity and order.quantity <= 8 / 2",
           "10 - 4 > 3 * 2",
           "order.total > 2 * 5 EUR and order.total < 20 EUR / 4",
           "order.note like \"a*\" and order.note not like \"a*\"",
           "order.tag matches \"^a\" and not (order.tag matches \"^a\")",
       }) {
    CAPTURE(condition);
    CHECK(never(condition));
  }
}
