#include "daemon/wire/orders_csv.hpp"

#include <doctest/doctest.h>

#include "daemon/wire/order_reader.hpp"

using namespace consign;

namespace {

constexpr const char* kNeeded = "Order #,Order Total,Item SKU,Item Quantity,Item Unit Price";

std::vector<CsvOrder> read(const std::string& csv, const char* zone = "UTC") {
  auto orders =
      read_orders_csv(csv, {.shop = "outlet", .currency = "EUR", .zone = *find_time_zone(zone)});
  if (!orders) FAIL(told(orders.error().front()));
  return std::move(*orders);
}

/// The order of the file as the daemon reads it.
OrderDocument taken(const CsvOrder& order) {
  for (const auto& fault : order.faults) FAIL(told(fault));
  auto document = parse_json(order.document);
  REQUIRE(document.ok());
  auto taken = read_order(std::move(document.value()));
  if (!taken) FAIL(told(place_in_csv(taken.error().front(), order)));
  return std::move(*taken);
}

std::vector<std::string> faults_of(const CsvOrder& order) {
  std::vector<std::string> out;
  for (const auto& fault : order.faults) out.push_back(told(fault));
  if (!out.empty()) return out;
  const auto read = read_order(std::move(parse_json(order.document).value()));
  if (read) return out;
  for (const auto& error : read.error()) out.push_back(told(place_in_csv(error, order)));
  return out;
}

}  // namespace

TEST_CASE("rows with one order number are one order, with everything the template says") {
  const auto orders = read(
      "Order #,Order Created Date,Order Date Paid,Order Total,Order Amount Paid,Order Tax Paid,"
      "Order Shipping Paid,Order Requested Shipping Service,Order Total Weight (oz),Order Custom "
      "Field 1,Order Source,Order Notes from Buyer,Order Gift - Flag,Buyer First Name,Buyer Last "
      "Name,Buyer Email,Buyer Username,Recipient Full Name,Recipient Phone,Recipient "
      "Company,Address Line 1,Address Line 2,City,State,Postal Code,Country Code,Item SKU,Item "
      "Name,Item Quantity,Item Unit Price,Item Weight (oz),Item Options,Item Warehouse "
      "Location,Tags,Product Id\n"
      "1001,11/21/2026 9:59:12 AM,11/21/2026,512.40,512.40,1.20,9.90,Express,100,gold,web,\"call, "
      "please\",true,A.,Berg,A.Berg@example.com,aberg,B. Berg,'+46 70,Berg AB,Gatan 1,2 tr,Umeå,AC,"
      "903 26,SE,ACM-1,Chair,2,19.90,10.5,red,A-7,\"vip, first\",p-77\n"
      "1001,,,,,,,,,,,,,,,,,,,,,,,,,,BLK-4,Table,1,472.60,,,,,\n",
      "Europe/Stockholm");
  REQUIRE(orders.size() == 1);
  CHECK(orders[0].rows == std::vector<std::size_t>{2, 3});
  const auto order = taken(orders[0]);
  CHECK(order.shop == "outlet");
  CHECK(order.id == "1001");
  CHECK(order.canonical() ==
        R"({"attributes":{"Buyer Name":"A. Berg","Custom Field 1":"gold","Gift Flag":"true",)"
        R"("Tax Paid":"1.20"},"currency":"EUR",)"
        R"("customer":{"email":"A.Berg@example.com","id":"aberg"},"grams":"2834.9523125",)"
        R"("id":"1001","lines":[{"grams":"297.6699928125","id":"1","price":"19.90",)"
        R"("product":"p-77","properties":{"Warehouse Location":"A-7"},"quantity":"2",)"
        R"("sku":"ACM-1","title":"Chair","variant":"red"},)"
        R"({"id":"2","price":"472.60","quantity":"1","sku":"BLK-4","title":"Table"}],)"
        R"("name":"1001","note":"call, please","payment":"paid",)"
        R"("placed_at":"2026-11-21T08:59:12Z",)"
        R"("ship_to":{"address":"Gatan 1, 2 tr","city":"Umeå","company":"Berg AB",)"
        R"("country":"SE","name":"B. Berg","phone":"+46 70","postcode":"903 26",)"
        R"("province":"AC"},"shipping":"9.90","shipping_method":"Express","shop":"outlet",)"
        R"("source":"web","tags":["vip","first"],"total":"512.40"})");
}

TEST_CASE("the same rows give the same revision, whatever the columns' order, an edit another") {
  const auto revision = [](const std::string& csv) { return taken(read(csv)[0]).revision(); };
  const auto first = revision(std::string(kNeeded) + "\n1001,20.00,A-1,2,10.00\n");
  CHECK(revision("Item SKU;Item Quantity;Item Unit Price;Order #;Order Total\n"
                 "A-1;2;10.00;1001;20.00\n") == first);
  CHECK(revision(std::string(kNeeded) + "\n1001,20.00,A-1,3,10.00\n") != first);
}

