#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "tests/whole/daemon_process.hpp"
#include "tests/whole/receiver.hpp"

using namespace consign::testing;
namespace json = boost::json;

namespace {

std::string text(const json::value& value) { return std::string(value.as_string()); }

std::string order(const std::string& shop, const std::string& id, int lines, int quantity = 2) {
  json::array all;
  for (int i = 1; i <= lines; ++i) {
    all.push_back(json::object{{"id", std::to_string(i)},
                               {"sku", "SKU-" + std::to_string(i)},
                               {"quantity", quantity},
                               {"price", "1.00"}});
  }
  return json::serialize(json::object{{"shop", shop},
                                      {"id", id},
                                      {"currency", "EUR"},
                                      {"total", "1.00"},
                                      {"payment", "paid"},
                                      {"lines", std::move(all)}});
}

// A client with a token of the account.
std::unique_ptr<Client> client_of(const DaemonProcess& daemon, Client& administrator,
                                  const std::string& account) {
  if (!account.starts_with("supplier:")) {
    REQUIRE(administrator.put("/v1/accounts/" + account, R"({"name":"somebody"})").status == 201);
  }
  const auto answer = administrator.post(
      "/v1/tokens", json::serialize(json::object{{"account", account}, {"label", "test"}}));
  REQUIRE_MESSAGE(answer.status == 201, answer.body);
  return std::make_unique<Client>(daemon.port(), text(answer.json().at("token")));
}

json::value first_part(Client& client, const std::string& id, std::size_t line = 0) {
  const auto answer = client.get("/v1/orders/outlet/" + id);
  REQUIRE_MESSAGE(answer.status == 200, answer.body);
  return answer.json().at("lines").at(line).at("parts").at(0);
}

}  // namespace

TEST_CASE(
    "what a supplier rejects goes to the next in line, and is held when all have rejected it") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", R"(
supplier acme { name "A" }
supplier bravo { name "B" }
supplier cargo { name "C" }
rule all on line {
  when line.quantity > 0
  then assign to first available of { acme, bravo, cargo }, grant orders:view+fulfill
}
)");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  REQUIRE(admin->post("/v1/orders", order("outlet", "1", 1)).status == 201);
  const std::vector<std::pair<std::string, std::string>> suppliers{
      {"acme", "out of blue ones"}, {"bravo", "too far"}, {"cargo", "closed"}};
  for (const auto& [supplier, reason] : suppliers) {
    const auto client = client_of(daemon, *admin, "supplier:" + supplier);
    CHECK(text(first_part(*admin, "1").at("supplier")) == supplier);
    const auto answer = client->post("/v1/orders/outlet/1/reject",
                                     json::serialize(json::object{{"reason", reason}}));
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    // It is gone for the one who rejected it, and access with it.
    CHECK(client->get("/v1/orders/outlet/1").status == 404);
    CHECK(client->post("/v1/orders/outlet/1/reject", "{}").status == 404);
    const auto check = client->post(
        "/v1/check",
        json::serialize(json::object{
            {"account", "supplier:" + supplier},
            {"action", "orders:view"},
            {"resource", {{"kind", "order"}, {"shop", "outlet"}, {"id", "1"}, {"line", "1"}}}}));
    CHECK(check.json().at("allowed") == false);
  }
  const auto part = first_part(*admin, "1");
  CHECK(part.at("outcome") == "held");
  CHECK(part.at("reason") ==
        "acme: rejected it: out of blue ones; bravo: rejected it: too far; cargo: rejected it: "
        "closed");

  // Reprocessing asks nobody again; overruling does.
  REQUIRE(admin->post("/v1/orders/outlet/1/reprocess", "{}").status == 200);
  CHECK(first_part(*admin, "1").at("outcome") == "held");
  REQUIRE(admin->post("/v1/orders/outlet/1/reprocess", R"({"overrule":true})").status == 200);
  CHECK(first_part(*admin, "1").at("supplier") == "acme");
}

