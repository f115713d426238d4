#include <doctest/doctest.h>
#include <signal.h>

#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;

namespace {

std::string order(const std::string& id, const std::string& product) {
  return R"({"shop":"outlet","id":")" + id +
         R"(","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"39.80","payment":"paid",)"
         R"("lines":[{"id":"1",)" +
         product + R"("quantity":2,"price":"19.90"}]})";
}

boost::json::value part_now(Client& client, const std::string& id) {
  const auto now = client.get("/v1/orders/outlet/" + id);
  REQUIRE_MESSAGE(now.status == 200, now.body);
  return now.json().at("lines").at(0).at("parts").at(0);
}

}  // namespace

TEST_CASE("a line that waited too long is held, and decided when the fact comes after all") {
  DaemonProcess daemon("waiting_limit: 1s\n");
  daemon.write_rules("10.rules",
                     "supplier acme { name \"Acme\" }\n"
                     "rule acme-tagged { when product.tag = \"acme\" then assign to acme }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  const auto taken = client->post("/v1/orders", order("1", R"("product":"p-77",)"));
  REQUIRE_MESSAGE(taken.status == 201, taken.body);
  CHECK(taken.json().at("state") == "waiting");

  CHECK(eventually([&] { return part_now(*client, "1").at("outcome") == "held"; }));
  CHECK(part_now(*client, "1").at("reason") == "waited 1s for product p-77");

  REQUIRE(client->put("/v1/shops/outlet/products/p-77", R"({"tags":["acme"]})").status == 201);
  CHECK(part_now(*client, "1").at("outcome") == "assigned");
  CHECK(client->get("/v1/orders/outlet/1").json().at("state") == "decided");
}

TEST_CASE("many orders that wait for one product are all decided when it comes") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules",
                     "supplier acme { name \"Acme\" }\n"
                     "rule acme-tagged { when product.tag = \"acme\" then assign to acme }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  std::string lines;
  for (int i = 0; i < 300; ++i)
    lines += order("o-" + std::to_string(i), R"("product":"p-77",)") + "\n";
  REQUIRE(client->post("/v1/orders:batch", lines).status == 200);
  REQUIRE(client->get("/v1/orders?state=waiting&limit=500").json().at("items").as_array().size() ==
          300);
  REQUIRE(client->put("/v1/shops/outlet/products/p-77", R"({"tags":["acme"]})").status == 201);
  CHECK(eventually([&] {
    return client->get("/v1/orders?state=waiting").json().at("items").as_array().empty();
  }));
  CHECK(part_now(*client, "o-299").at("supplier") == "acme");
}

TEST_CASE(
    "a timed hold ends by itself, and then the line takes the supplier that it was held for") {
  DaemonProcess daemon;
  daemon.write_rules(
      "10.rules",
      "supplier acme { name \"Acme\" }\n"
      "rule all { when line.quantity > 0 then assign to acme, grant orders:fulfill }\n"
      "rule call-first on order { when order.total > 10 EUR then hold \"call first\" for 1s }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  const auto taken = client->post("/v1/orders", order("1", ""));
  REQUIRE_MESSAGE(taken.status == 201, taken.body);
  const auto held = taken.json().at("lines").at(0).at("parts").at(0);
  CHECK(held.at("outcome") == "held");
  CHECK(held.at("supplier") == "acme");
  CHECK(taken.json().at("grants").as_array().empty());

  CHECK(eventually([&] { return part_now(*client, "1").at("outcome") == "assigned"; }));
  CHECK(part_now(*client, "1").at("supplier") == "acme");
  CHECK(client->get("/v1/orders/outlet/1").json().at("grants").as_array().size() == 1);
  const auto check = client->post(
      "/v1/check",
      R"({"account":"supplier:acme","action":"orders:fulfill","resource":{"kind":"line","shop":"outlet","id":"1","line":"1"}})");
  CHECK(check.json().at("allowed") == true);
}
