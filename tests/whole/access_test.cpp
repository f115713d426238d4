// Who may see and do what, over HTTP, with a clock that is turned by hand.
#include <doctest/doctest.h>
#include <signal.h>

#include <boost/json/serialize.hpp>
#include <sstream>

#include "cli/app.hpp"
#include "consign/time.hpp"
#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;

namespace {

constexpr std::int64_t kDay = 24 * 3600;
constexpr const char* kRules =
    "supplier acme\n"
    "never grant staff:*\n"
    "rule all { when line.quantity > 0 then assign to acme, grant orders:view+fulfill }\n";

std::string order(const std::string& shop) {
  return R"({"shop":")" + shop +
         R"(","id":"1","revision":"r1","placed_at":"2026-11-21T09:59:12Z","currency":"EUR",)"
         R"("total":"1.00","payment":"paid","lines":[{"id":"1","quantity":1,"price":"1.00"}]})";
}

// A daemon with rules, time by hand, and the administrator's connection.
struct Desk {
  Desk() {
    daemon.write_rules("10.rules", kRules);
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    admin = daemon.client();
  }

  boost::json::value post(const std::string& target, const std::string& body, int status) {
    const auto answer = admin->post(target, body);
    REQUIRE_MESSAGE(answer.status == status, answer.body);
    return answer.json();
  }
  std::string text(const boost::json::value& from, const char* member) {
    return std::string(from.at(member).as_string());
  }
  boost::json::value token_for(const std::string& account, const std::string& more = "") {
    return post("/v1/tokens", R"({"account":")" + account + '"' + more + '}', 201);
  }
  std::unique_ptr<Client> with(const boost::json::value& token) {
    return std::make_unique<Client>(daemon.port(), text(token, "token"));
  }
  std::string grant(const std::string& account, const std::string& permissions,
                    const std::string& more = "") {
    return text(post("/v1/grants",
                     R"({"account":")" + account + R"(","permissions":[")" + permissions +
                         R"("],"on":{"shop":"outlet"})" + more + '}',
                     201),
                "id");
  }
  bool may(const std::string& account, const std::string& action) {
    return post("/v1/check",
                R"({"account":")" + account + R"(","action":")" + action +
                    R"(","resource":{"kind":"shop","shop":"outlet"}})",
                200)
        .at("allowed")
        .as_bool();
  }

  DaemonProcess daemon{"", DaemonProcess::Time::by_hand};
  std::unique_ptr<Client> admin;
};

struct Ran {
  int exit;
  std::string out, err;
};

Ran consign_tool(const Desk& desk, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--socket", desk.daemon.socket()});
  std::istringstream in;
  std::ostringstream out, err;
  consign::cli::Session session{.in = in, .out = out, .err = err, .environment = {}, .clock = [] {
                                  return *consign::parse_timestamp("2026-11-21T10:00:00Z");
                                }};
  const int exit = consign::cli::run(std::move(arguments), session);
  return {exit, out.str(), err.str()};
}

}  // namespace

TEST_CASE("nothing but health answers without a token, and a token answers until it is revoked") {
  Desk desk;
  Client nobody(desk.daemon.port(), "");
  CHECK(nobody.get("/healthz").status == 200);
  for (const auto* target : {"/v1/orders", "/v1/accounts", "/v1/tokens", "/v1/grants", "/v1/rules",
                             "/v1/who-may?permission=orders:view&shop=outlet"}) {
    CAPTURE(target);
    CHECK(nobody.get(target).status == 401);
  }
  const auto token = desk.token_for("supplier:acme", R"(,"label":"warehouse")");
  const auto acme = desk.with(token);
  CHECK(acme->get("/v1/orders").status == 200);
  CHECK(acme->get("/v1/accounts").status == 403);
  CHECK(acme->post("/v1/tokens", R"({"account":"administrator"})").status == 403);
  CHECK(acme->get("/v1/tokens").json().at("items").as_array().size() == 1);
  CHECK(desk.admin->get("/v1/tokens").json().at("items").as_array().size() == 2);

  const std::string path = "/v1/tokens/" + desk.text(token, "id");
  CHECK(desk.admin->send("DELETE", path).status == 204);
  CHECK(acme->get("/v1/orders").status == 401);
  // It stays revoked over a restart, and the secret stands nowhere.
  CHECK(desk.daemon.end(SIGTERM) == 0);
  REQUIRE(desk.daemon.start());
  CHECK(desk.with(token)->get("/v1/orders").status == 401);
  const std::string secret = desk.text(token, "token");
  CHECK(read_file(desk.daemon.data() / "consign.db").find(secret) == std::string::npos);
  CHECK(desk.daemon.log().find(secret) == std::string::npos);
}

