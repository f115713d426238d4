// Logins of suppliers by the rules that ship (rules/supplier-logins.rules), over HTTP, with a clock
// that is turned by hand. Random worlds of such logins are in suppliers_test.cpp.
#include <doctest/doctest.h>
#include <signal.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;
namespace json = boost::json;

namespace {

constexpr std::int64_t kDay = 24 * 3600;

std::string text(const json::value& value) { return std::string(value.as_string()); }

/// A daemon with the rules that ship, and others that say what is whose: odd SKUs are Acme's, even
/// ones Bravo's.
struct World {
  DaemonProcess daemon{"", DaemonProcess::Time::by_hand};
  std::unique_ptr<Client> admin;

  World() {
    daemon.write_rules("supplier-logins.rules",
                       read_file(std::string(CONSIGN_SOURCE_DIR) + "/rules/supplier-logins.rules"));
    write_rules("supplier acme { name \"A\" }", "");
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    admin = daemon.client();
  }

  void write_rules(const std::string& acme, const std::string& more) const {
    daemon.write_rules("10.rules", acme + R"(
supplier bravo { name "B" }
rule odd on line { when line.sku in { "SKU-1", "SKU-3" } then assign to acme, grant orders:view+fulfill }
rule even on line { when line.sku = "SKU-2" then assign to bravo, grant orders:view+fulfill }
)" + more);
  }

  void reload(const std::string& acme, const std::string& more) {
    write_rules(acme, more);
    REQUIRE(admin->post("/v1/rules:reload", "").status == 200);
  }

  void put_order(const std::string& shop, const std::string& id) {
    json::array lines;
    for (const std::string n : {"1", "2", "3"}) {
      lines.push_back(
          json::object{{"id", n}, {"sku", "SKU-" + n}, {"quantity", 2}, {"price", "1.00"}});
    }
    const auto answer =
        admin->post("/v1/orders", json::serialize(json::object{{"shop", shop},
                                                               {"id", id},
                                                               {"currency", "EUR"},
                                                               {"total", "6.00"},
                                                               {"payment", "paid"},
                                                               {"lines", std::move(lines)}}));
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
  }

  std::unique_ptr<Client> client_of(const std::string& account) {
    const auto answer = admin->post("/v1/tokens", R"({"account":")" + account + "\"}");
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    return std::make_unique<Client>(daemon.port(), text(answer.json().at("token")));
  }

  /// What the supplier files for one of its people.
  static json::object asked(const std::string& account, const std::string& role,
                            const json::array& shops, const std::string& supplier = "acme") {
    return {{"kind", "sub_account"},
            {"account", account},
            {"supplier", supplier},
            {"role", role},
            {"shops", shops}};
  }

  std::unique_ptr<Client> login(Client& supplier, const std::string& account,
                                const std::string& role, const json::array& shops) {
    const auto answer = supplier.post("/v1/requests", json::serialize(asked(account, role, shops)));
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    REQUIRE_MESSAGE(answer.json().at("state") == "accepted", answer.body);
    return client_of(account);
  }

  bool may(const std::string& account, const std::string& action, const json::object& on) {
    json::object resource{{"kind", "order"}};
    for (const auto& [name, value] : on) resource[name] = value;
    const auto answer = admin->post(
        "/v1/check", json::serialize(json::object{
                         {"account", account}, {"action", action}, {"resource", resource}}));
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return answer.json().at("allowed").as_bool();
  }
};

std::set<std::string> listed(Client& client) {
  std::set<std::string> paths;
  const auto page = client.get("/v1/orders").json();
  for (const auto& item : page.at("items").as_array()) {
    paths.insert(text(item.at("shop")) + "/" + text(item.at("id")));
  }
  return paths;
}

// "orders:view nordic,outlet", as the menu has it.
std::set<std::string> menu_of(Client& client, const std::string& account) {
  std::set<std::string> told;
  const auto menu = client.get("/v1/accounts/" + account + "/menu").json();
  for (const auto& area : menu.at("items").as_array()) {
    for (const auto& entry : area.at("entries").as_array()) {
      std::string line = text(entry.at("permission"));
      for (const auto& shop : entry.at("shops").as_array()) line += " " + text(shop);
      if (entry.as_object().contains("assigned_only")) line += " assigned";
      told.insert(line);
    }
  }
  return told;
}

}  // namespace

