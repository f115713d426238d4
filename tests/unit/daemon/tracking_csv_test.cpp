#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "tests/unit/daemon/world.hpp"

using namespace consign;
using consign::testing::World;

namespace {

constexpr const char* kRules =
    "supplier acme { name \"A\" }\n"
    "supplier bravo { name \"B\" }\n"
    "rule acme { when line.sku = \"A-1\" or line.sku = \"A-2\" then assign to acme }\n"
    "rule rest { otherwise then assign to bravo }\n";

const store::Viewer kAcme{.token = "a", .account = "supplier:acme"};
const store::Viewer kBravo{.token = "b", .account = "supplier:bravo"};

// Two lines with one SKU, one with another, one of the other supplier.
std::string order(const std::string& id, const std::string& name = "") {
  return R"({"shop":"outlet","id":")" + id + R"(",)" +
         (name.empty() ? "" : R"("name":")" + name + R"(",)") +
         R"("placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"1.00","payment":"paid",)"
         R"("lines":[{"id":"1","sku":"A-1","quantity":2,"price":"1.00"},)"
         R"({"id":"2","sku":"A-1","quantity":3,"price":"1.00"},)"
         R"({"id":"3","sku":"A-2","quantity":1,"price":"1.00"},)"
         R"({"id":"4","sku":"B-1","quantity":1,"price":"1.00"}]})";
}

using Query = std::vector<std::pair<std::string, std::string>>;
const Query kOutlet = {{"shop", "outlet"}};
const Query kTrial = {{"shop", "outlet"}, {"dry_run", "true"}};

http::Response import(World& world, const std::string& csv, const store::Viewer& viewer = kAcme,
                      const Query& query = kOutlet) {
  return world.call(http::import_tracking, {.query = query, .body = csv, .viewer = viewer});
}

boost::json::value report(World& world, const std::string& csv, const store::Viewer& viewer = kAcme,
                          const Query& query = kOutlet) {
  const auto response = import(world, csv, viewer, query);
  REQUIRE_MESSAGE(response.status == 200, response.body);
  return boost::json::parse(response.body);
}

std::string counts(const boost::json::value& report, const char* done = "shipped") {
  std::string out;
  for (const auto* name : {done, "known", "skipped", "refused"}) {
    out += boost::json::serialize(report.at(name)) + ' ';
  }
  return out;
}

std::string exported(World& world, const store::Viewer& viewer, const std::string& columns,
                     const Query& more = {}) {
  Query query = {{"columns", columns}};
  query.insert(query.end(), more.begin(), more.end());
  const auto response = world.call(http::export_orders, {.query = query, .viewer = viewer});
  REQUIRE_MESSAGE(response.status == 200, response.body);
  return response.body;
}

const std::string kHeadings = "Order Number,SKU,Quantity,Carrier,Tracking Number\n";

}  // namespace

TEST_CASE("rows with one tracking number are one parcel, over several lines of one SKU") {
  World world(kRules);
  world.post(order("1001", "#1001"));
  const std::string file = kHeadings +
                           "#1001,A-1,4,DHL,T-1\n"
                           "1001,A-2,1,UPS,T-2\n"
                           "#1001,A-2,,,\n";
  const auto trial = report(world, file, kAcme, kTrial);
  CHECK(counts(trial) == "2 0 1 0 ");
  CHECK(trial.at("dry_run") == true);
  CHECK_FALSE(trial.at("rows").at(0).as_object().contains("shipment"));
  CHECK(exported(world, kAcme, "line_id", {{"part_state", "shipped"}}) == "Item - Line\r\n");

  const auto first = report(world, file);
  CHECK(counts(first) == "2 0 1 0 ");
  CHECK(first.at("rows").at(0).at("row") == 2);
  CHECK(first.at("rows").at(0).at("order") == "#1001");
  CHECK(first.at("rows").at(0).at("status") == 200);
  CHECK(first.at("rows").at(0).at("shipment").as_string().starts_with("shp_"));
  CHECK(first.at("rows").at(2).at("skipped") == true);
  const std::string shipped =
      "Item - Line,Item - Qty,Item - State,Shipment - Carrier,Shipment - Tracking Number\r\n"
      "1,2,shipped,DHL,T-1\r\n"
      "2,1,assigned,,\r\n"
      "2,2,shipped,DHL,T-1\r\n"
      "3,1,shipped,UPS,T-2\r\n";
  const std::string columns = "line_id,item_quantity,part_state,carrier,tracking_number";
  CHECK(exported(world, kAcme, columns) == shipped);

  const auto again = report(world, file);
  CHECK(counts(again) == "0 2 1 0 ");
  CHECK(again.at("rows").at(0).at("shipment") == first.at("rows").at(0).at("shipment"));
  CHECK(exported(world, kAcme, columns) == shipped);

  // The same by the administrator, and by lines.
  CHECK(counts(report(world, file, world.administrator)) == "0 2 1 0 ");
  CHECK(counts(report(world,
                      "Order Id,Line,Quantity,Tracking Number\n1001,1,2,T-1\n1001,2,2,T-1\n")) ==
        "0 2 0 0 ");
}

