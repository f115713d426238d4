#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <sstream>

#include "cli/app.hpp"
#include "consign/time.hpp"
#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;

namespace {

constexpr int kOrders = 1'500;

std::string order(int number) {
  return R"({"shop":"outlet","id":"o-)" + std::to_string(number) +
         R"(","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"1.00","payment":"paid",)"
         R"("note":")" +
         std::string(1'000, 'n') +
         R"(","lines":[{"id":"1","sku":"A","quantity":1,"price":"1.00"}]})";
}

}  // namespace

TEST_CASE("a long export comes in chunks, whole, and the connection serves on") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules",
                     "supplier acme { name \"A\" }\n"
                     "rule all { when line.quantity > 0 then assign to acme }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  std::string orders;
  for (int i = 0; i < kOrders; ++i) orders += order(i) + "\n";
  REQUIRE(client->post("/v1/orders:batch", orders).status == 200);

  const auto csv = client->get("/v1/orders.csv?columns=order_id,supplier,note");
  REQUIRE_MESSAGE(csv.status == 200, csv.body);
  CHECK(csv.headers.at("transfer-encoding") == "chunked");
  CHECK(csv.headers.at("content-disposition") == "attachment; filename=\"orders.csv\"");
  CHECK(std::count(csv.body.begin(), csv.body.end(), '\n') == kOrders + 1);
  CHECK(csv.body.starts_with("Order - Id,Item - Supplier,Notes - From Buyer\r\no-0,acme,nnn"));
  CHECK(csv.body.find("\r\no-" + std::to_string(kOrders - 1) + ",acme,") != std::string::npos);
  CHECK(client->get("/v1/orders/outlet/o-1").status == 200);

  // Those who know no chunks read to the end of the connection.
  const auto plain = send_raw(daemon.port(),
                              "GET /v1/orders.csv?columns=order_id HTTP/1.0\r\nHost: x\r\n"
                              "Authorization: Bearer " +
                                  daemon.token() + "\r\n\r\n");
  CHECK(plain.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(plain.find("\r\n\r\nOrder - Id\r\no-0\r\no-1\r\n") != std::string::npos);
  CHECK(plain.ends_with("\r\no-" + std::to_string(kOrders - 1) + "\r\n"));

  std::istringstream in;
  std::ostringstream out, err;
  consign::cli::Session session{.in = in, .out = out, .err = err, .environment = {}, .clock = [] {
                                  return consign::Timestamp{};
                                }};
  const auto token_file = (daemon.data() / "admin.token").string();
  const auto server = "http://127.0.0.1:" + std::to_string(daemon.port());
  CHECK(consign::cli::run({"export", "--columns", "order_id,supplier,note", "--server", server,
                           "--token-file", token_file},
                          session) == 0);
  CHECK(out.str() == csv.body);
  CHECK(consign::cli::run({"export", "--columns", "order_id", "--tag", "no such & tag", "--socket",
                           (daemon.folder() / "consign.sock").string(), "--token-file", token_file},
                          session) == 0);
  CHECK(out.str() == csv.body + "Order - Id\r\n");
  CHECK(consign::cli::run(
            {"export", "--columns", "x", "--server", server, "--token-file", token_file},
            session) == 2);
  CHECK(err.str().find("answered 400: there is no column `x`") != std::string::npos);

  CHECK(client->get("/v1/orders.csv?columns=nothing").status == 400);
  CHECK(Client(daemon.port(), "").get("/v1/orders.csv").status == 401);
  CHECK(daemon.end(SIGTERM) == 0);
}