TEST_CASE("supplier logins have a role (modules x actions) plus shops") {
  World world;
  world.put_order("nordic", "1");
  world.put_order("outlet", "2");
  const auto acme = world.client_of("supplier:acme");
  const auto lena = world.login(*acme, "sub:lena", "dianxiaomi-packer", {"nordic"});
  CHECK(menu_of(*lena, "sub:lena") ==
        std::set<std::string>{"orders:view nordic assigned", "orders:fulfill nordic assigned",
                              "orders_to_process:view nordic assigned",
                              "orders_to_process:edit nordic assigned"});
  CHECK(listed(*lena) == std::set<std::string>{"nordic/1"});
  CHECK(lena->get("/v1/orders/outlet/2").status == 404);
  CHECK(lena->post("/v1/orders/nordic/1/accept", "{}").status == 200);

  // Another action of the module is another right: who may only look ships nothing.
  const auto tom = world.login(*acme, "sub:tom", "dianxiaomi-onlooker", {"nordic", "outlet"});
  CHECK(listed(*tom) == std::set<std::string>{"nordic/1", "outlet/2"});
  const std::string missing = tom->get("/v1/orders/nordic/missing").body;
  for (const auto* verb : {"accept", "reject", "ship", "deliver"}) {
    CHECK(tom->post(std::string("/v1/orders/outlet/2/") + verb, "{}").body == missing);
  }
  const std::string csv = "Order Number,SKU,Quantity,Tracking Number\r\n2,SKU-1,1,JD01\r\n";
  const auto refused = tom->post("/v1/tracking.csv?shop=outlet", csv);
  CHECK_MESSAGE(refused.body.find("\"shipped\":0") != std::string::npos, refused.body);

  // Roles are changed shop by shop.
  REQUIRE(
      world.admin->put("/v1/accounts/sub:tom/shops/outlet", R"({"role":"shipstation-shipping"})")
          .status == 201);
  CHECK(tom->post("/v1/orders/nordic/1/ship", "{}").body == missing);
  const auto shipped = tom->post("/v1/tracking.csv?shop=outlet", csv);
  CHECK_MESSAGE(shipped.body.find("\"shipped\":1") != std::string::npos, shipped.body);
  REQUIRE(world.admin->send("DELETE", "/v1/accounts/sub:tom/shops/outlet").status == 204);
  CHECK(listed(*tom) == std::set<std::string>{"nordic/1"});

  // A role that is not a supplier's to give is not given, nor single permissions.
  auto wanted = World::asked("sub:mo", "manager", {"nordic"});
  CHECK(acme->post("/v1/requests", json::serialize(wanted)).status == 422);
  wanted.erase("role");
  wanted["permissions"] = json::array{"orders:refund"};
  CHECK(acme->post("/v1/requests", json::serialize(wanted)).json().at("state") == "denied");
  CHECK(world.daemon.end(SIGTERM) == 0);
}

TEST_CASE(
    "the stock is another module: who has it reports the supplier's stock and sees no orders") {
  World world;
  world.put_order("nordic", "1");
  const auto acme = world.client_of("supplier:acme");
  const auto keeper = world.login(*acme, "sub:kim", "dianxiaomi-stock-keeper", {"outlet"});
  const auto looker = world.login(*acme, "sub:lou", "shipstation-inventory-data", {"outlet"});
  const auto packer = world.login(*acme, "sub:pat", "dianxiaomi-packer", {"outlet"});
  const std::string sku = "/v1/suppliers/acme/stock/SKU-1";
  CHECK(keeper->put(sku, R"({"available":7})").status == 200);
  CHECK(keeper->post("/v1/suppliers/acme/stock.csv", "SKU,Available\r\nSKU-1,8\r\n").status == 200);
  CHECK(looker->get(sku).json().at("available") == 8);
  CHECK(looker->put(sku, R"({"available":9})").status == 404);
  CHECK(packer->get(sku).status == 404);
  CHECK(packer->get("/v1/suppliers/acme/stock").status == 404);
  CHECK(keeper->get("/v1/suppliers/bravo/stock").status == 404);
  CHECK(keeper->put("/v1/suppliers/bravo/stock/SKU-2", R"({"available":0})").status == 404);
  CHECK(listed(*keeper).empty());
  CHECK(keeper->get("/v1/orders/nordic/1").status == 404);
  CHECK(world.daemon.end(SIGTERM) == 0);
}