TEST_CASE("a file that has grown ships what is new, and one row too many refuses its parcel") {
  World world(kRules);
  world.post(order("1001"));
  const std::string headings = "Order #,Item - SKU,Item - Line,Quantity,Tracking Number\n";
  CHECK(counts(report(world, headings + "1001,A-1,1,1,T-1\n")) == "1 0 0 0 ");
  CHECK(counts(report(world, headings + "1001,A-1,1,2,T-1\n1001,A-2,,1,T-1\n")) == "2 0 0 0 ");
  CHECK(counts(report(world, headings + "1001,A-1,1,2,T-1\n1001,A-2,,1,T-1\n")) == "0 2 0 0 ");
  CHECK(exported(world, kAcme, "line_id,item_quantity", {{"part_state", "shipped"}}) ==
        "Item - Line,Item - Qty\r\n1,1\r\n1,1\r\n3,1\r\n");

  const auto too_many = report(world, headings + "1001,A-1,,2,T-2\n1001,A-1,2,2,T-2\n");
  CHECK(counts(too_many) == "0 0 0 2 ");
  for (int row : {0, 1}) {
    CHECK(too_many.at("rows").at(row).at("status") == 422);
    CHECK(boost::json::serialize(too_many.at("rows").at(row).at("problem").at("errors")) ==
          R"([{"row":2,"column":"Quantity","message":"there are 1 fewer that can be shipped"}])");
  }
  const auto shipped_already = report(world, headings + "1001,A-2,,1,T-3\n1001,,2,3,T-4\n");
  CHECK(counts(shipped_already) == "1 0 0 1 ");
  CHECK(shipped_already.at("rows").at(0).at("status") == 409);
  CHECK(shipped_already.at("rows").at(0).at("problem").at("detail") ==
        "part 1 of line 3 is shipped, and cannot be shipped");
}

TEST_CASE("a trial sees what the parcels of an order come to together") {
  World world(kRules);
  world.post(order("1001"));
  const std::string file = kHeadings + "1001,A-1,4,,T-1\n1001,A-1,4,,T-2\n";
  CHECK(counts(report(world, file, kAcme, kTrial)) == "1 0 0 1 ");
  CHECK(counts(report(world, file)) == "1 0 0 1 ");
}

TEST_CASE("rows without a tracking number are a parcel by carrier and day, told once") {
  World world(kRules);
  world.post(order("1001"));
  const std::string file =
      "Order Number,SKU,Quantity,Carrier,Tracking Number,Ship Date\n"
      "1001,A-1,1,van,,2026-11-22\n"
      "1001,A-2,1,van,,2026-11-22\n"
      "1001,A-1,1,van,,2026-11-23\n";
  const auto first = report(world, file);
  CHECK(counts(first) == "3 0 0 0 ");
  CHECK(first.at("rows").at(0).at("shipment") == first.at("rows").at(1).at("shipment"));
  CHECK(first.at("rows").at(0).at("shipment") != first.at("rows").at(2).at("shipment"));
  CHECK(counts(report(world, file)) == "0 3 0 0 ");
  const auto back = exported(world, kAcme,
                             "order_number,line_id,item_quantity,carrier,"
                             "tracking_number,tracking_url,shipped_date,store");
  CHECK(back.find("1001,1,1,van,,,2026-11-22T00:00:00Z,outlet\r\n") != std::string::npos);
  CHECK(counts(report(world, back, kAcme, {})) == "0 3 1 0 ");
}

