#include <doctest/doctest.h>
#include <signal.h>

#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;

namespace {

constexpr const char* kRules = R"(
supplier acme { name "Acme" }
rule acme-tagged {
  when product.tag = "acme"
  then assign to acme
}
)";

std::string shopify_order(const std::string& updated_at, const std::string& cancelled_at = "null") {
  return R"({"id":820982911946154508,"name":"#1001","created_at":"2026-11-21T10:00:00+01:00",)"
         R"("updated_at":")" +
         updated_at + R"(","cancelled_at":)" + cancelled_at +
         R"(,"currency":"EUR","total_price":"39.80","financial_status":"paid","test":false,)"
         R"("tags":"web, vip","shipping_address":{"name":"A. Berg","country_code":"SE"},)"
         R"("line_items":[{"id":866550311766439020,"product_id":632910392,"sku":"ACM-1","title":"Anvil",)"
         R"("quantity":2,"fulfillable_quantity":2,"price":"19.90","requires_shipping":true,"gift_card":false}]})";
}

std::string shopify_product(const std::string& updated_at, const std::string& tags) {
  return R"({"id":632910392,"title":"Anvil","vendor":"Acme","product_type":"Tools","status":"active",)"
         R"("tags":")" +
         tags + R"(","updated_at":")" + updated_at + R"(","variants":[{"id":1,"sku":"ACM-1"}]})";
}

Headers signed_for(const std::string& topic, const std::string& body, const std::string& id,
                   const std::string& secret = "new-secret") {
  return {{"X-Shopify-Topic", topic},
          {"X-Shopify-Hmac-Sha256", shopify_signature(body, secret)},
          {"X-Shopify-Shop-Domain", "nordic.myshopify.com"},
          {"X-Shopify-Webhook-Id", id}};
}

constexpr const char* kHook = "/v1/hooks/shopify/nordic";

}  // namespace

TEST_CASE("a Shopify order waits for its product, and goes to its supplier when that comes") {
  DaemonProcess daemon;
  daemon.write_rules("20-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  Client shopify(daemon.port(), "");
  const auto client = daemon.client();
  const auto order = shopify_order("2026-11-21T10:00:01+01:00");

  const auto taken = shopify.post(kHook, order, signed_for("orders/create", order, "w-1"));
  REQUIRE_MESSAGE(taken.status == 200, taken.body);
  CHECK(taken.json().at("state") == "waiting");
  CHECK(taken.json().at("lines").at(0).at("parts").at(0).at("waits_for").at(0) ==
        "product 632910392");

  const auto product = shopify_product("2026-11-21T10:00:02+01:00", "acme, heavy");
  const auto stored =
      shopify.post(kHook, product, signed_for("products/create", product, "w-2", "old-secret"));
  REQUIRE_MESSAGE(stored.status == 200, stored.body);
  CHECK(stored.json().at("state") == "stored");
  const auto now = client->get("/v1/orders/nordic/820982911946154508");
  REQUIRE_MESSAGE(now.status == 200, now.body);
  CHECK(now.json().at("state") == "decided");
  CHECK(now.json().at("lines").at(0).at("parts").at(0).at("supplier") == "acme");

  // Late news of the product is not taken for new.
  const auto late = shopify_product("2026-11-21T09:00:00+01:00", "");
  CHECK(shopify.post(kHook, late, signed_for("products/update", late, "w-3")).json().at("state") ==
        "stale");
  CHECK(client->get("/v1/shops/nordic/products/632910392").json().at("tags").at(0) == "acme");

  const std::string gone = R"({"id":632910392})";
  CHECK(shopify.post(kHook, gone, signed_for("products/delete", gone, "w-4")).json().at("state") ==
        "deleted");
  CHECK(client->get("/v1/shops/nordic/products/632910392").json().at("deleted") == true);
}

TEST_CASE("a delivery counts once, by its id and by what it carries") {
  DaemonProcess daemon;
  daemon.write_rules("20-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  Client shopify(daemon.port(), "");
  const auto order = shopify_order("2026-11-21T10:00:01+01:00");
  const auto state = [&](const Headers& headers, const std::string& body) {
    const auto answer = shopify.post(kHook, body, headers);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return answer.json().at("state");
  };
  CHECK(state(signed_for("orders/create", order, "w-1"), order) == "waiting");
  CHECK(state(signed_for("orders/create", order, "w-1"), order) == "duplicate");
  CHECK(state(signed_for("orders/create", order, "w-2"), order) == "duplicate");
  const auto older = shopify_order("2026-11-21T09:00:00+01:00");
  CHECK(state(signed_for("orders/updated", older, "w-3"), older) == "stale");
  const auto cancelled =
      shopify_order("2026-11-21T11:00:00+01:00", "\"2026-11-21T11:00:00+01:00\"");
  CHECK(state(signed_for("orders/cancelled", cancelled, "w-4"), cancelled) == "cancelled");
  const auto overtaken = shopify_order("2026-11-21T11:00:00+01:00");
  CHECK(state(signed_for("orders/updated", overtaken, "w-6"), overtaken) == "stale");
  CHECK(state(signed_for("app/uninstalled", "{}", "w-5"), "{}") == "ignored");
}

TEST_CASE("what is not signed, not for this shop, or does not fit its topic is refused") {
  DaemonProcess daemon;
  daemon.write_rules("20-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  Client shopify(daemon.port(), "");
  const auto order = shopify_order("2026-11-21T10:00:01+01:00");
  const auto good = signed_for("orders/create", order, "w-1");

  auto wrong = signed_for("orders/create", order, "w-1", "guess");
  CHECK(shopify.post(kHook, order, wrong).status == 401);
  CHECK(shopify.post(kHook, order + " ", good).status == 401);
  CHECK(shopify.post(kHook, order, {{"X-Shopify-Topic", "orders/create"}}).status == 401);
  auto twice = good;
  twice.push_back(good[1]);
  CHECK(shopify.post(kHook, order, twice).status == 401);
  auto elsewhere = good;
  elsewhere[2].second = "other.myshopify.com";
  CHECK(shopify.post(kHook, order, elsewhere).status == 403);
  CHECK(shopify.post("/v1/hooks/shopify/outlet", order, good).status == 404);
  CHECK(shopify.post("/v1/hooks/shopify/nobody", order, good).status == 404);
  const auto product = shopify_product("2026-11-21T10:00:02+01:00", "acme");
  CHECK(shopify.post(kHook, product, signed_for("orders/create", product, "w-2")).status == 422);
  CHECK(shopify.post(kHook, order, signed_for("orders/cancelled", order, "w-3")).status == 422);
  CHECK(shopify.post(kHook, product, signed_for("products/delete", product, "w-4")).status == 422);
  CHECK(daemon.client()->get("/v1/orders/nordic/820982911946154508").status == 404);
}