TEST_CASE("supplier logins are restricted to assigned lines") {
  World world;
  world.put_order("nordic", "1");
  const auto acme = world.client_of("supplier:acme");
  const auto lena = world.login(*acme, "sub:lena", "dianxiaomi-packer", {"nordic"});
  const auto order = lena->get("/v1/orders/nordic/1");
  CHECK(order.body == acme->get("/v1/orders/nordic/1").body);
  std::set<std::string> lines;
  const auto seen = order.json();
  for (const auto& line : seen.at("lines").as_array()) lines.insert(text(line.at("id")));
  CHECK(lines == std::set<std::string>{"1", "3"});
  CHECK(lena->get("/v1/orders/nordic/1/history").body ==
        acme->get("/v1/orders/nordic/1/history").body);
  CHECK(lena->get("/v1/orders.csv").body == acme->get("/v1/orders.csv").body);
  CHECK(lena->get("/v1/orders.csv").body.find("SKU-2") == std::string::npos);

  // Checks say the same: on a line that is the supplier's, not on another, not on the whole order.
  CHECK(world.may("sub:lena", "orders:view", {{"shop", "nordic"}, {"id", "1"}, {"line", "3"}}));
  CHECK_FALSE(
      world.may("sub:lena", "orders:view", {{"shop", "nordic"}, {"id", "1"}, {"line", "2"}}));
  CHECK_FALSE(world.may("sub:lena", "orders:view", {{"shop", "nordic"}, {"id", "1"}}));
  // A person's grant on all of the shop makes nobody's login more than a login.
  REQUIRE(world.admin
              ->post("/v1/grants", R"({"account":"sub:lena","permissions":["orders:view"],)"
                                   R"("on":{"shop":"nordic"},"reason":"by mistake"})")
              .status == 201);
  CHECK(lena->get("/v1/orders/nordic/1").body == order.body);
  CHECK_FALSE(world.may("sub:lena", "orders:view", {{"shop", "nordic"}, {"id", "1"}}));

  // What is Bravo's is not there, by any way.
  CHECK(lena->post("/v1/orders/nordic/1/ship", R"({"line":"2"})").status == 422);
  REQUIRE(lena->post("/v1/orders/nordic/1/ship", "{}").status == 200);
  const auto whole = world.admin->get("/v1/orders/nordic/1").json();
  CHECK(whole.at("lines").at(0).at("parts").at(0).at("state") == "shipped");
  CHECK(whole.at("lines").at(1).at("parts").at(0).at("state") == "assigned");
  CHECK(whole.at("lines").at(2).at("parts").at(0).at("state") == "shipped");

  // What moves to another supplier has left the login with it.
  world.put_order("nordic", "2");
  REQUIRE(world.admin->post("/v1/orders/nordic/2/assign", R"({"supplier":"bravo"})").status == 200);
  CHECK(listed(*lena) == std::set<std::string>{"nordic/1"});
  CHECK(lena->get("/v1/orders/nordic/2").status == 404);
  CHECK(world.daemon.end(SIGTERM) == 0);
}