TEST_CASE("what is another's order answers as what does not exist, byte for byte") {
  World world(kRules);
  const std::string file = kHeadings +
                           "1001,B-1,1,DHL,T-1\n"
                           "#77,A-1,1,DHL,T-1\n"
                           "1002,B-1,1,DHL,T-1\n";
  const auto missing = import(world, file);
  const std::string of_bravo =
      R"(","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"1.00","payment":"paid",)"
      R"("lines":[{"id":"1","sku":"B-1","quantity":1,"price":"1.00"}]})";
  world.post(R"({"shop":"outlet","id":"1001)" + of_bravo);
  world.post(R"({"shop":"outlet","id":"99","name":"#77)" + of_bravo);
  world.post(R"({"shop":"outlet","id":"98","name":"#77)" + of_bravo);
  CHECK(import(world, file).body == missing.body);
  CHECK(import(world, file, kAcme, kTrial).body.find("\"status\":200") == std::string::npos);
  CHECK(import(world, file, {.token = "s", .account = "staff:anna"}).body == missing.body);
  store::Viewer suspended = kBravo;
  suspended.blocked = true;
  CHECK(import(world, file, suspended).body == missing.body);
  // Nor does a shop exist.
  CHECK(import(world, file, kAcme, {{"shop", "nowhere"}}).body == missing.body);
  CHECK(import(world, file, world.administrator, {{"shop", "nowhere"}}).status == 404);
  CHECK(counts(report(world, file, kBravo)) == "1 0 0 2 ");

  // A line of the same order that is another's is no line of it.
  world.post(order("1003"));
  const auto other = report(world, kHeadings + "1003,B-1,1,,T-1\n1003,C-1,1,,T-2\n");
  CHECK(boost::json::serialize(other.at("rows").at(0).at("problem").at("errors")) ==
        R"([{"row":2,"column":"SKU","message":"the order has no line with SKU `B-1`"}])");
  CHECK(other.at("rows").at(1).at("status") == 422);
}

TEST_CASE("a number that two orders have is refused, and an id says which one is meant") {
  World world(kRules);
  world.post(order("1001", "#1"));
  world.post(order("1002", "#1"));
  const auto both = report(world, kHeadings + "#1,A-1,1,,T-1\n");
  CHECK(boost::json::serialize(both.at("rows").at(0).at("problem").at("errors")) ==
        R"([{"row":2,"column":"Order Number","message":"`#1` is more than one order of outlet: )"
        R"(`1001` and `1002`; name the one that is meant in a column `Order Id`"}])");
  CHECK(counts(report(world,
                      "Order Number,Order Id,SKU,Quantity,Tracking Number\n"
                      "#1,1002,A-1,1,T-1\n")) == "1 0 0 0 ");
  CHECK(exported(world, kAcme, "order_id", {{"part_state", "shipped"}}) ==
        "Order - Id\r\n1002\r\n");
}

TEST_CASE("a row of tracking that cannot be read names its columns, and refuses its own parcel") {
  World world(kRules);
  world.post(order("1001"));
  const auto rows = report(world,
                           "Order Number,SKU,Line,Part,Quantity,Carrier,Tracking Number,Ship Date\n"
                           "1001,,,1,none,,T-1,soon\n"
                           "1001,A-2,,,1,,T-1,\n"
                           ",A-1,,,0,,T-2,\n"
                           "1001,A-1,,,1,DHL,T-3,\n"
                           "1001,A-1,,,1,UPS,T-3,\n"
                           "1001,A-1,,,1,UPS,T-4,\n");
  CHECK(counts(rows) == "1 0 0 5 ");
  CHECK(rows.at("rows").at(1).at("problem") == rows.at("rows").at(0).at("problem"));
  const auto errors = [&](int row) {
    return boost::json::serialize(rows.at("rows").at(row).at("problem").at("errors"));
  };
  CHECK(errors(0) ==
        R"([{"row":2,"column":"Ship Date","message":"`soon` is no time; )" +
            std::string(
                "a time is written as `2026-11-21 09:59:12`, as `11/21/2026 9:59 AM` (the month "
                "first), or with its zone as `2026-11-21T09:59:12Z`") +
            R"("},{"row":2,"column":"SKU","message":"the row names neither a SKU nor a line"},)"
            R"({"row":2,"column":"Line","message":"a part is one of a line: name it"},)"
            R"({"row":2,"column":"Quantity","message":"`none` is no number"}])");
  CHECK(errors(2) ==
        R"([{"row":4,"column":"Order Number","message":"the row names no order"},)"
        R"({"row":4,"column":"Quantity","message":"a quantity is more than 0, this one is 0; )"
        R"(leave the tracking number empty where nothing was shipped"}])");
  CHECK(errors(3) ==
        R"([{"row":6,"column":"Carrier","message":"`UPS` is not what another row of the same )"
        R"(parcel says, which begins in line 5"}])");

  CHECK(import(world, "Order Number,Quantity\n1001,1\n").status == 422);
  CHECK(import(world, kHeadings, kAcme, {{"dry-run", "true"}}).status == 400);
  CHECK(import(world, kHeadings, kAcme, {{"shop", "outlet"}, {"dry_run", "yes"}}).status == 400);
}

