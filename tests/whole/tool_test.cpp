// The tool beside the daemon: the same answers, and the daemon's reasons told for people.
#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <sstream>

#include "cli/app.hpp"
#include "consign/time.hpp"
#include "tests/whole/daemon_process.hpp"
#include "tests/whole/receiver.hpp"

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

constexpr const char* kTwoSuppliers = R"(
supplier acme { stock tracked }
supplier bravo
rule goods {
  when line.quantity > 0
  then assign to first available of { acme, bravo }
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

Ran consign_tool(std::vector<std::string> arguments, const std::string& token = "") {
  std::istringstream in;
  std::ostringstream out, err;
  consign::cli::Session session{.in = in, .out = out, .err = err, .environment = {}, .clock = [] {
                                  return consign::Timestamp{};
                                }};
  if (!token.empty()) session.environment["CONSIGN_TOKEN"] = token;
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

TEST_CASE("consign deliveries lists, shows and sends again, and consign endpoints enables") {
  std::atomic<int> status = 410;
  Receiver receiver([&](const Received&) { return status.load(); });
  DaemonProcess daemon("endpoints: { warehouse: { url: \"" + receiver.url() +
                       "\", secret: " + kWebhookSecret + " } }\n");
  daemon.write_rules("10.rules",
                     "supplier acme\n"
                     "rule all on order { when order.total > 0 EUR\n"
                     "  then assign to acme, notify warehouse \"x\" }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  REQUIRE(client->post("/v1/orders", kOrder).status == 201);
  const auto tool = [&](std::vector<std::string> arguments) {
    for (const std::string& more :
         {std::string("--server"), "http://127.0.0.1:" + std::to_string(daemon.port()),
          std::string("--token-file"), (daemon.data() / "admin.token").string()}) {
      arguments.push_back(more);
    }
    return consign_tool(arguments);
  };
  const auto has = [](const Ran& ran, const std::string& text) {
    CHECK_MESSAGE(ran.out.find(text) != std::string::npos, ran.out, ran.err);
  };
  REQUIRE(eventually(
      [&] { return tool({"endpoints"}).out.find("disabled since") != std::string::npos; }));
  has(tool({"endpoints", "list"}), ": answered 410 Gone");

  const Ran listed = tool({"deliveries", "list", "--format", "json"});
  REQUIRE_MESSAGE(listed.exit == 0, listed.err);
  const auto items = boost::json::parse(listed.out);
  REQUIRE(items.as_array().size() == 1);
  const std::string id(items.at(0).at("id").as_string());
  has(tool({"deliveries"}), "outlet/1001  rule all");
  has(tool({"deliveries", "--order", "outlet/1001", "--state", "queued"}), id);
  CHECK(tool({"deliveries", "--order", "outlet/1002"}).out.find(id) == std::string::npos);
  CHECK(tool({"deliveries", "--order", "1001"}).exit == 2);
  CHECK(tool({"deliveries", "show"}).exit == 2);

  status = 200;
  has(tool({"endpoints", "enable", "warehouse"}), "enabled");
  CHECK(tool({"endpoints", "enable", "warehous"}).exit == 1);
  REQUIRE(eventually([&] {
    return tool({"deliveries", "show", id}).out.find("state: delivered") != std::string::npos;
  }));
  const Ran shown = tool({"deliveries", "show", id});
  has(shown, "1. ");
  has(shown, " answered 410 Gone (");
  has(shown, " answered 200 (");
  has(shown, "order: outlet/1001");

  const Ran again = tool({"deliveries", "resend", "msg_nothing", id});
  CHECK(again.exit == 1);
  has(again, "delivery " + id);
  CHECK(eventually([&] { return receiver.received().size() == 3; }));
}

TEST_CASE("an order is walked through its life at the prompt, by the shop and by its supplier") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", kTwoSuppliers);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const std::string url = "http://127.0.0.1:" + std::to_string(daemon.port());
  const std::string administrator = daemon.token();
  const auto as = [&](const std::string& token, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--server", url});
    return consign_tool(std::move(arguments), token);
  };
  const auto tool = [&](std::vector<std::string> arguments) {
    return as(administrator, std::move(arguments));
  };
  const auto has = [](const Ran& ran, const std::string& text) {
    CHECK_MESSAGE(ran.exit == 0, ran.err);
    CHECK_MESSAGE(ran.out.find(text) != std::string::npos, ran.out);
  };
  const auto refuses = [](const Ran& ran, int exit, const std::string& text) {
    CHECK(ran.exit == exit);
    CHECK_MESSAGE(ran.err.find(text) != std::string::npos, ran.err);
  };

  has(tool({"stock", "acme", "ACM-1", "--set", "3", "--safety", "1"}), "ACM-1  3");
  refuses(tool({"stock", "acme", "ACM-1", "--change", "-1"}), 1, "a change needs an `id`");
  has(tool({"stock", "acme", "ACM-1", "--change", "-1", "--id", "count-1"}), "ACM-1  2");
  has(tool({"stock", "acme", "ACM-1", "--change", "-1", "--id", "count-1"}), "ACM-1  2");
  refuses(tool({"stock", "acme", "--set", "3"}), 2, "of which SKU?");

  // Two are wanted, one can be promised: bravo, who never reported, has no end of it.
  REQUIRE(daemon.client()->post("/v1/orders", kOrder).status == 201);
  has(tool({"orders", "--supplier", "bravo"}), "outlet  1001   decided");
  CHECK(tool({"orders", "--supplier", "acme"}).out.find("1001") == std::string::npos);
  const Ran order = tool({"order", "outlet", "1001"});
  has(order, "bravo");
  has(order, "goods (10.rules:4)");
  has(order, "line 1 passed over acme: ");
  refuses(tool({"order", "outlet", "1002"}), 1, "answered 404");

  refuses(tool({"assign", "outlet", "1001", "--to", "acme"}), 1, "acme: 1 of ACM-1 left, 2 wanted");
  refuses(tool({"assign", "outlet", "1001", "--to", "cargo"}), 1, "no supplier `cargo`");
  refuses(tool({"assign", "outlet", "1001"}), 2, "--to");
  has(tool({"split", "outlet", "1001", "--line", "1", "--quantities", "1"}), "bravo");
  has(tool({"assign", "outlet", "1001", "--to", "acme", "--line", "1", "--part", "2", "--reason",
            "asked for it"}),
      "a person");
  has(tool({"stock", "acme"}), "ACM-1  1          1");
  refuses(tool({"hold", "outlet", "1001", "--line", "1", "--part", "2", "--version", "1"}), 1,
          "has changed since version 1");

  const Ran made = tool({"token", "create", "--account", "supplier:acme"});
  REQUIRE_MESSAGE(made.exit == 0, made.err);
  const std::string acme = made.out.substr(0, made.out.find('\n'));
  has(as(acme, {"accept", "outlet", "1001"}), "accepted");
  const std::vector<std::string> parcel{"ship",
                                        "outlet",
                                        "1001",
                                        "--carrier",
                                        "DHL",
                                        "--tracking",
                                        "JD01",
                                        "--tracking",
                                        "JD02",
                                        "--url",
                                        "https://dhl.example/JD01",
                                        "--id",
                                        "box-1"};
  has(as(acme, parcel), "from acme with DHL JD01, JD02: 1 of line 1; shipped ");
  has(as(acme, parcel), "from acme with DHL JD01, JD02: 1 of line 1; shipped ");
  refuses(as(acme, {"reject", "outlet", "1001"}), 1, "nothing of the order can be rejected");
  refuses(as(acme, {"assign", "outlet", "1001", "--to", "acme"}), 2, "answered 403");
  has(as(acme, {"deliver", "outlet", "1001"}), "delivered");
  has(as(acme, {"history", "outlet", "1001"}), "supplier:acme");

  // What a person split stays until it is overruled; what has shipped stays in any case.
  has(tool({"hold", "outlet", "1001", "--line", "1", "--part", "1", "--reason", "call first"}),
      "call first");
  has(tool({"reprocess", "outlet", "1001", "--dry-run"}), "nothing would change");
  has(tool({"reprocess", "outlet", "1001", "--overrule", "--dry-run"}),
      "1 piece held for bravo: call first, by a person");
  has(tool({"reprocess", "--all", "--shop", "outlet", "--overrule", "--dry-run"}),
      "1 part of 1 order would change; nothing was stored");
  has(tool({"order", "outlet", "1001"}), "call first");
  has(tool({"reprocess", "--all", "--shop", "nordic", "--overrule", "--dry-run"}),
      "nothing would change");
  has(tool({"reprocess", "outlet", "1001", "--overrule"}), "1 part of 1 order changed");
  has(tool({"order", "outlet", "1001"}), "delivered");
  has(tool({"reprocess", "--all", "--outcome", "assigned", "--from", "2026-01-01"}),
      "1 order will be decided anew");
  refuses(tool({"reprocess", "outlet"}), 2, "which orders?");
  refuses(tool({"reprocess", "--all", "--from", "soon"}), 1, "received_from");

  const Ran history = tool({"history", "outlet", "1001"});
  for (const auto* what :
       {"received", "split", "assigned", "accepted", "shipped", "delivered", "held", "overruled"}) {
    has(history, std::string("  ") + what + "  ");
  }
  CHECK(daemon.end(SIGTERM) == 0);
}

TEST_CASE("an account is made, changed, suspended, resumed and removed at the prompt") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", kTwoSuppliers);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const std::string url = "http://127.0.0.1:" + std::to_string(daemon.port());
  const auto tool = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--server", url});
    return consign_tool(std::move(arguments), daemon.token());
  };
  const auto has = [](const Ran& ran, const std::string& text) {
    CHECK_MESSAGE(ran.exit == 0, ran.err);
    CHECK_MESSAGE(ran.out.find(text) != std::string::npos, ran.out);
  };
  has(tool({"accounts", "set", "staff:anna", "--name", "Anna Berg", "--shop", "outlet", "--role",
            "returns", "--mfa", "yes"}),
      "staff:anna\nstate: active\nname: Anna Berg\nshops: outlet\nroles: returns\n"
      "two-factor: yes\n");
  // What is not named stays.
  has(tool({"accounts", "set", "staff:anna", "--email", "anna@example.com", "--all-shops"}),
      "name: Anna Berg\nemail: anna@example.com\nshops: all\nroles: returns\ntwo-factor: yes\n");
  has(tool({"accounts", "set", "service:feed", "--shop", "nordic"}), "two-factor: no");
  has(tool({"accounts", "list"}), "service:feed");
  has(tool({"accounts", "list", "--kind", "staff"}), "anna@example.com");
  CHECK(tool({"accounts", "list", "--kind", "staff"}).out.find("feed") == std::string::npos);

  const Ran made = tool({"token", "create", "--account", "staff:anna"});
  REQUIRE_MESSAGE(made.exit == 0, made.err);
  Client anna(daemon.port(), made.out.substr(0, made.out.find('\n')));
  CHECK(anna.get("/v1/orders").status == 200);
  has(tool({"accounts", "suspend", "staff:anna"}), "state: suspended\nname: Anna Berg\n");
  CHECK(anna.get("/v1/orders").status == 401);
  // A change is no way back in.
  has(tool({"accounts", "set", "staff:anna", "--mfa", "no"}), "state: suspended");
  has(tool({"accounts", "resume", "staff:anna"}), "state: active");
  CHECK(anna.get("/v1/orders").status == 200);
  has(tool({"accounts", "show", "staff:anna"}), " suspended by administrator\n");
  const Ran shown = tool({"accounts", "show", "staff:anna", "--format", "json"});
  REQUIRE_MESSAGE(shown.exit == 0, shown.err);
  CHECK(boost::json::parse(shown.out).at("roles").at(0) == "returns");

  has(tool({"accounts", "remove", "staff:anna"}), "removed, with its grants and tokens");
  CHECK(anna.get("/v1/orders").status == 401);
  for (const auto* what : {"show", "suspend", "remove"}) {
    CHECK(tool({"accounts", what, "staff:anna"}).exit == 1);
  }
  CHECK(tool({"accounts", "set", "anna"}).err.find("write it as `staff:anna`") !=
        std::string::npos);
  CHECK(tool({"accounts", "set", "staff:eve", "--shop", "atlantis"}).exit == 1);
  CHECK(tool({"accounts", "show"}).exit == 2);
  CHECK(daemon.end(SIGTERM) == 0);
}