TEST_CASE("a part is accepted, shipped in two parcels and delivered, and its history says so") {
  DaemonProcess daemon("", DaemonProcess::Time::by_hand);
  daemon.write_rules("10.rules", R"(
supplier acme { stock tracked }
rule all on line { when line.quantity > 0 then assign to acme, grant orders:view+fulfill }
)");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  const auto acme = client_of(daemon, *admin, "supplier:acme");
  REQUIRE(acme->put("/v1/suppliers/acme/stock/SKU-1", R"({"available":10})").status == 200);
  REQUIRE(admin->post("/v1/orders", order("outlet", "1", 1, 5)).status == 201);
  REQUIRE(acme->post("/v1/orders/outlet/1/accept", "{}").status == 200);
  REQUIRE(acme->post("/v1/orders/outlet/1/accept", "{}").status == 200);

  const std::string parcel =
      R"({"line":"1","quantity":2,"carrier":"DHL","tracking":["JD01"],"version":2})";
  const auto first = acme->post("/v1/orders/outlet/1/ship", parcel);
  REQUIRE_MESSAGE(first.status == 200, first.body);
  // Told twice, it is one parcel.
  CHECK(acme->post("/v1/orders/outlet/1/ship", parcel).body == first.body);
  auto parts = first.json().at("lines").at(0).at("parts").as_array();
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].at("state") == "accepted");
  CHECK(parts[0].at("quantity") == 3);
  CHECK(parts[1].at("state") == "shipped");
  CHECK(parts[1].at("quantity") == 2);
  // What has changed since is not acted upon unseen.
  const auto late = acme->post("/v1/orders/outlet/1/ship",
                               R"({"line":"1","carrier":"DHL","tracking":["JD02"],"version":2})");
  CHECK(late.status == 409);
  CHECK(late.json().at("type") == "urn:consign:problem:version-conflict");
  REQUIRE(
      acme->post("/v1/orders/outlet/1/ship", R"({"line":"1","carrier":"DHL","tracking":["JD02"]})")
          .status == 200);
  const auto stock = acme->get("/v1/suppliers/acme/stock/SKU-1").json();
  CHECK(stock.at("available") == 5);
  CHECK(stock.at("reserved") == 0);

  const auto shipments = acme->get("/v1/orders/outlet/1").json().at("shipments").as_array();
  REQUIRE(shipments.size() == 2);
  const auto delivered =
      acme->post("/v1/orders/outlet/1/deliver",
                 json::serialize(json::object{{"shipment", shipments[0].at("id")}}));
  REQUIRE_MESSAGE(delivered.status == 200, delivered.body);
  CHECK(delivered.json().at("shipments").at(0).as_object().contains("delivered_at"));
  CHECK_FALSE(delivered.json().at("shipments").at(1).as_object().contains("delivered_at"));

  // What has shipped can be neither cancelled nor moved, and a cancelled order keeps it.
  CHECK(admin->post("/v1/orders/outlet/1/cancel", "{}").status == 409);
  CHECK(admin->post("/v1/orders/outlet/1/assign", R"({"supplier":"acme"})").status == 409);
  std::vector<std::string> told;
  const auto history = admin->get("/v1/orders/outlet/1/history").json();
  for (const auto& item : history.at("items").as_array()) told.push_back(text(item.at("what")));
  CHECK(told == std::vector<std::string>{"received", "decided", "accepted", "shipped", "shipped",
                                         "delivered"});
  CHECK(daemon.end(SIGTERM) == 0);
}

