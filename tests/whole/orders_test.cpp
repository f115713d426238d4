#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;

namespace {

constexpr const char* kRules = R"(
supplier acme { name "Acme Dropship Ltd" }
supplier bravo { name "Bravo" }

rule acme-skus {
  when line.sku starts with "ACM"
  then assign to acme,
       grant orders:view+fulfill
}

rule nobody-else on line {
  otherwise
  then hold "no supplier for {line.sku}"
}
)";

std::string order(const std::string& id, const std::string& revision, const std::string& more = "",
                  const std::string& sku = "ACM-1") {
  return R"({"shop":"outlet","id":")" + id + R"(","revision":")" + revision +
         R"(","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"39.80","payment":"paid",)" +
         more + R"("ship_to":{"country":"SE","name":"A. Berg"},"lines":[{"id":"1","sku":")" + sku +
         R"(","quantity":2,"price":"19.90"}]})";
}

boost::json::value part(const boost::json::value& answer) {
  return answer.at("lines").at(0).at("parts").at(0);
}

}  // namespace

TEST_CASE("an order is decided once, and the same again gives the same bytes") {
  DaemonProcess daemon;
  daemon.write_rules("20-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();

  const auto first = client->post("/v1/orders", order("1001", "r1"));
  REQUIRE_MESSAGE(first.status == 201, first.body);
  CHECK(part(first.json()).at("supplier") == "acme");
  CHECK(part(first.json()).at("because").at("line") == 5);
  CHECK(first.json().at("grants").at(0).at("account") == "supplier:acme");

  const auto again = client->post("/v1/orders", order("1001", "r1"));
  CHECK(again.status == 200);
  CHECK(again.body == first.body);

  const auto conflict = client->post("/v1/orders", order("1001", "r1", R"("note":"x",)"));
  CHECK(conflict.status == 409);
  CHECK(conflict.headers.at("content-type") == "application/problem+json");
  CHECK(conflict.json().at("type") == "urn:consign:problem:revision-conflict");

  const auto held = client->post("/v1/orders", order("1002", "r1", "", "BLK-4"));
  CHECK(held.status == 201);
  CHECK(part(held.json()).at("outcome") == "held");
  CHECK(part(held.json()).at("reason") == "no supplier for BLK-4");

  const auto now = client->get("/v1/orders/outlet/1001");
  REQUIRE_MESSAGE(now.status == 200, now.body);
  CHECK(part(now.json()).at("supplier") == "acme");
  CHECK(now.json().at("document").at("total") == "39.80");

  const auto why = client->get("/v1/orders/outlet/1001/why");
  REQUIRE_MESSAGE(why.status == 200, why.body);
  CHECK(why.json().at("why").at("lines").at(0).at("rules").at(0).at("verdict") == "fired");

  CHECK(daemon.end(SIGTERM) == 0);
}

TEST_CASE("what cannot be taken is refused with its place, and an unknown shop is not found") {
  DaemonProcess daemon;
  daemon.write_rules("20-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();

  CHECK(client->post("/v1/orders", "{").status == 400);
  const auto unknown = client->post("/v1/orders", order("1", "r1", R"("colour":"red",)"));
  CHECK(unknown.status == 422);
  CHECK(unknown.json().at("errors").at(0).at("pointer") == "/colour");
  auto elsewhere = order("1", "r1");
  elsewhere.replace(elsewhere.find("outlet"), 6, "nobody");
  CHECK(client->post("/v1/orders", elsewhere).status == 404);
  CHECK(client->get("/v1/orders/outlet/1").status == 404);

  Client stranger(daemon.port(), "csg_admin_wrong");
  const auto refused = stranger.post("/v1/orders", order("1", "r1"));
  CHECK(refused.status == 401);
  CHECK(refused.headers.at("www-authenticate") == "Bearer realm=\"consign\"");
  CHECK(stranger.get("/healthz").status == 200);
  struct stat file {};
  REQUIRE(stat((daemon.data() / "admin.token").c_str(), &file) == 0);
  CHECK((file.st_mode & 0777) == 0600);
}

TEST_CASE("an Idempotency-Key gives its first answer, and another body under it is refused") {
  DaemonProcess daemon;
  daemon.write_rules("20-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  const Headers key{{"Idempotency-Key", "k-1"}};

  const auto first = client->post("/v1/orders", order("1", "r1"), key);
  REQUIRE(first.status == 201);
  const auto again = client->post("/v1/orders", order("1", "r1"), key);
  CHECK(again.status == 200);
  CHECK(again.body == first.body);
  const auto other = client->post("/v1/orders", order("2", "r1"), key);
  CHECK(other.status == 409);
  CHECK(other.json().at("type") == "urn:consign:problem:idempotency-key-reused");
  CHECK(client->get("/v1/orders/outlet/2").status == 404);
}

TEST_CASE(
    "revisions: newer ones are decided and keep suppliers, older ones are stale, cancelled ones "
    "end") {
  DaemonProcess daemon;
  daemon.write_rules("20-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  const std::string noon = R"("updated_at":"2026-11-21T12:00:00Z",)";
  const std::string one = R"("updated_at":"2026-11-21T13:00:00Z",)";
  const std::string two = R"("updated_at":"2026-11-21T14:00:00Z",)";
  const std::string check =
      R"({"account":"supplier:acme","action":"orders:view","resource":{"kind":"order","shop":"outlet","id":"1","line":"1"}})";

  REQUIRE(client->post("/v1/orders", order("1", "r2", one)).status == 201);
  const auto stale = client->post("/v1/orders", order("1", "r1", noon));
  CHECK(stale.status == 200);
  CHECK(stale.json().at("state") == "stale");
  CHECK(client->post("/v1/orders", order("1", "r1", noon)).body == stale.body);
  CHECK(client->get("/v1/orders/outlet/1").json().at("revision") == "r2");
  CHECK(client->post("/v1/check", check).json().at("allowed") == true);

  // The SKU changes to one that nobody has; the line and its quantity are the same.
  const auto newer = client->post("/v1/orders", order("1", "r3", two, "BLK-4"));
  REQUIRE(newer.status == 201);
  CHECK(part(newer.json()).at("supplier") == "acme");
  CHECK(client->post("/v1/check", check).json().at("allowed") == true);

  const auto cancelled = client->post(
      "/v1/orders",
      order("1", "r4",
            R"("updated_at":"2026-11-21T15:00:00Z","cancelled_at":"2026-11-21T15:00:00Z",)"));
  REQUIRE_MESSAGE(cancelled.status == 201, cancelled.body);
  CHECK(cancelled.json().at("state") == "cancelled");
  CHECK(client->get("/v1/orders/outlet/1").json().at("state") == "cancelled");
  CHECK(client->post("/v1/check", check).json().at("allowed") == false);
}

TEST_CASE("a batch answers each line in order, and lists come in pages") {
  DaemonProcess daemon;
  daemon.write_rules("20-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  std::string lines;
  for (int i = 0; i < 600; ++i) lines += order("o-" + std::to_string(i), "r1") + "\n";
  lines += "{\n" + order("o-0", "r1") + "\n";
  const auto answer = client->post("/v1/orders:batch", lines);
  REQUIRE(answer.status == 200);
  std::vector<std::string> answers;
  for (std::size_t at = 0; at < answer.body.size();) {
    const auto end = answer.body.find('\n', at);
    answers.push_back(answer.body.substr(at, end - at));
    at = end + 1;
  }
  REQUIRE(answers.size() == 602);
  const auto status = [&](std::size_t i) {
    return Answer{.status = 0, .body = answers[i], .headers = {}}.json().at("status").as_int64();
  };
  CHECK(status(0) == 201);
  CHECK(status(599) == 201);
  CHECK(status(600) == 400);
  CHECK(status(601) == 200);

  std::size_t seen = 0;
  std::string cursor;
  for (int page = 0; page < 10; ++page) {
    const auto list =
        client->get("/v1/orders?limit=250" + (cursor.empty() ? "" : "&cursor=" + cursor));
    REQUIRE(list.status == 200);
    seen += list.json().at("items").as_array().size();
    if (list.json().at("next").is_null()) break;
    cursor = list.json().at("next").as_string().c_str();
  }
  CHECK(seen == 600);
  CHECK(client->get("/v1/orders?limit=501").status == 400);
}

TEST_CASE("checks: denied unless a grant covers all that is asked about, and bans count again") {
  DaemonProcess daemon("never_grant: [ \"staff:*\" ]\n");
  daemon.write_rules("20-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  REQUIRE(client->post("/v1/orders", order("1", "r1")).status == 201);
  const auto check = [&](const std::string& account, const std::string& action,
                         const std::string& resource) {
    const auto answer = client->post("/v1/check", R"({"account":")" + account + R"(","action":")" +
                                                      action + R"(","resource":)" + resource + "}");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return answer.json();
  };
  const std::string line = R"({"kind":"order","shop":"outlet","id":"1","line":"1"})";
  const std::string whole = R"({"kind":"order","shop":"outlet","id":"1"})";
  const auto allowed = check("supplier:acme", "orders:view", line);
  CHECK(allowed.at("allowed") == true);
  CHECK(allowed.at("because").at("rule") == "acme-skus");
  CHECK(check("supplier:acme", "orders:export", line).at("allowed") == false);
  CHECK(check("supplier:acme", "orders:view", whole).at("allowed") == false);
  CHECK(check("supplier:bravo", "orders:view", line).at("allowed") == false);
  CHECK(check("supplier:nobody", "orders:view", line).at("reason") == "no grant in force");
  CHECK(client->post("/v1/check", R"({"account":"a"})").status == 422);

  // The supplier is suspended: what it was granted no longer counts.
  std::string suspended = kRules;
  suspended.replace(suspended.find("Acme Dropship Ltd\""), 18, "Acme Dropship Ltd\", suspended ");
  daemon.write_rules("20-acme.rules", suspended);
  const auto reloaded = client->post("/v1/rules:reload", "");
  REQUIRE_MESSAGE(reloaded.status == 200, reloaded.body);
  CHECK(check("supplier:acme", "orders:view", line).at("reason") == "the supplier is suspended");

  const auto many = client->post(
      "/v1/check:batch",
      R"({"checks":[{"account":"supplier:acme","action":"orders:view","resource":)" + line + "}]}");
  REQUIRE(many.status == 200);
  CHECK(many.json().at("answers").as_array().size() == 1);
}

TEST_CASE("a Unix socket serves the same") {
  DaemonProcess daemon;
  daemon.write_rules("20-acme.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  Client client((daemon.folder() / "consign.sock").string(), daemon.token());
  CHECK(client.get("/v1/rules").status == 200);
}