TEST_CASE("a vendor invitation lapses after 30 days") {
  World world;
  const auto invited = world.admin->post(
      "/v1/requests",
      json::serialize(json::object{
          {"kind", "supplier"}, {"supplier", "acme"}, {"shops", json::array{"nordic"}}}));
  REQUIRE_MESSAGE(invited.status == 201, invited.body);
  CHECK(invited.json().at("state") == "invited");
  CHECK(invited.json().at("account") == "supplier:acme");
  const std::string id = text(invited.json().at("id"));
  const auto use = [&](const json::value& from) {
    return world.admin->post(
        "/v1/invitations:activate",
        json::serialize(json::object{{"secret", from.at("invitation").at("secret")}}));
  };
  world.daemon.pass(30 * kDay + 1);
  CHECK(use(invited.json()).status == 409);
  CHECK(eventually(
      [&] { return world.admin->get("/v1/requests/" + id).json().at("state") == "lapsed"; }));

  // It can be sent again, and is good for 30 days again; the old link stays what it is.
  const auto again = world.admin->post("/v1/requests/" + id + "/invite", "{}");
  REQUIRE_MESSAGE(again.status == 200, again.body);
  CHECK(use(invited.json()).status >= 400);
  world.daemon.pass(30 * kDay - 60);
  const auto used = use(again.json());
  REQUIRE_MESSAGE(used.status == 200, used.body);
  Client acme(world.daemon.port(), text(used.json().at("token")));
  world.put_order("nordic", "1");
  CHECK(listed(acme) == std::set<std::string>{"nordic/1"});
  CHECK(use(again.json()).status >= 400);

  // A vendor that asks by itself waits for a person.
  const auto bravo = world.client_of("supplier:bravo");
  const auto asked =
      bravo->post("/v1/requests", json::serialize(json::object{{"kind", "supplier"},
                                                               {"supplier", "bravo"},
                                                               {"role", "shipstation-shipping"},
                                                               {"shops", json::array{"nordic"}}}));
  CHECK_MESSAGE(asked.json().at("state") == "review", asked.body);
  CHECK(world.daemon.end(SIGTERM) == 0);
}

TEST_CASE("each of a supplier's people has an operation log") {
  World world;
  world.put_order("nordic", "1");
  const auto acme = world.client_of("supplier:acme");
  const auto lena = world.login(*acme, "sub:lena", "dianxiaomi-packer", {"nordic"});
  const auto tom = world.login(*acme, "sub:tom", "dianxiaomi-packer", {"nordic"});
  REQUIRE(lena->post("/v1/orders/nordic/1/accept", R"({"line":"1"})").status == 200);
  REQUIRE(tom->post("/v1/orders/nordic/1/ship", R"({"line":"3"})").status == 200);
  const auto done_by = [](Client& client, const std::string& who) {
    std::vector<std::string> done;
    const auto log = client.get("/v1/activity?by=" + who).json();
    for (const auto& item : log.at("items").as_array()) {
      CHECK(text(item.at("by")) == who);
      done.push_back(text(item.at("what")) + " " + text(item.at("about")));
    }
    return done;
  };
  CHECK(done_by(*world.admin, "sub:lena") == std::vector<std::string>{"accepted order nordic/1"});
  CHECK(done_by(*world.admin, "sub:tom") == std::vector<std::string>{"shipped order nordic/1"});
  // Everybody has their own, and nobody else's.
  CHECK(done_by(*lena, "sub:lena") == std::vector<std::string>{"accepted order nordic/1"});
  CHECK(done_by(*lena, "sub:tom").empty());
  std::vector<std::string> history;
  const auto told = acme->get("/v1/orders/nordic/1/history").json();
  for (const auto& item : told.at("items").as_array()) {
    history.push_back(text(item.at("by")) + " " + text(item.at("what")) + " " +
                      text(item.at("line")));
  }
  CHECK(history == std::vector<std::string>{"sub:lena accepted 1", "sub:tom shipped 3"});
  CHECK(world.daemon.end(SIGTERM) == 0);
}