TEST_CASE(
    "cancelling and editing at the channel give stock and capacity back, but for what shipped") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", R"(
timezone "Europe/Stockholm"
supplier acme { stock tracked, capacity 1 per day }
rule all on line { when line.quantity > 0 then assign to acme }
)");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  REQUIRE(admin->put("/v1/suppliers/acme/stock/SKU-1", R"({"available":10})").status == 200);
  const auto revised = [&](const std::string& id, int quantity, const std::string& revision,
                           bool cancelled) {
    auto document = json::parse(order("outlet", id, 1, quantity));
    document.as_object()["revision"] = revision;
    if (cancelled) document.as_object()["cancelled_at"] = "2026-11-21T12:00:00Z";
    const auto answer = admin->post("/v1/orders", json::serialize(document));
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    return answer.json();
  };
  const auto available = [&] {
    return admin->get("/v1/suppliers/acme/stock/SKU-1")
        .json()
        .at("available")
        .to_number<std::int64_t>();
  };
  revised("1", 4, "r1", false);
  CHECK(available() == 6);
  const auto second = revised("2", 1, "r1", false);
  CHECK(second.at("lines").at(0).at("parts").at(0).at("reason") ==
        "acme: takes 1 orders a day and has them");
  revised("1", 7, "r2", false);
  CHECK(available() == 3);
  revised("1", 2, "r3", false);
  CHECK(available() == 8);
  REQUIRE(admin->post("/v1/orders/outlet/1/ship", R"({"line":"1","quantity":1})").status == 200);
  revised("1", 2, "r4", true);
  CHECK(available() == 9);  // the other of the two has left
  const auto parts = admin->get("/v1/orders/outlet/1").json().at("lines").at(0).at("parts");
  REQUIRE(parts.as_array().size() == 2);
  CHECK(parts.at(0).at("outcome") == "not_shippable");
  CHECK(parts.at(1).at("state") == "shipped");
}

TEST_CASE("what persons set stays through reprocessing, unless it is overruled") {
  DaemonProcess daemon("", DaemonProcess::Time::by_hand);
  daemon.write_rules("10.rules", R"(
supplier acme { name "A" }
supplier bravo { name "B" }
rule all on line { when line.quantity > 0 then assign to acme }
)");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  REQUIRE(admin->post("/v1/orders", order("outlet", "1", 4, 4)).status == 201);
  const auto act = [&](const std::string& verb, const std::string& body) {
    const auto answer = admin->post("/v1/orders/outlet/1/" + verb, body);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return answer.json();
  };
  act("assign", R"({"line":"1","supplier":"bravo"})");
  act("hold", R"({"line":"2","reason":"ask the customer","until":"2026-11-30T00:00:00Z"})");
  act("cancel", R"({"line":"3","quantity":1,"reason":"broken"})");
  act("split", R"({"line":"4","part":"1","quantities":[1,3]})");
  const auto states = [&] {
    std::string all;
    const auto now = admin->get("/v1/orders/outlet/1").json();
    for (const auto& line : now.at("lines").as_array()) {
      for (const auto& part : line.at("parts").as_array()) {
        all += text(part.at("state")) + " " + json::serialize(part.at("quantity")) + " " +
               (part.as_object().contains("supplier") ? text(part.at("supplier")) : "-") + "; ";
      }
    }
    return all;
  };
  const std::string set =
      "assigned 4 bravo; held 4 acme; assigned 3 acme; cancelled 1 -; assigned 3 acme; assigned 1 "
      "acme; ";
  CHECK(states() == set);
  const auto trial = act("reprocess", R"({"overrule":true,"dry_run":true})");
  CHECK(trial.at("changes").as_array().size() == 6);
  CHECK(states() == set);
  CHECK(act("reprocess", R"({"dry_run":true})").at("changes").as_array().empty());
  CHECK(act("reprocess", "{}").at("changes").as_array().empty());
  act("merge", R"({"line":"4"})");
  CHECK(states().ends_with("assigned 4 acme; "));
  act("reprocess", R"({"overrule":true})");
  CHECK(states() == "assigned 4 acme; assigned 4 acme; assigned 4 acme; assigned 4 acme; ");

  // A person's hold ends by the clock, and the line goes where it was.
  act("hold", R"({"line":"2","reason":"until tomorrow","until":"2100-01-01T00:00:00Z"})");
  CHECK(first_part(*admin, "1", 1).at("state") == "held");
  act("release", R"({"line":"2"})");
  CHECK(first_part(*admin, "1", 1).at("state") == "assigned");
}

