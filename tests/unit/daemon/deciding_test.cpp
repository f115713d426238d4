#include <doctest/doctest.h>

#include "tests/unit/daemon/world.hpp"

using namespace consign;
using consign::testing::World;

namespace {

constexpr std::int64_t kHour = 3'600;

// Line 1 names a SKU, line 2 a product.
std::string order(const std::string& id, const std::string& sku, const std::string& product = "") {
  return R"({"shop":"outlet","id":")" + id +
         R"(","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"39.80","payment":"paid",)"
         R"("ship_to":{"country":"SE","name":"A. Berg"},"customer":{"email":"a@example.com"},)"
         R"("lines":[{"id":"1","sku":")" +
         sku + R"(","quantity":2,"price":"19.90"})" +
         (product.empty()
              ? ""
              : R"(,{"id":"2","product":")" + product + R"(","quantity":1,"price":"1.00"})") +
         "]}";
}

boost::json::value part(const boost::json::value& order, std::size_t line = 0) {
  return order.at("lines").at(line).at("parts").at(0);
}

constexpr const char* kHeldForAcme = R"(
supplier acme { name "A" }
supplier bravo { name "B" }
rule all { when line.quantity > 0 then assign to acme, grant orders:fulfill }
rule call-first on order { when order.total > 10 EUR then hold "call first" for 1h }
)";

}  // namespace

TEST_CASE(
    "a hold's end gives the line to the supplier that it was held for, rules, reason and grant") {
  World world(kHeldForAcme);
  CHECK(part(world.post(order("1", "X"))).at("outcome") == "held");
  world.pass(kHour - 1);
  CHECK(part(world.order_now("1")).at("outcome") == "held");
  world.pass(2);
  const auto now = world.order_now("1");
  CHECK(part(now).at("supplier") == "acme");
  CHECK(part(now).at("because").at("rule") == "all");
  CHECK(now.at("grants").at(0).at("account") == "supplier:acme");
}

TEST_CASE(
    "it goes there also if the rules say otherwise by then, and stays held if that supplier is "
    "gone") {
  World world(kHeldForAcme);
  world.post(order("1", "X"));
  world.use_rules(
      "supplier acme { name \"A\" }\nsupplier bravo { name \"B\" }\n"
      "rule all { when line.quantity > 0 then assign to bravo }\n");
  world.pass(kHour + 1);
  CHECK(part(world.order_now("1")).at("outcome") == "assigned");
  CHECK(part(world.order_now("1")).at("supplier") == "acme");

  World other(kHeldForAcme);
  other.post(order("1", "X"));
  other.use_rules(
      "supplier acme { name \"A\", suspended }\nsupplier bravo { name \"B\" }\n"
      "rule all { when line.quantity > 0 then assign to bravo }\n");
  other.pass(kHour + 1);
  CHECK(part(other.order_now("1")).at("outcome") == "held");
  CHECK(part(other.order_now("1")).at("supplier") == "acme");
}

TEST_CASE("deciding again keeps assigned lines, their grants and the clocks of both") {
  World world(R"(
supplier acme { name "A" }
supplier bravo { name "B" }
rule by-sku { when line.sku = "ACM-1" then assign to acme, grant orders:fulfill for 2 days }
rule by-tag { when product.tag = "bulky" then assign to bravo }
)");
  const auto first = world.post(order("1", "ACM-1", "p-1"));
  CHECK(part(first).at("supplier") == "acme");
  CHECK(part(first, 1).at("outcome") == "waiting");
  const auto grant = world.order_now("1").at("grants").at(0);

  world.use_rules(
      "supplier acme { name \"A\" }\nsupplier bravo { name \"B\" }\n"
      "rule by-tag { when product.tag = \"bulky\" then assign to bravo }\n"
      "rule all { when line.quantity > 0 then assign to bravo }\n");
  world.pass(kHour);
  world.put_product("p-1", R"({"tags":["bulky"]})");
  const auto now = world.order_now("1");
  CHECK(now.at("state") == "decided");
  CHECK(part(now).at("supplier") == "acme");
  CHECK(part(now).at("because").at("rule") == "by-sku");
  CHECK(part(now, 1).at("supplier") == "bravo");
  CHECK(now.at("grants").as_array().size() == 1);
  CHECK(now.at("grants").at(0) == grant);
}

TEST_CASE(
    "a supplier sees its own lines, and another's order answers like one that does not exist") {
  World world(R"(
supplier acme { name "A" }
supplier bravo { name "B" }
rule by-sku { when line.sku = "ACM-1" then assign to acme, grant orders:fulfill, tag "secret" }
rule rest on line { otherwise then assign to bravo }
)");
  world.post(order("1", "ACM-1", "p-1"));
  world.post(order("2", "ACM-1"));
  const store::Viewer bravo{.token = "b", .account = "supplier:bravo"};

  const auto seen = world.order_for(bravo, "1");
  REQUIRE(seen.status == 200);
  const auto view = boost::json::parse(seen.body);
  REQUIRE(view.at("lines").as_array().size() == 1);
  CHECK(view.at("lines").at(0).at("id") == "2");
  CHECK(view.at("grants").as_array().empty());
  CHECK(view.at("document").at("lines").as_array().size() == 1);
  CHECK(seen.body.find("acme") == std::string::npos);
  CHECK(seen.body.find("secret") == std::string::npos);
  CHECK(seen.body.find("example.com") == std::string::npos);
  CHECK(seen.body.find("price") == std::string::npos);

  const auto others = world.order_for(bravo, "2");
  const auto nothing = world.order_for(bravo, "3");
  CHECK(others.status == 404);
  CHECK(others.body == nothing.body);
  CHECK(others.headers == nothing.headers);
}

TEST_CASE("a notice is queued once, however often the order is decided") {
  World world(R"(
supplier acme { name "A" }
rule tell on order { when order.total > 10 EUR then notify ops "big order" }
rule by-tag { when product.tag = "bulky" then assign to acme }
)");
  world.post(order("1", "X", "p-1"));
  world.put_product("p-1", R"({"tags":["bulky"]})");
  CHECK(world.readers.read([](store::Connection& db) {
    auto rows = db.query("SELECT count(*) FROM outbox");
    rows.step();
    return rows.number(0);
  }) == 1);
}

TEST_CASE("an earlier order of the customer counts") {
  World world(R"(
supplier acme { name "A" }
rule first on order { when customer.orders_count = 1 then tag "first" }
)");
  CHECK(world.post(order("1", "X")).at("tags").as_array().size() == 1);
  CHECK(world.post(order("2", "X")).at("tags").as_array().empty());
}