TEST_CASE("a token ends by the clock, and one of a removed or suspended account at once") {
  Desk desk;
  const auto in_thirty_days =
      consign::format_timestamp({std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::system_clock::now().time_since_epoch())
                                     .count() +
                                 30 * kDay * 1'000'000});
  REQUIRE(desk.admin->put("/v1/accounts/staff:anna", "{}").status == 201);
  const auto brief =
      desk.with(desk.token_for("staff:anna", R"(,"expires":")" + in_thirty_days + '"'));
  const auto lasting = desk.with(desk.token_for("staff:anna"));
  CHECK(brief->get("/v1/grants").status == 200);
  desk.daemon.pass(31 * kDay);
  CHECK(brief->get("/v1/grants").status == 401);
  CHECK(lasting->get("/v1/grants").status == 200);
  REQUIRE(desk.admin->put("/v1/accounts/staff:anna", R"({"suspended":true})").status == 200);
  CHECK(lasting->get("/v1/grants").status == 401);
  REQUIRE(desk.admin->put("/v1/accounts/staff:anna", "{}").status == 200);
  CHECK(lasting->get("/v1/grants").status == 200);
  REQUIRE(desk.admin->send("DELETE", "/v1/accounts/staff:anna").status == 204);
  CHECK(lasting->get("/v1/grants").status == 401);
}

TEST_CASE("a limited token of an administrator takes in orders of its shop and does nothing else") {
  Desk desk;
  const auto connector = desk.with(
      desk.token_for("administrator", R"(,"permissions":["orders:manage"],"shops":["outlet"])"));
  CHECK(connector->post("/v1/orders", order("outlet")).status == 201);
  const auto elsewhere = connector->post("/v1/orders", order("nordic"));
  CHECK(elsewhere.status == 404);
  CHECK(connector->get("/v1/orders").status == 403);
  CHECK(connector->get("/v1/orders/outlet/1").status == 403);
  CHECK(connector->get("/v1/orders.csv").status == 403);
  CHECK(connector->get("/v1/deliveries").status == 403);
  CHECK(connector->get("/v1/rules").status == 403);
  CHECK(connector->get("/v1/tokens").status == 403);
  CHECK(connector->post("/v1/tokens", R"({"account":"administrator"})").status == 403);

  const auto reader =
      desk.with(desk.token_for("supplier:acme", R"(,"permissions":["orders:view"],"shops":[])"));
  CHECK(reader->get("/v1/orders").json().at("items").as_array().empty());
  CHECK(reader->get("/v1/orders/outlet/1").status == 404);
  CHECK(reader->get("/v1/orders.csv?columns=order_id").body == "Order - Id\r\n");
  const auto all = desk.with(desk.token_for("supplier:acme"));
  CHECK(all->get("/v1/orders/outlet/1").status == 200);
  CHECK(all->get("/v1/orders.csv?columns=order_id").body == "Order - Id\r\n1\r\n");
}

TEST_CASE("over the Unix socket the daemon's own user administers without a token") {
  Desk desk;
  Client local(desk.daemon.socket().string(), "");
  CHECK(local.get("/v1/accounts").status == 200);
  CHECK(local.put("/v1/accounts/staff:anna", "{}").status == 201);
  Client mistaken(desk.daemon.socket().string(), "csg_admin_wrong");
  CHECK(mistaken.get("/v1/accounts").status == 401);
}

TEST_CASE("a removed account loses its grants at once, and they do not come back with its name") {
  Desk desk;
  REQUIRE(desk.admin->put("/v1/accounts/staff:anna", R"({"name":"Anna"})").status == 201);
  const auto id = desk.grant("staff:anna", "orders:view");
  CHECK(desk.may("staff:anna", "orders:view"));
  REQUIRE(desk.admin->send("DELETE", "/v1/accounts/staff:anna").status == 204);
  CHECK_FALSE(desk.may("staff:anna", "orders:view"));
  CHECK(desk.admin->get("/v1/grants/" + id).json().at("state") == "ended");
  REQUIRE(desk.admin->put("/v1/accounts/staff:anna", "{}").status == 201);
  CHECK_FALSE(desk.may("staff:anna", "orders:view"));
}