TEST_CASE("what persons set stays when the channel edits the line, as far as its quantity goes") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", R"(
supplier acme { stock tracked }
supplier bravo
rule all on line { when line.quantity > 0 then assign to first available of { acme, bravo } }
)");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  REQUIRE(admin->put("/v1/suppliers/acme/stock/SKU-1", R"({"available":20})").status == 200);
  const auto parts = [&](const std::string& id) {
    std::string told;
    const auto found = admin->get("/v1/orders/outlet/" + id).json();
    for (const auto& part : found.at("lines").at(0).at("parts").as_array()) {
      const auto* supplier = part.as_object().if_contains("supplier");
      told += (told.empty() ? "" : ", ") + std::to_string(part.at("quantity").as_int64()) + " " +
              text(part.at("state")) + (supplier == nullptr ? "" : " " + text(*supplier));
    }
    return told;
  };
  const auto act = [&](const std::string& id, const std::string& verb, const std::string& body) {
    const auto answer = admin->post("/v1/orders/outlet/" + id + "/" + verb, body);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
  };
  const auto edit = [&](const std::string& id, int quantity) {
    REQUIRE(admin->post("/v1/orders", order("outlet", id, 1, quantity)).status == 201);
  };
  for (const std::string id : {"held", "given", "cancelled"}) edit(id, 3);
  act("held", "hold", R"({"reason":"call first"})");
  act("given", "assign", R"({"supplier":"bravo"})");
  act("cancelled", "cancel", "{}");

  for (const std::string id : {"held", "given", "cancelled"}) edit(id, 4);
  CHECK(parts("held") == "3 held acme, 1 assigned acme");
  CHECK(parts("given") == "3 assigned bravo, 1 assigned acme");
  CHECK(parts("cancelled") == "3 cancelled, 1 assigned acme");

  for (const std::string id : {"held", "given", "cancelled"}) edit(id, 2);
  CHECK(parts("held") == "2 held acme");
  CHECK(parts("given") == "2 assigned bravo");
  CHECK(parts("cancelled") == "2 cancelled");

  // Other goods: acme's pieces are not of them, and whoever holds the line back still does.
  auto other = json::parse(order("outlet", "held", 1, 2));
  other.at("lines").at(0).at("sku") = "SKU-9";
  REQUIRE(admin->post("/v1/orders", json::serialize(other)).status == 201);
  CHECK(parts("held") == "2 held");
  act("held", "release", "{}");
  CHECK(parts("held") == "2 assigned bravo");
  const auto stock = admin->get("/v1/suppliers/acme/stock/SKU-1").json();
  CHECK(stock.at("available") == 20);
  CHECK(stock.at("reserved") == 0);
}

TEST_CASE("what is left of a part that has shipped in part stays accepted through reprocessing") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", R"(
supplier acme { stock tracked }
supplier bravo
rule all on line { when line.quantity > 0 then assign to first available of { acme, bravo } }
)");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  REQUIRE(admin->put("/v1/suppliers/acme/stock/SKU-1", R"({"available":20})").status == 200);
  REQUIRE(admin->post("/v1/orders", order("outlet", "1", 1, 4)).status == 201);
  const auto act = [&](const std::string& verb, const std::string& body) {
    const auto answer = admin->post("/v1/orders/outlet/1/" + verb, body);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return answer.json();
  };
  act("accept", "{}");
  act("ship", R"({"line":"1","quantity":2,"tracking":["JD1"]})");
  const auto parts = [&] { return admin->get("/v1/orders/outlet/1").json().at("lines"); };
  const auto before = parts();
  CHECK(act("reprocess", R"({"overrule":true})").at("changes").as_array().empty());
  CHECK(parts() == before);
  CHECK(first_part(*admin, "1").at("state") == "accepted");

  // Where it does go elsewhere, the change is told of what was left, and not of what has shipped.
  daemon.write_rules("10.rules", R"(
supplier acme { stock tracked, suspended }
supplier bravo
rule all on line { when line.quantity > 0 then assign to first available of { acme, bravo } }
)");
  REQUIRE(admin->post("/v1/rules:reload", "").status == 200);
  const auto changes =
      act("reprocess", R"({"overrule":true,"dry_run":true})").at("changes").as_array();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].at("before").at("state") == "accepted");
  CHECK(changes[0].at("after").at("supplier") == "bravo");
}

