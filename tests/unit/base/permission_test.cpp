#include "consign/permission.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

using namespace consign;

namespace {

std::string told(const std::vector<Permission>& permissions) {
  std::string all;
  for (const auto& each : permissions) all += (all.empty() ? "" : " ") + each.to_string();
  return all;
}

std::string read(std::string_view written) {
  const auto permissions = read_permissions(written);
  return permissions ? told(*permissions) : permissions.error().message;
}

}  // namespace

TEST_CASE("the tables of permissions and handles fit together") {
  std::set<Permission> known;
  for (const auto& row : all_permissions()) {
    CAPTURE(row.permission().to_string());
    CHECK(known.insert(row.permission()).second);
    CHECK(parse_permissions(row.permission().to_string()));
    CHECK_FALSE(row.help.empty());
    CHECK(find_permission(row.permission()) == &row);
  }
  std::set<std::string> pairs;
  std::map<std::string_view, std::set<std::string_view>> handles;
  for (const auto& row : all_handles()) {
    CAPTURE(row.handle);
    CHECK(find_system(row.system) != nullptr);
    CHECK(known.contains(row.permission()));
    CHECK(pairs
              .insert(std::string(row.system) + '/' + std::string(row.handle) + ' ' +
                      row.permission().to_string())
              .second);
    handles[row.system].insert(row.handle);
  }
  CHECK(handles["shopify"].size() == 146);
  CHECK(handles["shipstation"].size() == 11);  // ten permissions, one restriction
  CHECK(handles.size() == all_systems().size());
}

TEST_CASE("handles and permissions map to each other, both ways") {
  for (const auto& row : all_handles()) {
    CAPTURE(row.handle);
    const auto handles = handles_of(row.system, row.permission());
    CHECK(std::count(handles.begin(), handles.end(), row.handle) == 1);
    const auto permissions = permissions_of_handle(row.system, row.handle);
    CHECK(std::count(permissions.begin(), permissions.end(), row.permission()) == 1);
    if (row.system == kUsualSystem) {
      CHECK(handles == std::vector<std::string>{std::string(row.handle)});
      CHECK(permissions == std::vector<Permission>{row.permission()});
    }
    CHECK(read(std::string(row.system) + '/' + std::string(row.handle)) == told(permissions));
  }
  CHECK(handles_of("shopify", {"orders", "*"}).size() == 17);
  CHECK(handles_of("shopify", {"wallet", "password"}).empty());
  CHECK(handles_of("shopee", {"wallet", "password"}) ==
        std::vector<std::string>{"Change wallet password"});
  CHECK(handles_of("nothing", {"orders", "view"}).empty());
}

TEST_CASE("the 17 options of Shopify's Orders section have short names") {
  const std::pair<const char*, const char*> options[] = {
      {"orders", "orders:view"},
      {"manage_orders_information", "orders:manage"},
      {"edit_orders", "orders:edit"},
      {"apply_discounts_to_orders", "orders:discount"},
      {"set_payment_terms_for_orders", "orders:set_payment_terms"},
      {"pay_orders_by_credit_card", "orders:charge_card"},
      {"pay_orders_by_vaulted_card", "orders:charge_vaulted_card"},
      {"mark_orders_as_paid", "orders:mark_paid"},
      {"capture_payments_for_orders", "orders:capture"},
      {"fulfill_and_ship_orders", "orders:fulfill"},
      {"buy_shipping_labels", "orders:buy_labels"},
      {"return_orders", "orders:return"},
      {"refund_orders", "orders:refund"},
      {"cancel_orders", "orders:cancel"},
      {"export_orders", "orders:export"},
      {"delete_orders", "orders:delete"},
      {"manage_abandoned_checkouts", "orders:abandoned_checkouts"}};
  CHECK(std::size(options) == 17);
  for (const auto& [handle, permission] : options) CHECK(read(handle) == permission);
}

TEST_CASE("an app is called the same at Shopify") {
  CHECK(handles_of("shopify", {"apps", "dianxiaomi"}) ==
        std::vector<std::string>{"apps:dianxiaomi"});
  CHECK(told(permissions_of_handle("shopify", "apps:dianxiaomi")) == "apps:dianxiaomi");
  CHECK(permissions_of_handle("shopify", "apps:*").empty());
  CHECK(permissions_of_handle("shopee", "apps:dianxiaomi").empty());
}

TEST_CASE("labels are read without case, handles letter for letter") {
  CHECK(read("shipstation/ order management ") ==
        "orders:view orders:manage orders:edit orders:cancel");
  CHECK(read("dianxiaomi/To Audit: View") == "orders_to_audit:view");
  CHECK(read("shopee/Return/Refund") == "orders:return orders:refund");
  CHECK(read("Orders") == "Shopify has no permission `Orders`; did you mean `orders`?");
  CHECK(permissions_of_handle("shopee", "my \xff team").empty());  // no UTF-8
}

TEST_CASE("what is no permission says what is near") {
  CHECK(read("orders:view+fulfill") == "orders:view orders:fulfill");
  CHECK(read("fulfil_and_ship_orders") ==
        "Shopify has no permission `fulfil_and_ship_orders`; did you mean "
        "`fulfill_and_ship_orders`?");
  CHECK(read("shopee/my teem") == "Shopee has no permission `my teem`; did you mean `My Team`?");
  CHECK(read("shopfy/orders") == "there is no system `shopfy`; did you mean `shopify`?");
  CHECK(read("lazada/orders") ==
        "there is no system `lazada`; there are `shopify`, `shopee`, `dianxiaomi`, `shipstation`");
  CHECK(read("nonsense") == "`nonsense` is no permission; write it as `orders:view` or `orders:*`");
  CHECK(read("orders: view") ==
        "`orders: view` is no permission; write it as `orders:view` or `orders:*`");
}
