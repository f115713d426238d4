#include "daemon/wire/order_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "daemon/wire/fulfillment_orders.hpp"

using namespace consign;

namespace {

constexpr const char* kOrder = R"({
  "shop":"nordic","id":"1001","revision":"r3","updated_at":"2026-11-21T10:00:00Z",
  "placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"512.40","payment":"paid",
  "ship_to":{"name":"A. Berg","city":"Umeå","postcode":"903 26","country":"se"},
  "customer":{"id":"c-9","email":"A.Berg@example.com","orders_count":1,"tags":["vip"]},
  "tags":["web"],"attributes":{"gift":"yes"},
  "lines":[{"id":"1","product":"p-77","sku":"ACM-1","quantity":2,"price":"19.90","grams":300},
           {"id":"2","quantity":1,"price":"472.60","properties":{"size":"L"}}]})";

OrderDocument read(std::string_view text) {
  auto node = parse_json(text);
  REQUIRE(node.ok());
  auto order = read_order(std::move(node.value()));
  for (const JsonError& each : order.ok() ? std::vector<JsonError>() : order.error()) {
    MESSAGE(each.pointer, ": ", each.message);
  }
  REQUIRE(order.ok());
  return std::move(*order);
}

std::vector<JsonError> faults_of(std::string_view text) {
  auto node = parse_json(text);
  REQUIRE(node.ok());
  auto order = read_order(std::move(node.value()));
  REQUIRE(!order.ok());
  return order.error();
}

std::string message_at(const std::vector<JsonError>& faults, std::string_view pointer) {
  const auto it = std::find_if(faults.begin(), faults.end(),
                               [&](const JsonError& each) { return each.pointer == pointer; });
  return it == faults.end() ? "" : it->message;
}

}  // namespace

TEST_CASE("an order becomes typed fields") {
  const OrderDocument order = read(kOrder);
  const Record& fields = order.event.order;
  CHECK(order.shop == "nordic");
  CHECK(order.revision() == "r3");
  CHECK(to_literal(*fields.value(Field::order_total)) == "512.40 EUR");
  CHECK(fields.text(Field::order_ship_to_country) == "SE");
  CHECK(fields.text(Field::customer_email) == "a.berg@example.com");
  CHECK(fields.keyed(Field::order_attribute, "gift").front().text == "yes");
  CHECK(fields.value(Field::order_quantity)->number == Decimal(3));
  CHECK(fields.value(Field::order_line_count)->number == Decimal(2));
  CHECK(fields.values(Field::order_tag).size() == 1);
  REQUIRE(order.event.lines.size() == 2);
  CHECK(order.event.line_products == std::vector<std::string>{"p-77", ""});
  CHECK(order.event.lines[0].value(Field::line_requires_shipping)->truth);
  CHECK(order.event.lines[1].keyed(Field::line_property, "size").front().text == "L");
  CHECK(to_literal(*order.event.lines[1].value(Field::line_price)) == "472.60 EUR");
}

TEST_CASE("without a revision the body's hash is the revision") {
  const auto a = read(R"({"shop":"s","id":"1","currency":"EUR","total":"1","lines":[]})");
  const auto b = read(R"({"lines":[],"id":"1","shop":"s","total":"1","currency":"EUR"})");
  const auto c = read(R"({"lines":[],"id":"1","shop":"s","total":"2","currency":"EUR"})");
  CHECK(a.revision() == b.revision());
  CHECK(a.revision() != c.revision());
}