TEST_CASE("a supplier's cursor does not tell how many orders there are of others") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", R"(
supplier acme
supplier bravo
rule hers { when line.quantity > 1 then assign to acme }
rule his { otherwise then assign to bravo }
)");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  const auto acme = client_of(daemon, *admin, "supplier:acme");
  for (int id = 1; id <= 9; ++id) {
    const int quantity = id % 3 == 0 ? 2 : 1;
    REQUIRE(admin->post("/v1/orders", order("outlet", std::to_string(id), 1, quantity)).status ==
            201);
  }
  std::vector<std::string> seen;
  std::string cursor;
  for (int page = 0; page < 9; ++page) {
    const auto answer = acme->get("/v1/orders?limit=1" + cursor);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    const auto list = answer.json();
    for (const auto& item : list.at("items").as_array()) seen.push_back(text(item.at("id")));
    if (list.at("next").is_null()) break;
    CHECK(text(list.at("next")).size() == 32);
    cursor = "&cursor=" + text(list.at("next"));
  }
  CHECK(seen == std::vector<std::string>{"3", "6", "9"});
  // A place of its own making is none.
  for (const std::string made_up : {"3", "00000000000000000000000000000003", "zz"}) {
    CHECK(acme->get("/v1/orders?limit=1&cursor=" + made_up).status == 400);
  }
}

TEST_CASE("when a supplier is suspended its access ends with the next request") {
  DaemonProcess daemon;
  const std::string rest = "rule all on line { when line.quantity > 0 then assign to acme }\n";
  daemon.write_rules("10.rules", "supplier acme { name \"A\" }\n" + rest);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  const auto acme = client_of(daemon, *admin, "supplier:acme");
  REQUIRE(admin->post("/v1/orders", order("outlet", "1", 1)).status == 201);
  REQUIRE(acme->get("/v1/orders/outlet/1").status == 200);
  daemon.write_rules("10.rules", "supplier acme { suspended }\n" + rest);
  REQUIRE(admin->post("/v1/rules:reload", "").status == 200);
  const std::string missing = acme->get("/v1/orders/outlet/nowhere").body;
  CHECK(acme->get("/v1/orders/outlet/1").body == missing);
  CHECK(acme->post("/v1/orders/outlet/1/accept", "{}").body == missing);
  CHECK(acme->post("/v1/orders/outlet/1/ship", "{}").body == missing);
  CHECK(acme->get("/v1/suppliers/acme/stock").body == missing);
  CHECK(acme->get("/v1/orders").json().at("items").as_array().empty());
}

TEST_CASE("a supplier is told how much of a line is its own, and no more") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", R"(
supplier acme { name "A" }
supplier bravo { name "B" }
rule all on line { when line.quantity > 0 then assign to divide { acme 25%, bravo 75% } }
)");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  const auto acme = client_of(daemon, *admin, "supplier:acme");
  REQUIRE(admin->post("/v1/orders", order("outlet", "1", 1, 8)).status == 201);
  const auto seen = acme->get("/v1/orders/outlet/1");
  REQUIRE(seen.status == 200);
  CHECK(seen.json().at("document").at("lines").at(0).at("quantity") == 2);
}