TEST_CASE("a login has nothing while it or its supplier may not act, or a rule forbids it") {
  World world;
  world.put_order("nordic", "1");
  world.put_order("outlet", "2");
  const auto acme = world.client_of("supplier:acme");
  const auto lena = world.login(*acme, "sub:lena", "dianxiaomi-packer", {"nordic", "outlet"});
  const std::string missing = lena->get("/v1/orders/nordic/missing").body;
  const auto sees_nothing = [&] {
    CHECK(listed(*lena).empty());
    CHECK(lena->get("/v1/orders/nordic/1").body == missing);
    CHECK(lena->get("/v1/orders/nordic/1/history").body == missing);
    CHECK(lena->post("/v1/orders/nordic/1/ship", "{}").body == missing);
    CHECK_FALSE(
        world.may("sub:lena", "orders:view", {{"shop", "nordic"}, {"id", "1"}, {"line", "1"}}));
    CHECK(menu_of(*world.admin, "sub:lena").empty());
  };
  const auto sees_all = [&] {
    CHECK(listed(*lena) == std::set<std::string>{"nordic/1", "outlet/2"});
    CHECK(lena->get("/v1/orders/nordic/1").status == 200);
  };
  sees_all();
  const std::string declared = "supplier acme { name \"A\" }";
  world.reload("supplier acme { suspended }", "");
  sees_nothing();
  world.reload(declared, "");
  sees_all();
  REQUIRE(world.admin->put("/v1/accounts/supplier:acme", R"({"suspended":true})").status == 201);
  sees_nothing();
  REQUIRE(world.admin->put("/v1/accounts/supplier:acme", "{}").status == 200);
  sees_all();

  // A rule forbids acting in one shop, and an order by itself.
  world.reload(
      declared,
      "rule not-in-nordic on check {\n  when check.action = orders:fulfill and "
      "check.resource.shop = \"nordic\" and account.kind = \"sub\"\n  then forbid \"no\" }\n"
      "rule not-this-one on check {\n  when check.resource.id = \"2\" and account.kind = "
      "\"sub\"\n  then forbid \"no\" }\n");
  CHECK(lena->get("/v1/orders/nordic/1").status == 200);
  CHECK(lena->post("/v1/orders/nordic/1/accept", "{}").body == missing);
  CHECK(lena->get("/v1/orders/outlet/2").body == missing);
  const auto csv = lena->post("/v1/tracking.csv?shop=outlet",
                              "Order Number,SKU,Quantity,Tracking Number\r\n2,SKU-1,1,JD01\r\n");
  CHECK_MESSAGE(csv.body.find("\"shipped\":0") != std::string::npos, csv.body);
  world.reload(declared, "");
  sees_all();

  REQUIRE(
      world.admin->put("/v1/accounts/sub:lena", R"({"supplier":"acme","suspended":true})").status ==
      200);
  CHECK(lena->get("/v1/orders").status == 401);
  REQUIRE(world.admin->put("/v1/accounts/sub:lena", R"({"supplier":"acme"})").status == 200);
  sees_all();
  REQUIRE(world.admin->send("DELETE", "/v1/accounts/supplier:acme").status == 204);
  sees_nothing();
  REQUIRE(world.admin->send("DELETE", "/v1/accounts/sub:lena").status == 204);
  CHECK(lena->get("/v1/orders").status == 401);
  CHECK(world.daemon.end(SIGTERM) == 0);
}

TEST_CASE("a supplier gives logins to its own people, and binds nobody else's account") {
  World world;
  const auto acme = world.client_of("supplier:acme");
  const auto bravo = world.client_of("supplier:bravo");
  const auto lena = world.login(*acme, "sub:lena", "dianxiaomi-packer", {"nordic"});
  const auto file = [](Client& by, const json::object& request) {
    return by.post("/v1/requests", json::serialize(request));
  };
  // For Bravo, for nobody's supplier, and for another supplier's account.
  CHECK(file(*acme, World::asked("sub:tom", "dianxiaomi-packer", {"nordic"}, "bravo")).status ==
        422);
  auto unbound = World::asked("sub:tom", "dianxiaomi-packer", {"nordic"});
  unbound.erase("supplier");
  CHECK(file(*acme, unbound).status == 422);
  CHECK(file(*acme, {{"kind", "supplier"}, {"supplier", "bravo"}, {"shops", json::array{"nordic"}}})
            .status == 422);
  // An account that works for Acme does not become Bravo's, nor a sub-account of the shop's own.
  const auto taken =
      file(*bravo, World::asked("sub:lena", "dianxiaomi-packer", {"outlet"}, "bravo")).json();
  CHECK(taken.at("state") == "denied");
  REQUIRE(world.admin->put("/v1/accounts/sub:mei", R"({"shops":["nordic"]})").status == 201);
  CHECK(file(*bravo, World::asked("sub:mei", "dianxiaomi-packer", {"nordic"}, "bravo"))
            .json()
            .at("state") == "denied");
  CHECK_FALSE(world.admin->get("/v1/accounts/sub:mei").json().as_object().contains("supplier"));
  // A login gives no logins.
  CHECK(file(*lena, World::asked("sub:tom", "dianxiaomi-packer", {"nordic"})).json().at("state") ==
        "denied");
  CHECK(world.daemon.end(SIGTERM) == 0);
}
