// Requests for access from filing to their end, over HTTP, with a clock that is turned by hand.
#include <doctest/doctest.h>
#include <signal.h>

#include <boost/json/serialize.hpp>

#include "tests/whole/daemon_process.hpp"
#include "tests/whole/receiver.hpp"

using namespace consign::testing;

namespace {

constexpr std::int64_t kDay = 24 * 3600;
constexpr const char* kRules = R"(
supplier acme
never grant wallet:*
role packer = orders:view+fulfill
role lead = orders:view
accounts staff { invitation 7 days }
rule staff { when request.kind = "staff" then approve for 30 days }
rule subs { when request.kind = "sub_account" then approve idle 10 days, at most orders:view+fulfill, products:view }
rule service { when request.kind = "service" then review by lead }
rule partners { when request.kind = "collaborator" then review, require mfa }
rule blocked on request { when request.requester.email ends with "@bad.example" then deny "not {request.requester.email}" }
)";

struct Desk {
  explicit Desk(const std::string& settings = "", const std::string& rules = kRules)
      : daemon(settings, DaemonProcess::Time::by_hand) {
    daemon.write_rules("10.rules", rules);
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    admin = daemon.client();
  }
  boost::json::object file(Client& client, const std::string& kind, const std::string& email,
                           const std::string& more, int status = 201) {
    const auto answer = client.post(
        "/v1/requests", R"({"kind":")" + kind + R"(","shops":["outlet"],"requester":{"email":")" +
                            email + R"("})" + more + '}');
    REQUIRE_MESSAGE(answer.status == status, answer.body);
    return answer.json().as_object();
  }
  boost::json::object file(const std::string& kind, const std::string& email,
                           const std::string& more = R"(,"permissions":["orders:view"])",
                           int status = 201) {
    return file(*admin, kind, email, more, status);
  }
  Answer step(Client& client, const boost::json::object& request, const std::string& what,
              const std::string& body = "{}") {
    return client.post("/v1/requests/" + text(request, "id") + "/" + what, body);
  }
  static std::string text(const boost::json::object& from, const char* member) {
    return std::string(from.at(member).as_string());
  }
  static std::string secret(const boost::json::object& request) {
    return text(request.at("invitation").as_object(), "secret");
  }
  Answer activate(const std::string& secret) {
    Client nobody(daemon.port(), "");
    return nobody.post("/v1/invitations:activate", R"({"secret":")" + secret + R"("})");
  }
  std::string state(const boost::json::object& request) {
    return std::string(
        admin->get("/v1/requests/" + text(request, "id")).json().at("state").as_string());
  }
  bool may(const std::string& account, const std::string& action) {
    const auto answer =
        admin->post("/v1/check", R"({"account":")" + account + R"(","action":")" + action +
                                     R"(","resource":{"kind":"shop","shop":"outlet"}})");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return answer.json().at("allowed").as_bool();
  }
  std::unique_ptr<Client> as(const std::string& account, const std::string& body) {
    REQUIRE(admin->put("/v1/accounts/" + account, body).status < 300);
    const auto token = admin->post("/v1/tokens", R"({"account":")" + account + R"("})").json();
    return std::make_unique<Client>(daemon.port(), std::string(token.at("token").as_string()));
  }

  DaemonProcess daemon;
  std::unique_ptr<Client> admin;
};

}  // namespace

TEST_CASE("an invitation gives nothing until its link is used, once, and in its time") {
  Desk desk;
  const auto request = desk.file("staff", "anna@example.com");
  CHECK(desk.text(request, "state") == "invited");
  CHECK_FALSE(desk.may("staff:anna@example.com", "orders:view"));
  CHECK(desk.admin->get("/v1/accounts/staff:anna@example.com").status == 404);
  const auto secret = desk.secret(request);
  CHECK(desk.activate(secret + "x").status == 422);
  const auto active = desk.activate(secret);
  REQUIRE_MESSAGE(active.status == 200, active.body);
  CHECK(desk.activate(secret).status == 404);
  CHECK(desk.may("staff:anna@example.com", "orders:view"));
  Client anna(desk.daemon.port(), std::string(active.json().at("token").as_string()));
  CHECK(anna.get("/v1/accounts/staff:anna@example.com").status == 200);
  desk.daemon.pass(31 * kDay);
  CHECK_FALSE(desk.may("staff:anna@example.com", "orders:view"));

  const auto late = desk.file("staff", "late@example.com");
  desk.daemon.pass(8 * kDay);
  CHECK(desk.activate(desk.secret(late)).status >= 404);
  CHECK(eventually([&] { return desk.state(late) == "lapsed"; }));
  const auto again = desk.step(*desk.admin, late, "invite");
  REQUIRE_MESSAGE(again.status == 200, again.body);
  CHECK(desk.activate(desk.secret(late)).status == 404);
  CHECK(desk.activate(desk.secret(again.json().as_object())).status == 200);
}