TEST_CASE("stock comes in as CSV, row by row, and twice is once") {
  World world(kRules);
  const auto take = [&](const std::string& csv, const store::Viewer& viewer = kAcme,
                        const Query& query = {}) {
    return world.call(
        http::import_stock,
        {.path = {{"supplier", "acme"}}, .query = query, .body = csv, .viewer = viewer});
  };
  const auto stock_of = [&](const std::string& sku) {
    const auto response = world.call(
        http::get_stock, {.path = {{"supplier", "acme"}, {"sku", sku}}, .viewer = kAcme});
    return response.status == 200
               ? boost::json::serialize(boost::json::parse(response.body).at("available"))
               : std::string("none");
  };
  const std::string file =
      "SKU,Available,Change,Id,Safety\n"
      "A-1,5,,,\n"
      "A-2,,3,c-1,1\n"
      "A-1,,-1,c-2,\n"
      "A-2,,-9,c-3,\n"
      "A-3,1,2,,\n"
      "A-4,many,,,-1\n"
      ",,1,,\n"
      "A-5,,,,\n";
  const auto read = [](const http::Response& response) {
    REQUIRE_MESSAGE(response.status == 200, response.body);
    return boost::json::parse(response.body);
  };
  const auto trial = read(take(file, kAcme, {{"dry_run", "true"}}));
  CHECK(counts(trial, "changed") == "3 0 0 5 ");
  CHECK(trial.at("rows").at(2).at("stock").at("available") == 4);
  CHECK(stock_of("A-1") == "none");

  const auto first = read(take(file));
  CHECK(counts(first, "changed") == "3 0 0 5 ");
  CHECK(stock_of("A-1") == "4");
  CHECK(stock_of("A-2") == "3");
  const auto errors = [&](int row) {
    return boost::json::serialize(first.at("rows").at(row).at("problem").at("errors"));
  };
  CHECK(errors(3) ==
        R"([{"row":5,"column":"Change","message":"acme has 3 of A-2 that nobody was )"
        R"(promised, and 0 reserved: a change of -9 would leave less than nothing"}])");
  CHECK(errors(5) == R"([{"row":7,"column":"Available","message":"`many` is no number"},)"
                     R"({"row":7,"column":"Safety","message":"this is 0 or more"}])");
  CHECK(errors(6) == R"([{"row":8,"column":"SKU","message":"the row names no SKU"},)"
                     R"({"row":8,"column":"Id","message":"a change needs an id, so that it counts )"
                     R"(once"}])");
  CHECK(errors(7) ==
        R"([{"row":9,"column":"Available","message":"the row does not say what is there"}])");

  const auto changes = read(take("SKU,Change,Id\nA-2,3,c-1\n"));
  CHECK(counts(changes, "changed") == "0 1 0 0 ");
  CHECK(stock_of("A-2") == "3");

  CHECK(take(file, kBravo).status == 404);
  CHECK(take(file, kBravo).body ==
        world.call(http::import_stock, {.path = {{"supplier", "nobody"}}, .viewer = kBravo}).body);
  CHECK(take("Sku;Availabel\n", world.administrator).status == 422);
  CHECK(take("SKU\n", kAcme, {{"shop", "outlet"}}).status == 400);
}
