#include "daemon/wire/shopify.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon/wire/facts.hpp"
#include "daemon/wire/order_reader.hpp"

using namespace consign;

namespace {

/// A body of our own writing in the form of Shopify's orders/create.
constexpr const char* kBody = R"({
  "id": 9007199254740993123, "name": "#2044", "created_at": "2026-11-20T18:00:00+01:00",
  "updated_at": "2026-11-20T18:00:05+01:00", "processed_at": null, "cancelled_at": null,
  "currency": "SEK", "total_price": "1249.00", "subtotal_price": "1200.00",
  "total_shipping_price_set": {"shop_money": {"amount": "49.00", "currency_code": "SEK"}},
  "total_discounts": "0.00", "total_weight": 1800, "financial_status": "paid",
  "tags": "vip,  first order , ", "note": "", "test": false, "email": "kund@example.com",
  "source_name": "web", "discount_codes": [{"code": "HEJ", "amount": "10.00", "type": "percentage"}],
  "note_attributes": [{"name": "gift", "value": "yes"}, {"name": "gift", "value": "no"}],
  "shipping_lines": [{"title": "PostNord", "price": "49.00"}],
  "shipping_address": {"name": "K. Ek", "address1": "Gatan 1", "address2": null, "city": "Luleå",
                       "zip": "972 31", "province": null, "country_code": "SE", "phone": null},
  "billing_address": null, "customer": {"id": 115310627314723954, "email": "x@example.com"},
  "line_items": [
    {"id": 866550311766439020, "product_id": 788032119674292922, "sku": "IPOD-1", "title": "Player",
     "variant_title": null, "vendor": null, "quantity": 3, "current_quantity": 3,
     "fulfillable_quantity": 2, "price": "400.00", "grams": 600, "requires_shipping": true,
     "gift_card": false, "properties": [{"name": "colour", "value": "red"}]},
    {"id": 866550311766439021, "product_id": null, "sku": "", "title": "Insurance",
     "quantity": 1, "fulfillable_quantity": 0, "price": "0.00", "requires_shipping": false,
     "gift_card": false, "properties": []}]})";

OrderDocument mapped(std::string_view body) {
  const auto node = parse_json(body);
  REQUIRE(node.ok());
  const auto text = order_from_shopify(node->root(), "nordic");
  REQUIRE(text.ok());
  auto document = parse_json(*text);
  REQUIRE(document.ok());
  OrderLimits limits;
  limits.allow_zero_quantity = true;
  auto order = read_order(std::move(document.value()), limits);
  for (const JsonError& each : order.ok() ? std::vector<JsonError>() : order.error()) {
    MESSAGE(each.pointer, ": ", each.message);
  }
  REQUIRE(order.ok());
  return std::move(*order);
}

}  // namespace

TEST_CASE("an order of Shopify keeps its ids, tags and open quantities") {
  const OrderDocument order = mapped(kBody);
  const Record& fields = order.event.order;
  CHECK(order.id == "9007199254740993123");
  CHECK(order.shop == "nordic");
  CHECK(format_timestamp(fields.value(Field::order_placed_at)->time) == "2026-11-20T17:00:00Z");
  REQUIRE(fields.values(Field::order_tag).size() == 2);
  CHECK(fields.values(Field::order_tag)[1].text == "first order");
  CHECK(fields.value(Field::order_note) == nullptr);
  CHECK(fields.text(Field::customer_id) == "115310627314723954");
  CHECK(fields.text(Field::customer_email) == "kund@example.com");
  CHECK(fields.text(Field::order_ship_to_city) == "Luleå");
  CHECK(fields.keyed(Field::order_attribute, "gift").front().text == "yes");
  CHECK(fields.text(Field::order_shipping_method) == "PostNord");
  REQUIRE(order.event.lines.size() == 2);
  CHECK(order.event.lines[0].value(Field::line_quantity)->number == Decimal(2));
  CHECK(order.event.line_products[0] == "788032119674292922");
  CHECK(order.event.line_products[1].empty());
  CHECK(order.event.lines[1].value(Field::line_sku) == nullptr);
  CHECK(!order.event.cancelled);
}

