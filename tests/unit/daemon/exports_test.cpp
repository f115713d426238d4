#include <doctest/doctest.h>

#include <sstream>

#include "daemon/exports/order_columns.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "tests/unit/daemon/world.hpp"

using namespace consign;
using consign::testing::World;

namespace {

constexpr const char* kRules =
    "supplier acme { name \"A\" }\n"
    "supplier bravo { name \"B\" }\n"
    "rule first { when line.sku = \"A-1\" then assign to acme, tag \"Checked\" }\n"
    "rule rest { otherwise then assign to bravo }\n";

std::string order(const std::string& id, const std::string& more = "") {
  return R"({"shop":"outlet","id":")" + id + R"(","name":"#)" + id + R"(",)" + more +
         R"("placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"39.80","payment":"paid",)"
         R"("ship_to":{"name":"=A. Berg","city":"Umeå","postcode":"903 26","country":"SE"},)"
         R"("customer":{"id":"c-9","email":"a@example.com"},)"
         R"("lines":[{"id":"1","sku":"A-1","title":"Chair, \"oak\"","quantity":2,"price":"9.90","grams":300},)"
         R"({"id":"2","sku":"B-1","quantity":1,"price":"20.00"}]})";
}

std::vector<std::string> lines_of(const std::string& csv) {
  std::vector<std::string> lines;
  std::istringstream in(csv);
  for (std::string line; std::getline(in, line);) {
    REQUIRE(line.ends_with('\r'));
    lines.push_back(line.substr(0, line.size() - 1));
  }
  return lines;
}

using Query = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string> exported(World& world, const Query& query, const store::Viewer& viewer) {
  const auto response = world.call(http::export_orders, {.query = query, .viewer = viewer});
  REQUIRE_MESSAGE(response.status == 200, response.body);
  CHECK(response.content_type == "text/csv; charset=utf-8; header=present");
  return lines_of(response.body);
}

std::vector<std::string> exported(World& world, const Query& query) {
  return exported(world, query, world.administrator);
}

}  // namespace

TEST_CASE("an export has ShipStation's columns, a row for each part") {
  World world(kRules);
  world.post(order("1001"));
  const auto lines = exported(world, {});
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] ==
        "Order - Number,Date - Order Date,Date - Paid Date,Date - Ship By Date,Order - Status,"
        "Amount - Order Total,Amount - Order Subtotal,Amount - Order Tax,Amount - Order Shipping,"
        "Amount - Paid by Customer,Amount - Shipping Cost,Bill To - Name,Ship To - Name,"
        "Ship To - Company,Ship To - Address 1,Ship To - Address 2,Ship To - Address 3,"
        "Ship To - City,Ship To - State,Ship To - Postal Code,Ship To - Country,Ship To - Phone,"
        "Item - SKU,Item - Name,Item - Qty,Item - Price,Item - Options,Item - Fill SKU,"
        "Count - Number of Items,Carrier - Service Sel,Service - Package Type,"
        "Market - Store Name,Market - Markeplace Name,Market - Market Order URL,"
        "Notes - From Buyer,Custom - Field 1,Custom - Field 2,Custom - Field 3,Weight - TotalOz,"
        "Source");
  CHECK(lines[1] ==
        "#1001,2026-11-21T09:59:12Z,,,decided,39.80,,,,39.80,,,'=A. Berg,,,,,Umeå,,903 26,SE,,"
        "A-1,\"Chair, \"\"oak\"\"\",2,9.90,,,3,,,outlet,own,,,,,,21.16,");
}

TEST_CASE("columns are chosen by name, and an unknown one is told") {
  World world(kRules);
  world.post(order("1001"));
  CHECK(exported(world, {{"columns", "order_id,line_id,supplier,item_quantity,tags"}}) ==
        std::vector<std::string>{"Order - Id,Item - Line,Item - Supplier,Item - Qty,Order - Tags",
                                 "1001,1,acme,2,Checked", "1001,2,bravo,1,Checked"});
  const auto refused = world.call(http::export_orders, {.query = {{"columns", "order_id,suplier"}},
                                                        .viewer = world.administrator});
  CHECK(refused.status == 400);
  CHECK(refused.body.find("there is no column `suplier`, did you mean `supplier`?") !=
        std::string::npos);
}

TEST_CASE("an export is of the orders and parts that are asked for") {
  World world(kRules);
  world.post(order("1001", R"("tags":["VIP"],)"));
  world.pass(24 * 3600);
  world.post(order("1002"));
  const auto ids = [&](Query query) {
    query.emplace_back("columns", "order_id,line_id");
    std::string all;
    for (const auto& line : exported(world, query)) all += line + " ";
    return all.substr(all.find(' ', all.find("Line")) + 1);
  };
  CHECK(ids({}) == "1001,1 1001,2 1002,1 1002,2 ");
  CHECK(ids({{"tag", "vip"}}) == "1001,1 1001,2 ");
  CHECK(ids({{"tag", "checked"}}) == "1001,1 1001,2 1002,1 1002,2 ");
  CHECK(ids({{"supplier", "bravo"}}) == "1001,2 1002,2 ");
  CHECK(ids({{"shop", "nordic"}}) == "");
  CHECK(ids({{"state", "decided"}}) == "1001,1 1001,2 1002,1 1002,2 ");
  CHECK(ids({{"state", "waiting"}}) == "");
  CHECK(ids({{"received_from", "2025-11-22"}}) == "1002,1 1002,2 ");
  CHECK(ids({{"received_until", "2025-11-21"}}) == "1001,1 1001,2 ");
  CHECK(ids({{"received_until", "2025-11-21T10:00:00Z"}}) == "");
  CHECK(ids({{"received_from", "2025-11-21T10:00:00Z"}}) == "1001,1 1001,2 1002,1 1002,2 ");
  CHECK(world
            .call(http::export_orders,
                  {.query = {{"received_from", "yesterday"}}, .viewer = world.administrator})
            .status == 400);
}

TEST_CASE("a supplier's export holds its own lines, without prices and customers") {
  World world(kRules);
  world.post(order("1001", R"("tags":["VIP"],)"));
  const std::string columns =
      "order_number,item_sku,item_quantity,item_count,item_price,order_total,amount_paid,"
      "customer_email,tags,payment,ship_to_city";
  const auto lines =
      exported(world, {{"columns", columns}}, {.token = "t", .account = "supplier:acme"});
  REQUIRE(lines.size() == 2);
  CHECK(lines[1] == "#1001,A-1,2,2,,,,,,,Umeå");
  CHECK(exported(world, {{"columns", "order_id"}}, {.token = "t", .account = "supplier:cargo"})
            .size() == 1);
  CHECK(exported(world, {{"columns", "order_id"}, {"tag", "vip"}},
                 {.token = "t", .account = "supplier:acme"})
            .size() == 1);
  // How the supplier stands is looked up at every page.
  world.use_rules(std::string("supplier acme { suspended }\n") +
                  std::string(kRules).substr(std::string(kRules).find('\n') + 1));
  CHECK(exported(world, {{"columns", "order_id"}}, {.token = "t", .account = "supplier:acme"})
            .size() == 1);
}

TEST_CASE("the names of columns are all different") {
  for (const auto& column : order_columns()) {
    int same = 0;
    for (const auto& other : order_columns()) {
      same += other.name == column.name || other.heading == column.heading ? 1 : 0;
    }
    CHECK_MESSAGE(same == 1, std::string(column.name));
  }
}