TEST_CASE("what a supplier accepted stays through reprocessing for as long as it may act") {
  DaemonProcess daemon;
  const auto rules = [](const std::string& acme) {
    return "supplier acme { " + acme + " }\nsupplier bravo { name \"B\" }\n" +
           "rule all on line { when line.quantity > 0 then assign to first available of { acme, "
           "bravo } }\n";
  };
  daemon.write_rules("10.rules", rules("name \"A\""));
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  REQUIRE(admin->post("/v1/orders", order("outlet", "1", 1)).status == 201);
  REQUIRE(admin->post("/v1/orders/outlet/1/accept", "{}").status == 200);
  daemon.write_rules("10.rules", rules("stock tracked"));  // it would not get it today
  REQUIRE(admin->post("/v1/rules:reload", "").status == 200);
  REQUIRE(admin->post("/v1/orders/outlet/1/reprocess", "{}").status == 200);
  CHECK(first_part(*admin, "1").at("supplier") == "acme");
  CHECK(first_part(*admin, "1").at("state") == "accepted");
  daemon.write_rules("10.rules", rules("suspended"));
  REQUIRE(admin->post("/v1/rules:reload", "").status == 200);
  REQUIRE(admin->post("/v1/orders/outlet/1/reprocess", "{}").status == 200);
  CHECK(first_part(*admin, "1").at("supplier") == "bravo");
}

namespace {

/// Who asks in a random world, and what has to be true of it.
struct Asker {
  std::string supplier = {};  // that it is, or works for; empty: neither
  bool is_login = false;
  std::map<std::string, std::set<std::string>> holds = {};  // a login's permissions, by shops
  std::string forbidden = {};  // a shop where a rule on check forbids a login everything
  std::unique_ptr<Client> client = {};

  bool may(const std::string& permission, const std::string& shop) const {
    if (!is_login) return !supplier.empty();
    const auto found = holds.find(shop);
    return shop != forbidden && found != holds.end() && found->second.contains(permission);
  }
  bool may_somewhere(const std::string& permission) const {
    return may(permission, "nordic") || may(permission, "outlet");
  }
};

}  // namespace

