#include "daemon/wire/facts.hpp"

#include <doctest/doctest.h>

#include "daemon/wire/order_reader.hpp"

using namespace consign;

namespace {

Facts joined(std::string_view facts_file, FactsNeeded needed) {
  auto node = parse_json(R"({"shop":"s","id":"1","currency":"EUR","total":"1","lines":[
    {"id":"1","product":"p1","quantity":1,"price":"1"},
    {"id":"2","product":"p9","quantity":1,"price":"1"},
    {"id":"3","sku":"ONE","quantity":1,"price":"1"},
    {"id":"4","sku":"TWO","quantity":1,"price":"1"},
    {"id":"5","sku":"NONE","quantity":1,"price":"1"},
    {"id":"6","quantity":1,"price":"1"}]})");
  const auto order = read_order(std::move(node.value()));
  REQUIRE(order.ok());
  auto source = read_facts_file(facts_file);
  REQUIRE(source.ok());
  return join_facts(order->event, needed, **source);
}

constexpr const char* kFile = R"({"products":[
  {"shop":"s","id":"p1","tags":["acme"],"skus":["ONE","TWO"]},
  {"shop":"s","id":"p2","tags":[],"skus":["TWO"]},
  {"shop":"other","id":"p9","tags":[]}],
  "shops":[{"id":"s","plan":"basic","staff_count":4}]})";

}  // namespace

TEST_CASE("products are found by id, else by an unambiguous SKU") {
  const Facts facts = joined(kFile, {true, false, false, false});
  REQUIRE(facts.products.size() == 6);
  CHECK(facts.products[0].state == Known::known);
  CHECK(facts.products[0].record->values(Field::product_tag).front().text == "acme");
  CHECK(facts.products[1].state == Known::unknown);
  CHECK(facts.products[1].name == "product p9");
  CHECK(facts.products[2].state == Known::known);
  CHECK(facts.products[3].state == Known::unknown);
  CHECK(facts.products[3].name == "product with sku TWO");
  CHECK(facts.products[4].state == Known::missing);
  CHECK(facts.products[5].state == Known::missing);
}

TEST_CASE("only facts that rules name are joined") {
  const Facts none = joined(kFile, {});
  CHECK(none.products.empty());
  CHECK(none.shared.value(Field::shop_plan) == nullptr);
  const Facts shop = joined(kFile, {false, true, true, false});
  CHECK(shop.shared.text(Field::shop_plan) == "basic");
  CHECK(shop.shared.value(Field::shop_staff_count)->number == Decimal(4));
  CHECK(shop.shared.value(Field::customer_orders_count)->number == Decimal(1));
}

TEST_CASE("a shop has the same facts whoever tells of it") {
  const Facts untold = joined(R"({"products":[]})", {false, true, false, false});
  CHECK(untold.shared.text(Field::shop_id) == "s");
  CHECK(untold.shared.text(Field::shop_channel) == "own");
  CHECK(untold.shared.text(Field::order_channel) == "own");
  CHECK(untold.shared.value(Field::shop_staff_count)->number == Decimal(0));
  const Facts told =
      joined(R"({"shops":[{"id":"s","channel":"shopify"}]})", {false, true, false, false});
  CHECK(told.shared.text(Field::order_channel) == "shopify");
}

TEST_CASE("facts survive the way through JSON") {
  const Facts facts = joined(kFile, {true, true, true, true});
  const auto back = facts_from_json(facts_to_json(facts));
  REQUIRE(back.ok());
  CHECK(facts_to_json(*back) == facts_to_json(facts));
}

TEST_CASE("a facts file can say how often a customer has ordered") {
  const auto order =
      read_order(std::move(parse_json(R"({"shop":"s","id":"1","currency":"EUR","total":"1",
    "customer":{"email":"A@example.com"},"lines":[]})")
                               .value()));
  auto source = read_facts_file(R"({"customers":[
    {"shop":"s","email":"a@example.com","orders_count":4,"tags":["vip"]},
    {"shop":"t","email":"a@example.com","orders_count":9}]})");
  REQUIRE(source.ok());
  const Facts facts = join_facts(order->event, {false, false, true, false}, **source);
  CHECK(facts.shared.value(Field::customer_orders_count)->number == Decimal(4));
  CHECK(!read_facts_file(R"({"customers":[{"shop":"s","orders_count":4}]})").ok());
}

TEST_CASE("a facts file with a fault says where") {
  const auto bad = read_facts_file(R"({"products":[{"shop":"s","tags":"acme"}],"shops":[]})");
  REQUIRE(!bad.ok());
  CHECK(bad.error().front().pointer == "/products/0/id");
}