TEST_CASE("grants end by the clock, rest, and are revoked, over restarts too") {
  Desk desk;
  const auto soon =
      consign::format_timestamp({std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::system_clock::now().time_since_epoch())
                                     .count() +
                                 90 * kDay * 1'000'000});
  REQUIRE(desk.admin->put("/v1/accounts/collaborator:studio", "{}").status == 201);
  const auto timed =
      desk.grant("collaborator:studio", "products:view", R"(,"until":")" + soon + '"');
  const auto resting = desk.grant("collaborator:studio", "orders:view");
  const auto revoked = desk.grant("collaborator:studio", "customers:view");
  desk.post("/v1/grants/" + resting + "/suspend", R"({"reason":"audit"})", 200);
  desk.post("/v1/grants/" + revoked + "/revoke", "", 200);
  const auto look = [&] {
    return std::vector<bool>{desk.may("collaborator:studio", "products:view"),
                             desk.may("collaborator:studio", "orders:view"),
                             desk.may("collaborator:studio", "customers:view")};
  };
  CHECK(look() == std::vector<bool>{true, false, false});
  CHECK(desk.daemon.end(SIGKILL) == 128 + SIGKILL);
  REQUIRE(desk.daemon.start());
  desk.admin = desk.daemon.client();
  CHECK(look() == std::vector<bool>{true, false, false});
  desk.post("/v1/grants/" + resting + "/resume", "", 200);
  CHECK(look() == std::vector<bool>{true, true, false});
  desk.daemon.pass(91 * kDay);
  CHECK(look() == std::vector<bool>{false, true, false});
  CHECK(desk.admin->get("/v1/grants/" + timed).json().at("state") == "expired");
  CHECK(desk.admin->get("/v1/grants?state=suspended").json().at("items").as_array().empty());
  CHECK(desk.admin->get("/v1/grants?state=revoked").json().at("items").as_array().size() == 1);
}

TEST_CASE("an account asks about itself only, and sees no grants but its own") {
  Desk desk;
  desk.post("/v1/orders", order("outlet"), 201);
  REQUIRE(desk.admin->put("/v1/accounts/staff:anna", "{}").status == 201);
  const auto id = desk.grant("staff:anna", "orders:view");
  const auto anna = desk.with(desk.token_for("staff:anna"));
  const auto acme = desk.with(desk.token_for("supplier:acme"));
  const auto check = [](Client& client, const std::string& account) {
    return client
        .post("/v1/check", R"({"account":")" + account +
                               R"(","action":"orders:view","resource":{"kind":"order",)"
                               R"("shop":"outlet","id":"1","line":"1"}})")
        .body;
  };
  CHECK(check(*anna, "staff:anna").find("\"allowed\":true") != std::string::npos);
  CHECK(check(*acme, "supplier:acme").find("\"allowed\":true") != std::string::npos);
  CHECK(check(*acme, "staff:anna") == check(*acme, "staff:nobody"));
  CHECK(acme->get("/v1/grants/" + id).body == acme->get("/v1/grants/nothing").body);
  CHECK(acme->get("/v1/grants?account=staff:anna").json().at("items").as_array().size() == 1);
  CHECK(acme->get("/v1/accounts/staff:anna/may").body ==
        acme->get("/v1/accounts/staff:nobody/may").body);
  CHECK(anna->get("/v1/accounts/staff:anna/may").json().at("items").as_array().size() == 1);
}

TEST_CASE("the tool makes tokens, says who may what, and handles grants") {
  Desk desk;
  REQUIRE(desk.admin->put("/v1/accounts/staff:anna", "{}").status == 201);
  const auto id = desk.grant("staff:anna", "orders:refund", R"(,"reason":"returns desk")");

  const Ran made = consign_tool(
      desk, {"token", "create", "--account", "staff:anna", "--label", "laptop", "--days", "30"});
  REQUIRE_MESSAGE(made.exit == 0, made.err);
  std::string token = made.out;
  token.erase(token.find('\n'));
  CHECK(Client(desk.daemon.port(), token).get("/v1/grants").status == 200);
  const Ran listed = consign_tool(desk, {"token", "list"});
  CHECK(listed.out.find("laptop") != std::string::npos);
  CHECK(listed.out.find(token) == std::string::npos);
  const auto row = listed.out.rfind('\n', listed.out.find("laptop")) + 1;
  const std::string token_id = listed.out.substr(row, listed.out.find(' ', row) - row);
  CHECK(consign_tool(desk, {"token", "revoke", token_id}).exit == 0);
  CHECK(Client(desk.daemon.port(), token).get("/v1/grants").status == 401);
  CHECK(consign_tool(desk, {"token", "revoke", "nothing"}).exit == 1);

  const Ran who = consign_tool(desk, {"who-may", "orders:refund", "outlet"});
  CHECK_MESSAGE(who.exit == 0, who.err);
  CHECK(who.out.find("staff:anna") != std::string::npos);
  const Ran may = consign_tool(desk, {"may", "staff:anna"});
  CHECK(may.out.find("orders:refund") != std::string::npos);

  const Ran shown = consign_tool(desk, {"grants", "show", id});
  CHECK(shown.out.find("returns desk") != std::string::npos);
  CHECK(consign_tool(desk, {"grants", "suspend", id, "--reason", "audit"}).exit == 0);
  CHECK_FALSE(desk.may("staff:anna", "orders:refund"));
  CHECK(consign_tool(desk, {"grants", "resume", id}).exit == 0);
  CHECK(desk.may("staff:anna", "orders:refund"));
  desk.daemon.pass(100 * kDay);
  const Ran review = consign_tool(desk, {"grants", "review"});
  CHECK(review.out.find("unused") != std::string::npos);
  CHECK(consign_tool(desk, {"grants", "revoke", id}).exit == 0);
  CHECK_FALSE(desk.may("staff:anna", "orders:refund"));
  CHECK(consign_tool(desk, {"grants", "list", "--state", "revoked"}).out.find(id) !=
        std::string::npos);
  CHECK(consign_tool(desk, {"grants", "resume", id}).exit == 1);
}