TEST_CASE("a request that says nothing of who asks is as good as its account") {
  Desk desk;
  const auto filed = desk.admin->post(
      "/v1/requests",
      R"({"kind":"staff","account":"staff:n","requester":null,"shops":["outlet"],"permissions":["orders:view"]})");
  REQUIRE_MESSAGE(filed.status == 201, filed.body);
  CHECK(desk.activate(desk.secret(filed.json().as_object())).status == 200);
  CHECK(desk.may("staff:n", "orders:view"));
}

TEST_CASE("a link is stored as a hash, and is the only one after inviting again") {
  Desk desk;
  const auto request = desk.file("staff", "anna@example.com");
  const auto first = desk.secret(request);
  const auto second = desk.secret(desk.step(*desk.admin, request, "invite").json().as_object());
  CHECK(first != second);
  CHECK(desk.activate(first).status == 404);
  CHECK(desk.daemon.end(SIGTERM) == 0);
  for (const auto& entry : std::filesystem::directory_iterator(desk.daemon.data())) {
    if (!entry.is_regular_file()) continue;
    CHECK(read_file(entry.path()).find(second.substr(9)) == std::string::npos);
  }
  REQUIRE(desk.daemon.start());
  desk.admin = desk.daemon.client();
  CHECK(desk.activate(second).status == 200);
}

TEST_CASE("the same request while it is open is the same one, and a key gives the same answer") {
  Desk desk;
  const auto first = desk.file("collaborator", "k@example.com",
                               R"(,"permissions":["orders:view"],"message":"hello")");
  CHECK(desk.text(first, "state") == "denied");  // without the shop's code
  const auto one = desk.file("service", "bot@example.com");
  const auto same =
      desk.file("service", "bot@example.com", R"(,"permissions":["orders:view"])", 200);
  CHECK(one.at("id") == same.at("id"));
  const std::string body =
      R"({"kind":"staff","shops":["outlet"],"requester":{"email":"key@example.com"},"permissions":["orders:view"]})";
  const Headers key{{"Idempotency-Key", "k-1"}};
  const auto a = desk.admin->post("/v1/requests", body, key);
  const auto b = desk.admin->post("/v1/requests", body, key);
  CHECK(a.status == 201);
  CHECK(b.status == 200);
  CHECK(a.json().at("id") == b.json().at("id"));
  CHECK(a.json().as_object().contains("invitation"));
  CHECK_FALSE(b.json().as_object().contains("invitation"));
  CHECK(
      desk.admin->post("/v1/requests", "{\"kind\":\"staff\",\"shops\":[\"outlet\"]}", key).status >=
      409);
}

TEST_CASE("what rules cut is said, and cannot be given by a person either") {
  Desk desk;
  const auto request = desk.file("sub_account", "w@example.com",
                                 R"(,"permissions":["orders:view+delete","wallet:password"])");
  CHECK(desk.text(request, "state") == "accepted");
  CHECK(desk.may("sub:w@example.com", "orders:view"));
  CHECK_FALSE(desk.may("sub:w@example.com", "orders:delete"));
  CHECK_FALSE(desk.may("sub:w@example.com", "wallet:password"));
  CHECK(request.at("decision").at("cut").as_array().size() == 2);
  desk.daemon.pass(9 * kDay);
  CHECK(desk.may("sub:w@example.com", "orders:view"));  // used, so it starts anew
  desk.daemon.pass(9 * kDay);
  CHECK(desk.may("sub:w@example.com", "orders:view"));
  desk.daemon.pass(11 * kDay);
  CHECK_FALSE(desk.may("sub:w@example.com", "orders:view"));
}

TEST_CASE("a reviewed request is decided by who the rules name, and by nobody for themselves") {
  Desk desk;
  auto lead =
      desk.as("staff:lea", R"({"email":"lea@example.com","shops":["outlet"],"roles":["lead"]})");
  auto other = desk.as("staff:otto", R"({"email":"otto@example.com","shops":["outlet"]})");
  const auto request =
      desk.file(*other, "service", "bot@example.com", R"(,"permissions":["orders:view"])");
  CHECK(desk.text(request, "state") == "review");
  CHECK(desk.text(request, "reviewer") == "lead");
  CHECK(desk.step(*other, request, "accept").status == 403);
  auto stranger = desk.as("staff:sam", R"({"shops":["outlet"]})");
  CHECK(desk.step(*stranger, request, "accept").status == 404);
  CHECK(stranger->get("/v1/requests/" + desk.text(request, "id")).status == 404);
  CHECK(lead->get("/v1/requests").json().at("items").as_array().size() == 1);
  CHECK(desk.step(*lead, request, "accept", R"({"permissions":["wallet:password"]})").status ==
        422);
  const auto accepted =
      desk.step(*lead, request, "accept",
                R"({"permissions":["orders:view","products:view"],"reason":"fine"})");
  REQUIRE_MESSAGE(accepted.status == 200, accepted.body);
  CHECK(desk.may("service:bot@example.com", "products:view"));
  CHECK(desk.step(*lead, request, "accept").status == 200);  // once more is the same
  CHECK(desk.step(*lead, request, "deny").status == 409);

  const auto own =
      desk.file(*lead, "service", "lea@example.com", R"(,"permissions":["orders:view"])");
  CHECK(desk.step(*lead, own, "accept").status == 403);
  const auto mine = desk.file("service", "LEA@example.com", R"(,"permissions":["orders:edit"])");
  CHECK(desk.step(*lead, mine, "accept").status >= 403);
  CHECK(desk.step(*desk.admin, mine, "deny", R"({"reason":"no"})").status == 200);
  CHECK(desk.state(mine) == "denied");
}

