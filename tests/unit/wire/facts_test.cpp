#include "daemon/wire/facts.hpp"

#include <doctest/doctest.h>

#include "daemon/wire/order_reader.hpp"

using namespace consign;

namespace {

constexpr Timestamp kNow{1795255152000000};  // 2026-11-21T10:39:12Z, a Saturday

Facts joined(std::string_view facts_file, FactsNeeded needed,
             std::span<const Supplier> suppliers = {}) {
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
  return join_facts(order->event, needed, suppliers, **source, kNow);
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

TEST_CASE("stock is joined for the order's SKUs, and in the order that the engine looks it up in") {
  const char* file = R"({"stock":[
    {"supplier":"bravo","sku":"TWO","available":7,"safety":2},
    {"supplier":"bravo","sku":"ONE","available":"2.5"},
    {"supplier":"acme","sku":"TWO","available":0},
    {"supplier":"acme","sku":"OTHER","available":9},
    {"supplier":"acme","sku":"ONE","available":1},
    {"supplier":"acme","sku":"ONE","available":4}]})";
  CHECK(joined(file, {true, true, true, true}).stock.empty());  // where no rule assigns
  const Facts facts = joined(file, {false, false, false, false, true});
  REQUIRE(facts.stock.size() == 4);
  CHECK(facts.stock[0].supplier == "acme");
  CHECK(facts.stock[0].sku == "ONE");
  CHECK(facts.stock[0].available == Decimal(4));  // what was reported last
  CHECK(facts.stock[0].safety == Decimal(0));
  CHECK(facts.stock[1].supplier == "bravo");
  CHECK(facts.stock[1].available == *Decimal::parse("2.5"));
  CHECK(facts.stock[2].sku == "TWO");
  CHECK(facts.stock[2].available == Decimal(0));
  CHECK(facts.stock[3].supplier == "bravo");
  CHECK(facts.stock[3].available == Decimal(7));
  CHECK(facts.stock[3].safety == Decimal(2));
}

TEST_CASE("loads are joined for suppliers with a capacity that have taken something") {
  std::vector<Supplier> suppliers(4);
  const char* names[] = {"delta", "acme", "bravo", "carl"};
  for (std::size_t i = 0; i < suppliers.size(); ++i) {
    suppliers[i].name = names[i];
    suppliers[i].capacity = Capacity{40, CapacityPeriod::day};
    suppliers[i].working.zone = find_time_zone("Europe/Stockholm");
  }
  suppliers[3].capacity.reset();
  const char* file = R"({"loads":[{"supplier":"delta","orders":40},{"supplier":"acme","orders":0},
    {"supplier":"bravo","orders":1},{"supplier":"carl","orders":9},
    {"supplier":"nobody","orders":3}]})";
  CHECK(joined(file, {true, true, true, true}, suppliers).loads.empty());
  const Facts facts = joined(file, {false, false, false, false, true}, suppliers);
  REQUIRE(facts.loads.size() == 2);
  CHECK(facts.loads[0].supplier == "bravo");
  CHECK(facts.loads[0].orders == 1);
  CHECK(facts.loads[1].supplier == "delta");
  CHECK(facts.loads[1].orders == 40);
}

TEST_CASE("stock and loads survive the way through JSON, and take no room where there are none") {
  Facts facts;
  CHECK(facts_to_json(facts) == R"({"products":[],"shared":{}})");
  facts.stock = {{"acme", "ONE", *Decimal::parse("2.50"), Decimal(0)},
                 {"acme", "say \"two\"", Decimal(7), Decimal(2)}};
  facts.loads = {{"acme", 40}};
  const std::string json = facts_to_json(facts);
  CHECK(json == R"({"products":[],"shared":{},"stock":[)"
                R"({"supplier":"acme","sku":"ONE","available":"2.5"},)"
                R"({"supplier":"acme","sku":"say \"two\"","available":"7","safety":"2"}],)"
                R"("loads":[{"supplier":"acme","orders":40}]})");
  const auto back = facts_from_json(json);
  REQUIRE(back.ok());
  CHECK(facts_to_json(*back) == json);
  REQUIRE(back->stock.size() == 2);
  CHECK(back->stock[1].sku == "say \"two\"");
  CHECK(back->stock[1].safety == Decimal(2));
  REQUIRE(back->loads.size() == 1);
  CHECK(back->loads[0].orders == 40);
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
  const Facts facts = join_facts(order->event, {false, false, true, false}, {}, **source, kNow);
  CHECK(facts.shared.value(Field::customer_orders_count)->number == Decimal(4));
  CHECK(!read_facts_file(R"({"customers":[{"shop":"s","orders_count":4}]})").ok());
}

TEST_CASE("a facts file with a fault says where") {
  const auto bad = read_facts_file(R"({"products":[{"shop":"s","tags":"acme"}],"shops":[]})");
  REQUIRE(!bad.ok());
  CHECK(bad.error().front().pointer == "/products/0/id");
  const auto fault = [](std::string_view file) {
    const auto read = read_facts_file(file);
    return read.ok() ? std::string("none") : read.error().front().pointer;
  };
  CHECK(fault(R"({"stock":[{"supplier":"acme","sku":"ONE"}]})") == "/stock/0/available");
  CHECK(fault(R"({"stock":[{"supplier":"acme","available":1}]})") == "/stock/0/sku");
  CHECK(fault(R"({"loads":[{"supplier":"acme","orders":"many"}]})") == "/loads/0/orders");
}
