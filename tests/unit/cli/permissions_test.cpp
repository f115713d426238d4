// consign permissions, and docs/permissions.md, which holds its tables. CONSIGN_UPDATE_GOLDEN=1
// writes the tables anew.
#include <doctest/doctest.h>

#include "tests/unit/cli/document.hpp"
#include "tests/unit/cli/run_consign.hpp"

using namespace consign::cli;

TEST_CASE("a permission gives what systems call it") {
  const Ran ran = run_consign({"permissions", "orders:fulfill"});
  CHECK(ran.exit == 0);
  CHECK(ran.out ==
        "permission      elsewhere                        meaning\n"
        "orders:fulfill  shopify/fulfill_and_ship_orders  fulfil and ship\n"
        "orders:fulfill  shopee/Mass Ship                 fulfil and ship\n"
        "orders:fulfill  dianxiaomi/orders: edit          fulfil and ship\n"
        "orders:fulfill  shipstation/Shipping             fulfil and ship\n");
  CHECK(run_consign({"permissions", "--system", "shopify", "orders:fulfill"}).out ==
        "permission      elsewhere                        meaning\n"
        "orders:fulfill  shopify/fulfill_and_ship_orders  fulfil and ship\n");
  CHECK(run_consign({"permissions", "wallet:withdraw"}).out ==
        "permission       elsewhere  meaning\n"
        "wallet:withdraw             pay out from the wallet\n");
  CHECK(run_consign({"permissions", "apps:dianxiaomi"}).out ==
        "permission       elsewhere                meaning\n"
        "apps:dianxiaomi  shopify/apps:dianxiaomi  use this app\n");
}

TEST_CASE("what a system calls a permission gives the permission") {
  CHECK(run_consign({"permissions", "--system", "shopee", "return/refund"}).out ==
        "permission     elsewhere             meaning\n"
        "orders:return  shopee/Return/Refund  return\n"
        "orders:refund  shopee/Return/Refund  refund\n");
  const std::pair<const char*, const char*> names[] = {
      {"Return/Refund", "orders:return  shopify/return_orders"},
      {"shopee/RETURN/REFUND", "orders:refund  shopee/Return/Refund"},
      {"mark_orders_as_paid", "orders:mark_paid"},
      {"Order Management", "orders:manage"},
      {"to audit: view", "orders_to_audit:view"}};
  for (const auto& [name, told] : names) {
    CAPTURE(name);
    const Ran ran = run_consign({"permissions", name});
    CHECK(ran.exit == 0);
    CHECK(holds(ran.out, told));
  }
}

TEST_CASE("a name that nothing has suggests its neighbour") {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"orders:veiw"}, "there is no permission `orders:veiw`; did you mean `orders:view`?"},
      {{"fulfil_and_ship_orders"},
       "Shopify has no permission `fulfil_and_ship_orders`; did you mean "
       "`fulfill_and_ship_orders`?"},
      {{"shipstation/order managment"},
       "ShipStation has no permission `order managment`; did you mean `Order Management`?"},
      {{"--system", "dianxiaomi", "to audit: veiw"},
       "Dianxiaomi has no permission `to audit: veiw`; did you mean `to audit: view`?"},
      {{"shopfy/orders"}, "there is no system `shopfy`; did you mean `shopify`?"},
      {{"zzz:qqq"}, "there is no permission `zzz:qqq`; see `consign permissions`"}};
  for (const auto& [words, message] : cases) {
    CAPTURE(message);
    std::vector<std::string> arguments{"permissions"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const Ran ran = run_consign(arguments);
    CHECK(ran.exit == 2);
    CHECK(ran.err == "consign: " + std::string(message) + '\n');
  }
}

TEST_CASE("the tables of the page on permissions are those of the program") {
  const auto path = std::filesystem::path(CONSIGN_SOURCE_DIR) / "docs/permissions.md";
  std::string document =
      with_table(read_text(path), "permissions",
                 run_consign({"help", "permissions", "--format", "markdown"}).out);
  for (const std::string system : {"shopee", "dianxiaomi", "shipstation"}) {
    CAPTURE(system);
    document =
        with_table(document, system,
                   run_consign({"permissions", "--system", system, "--format", "markdown"}).out);
    REQUIRE_FALSE(document.empty());
  }
  CHECK_MESSAGE(is_or_becomes(path, document),
                "docs/permissions.md is behind; run this test with CONSIGN_UPDATE_GOLDEN=1");
}