TEST_CASE("rules on check allow and forbid, and the questions turned round agree with them") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", R"(
supplier acme { name "A" }
never grant wallet:*
rule packers-may-ship on check {
  when account.role = "packer" and check.action in { orders:view, orders:fulfill }
  then allow
}
rule no-refunds-by-night {
  when check.action = orders:refund and account.mfa = false
  then forbid "{account.id} signs in without a second factor"
}
rule wallet-for-owners { when account.kind = "owner" then allow }
rule try-it on check { mode shadow when account.kind = "staff" then forbid "no more staff" }
)");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  const auto put = [&](const std::string& account, const std::string& body) {
    REQUIRE(admin->put("/v1/accounts/" + account, body).status == 201);
  };
  put("staff:anna", R"({"name":"Anna","roles":["packer"]})");
  put("staff:bo", R"({"name":"Bo"})");
  put("owner:olga", R"({"name":"Olga","mfa":true})");
  REQUIRE(admin
              ->post("/v1/grants", R"({"account":"staff:bo","permissions":["orders:view",)"
                                   R"("orders:refund"],"on":{"shop":"outlet"}})")
              .status == 201);
  const auto ask = [&](const std::string& account, const std::string& action) {
    const auto answer =
        admin->post("/v1/check", R"({"account":")" + account + R"(","action":")" + action +
                                     R"(","resource":{"kind":"order","shop":"outlet","id":"1"}})");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return answer.json();
  };
  const auto allowed = ask("staff:anna", "orders:fulfill");
  CHECK(allowed.at("allowed") == true);
  CHECK(allowed.at("because").at("rule") == "packers-may-ship");
  CHECK(allowed.at("because").at("file") == "10.rules");
  CHECK(allowed.at("shadow").at(0).at("would") == "would_forbid");
  CHECK(ask("staff:anna", "orders:cancel").at("reason") == "no grant in force");
  CHECK(ask("staff:bo", "orders:view").at("because").as_object().contains("grant"));
  // A rule forbids what a grant allows.
  const auto forbidden = ask("staff:bo", "orders:refund");
  CHECK(forbidden.at("allowed") == false);
  CHECK(forbidden.at("reason") == "staff:bo signs in without a second factor");
  CHECK(forbidden.at("because").at("rule") == "no-refunds-by-night");
  // A ban beats what a rule allows, and rules do not speak of names that nobody knows.
  CHECK(ask("owner:olga", "wallet:withdraw").at("reason") == "banned by never_grant");
  CHECK(ask("owner:olga", "orders:cancel").at("allowed") == true);
  CHECK(ask("owner:nobody", "orders:cancel").at("allowed") == false);

  const auto who = [&](const std::string& permission) {
    std::string names;
    const auto list = admin->get("/v1/who-may?shop=outlet&permission=" + permission).json();
    for (const auto& item : list.at("items").as_array()) {
      names += std::string(item.at("account").as_string()) + " ";
    }
    return names;
  };
  CHECK(who("orders:view") == "owner:olga staff:anna staff:bo ");
  CHECK(who("orders:refund") == "owner:olga ");
  CHECK(who("wallet:withdraw").empty());
  const auto may = [&](const std::string& account) {
    std::string permissions;
    const auto list = admin->get("/v1/accounts/" + account + "/may?shop=outlet&limit=500").json();
    for (const auto& item : list.at("items").as_array()) {
      permissions += std::string(item.at("permission").as_string()) + " ";
    }
    return permissions;
  };
  CHECK(may("staff:anna") == "orders:fulfill orders:view ");
  CHECK(may("staff:bo") == "orders:view ");
  CHECK(may("owner:olga").find("wallet:") == std::string::npos);
}