TEST_CASE("null addresses and customers, and words that Shopify adds later, lose no order") {
  std::string body = kBody;
  const auto replace = [&](std::string_view from, std::string_view to) {
    body.replace(body.find(from), from.size(), to);
  };
  replace(R"("financial_status": "paid")", R"("financial_status": "brand_new")");
  replace(R"("country_code": "SE")", R"("country_code": "QQ")");
  replace(R"({"id": 115310627314723954, "email": "x@example.com"})", "null");
  const OrderDocument order = mapped(body);
  CHECK(order.event.order.value(Field::order_ship_to_country) == nullptr);
  CHECK(order.event.order.text(Field::order_payment) == "pending");
}

TEST_CASE("a product of Shopify becomes a product document") {
  const auto node = parse_json(R"({"id": 788032119674292922, "title": "Player", "vendor": "Acme",
    "product_type": "Audio", "status": "active", "tags": "acme, Bulky",
    "updated_at": "2026-11-20T10:00:00Z", "variants": [{"id": 1, "sku": "IPOD-1"},
    {"id": 2, "sku": null}, {"id": 3, "sku": ""}]})");
  const auto product = product_from_shopify(node->root());
  REQUIRE(product.ok());
  CHECK(product->id == "788032119674292922");
  const auto read = read_product(parse_json(product->document)->root(), product->id);
  REQUIRE(read.ok());
  CHECK(read->skus == std::vector<std::string>{"IPOD-1"});
  CHECK(read->record.values(Field::product_tag).size() == 2);
  CHECK(read->record.text(Field::product_type) == "Audio");
}

TEST_CASE("a body of another topic is told apart") {
  const auto node = parse_json(R"({"id": 1, "title": "Player", "variants": []})");
  CHECK(!order_from_shopify(node->root(), "nordic").ok());
  CHECK(!product_from_shopify(parse_json(R"({"id": 1, "line_items": []})")->root()).ok());
  CHECK(deleted_product_from_shopify(parse_json(R"({"id": 1})")->root()).ok());
  CHECK(!deleted_product_from_shopify(node->root()).ok());
  CHECK(!deleted_product_from_shopify(parse_json(R"({"id": 1, "line_items": []})")->root()).ok());
  CHECK(!deleted_product_from_shopify(
             parse_json(R"({"id": 1, "created_at": "2026-11-21T10:00:00Z"})")->root())
             .ok());
}

TEST_CASE("a signature is right under one of two secrets and wrong under none") {
  // HMAC-SHA256 of "hello" under "key-two", in base64, by openssl dgst.
  const std::string signature = "brfeKqcxxZ275YGorKATYbnmzEErrNdFFxoq5yojoGw=";
  const bool fits = shopify_signature_fits("hello", signature, {"key-one", "key-two"});
  CHECK(fits);
  CHECK(!shopify_signature_fits("hello!", signature, {"key-one", "key-two"}));
  CHECK(!shopify_signature_fits("hello", signature, {"key-one"}));
  CHECK(!shopify_signature_fits("hello", "", {"key-one"}));
  CHECK(!shopify_signature_fits("hello", signature, {}));
}

TEST_CASE("the documentation's own sample bodies are taken, where they are at hand") {
  const std::filesystem::path folder =
      std::filesystem::path(CONSIGN_SOURCE_DIR) / "../shared/payloads/shopify-doc-samples-2026-07";
  if (!std::filesystem::exists(folder)) return;
  const auto text_of = [&](const char* name) {
    std::ifstream file(folder / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  for (const char* name : {"orders-create.json", "orders-updated.json", "orders-cancelled.json"}) {
    const OrderDocument order = mapped(text_of(name));
    CHECK(order.id == "820982911946154508");
    CHECK(order.event.lines.size() == 5);
    CHECK(order.event.cancelled);
  }
  const auto product = product_from_shopify(parse_json(text_of("products-update.json"))->root());
  REQUIRE(product.ok());
  CHECK(product->id == "788032119674292922");
}
