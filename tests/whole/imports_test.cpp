#include <doctest/doctest.h>
#include <signal.h>

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