// Random worlds, every account, every endpoint; the oracle is what the administrator sees, and ten
// lines of who may see what.
TEST_CASE("nobody sees, lists, counts, exports or changes what is not theirs") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  const std::vector<std::string> suppliers{"acme", "bravo", "cargo"};
  const std::vector<std::string> shops{"nordic", "outlet"};
  DaemonProcess daemon;
  std::set<std::string> suspended;
  std::map<std::string, Asker> askers;
  const auto write_rules = [&] {
    std::string rules;
    for (const auto& supplier : suppliers) {
      rules += "supplier " + supplier + " { " +
               (suspended.contains(supplier) ? "suspended" : "name \"S\"") + " }\n";
    }
    rules +=
        "rule three on line { when line.sku = \"SKU-3\" then hold \"look at it\" }\n"
        "rule all on line { when line.quantity > 0 then assign to first available of { acme, "
        "bravo, cargo } or next rule }\n";
    for (const auto& [name, asker] : askers) {
      if (asker.forbidden.empty()) continue;
      rules += "rule not-" + name + " on check { when account.id = \"sub:" + name +
               "\" and check.resource.shop = \"" + asker.forbidden +
               "\" then forbid \"not there\" }\n";
    }
    daemon.write_rules("10.rules", rules);
  };
  write_rules();
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  for (const auto& supplier : suppliers) {
    askers[supplier] = {.supplier = supplier,
                        .client = client_of(daemon, *admin, "supplier:" + supplier)};
  }
  askers["nobody"] = {.client = client_of(daemon, *admin, "staff:nobody")};
  for (const auto& [name, supplier] :
       std::map<std::string, std::string>{{"lena", "acme"}, {"tom", "acme"}, {"bo", "bravo"}}) {
    askers[name] = {
        .supplier = supplier, .is_login = true, .client = client_of(daemon, *admin, "sub:" + name)};
    REQUIRE(admin->put("/v1/accounts/sub:" + name, R"({"supplier":")" + supplier + "\"}").status ==
            200);
  }
  const std::vector<std::string> permissions{"orders:view", "orders:fulfill", "inventory:view",
                                             "inventory:edit"};
  // A login comes into a shop, has other rights there, leaves it, or is forbidden all of it.
  const auto change = [&](const std::string& name, Asker& asker) {
    const auto& shop = shops[below(2)];
    const std::string path = "/v1/accounts/sub:" + name + "/shops/" + shop;
    asker.forbidden = below(4) == 0 ? shops[below(2)] : "";
    if (below(4) == 0) {
      CHECK(admin->send("DELETE", path).status == (asker.holds.erase(shop) > 0 ? 204 : 404));
      return;
    }
    std::set<std::string> held;
    for (const auto& permission : permissions) {
      if (below(3) > 0) held.insert(permission);
    }
    if (held.empty()) held.insert("orders:refund");
    json::array wanted;
    for (const auto& permission : held) wanted.emplace_back(permission);
    const auto answer =
        admin->put(path, json::serialize(json::object{{"permissions", std::move(wanted)}}));
    REQUIRE_MESSAGE(answer.status < 300, answer.body);
    asker.holds[shop] = std::move(held);
  };

  std::vector<std::string> orders;
  for (int step = 0; step < 3; ++step) {
    for (int i = 0; i < 6; ++i) {
      const std::string id = std::to_string(step) + std::to_string(i);
      const auto& shop = shops[below(2)];
      REQUIRE(admin->post("/v1/orders", order(shop, id, 1 + static_cast<int>(below(4)))).status ==
              201);
      orders.push_back(shop + "/" + id);
    }
    for (int i = 0; i < 12; ++i) {
      const std::string path = "/v1/orders/" + orders[below(orders.size())];
      const std::string line = R"({"line":")" + std::to_string(1 + below(4)) + "\"";
      const auto& supplier = suppliers[below(3)];
      switch (below(5)) {
        case 0:
          admin->post(path + "/assign", line + R"(,"supplier":")" + supplier + "\"}");
          break;
        case 1:
          admin->post(path + "/cancel", line + "}");
          break;
        case 2:
          askers[supplier].client->post(path + "/reject", line + "}");
          break;
        case 3:
          askers[supplier].client->post(path + "/ship", line + R"(,"quantity":1})");
          break;
        default:
          admin->post(path + "/hold", line + "}");
      }
    }
    const auto& moody = suppliers[below(3)];
    if (suspended.erase(moody) == 0) suspended.insert(moody);
    for (auto& [name, asker] : askers) {
      if (asker.is_login) change(name, asker);
    }
    write_rules();
    REQUIRE(admin->post("/v1/rules:reload", "").status == 200);

    for (const auto& [name, asker] : askers) {
      CAPTURE(name);
      const auto& client = asker.client;
      const bool may_act = !asker.supplier.empty() && !suspended.contains(asker.supplier);
      const std::string missing = client->get("/v1/orders/nordic/missing").body;
      std::set<std::string> visible;
      for (const auto& path : orders) {
        CAPTURE(path);
        const auto whole = admin->get("/v1/orders/" + path).json();
        std::set<std::pair<std::string, std::string>> own;  // lines and parts
        for (const auto& line : whole.at("lines").as_array()) {
          for (const auto& part : line.at("parts").as_array()) {
            if (part.at("outcome") == "assigned" && text(part.at("supplier")) == asker.supplier &&
                may_act && asker.may("orders:view", path.substr(0, path.find('/')))) {
              own.emplace(text(line.at("id")), text(part.at("id")));
            }
          }
        }
        const auto seen = client->get("/v1/orders/" + path);
        const auto history = client->get("/v1/orders/" + path + "/history");
        if (own.empty()) {
          CHECK(seen.body == missing);
          CHECK(history.body == missing);
          for (const auto* verb : {"accept", "reject", "ship", "deliver"}) {
            const auto answer = client->post("/v1/orders/" + path + "/" + verb, "{}");
            CHECK(answer.status == 404);
            CHECK(answer.body == missing);
          }
          continue;
        }
        visible.insert(path);
        REQUIRE(seen.status == 200);
        if (asker.is_login) {
          // It is what its supplier sees, to the letter, and acted upon as grants say.
          auto& supplier = *askers[asker.supplier].client;
          CHECK(seen.body == supplier.get("/v1/orders/" + path).body);
          CHECK(history.body == supplier.get("/v1/orders/" + path + "/history").body);
          const auto answer = client->post("/v1/orders/" + path + "/accept", "{}");
          CHECK((answer.status != 404) ==
                asker.may("orders:fulfill", path.substr(0, path.find('/'))));
          if (answer.status == 404) CHECK(answer.body == missing);
        }
        const auto json = seen.json();
        std::set<std::pair<std::string, std::string>> told;
        std::set<std::string> lines, documents;
        for (const auto& line : json.at("lines").as_array()) {
          lines.insert(text(line.at("id")));
          for (const auto& part : line.at("parts").as_array()) {
            told.emplace(text(line.at("id")), text(part.at("id")));
          }
        }
        for (const auto& line : json.at("document").at("lines").as_array()) {
          documents.insert(text(line.at("id")));
          CHECK_FALSE(line.as_object().contains("price"));
        }
        CHECK(told == own);
        CHECK(documents == lines);
        for (const auto* secret : {"decision", "rules", "revision", "tags", "notes"}) {
          CHECK_FALSE(json.as_object().contains(secret));
        }
        if (json.as_object().contains("shipments")) {
          for (const auto& shipment : json.at("shipments").as_array()) {
            CHECK(text(shipment.at("supplier")) == asker.supplier);
          }
        }
        const auto events = history.json();
        for (const auto& item : events.at("items").as_array()) {
          CHECK(text(item.at("supplier")) == asker.supplier);
        }
      }
      std::set<std::string> listed;
      const auto list = client->get("/v1/orders?limit=500").json();
      for (const auto& item : list.at("items").as_array()) {
        listed.insert(text(item.at("shop")) + "/" + text(item.at("id")));
      }
      CHECK(listed == visible);
      const auto csv = client->get("/v1/orders.csv").body;
      std::set<std::string> exported;
      for (std::size_t at = csv.find("\r\n"); at != std::string::npos && at + 2 < csv.size();
           at = csv.find("\r\n", at + 2)) {
        exported.insert(csv.substr(at + 2, csv.find(',', at + 2) - at - 2));
      }
      std::set<std::string> ids;
      for (const auto& path : visible) ids.insert(path.substr(path.find('/') + 1));
      CHECK(exported == ids);
      for (const auto& supplier : suppliers) {
        const auto stock = client->get("/v1/suppliers/" + supplier + "/stock");
        const bool own =
            supplier == asker.supplier && may_act && asker.may_somewhere("inventory:view");
        CHECK((stock.status == 200) == own);
        if (!own) CHECK(stock.body == client->get("/v1/suppliers/nowhere/stock").body);
        const auto told =
            client->put("/v1/suppliers/" + supplier + "/stock/SKU-1", R"({"available":1000})");
        CHECK((told.status == 200) ==
              (supplier == asker.supplier && may_act && asker.may_somewhere("inventory:edit")));
      }
      for (const auto* path : {"/v1/deliveries", "/v1/accounts", "/v1/rules"}) {
        CHECK(client->get(path).status == 403);
      }
    }
  }
  CHECK(daemon.end(SIGTERM) == 0);
}
