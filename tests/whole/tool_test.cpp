// The tool beside the daemon: the same answers, and the daemon's reasons told for people.
#include <doctest/doctest.h>
#include <signal.h>

#include <sstream>

#include "cli/app.hpp"
#include "consign/time.hpp"
#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;

namespace {

constexpr const char* kRules = R"(
supplier acme
timezone "Europe/Stockholm"
rule acme-tagged {
  when product.tag = "acme" and customer.orders_count = 1
  then assign to acme, grant orders:view+fulfill
}
rule by-shop {
  when order.channel = "own" and shop.staff_count = 0 and order.placed_at > 2026-01-01
  then tag "small shop"
}
)";

constexpr const char* kOrder =
    R"({"shop":"outlet","id":"1001","revision":"r1","currency":"EUR",)"
    R"("total":"39.80","payment":"paid","customer":{"id":"c-1","orders_count":1},)"
    R"("lines":[{"id":"1","product":"p-77","sku":"ACM-1","quantity":2,"price":"19.90"}]})";

struct Ran {
  int exit;
  std::string out, err;
};

Ran consign_tool(std::vector<std::string> arguments) {
  std::istringstream in;
  std::ostringstream out, err;
  consign::cli::Session session{.in = in, .out = out, .err = err, .environment = {}, .clock = [] {
                                  return consign::Timestamp{};
                                }};
  const int exit = consign::cli::run(std::move(arguments), session);
  return {exit, out.str(), err.str()};
}

}  // namespace

TEST_CASE("consign decide gives the daemon's bytes, and consign explain tells them") {
  DaemonProcess daemon;
  daemon.write_rules("10-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  const std::string product = R"("skus":["ACM-1"],"tags":["acme"])";
  REQUIRE(client->put("/v1/shops/outlet/products/p-77", '{' + product + '}').status < 300);
  const auto answer = client->post("/v1/orders", kOrder);
  REQUIRE_MESSAGE(answer.status == 201, answer.body);
  CHECK(answer.json().at("tags").at(0) == "small shop");

  write_file(daemon.folder() / "order.json", kOrder);
  write_file(daemon.folder() / "facts.json",
             R"({"products":[{"shop":"outlet","id":"p-77",)" + product + "}]}");
  const Ran offline = consign_tool(
      {"decide", "--rules", daemon.rules(), "--facts", daemon.folder() / "facts.json", "--now",
       std::string(answer.json().at("at").as_string()), daemon.folder() / "order.json"});
  CHECK(offline.exit == 0);
  CHECK(offline.out == answer.body + "\n");

  const Ran told = consign_tool({"explain", "outlet", "1001", "--server",
                                 "http://127.0.0.1:" + std::to_string(daemon.port()),
                                 "--token-file", daemon.data() / "admin.token"});
  CHECK_MESSAGE(told.exit == 0, told.err);
  CHECK(told.out.find("2 pieces assigned to acme, by acme-tagged (10-acme.rules:4)") !=
        std::string::npos);
  CHECK(daemon.end(SIGTERM) == 0);
}
