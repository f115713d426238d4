#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "tests/unit/daemon/world.hpp"

using namespace consign;
using consign::testing::World;

namespace {

constexpr const char* kRules =
    "supplier acme { name \"A\" }\n"
    "rule all { when line.quantity > 0 then assign to acme }\n";

constexpr const char* kFile =
    "Order #,Order Total,Item SKU,Item Quantity,Item Unit Price\n"
    "1001,30.00,A-1,2,10.00\n"
    "1001,,A-2,1,10.00\n"
    "1002,10.00,A-1,none,10.00\n"
    "1003,10.00,A-1,1,10.00\n";

using Query = std::vector<std::pair<std::string, std::string>>;
const Query kOutlet = {{"shop", "outlet"}, {"currency", "EUR"}};

http::Response import(World& world, const std::string& csv, const Query& query = kOutlet) {
  return world.call(http::import_orders,
                    {.query = query, .body = csv, .viewer = world.administrator});
}

boost::json::value report(World& world, const std::string& csv, const Query& query = kOutlet) {
  const auto response = import(world, csv, query);
  REQUIRE_MESSAGE(response.status == 200, response.body);
  return boost::json::parse(response.body);
}

std::string counts(const boost::json::value& report) {
  std::string out;
  for (const auto* name : {"taken", "known", "refused"}) {
    out += boost::json::serialize(report.at(name)) + ' ';
  }
  return out;
}

}  // namespace

TEST_CASE("a file's orders are taken one by one, and the report names rows and columns") {
  World world(kRules);
  const auto first = report(world, kFile);
  CHECK(counts(first) == "2 0 1 ");
  const auto& orders = first.at("orders").as_array();
  REQUIRE(orders.size() == 3);
  CHECK(orders[0].at("order") == "1001");
  CHECK(boost::json::serialize(orders[0].at("rows")) == "[2,3]");
  CHECK(orders[0].at("status") == 201);
  CHECK(orders[0].at("decision").at("lines").at(1).at("parts").at(0).at("supplier") == "acme");
  CHECK(orders[1].at("status") == 422);
  CHECK(boost::json::serialize(orders[1].at("problem").at("errors")) ==
        R"([{"row":4,"column":"Item Quantity","message":"`none` is no decimal number of at most )"
        R"(36 digits, 18 of them after the point"}])");
  CHECK(orders[2].at("status") == 201);
  CHECK(world.order_now("1001").at("state") == "decided");

  CHECK(counts(report(world, kFile)) == "0 2 1 ");
  std::string edited = kFile;
  edited.replace(edited.find("A-2,1,"), 6, "A-2,3,");
  const auto after = report(world, edited);
  CHECK(counts(after) == "1 1 1 ");
  CHECK(after.at("orders").at(0).at("decision").at("decision") !=
        orders[0].at("decision").at("decision"));
}

TEST_CASE("a dry run stores nothing and finds the same faults") {
  World world(kRules);
  auto query = kOutlet;
  query.emplace_back("dry_run", "true");
  const auto dry = report(world, std::string(kFile) + "1004,1.00,A-1,1,1.00,\n", query);
  CHECK(counts(dry) == "0 0 1 ");
  CHECK(dry.at("dry_run") == true);
  CHECK(dry.at("orders").at(0).at("status") == 200);
  CHECK(!dry.at("orders").at(0).as_object().contains("decision"));
  CHECK(dry.at("orders").at(1).at("problem").at("errors").at(0).at("row") == 4);
  CHECK(world.order_for(world.administrator, "1001").status == 404);
}

TEST_CASE("an order of a shop that is not configured is refused by itself") {
  World world(kRules);
  const auto got = report(world,
                          "Order #,Shop,Currency,Order Total,Item Quantity,Item Unit Price\n"
                          "1001,outlet,EUR,1.00,1,1.00\n"
                          "1001,south,EUR,1.00,1,1.00\n",
                          {});
  CHECK(counts(got) == "1 0 1 ");
  CHECK(got.at("orders").at(1).at("status") == 404);
  CHECK(got.at("orders").at(1).at("shop") == "south");
}

TEST_CASE("a file that cannot be read is refused whole") {
  World world(kRules);
  const auto refused = import(world, std::string(kFile) + "1004,\"1.00,A-1,1,1.00\n");
  CHECK(refused.status == 422);
  CHECK(
      boost::json::serialize(boost::json::parse(refused.body).at("errors")) ==
      R"([{"row":6,"message":"a quote is opened here and not closed before the end of the file"}])");
  CHECK(world.order_for(world.administrator, "1001").status == 404);
  CHECK(import(world, "").status == 422);
}

TEST_CASE("parameters that are not understood take no order in") {
  World world(kRules);
  const auto detail = [&](const std::string& name, const std::string& value) {
    const auto response = import(world, kFile, {{name, value}});
    CHECK(response.status == 400);
    return std::string(boost::json::parse(response.body).at("detail").as_string());
  };
  CHECK(detail("dry-run", "true") == "there is no parameter `dry-run`; did you mean `dry_run`?");
  CHECK(detail("dry_run", "yes") == "`dry_run` is `true` or `false`");
  CHECK(detail("currency", "Euro") == "`Euro` is no currency; give its code, as `EUR`");
  CHECK(detail("timezone", "Europe/Stokholm") ==
        "there is no time zone `Europe/Stokholm`; did you mean `Europe/Stockholm`?");
  CHECK(import(world, kFile, {{"shop", "south"}}).status == 404);
  CHECK(world.order_for(world.administrator, "1001").status == 404);
}
