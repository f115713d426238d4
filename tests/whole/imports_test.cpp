#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cli/app.hpp"
#include "consign/time.hpp"
#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;

namespace {

struct Ran {
  int exit;
  std::string out, err;
};

Ran consign_tool(std::vector<std::string> arguments, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out, err;
  consign::cli::Session session{.in = in, .out = out, .err = err, .environment = {}, .clock = [] {
                                  return consign::Timestamp{};
                                }};
  const int exit = consign::cli::run(std::move(arguments), session);
  return {exit, out.str(), err.str()};
}

}  // namespace

TEST_CASE("orders come in as CSV, over HTTP and by the tool, and go out as they came") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules",
                     "supplier acme { name \"A\" }\n"
                     "rule all { when line.quantity > 0 then assign to acme }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  const std::string headings =
      "Order #,Order Total,Item SKU,Item Name,Item Quantity,Item Unit Price";
  const std::string target = "/v1/orders.csv?shop=outlet&currency=EUR";

  const auto answer =
      client->post(target, headings + "\r\n1001,20.00,A-1,\"'=Chair, \"\"oak\"\"\",2,10.00\r\n");
  REQUIRE_MESSAGE(answer.status == 200, answer.body);
  CHECK(answer.json().at("taken") == 1);
  CHECK(client->get("/v1/orders.csv?columns=order_id,item_sku,item_name,supplier").body ==
        "Order - Id,Item - SKU,Item - Name,Item - Supplier\r\n"
        "1001,A-1,\"'=Chair, \"\"oak\"\"\",acme\r\n");
  CHECK(Client(daemon.port(), "").post(target, headings).status == 401);

  // More orders than are written at once; one of them wrong.
  std::string file = headings + '\n';
  for (int i = 0; i < 600; ++i) {
    const std::string number = "t-" + std::to_string(i);
    file += number + ",20.00,A-1,Chair," + (i == 300 ? "-1" : "1") + ",10.00\n" + number +
            ",20.00,A-2,Table,1,10.00\n";
  }
  const auto tool = [&](std::vector<std::string> more, const std::string& input) {
    std::vector<std::string> arguments = {"import",
                                          "orders",
                                          "-",
                                          "--shop",
                                          "outlet",
                                          "--currency",
                                          "EUR",
                                          "--server",
                                          "http://127.0.0.1:" + std::to_string(daemon.port()),
                                          "--token-file",
                                          (daemon.data() / "admin.token").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return consign_tool(std::move(arguments), input);
  };
  const std::string refused =
      "line  order  column         what is wrong\n"
      "602   t-300  Item Quantity  a quantity is more than 0, this one is -1; leave the line out "
      "where nothing is ordered\n\n";
  const auto dry = tool({"--dry-run"}, file);
  CHECK(dry.exit == 1);
  CHECK(dry.out == refused + "599 orders could be taken, 1 refused; nothing was stored\n");
  CHECK(client->get("/v1/orders/outlet/t-0").status == 404);
  CHECK(tool({}, file).out == refused + "599 taken, 0 known already, 1 refused\n");
  CHECK(client->get("/v1/orders/outlet/t-599").status == 200);
  file.replace(file.find(",-1,"), 4, ",1,");
  const auto again = tool({}, file);
  CHECK(again.exit == 0);
  CHECK(again.out == "1 taken, 599 known already, 0 refused\n");

  const auto unreadable = tool({}, "Order No,Item SKU\n");
  CHECK(unreadable.exit == 1);
  CHECK(unreadable.out.find("1            Order No") != std::string::npos);
  CHECK(unreadable.out.ends_with("the file cannot be read; nothing was stored\n"));
  CHECK(tool({"--format", "json"}, file).out.starts_with(R"({"orders":[{"shop":"outlet",)"));
  CHECK(tool({"--timezone", "Nowhere"}, file).exit == 2);
  CHECK(daemon.end(SIGTERM) == 0);
}