TEST_CASE("what nobody decides expires, what is withdrawn or denied by rules gives nothing") {
  Desk desk("review_limit: 3 days\n");
  const auto waits = desk.file("service", "a@example.com");
  const auto gone = desk.file("service", "b@example.com");
  CHECK(desk.step(*desk.admin, gone, "cancel").status == 200);
  const auto bad = desk.file("staff", "c@bad.example");
  CHECK(desk.text(bad, "reason") == "not c@bad.example");
  desk.daemon.pass(4 * kDay);
  CHECK(desk.step(*desk.admin, waits, "accept").status == 409);
  CHECK(eventually([&] { return desk.state(waits) == "expired"; }));
  CHECK(desk.state(gone) == "cancelled");
  CHECK_FALSE(desk.may("service:a@example.com", "orders:view"));
}

TEST_CASE("what becomes of a request is told to the endpoint for notices, without its link") {
  Receiver receiver([](const Received&) { return 200; });
  receiver.start();
  Desk desk("endpoints:\n  desk: { url: \"" + receiver.url() + "\", secret: \"" + kWebhookSecret +
            "\" }\naccess_notices: desk\n");
  const auto request = desk.file("staff", "anna@example.com");
  REQUIRE(eventually([&] { return receiver.received().size() == 1; }, 10));
  const auto body = receiver.received().front().body;
  CHECK(body.find("request.invited") != std::string::npos);
  CHECK(body.find("anna@example.com") != std::string::npos);
  CHECK(body.find(desk.secret(request)) == std::string::npos);
}

TEST_CASE("a removed account loses what it has and what it has been invited to") {
  Desk desk;
  const auto request = desk.file("staff", "anna@example.com");
  const auto active = desk.activate(desk.secret(request));
  REQUIRE(active.status == 200);
  Client anna(desk.daemon.port(), std::string(active.json().at("token").as_string()));
  const auto more = desk.file("service", "anna@example.com", R"(,"permissions":["orders:edit"])");
  REQUIRE(desk.admin->send("DELETE", "/v1/accounts/staff:anna@example.com").status == 204);
  CHECK(anna.get("/v1/requests").status == 401);
  CHECK_FALSE(desk.may("staff:anna@example.com", "orders:view"));
  CHECK(desk.state(more) == "review");  // another account's
  const auto fresh =
      desk.file("staff", "anna@example.com", R"(,"permissions":["orders:view"],"message":"again")");
  CHECK_FALSE(desk.may("staff:anna@example.com", "orders:view"));
  CHECK(desk.activate(desk.secret(fresh)).status == 200);
  CHECK(desk.may("staff:anna@example.com", "orders:view"));
}

TEST_CASE("a role is set shop by shop, and changing one leaves the others") {
  Desk desk;
  REQUIRE(desk.admin->put("/v1/accounts/sub:mei", R"({"shops":[]})").status == 201);
  CHECK(desk.admin->put("/v1/accounts/sub:mei/shops/outlet", R"({"role":"packer"})").status == 201);
  CHECK(desk.admin->put("/v1/accounts/sub:mei/shops/outlet", R"({"role":"packer"})").status == 200);
  CHECK(desk.may("sub:mei", "orders:fulfill"));
  CHECK(desk.admin->put("/v1/accounts/sub:mei/shops/outlet", R"({"role":"lead"})").status == 201);
  CHECK_FALSE(desk.may("sub:mei", "orders:fulfill"));
  CHECK(desk.may("sub:mei", "orders:view"));
  CHECK(
      desk.admin->put("/v1/accounts/sub:mei/shops/outlet", R"({"permissions":["wallet:password"]})")
          .status == 422);
  CHECK(desk.admin->send("DELETE", "/v1/accounts/sub:mei/shops/outlet").status == 204);
  CHECK_FALSE(desk.may("sub:mei", "orders:view"));
}