TEST_CASE("shop, currency, payment and ids may stand in columns") {
  const auto orders = read(std::string(kNeeded) +
                           ",Shop,Currency,Payment,Line Id\n"
                           "1001,20.00,A-1,2,10.00,nordic,SEK,authorized,L7\n"
                           "1001,20.00,A-2,1,1.00,,,,\n"
                           "1001,5.00,A-1,1,5.00,south,,,\n");
  REQUIRE(orders.size() == 2);
  const auto first = taken(orders[0]);
  CHECK(first.shop == "nordic");
  CHECK(first.event.order.text(Field::order_currency) == "SEK");
  CHECK(first.event.order.text(Field::order_payment) == "authorized");
  CHECK(first.event.lines[0].text(Field::line_id) == "L7");
  CHECK(first.event.lines[1].text(Field::line_id) == "2");
  CHECK(taken(orders[1]).shop == "south");
}

TEST_CASE("the payment follows from what was paid, or from the day of it") {
  const auto payment = [](const std::string& cells) {
    const auto orders = read(
        "Order #,Order Total,Item Quantity,Item Unit Price,Order Amount "
        "Paid,Order Date Paid\n1001,20.00,2,10.00," +
        cells + "\n");
    return std::string(taken(orders[0]).event.order.text(Field::order_payment));
  };
  CHECK(payment("20.00,") == "paid");
  CHECK(payment("25,") == "paid");
  CHECK(payment("5,2026-11-21") == "partially_paid");
  CHECK(payment("0,") == "pending");
  CHECK(payment(",2026-11-21") == "paid");
  CHECK(payment(",") == "pending");
}

TEST_CASE("every fault says its row and column, and other orders are taken") {
  const auto orders = read(std::string(kNeeded) +
                           ",City,Order Created Date,Item Weight (oz),Country Code,Tags\n"
                           "1001,20.00,A-1,2,10.00,Umeå,yesterday,heavy,SE,\n"
                           "1001,20.00,A-2,1,10.00,Luleå,,,,\n"
                           "1002,\"1,249.00\",A-1,0,,,,,XX,\n"
                           ",5.00,A-1,1,5.00,,,,,\n"
                           "1003,5.00,A-1,1,5.00,,,,,,more\n"
                           "1004,5.00,A-1,1,5.00,,,,,\n");
  REQUIRE(orders.size() == 5);
  CHECK(faults_of(orders[0]) ==
        std::vector<std::string>{
            "line 2, column `Item Weight (oz)`: `heavy` is no weight in ounces, as `12` or `12.5`",
            "line 3, column `City`: this is `Luleå`, but `Umeå` in line 2 of the same order",
            "line 2, column `Order Created Date`: `yesterday` is no time; a time is written as "
            "`2026-11-21 09:59:12`, as `11/21/2026 9:59 AM` (the month first), or with its zone as "
            "`2026-11-21T09:59:12Z`"});
  CHECK(faults_of(orders[1]) ==
        std::vector<std::string>{
            "line 4, column `Order Total`: `1,249.00` is no decimal number of at most 36 digits, "
            "18 of them after the point",
            "line 4, column `Country Code`: `XX` is no country (ISO 3166-1 alpha-2); did you mean "
            "`AX`?",
            "line 4, column `Item Unit Price`: this is missing: price of one",
            "line 4, column `Item Quantity`: a quantity is more than 0, this one is 0; leave the "
            "line out where nothing is ordered"});
  CHECK(faults_of(orders[2]) ==
        std::vector<std::string>{"line 5, column `Order #`: the row has no order number"});
  REQUIRE(faults_of(orders[3]).size() == 1);
  CHECK(faults_of(orders[3])[0].starts_with("line 6: the row has 11 cells and there are 10"));
  CHECK(faults_of(orders[4]).empty());
}

TEST_CASE("an order that goes on elsewhere in the file is refused whole") {
  const auto orders = read(std::string(kNeeded) +
                           "\n1001,20.00,A-1,2,10.00\n"
                           "1001,20.00,A-2,2,10.00\n"
                           "1002,20.00,A-1,2,10.00\n"
                           "1001,20.00,A-3,2,10.00\n"
                           "1002,20.00,A-1,2,10.00\n");
  REQUIRE(orders.size() == 2);
  CHECK(orders[0].rows == std::vector<std::size_t>{2, 3, 5});
  CHECK(faults_of(orders[0]) ==
        std::vector<std::string>{
            "line 5, column `Order #`: order `1001` has begun in line 2 and ended; rows of one "
            "order have to follow each other, so sort the file by this column, or take out what "
            "stands twice"});
  CHECK(faults_of(orders[1]).size() == 1);
}

TEST_CASE("what the whole file lacks is told once") {
  const auto faults = [](const std::string& csv) {
    const auto orders =
        read_orders_csv(csv, {.shop = "outlet", .currency = "", .zone = *find_time_zone("UTC")});
    std::string all;
    REQUIRE(!orders.ok());
    for (const auto& fault : orders.error()) all += told(fault) + '\n';
    return all;
  };
  CHECK(faults(std::string(kNeeded) + "\n1001,20.00,A-1,2,10.00\n") ==
        "line 1, column `Currency`: this column is missing; add it, or say `currency`, as `EUR`, "
        "for the whole file\n");
  CHECK(faults("Order #,Item SKU,Item Quantity,Currency\n") ==
        "line 1, column `Order Total`: this column is missing; there are `Order #`, `Item SKU`, "
        "`Item Quantity`, `Currency`\n"
        "line 1, column `Item Unit Price`: this column is missing; there are `Order #`, `Item "
        "SKU`, `Item Quantity`, `Currency`\n");
  CHECK(faults(std::string(kNeeded) + ",Currency\n") == "the file has headings and no order\n");
}