TEST_CASE("a supplier exports its lines, fills in tracking, and sends them back") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules",
                     "supplier acme { name \"A\" }\n"
                     "supplier bravo { name \"B\" }\n"
                     "rule a { when line.sku = \"A-1\" then assign to acme }\n"
                     "rule b { otherwise then assign to bravo }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  const auto order = [](const std::string& id, const std::string& lines) {
    return R"({"shop":"outlet","id":")" + id + R"(","name":"#)" + id +
           R"(","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"1.00",)"
           R"("payment":"paid","lines":[)" +
           lines + "]}";
  };
  const auto line = [](const std::string& id, const std::string& sku, const std::string& quantity) {
    return R"({"id":")" + id + R"(","sku":")" + sku + R"(","quantity":)" + quantity +
           R"(,"price":"1.00"})";
  };
  const auto token_of = [&](const std::string& account) {
    const auto made = client->post("/v1/tokens", R"({"account":")" + account + "\"}");
    REQUIRE_MESSAGE(made.status == 201, made.body);
    return std::string(made.json().at("token").as_string());
  };
  const auto token = token_of("supplier:acme");
  Client acme(daemon.port(), token);
  const std::string guess =
      "Order Number,SKU,Quantity,Tracking Number\n"
      "#2002,B-1,1,T-1\n2002,A-1,1,T-2\n";
  const auto missing = acme.post("/v1/tracking.csv?shop=outlet", guess);
  CHECK(missing.status == 200);
  REQUIRE(
      client
          ->post("/v1/orders", order("2001", line("1", "A-1", "2") + ',' + line("2", "A-1", "3") +
                                                 ',' + line("3", "B-1", "1")))
          .status == 201);
  REQUIRE(client->post("/v1/orders", order("2002", line("1", "B-1", "1"))).status == 201);
  CHECK(acme.post("/v1/tracking.csv?shop=outlet", guess).body == missing.body);

  // The default columns, two more, and tracking behind one row; the other stays empty.
  auto file = acme.get("/v1/orders.csv").body;
  CHECK(std::count(file.begin(), file.end(), '\n') == 3);
  file.replace(file.find("\r\n"), 2, ",Tracking Number,Carrier\r\n");
  const auto second = file.find("\r\n", file.find("\r\n") + 2);
  file.replace(second, 2, ",T-9,DHL\r\n");
  const auto tool = [&](std::vector<std::string> arguments, const std::string& input) {
    const std::vector<std::string> more = {"--server",
                                           "http://127.0.0.1:" + std::to_string(daemon.port()),
                                           "--token-file", (daemon.folder() / "acme").string()};
    arguments.insert(arguments.begin(), "import");
    arguments.insert(arguments.end(), more.begin(), more.end());
    return consign_tool(std::move(arguments), input);
  };
  std::ofstream(daemon.folder() / "acme") << token;
  CHECK(tool({"tracking", "-", "--dry-run"}, file).out ==
        "1 would be shipped, 0 known already, 0 refused, 1 not filled in; nothing was stored\n");
  CHECK(tool({"tracking", "-"}, file).out ==
        "1 shipped, 0 known already, 0 refused, 1 not filled in\n");
  const std::string columns =
      "/v1/orders.csv?columns=order_number,line_id,item_quantity,part_state,carrier,"
      "tracking_number";
  CHECK(acme.get(columns + "&part_state=shipped").body ==
        "Order - Number,Item - Line,Item - Qty,Item - State,Shipment - Carrier,"
        "Shipment - Tracking Number\r\n#2001,1,2,shipped,DHL,T-9\r\n");
  CHECK(tool({"tracking", "-"}, file).out ==
        "0 shipped, 1 known already, 0 refused, 1 not filled in\n");
  CHECK(client->get("/v1/orders.csv?columns=order_id&part_state=shipped").body ==
        "Order - Id\r\n2001\r\n");
  CHECK(acme.get("/v1/orders.csv?part_state=gone").status == 400);

  const auto refused = tool({"tracking", "-", "--shop", "outlet"},
                            "Order Number,SKU,Quantity,Tracking Number\n"
                            "#2002,B-1,1,T-1\n2001,A-1,9,T-2\n");
  CHECK(refused.exit == 1);
  CHECK(refused.out ==
        "line  order  column    what is wrong\n"
        "2     #2002            There is no such thing\n"
        "3     2001   Quantity  there are 6 fewer that can be shipped\n\n"
        "0 shipped, 0 known already, 2 refused\n");

  const std::string stock = "SKU,Available\nA-1,5\nA-9,x\n";
  CHECK(tool({"stock", "-", "--supplier", "acme", "--dry-run"}, stock)
            .out.ends_with("1 would be changed, 0 known already, 1 refused; nothing was stored\n"));
  CHECK(tool({"stock", "-", "--supplier", "acme"}, stock).out ==
        "line  sku  column     what is wrong\n"
        "3     A-9  Available  `x` is no number\n\n"
        "1 changed, 0 known already, 1 refused\n");
  CHECK(acme.get("/v1/suppliers/acme/stock/A-1").json().at("available") == 5);
  CHECK(tool({"stock", "-", "--supplier", "bravo"}, stock).exit == 2);
  CHECK(tool({"stock", "-"}, stock).exit == 2);
  CHECK(daemon.end(SIGTERM) == 0);
}