TEST_CASE("all faults of an order are told at once, each with its place") {
  const auto faults = faults_of(R"({
    "shop":"nordic","id":7,"currency":"EURO","totl":"1","payment":"piad",
    "placed_at":"yesterday","ship_to":{"contry":"SE"},"customer":"x","tags":"web",
    "lines":[{"id":"1","quantity":0,"price":"1"},{"id":"1","quantity":"two","price":true}]})");
  CHECK(message_at(faults, "/id") == "an id is text: put it in quotes");
  CHECK(message_at(faults, "/currency") == "`EURO` is no currency (ISO 4217); did you mean `EUR`?");
  CHECK(message_at(faults, "/totl") == "there is no field `totl` here; did you mean `total`?");
  CHECK(message_at(faults, "/total") == "this is missing: what the customer pays in all");
  CHECK(message_at(faults, "/payment") == "`piad` is no state of payment; did you mean `paid`?");
  CHECK(message_at(faults, "/placed_at").find("RFC 3339") != std::string::npos);
  CHECK(message_at(faults, "/ship_to/contry") ==
        "there is no field `contry` here; did you mean `country`?");
  CHECK(message_at(faults, "/customer") == "`customer` is an object, not a text");
  CHECK(message_at(faults, "/tags") == "this is an array, not a text");
  CHECK(message_at(faults, "/lines/0/quantity").find("more than 0") != std::string::npos);
  CHECK(message_at(faults, "/lines/1/id") == "line `1` stands twice");
  CHECK(message_at(faults, "/lines/1/quantity").find("no decimal number") != std::string::npos);
  CHECK(message_at(faults, "/lines/1/price") == "this is a decimal number, not true or false");
}

TEST_CASE("an order of another shape is refused in one sentence") {
  auto node = parse_json("[]");
  CHECK(read_order(std::move(node.value())).error().front().message == "an order is a JSON object");
}

TEST_CASE("fulfilment orders are kept and decide nothing") {
  const auto order = read(R"({"shop":"s","id":"1","currency":"EUR","total":"1",
    "lines":[{"id":"1","quantity":1,"price":"1"}],
    "fulfillment_orders":[{"id":"gid://shopify/FulfillmentOrder/1",
                           "lines":[{"id":"gid://shopify/FulfillmentOrderLineItem/2","line":"1"}]},
                          {"id":"gid://shopify/FulfillmentOrder/3","lines":[]}]})");
  const auto found = fulfillment_lines_of(order.json.root());
  REQUIRE(found.size() == 1);
  CHECK(found[0].order == "gid://shopify/FulfillmentOrder/1");
  CHECK(found[0].id == "gid://shopify/FulfillmentOrderLineItem/2");
  CHECK(found[0].line == "1");
  CHECK(order.canonical().find("FulfillmentOrderLineItem/2") != std::string::npos);
}

TEST_CASE("faults in fulfilment orders are told with their place") {
  const auto faults = faults_of(R"({"shop":"s","id":"1","currency":"EUR","total":"1",
    "lines":[{"id":"1","quantity":1,"price":"1"}],
    "fulfillment_orders":[{"id":"a","lines":[{"id":"b","line":"9"},{"id":7,"lin":"1"},"x"]},
                          {"id":" "},{"id":"c","lines":{}},7]})");
  CHECK(message_at(faults, "/fulfillment_orders/0/lines/0/line") == "`9` is no line of this order");
  CHECK(message_at(faults, "/fulfillment_orders/0/lines/1/id") ==
        "an id is text: put it in quotes");
  CHECK(message_at(faults, "/fulfillment_orders/0/lines/1/lin") ==
        "there is no such member; did you mean `line`?");
  CHECK(message_at(faults, "/fulfillment_orders/0/lines/1/line") == "this is missing");
  CHECK(message_at(faults, "/fulfillment_orders/0/lines/2") == "one of the lines is a JSON object");
  CHECK(message_at(faults, "/fulfillment_orders/1/id") == "an id may not be empty");
  CHECK(message_at(faults, "/fulfillment_orders/1/lines") ==
        "this is missing: an array of the fulfilment order's lines");
  CHECK(message_at(faults, "/fulfillment_orders/2/lines") == "lines are a JSON array");
  CHECK(message_at(faults, "/fulfillment_orders/3") ==
        "one of the fulfilment orders is a JSON object");
}
