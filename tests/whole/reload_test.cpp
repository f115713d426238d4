#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;
namespace fs = std::filesystem;

namespace {

std::string rules_for(const std::string& supplier) {
  return "supplier " + supplier +
         " { name \"S\" }\nrule all { when line.quantity > 0 then assign to " + supplier + " }\n";
}

std::string order(const std::string& id) {
  return R"({"shop":"outlet","id":")" + id +
         R"(","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"1.00","payment":"paid",)"
         R"("lines":[{"id":"1","quantity":1,"price":"1.00"}]})";
}

std::string hash_now(Client& client) {
  return client.get("/v1/rules").json().at("hash").as_string().c_str();
}

bool refused_now(Client& client) { return !client.get("/v1/rules").json().at("refused").is_null(); }

}  // namespace

TEST_CASE(
    "rules reload by mv, cp and writing in place while orders stream, and broken ones never come "
    "in") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", rules_for("acme"));
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();

  std::atomic<bool> stop = false;
  std::atomic<int> sent = 0, wrong = 0;
  std::thread stream([&] {
    const auto sender = daemon.client();
    const std::set<std::string> known{"acme", "bravo", "cargo", "delta"};
    for (int i = 0; !stop && i < 20'000; ++i) {
      const auto answer = sender->post("/v1/orders", order("s-" + std::to_string(i)));
      ++sent;
      if (answer.status != 201) {
        ++wrong;
        continue;
      }
      const auto part = answer.json().at("lines").at(0).at("parts").at(0);
      if (part.at("outcome") != "assigned" ||
          !known.contains(part.at("supplier").as_string().c_str())) {
        ++wrong;
      }
    }
  });

  const auto changes = [&](const std::string& before) {
    return eventually([&] { return hash_now(*client) != before; });
  };
  auto before = hash_now(*client);
  write_file(daemon.folder() / "fresh", rules_for("bravo"));
  fs::rename(daemon.folder() / "fresh", daemon.rules() / "10.rules");
  CHECK(changes(before));

  before = hash_now(*client);
  write_file(daemon.folder() / "fresh", rules_for("cargo"));
  fs::copy_file(daemon.folder() / "fresh", daemon.rules() / "10.rules",
                fs::copy_options::overwrite_existing);
  CHECK(changes(before));

  before = hash_now(*client);
  daemon.write_rules("10.rules", "rule all { when line.quantity > then assign to cargo }\n");
  CHECK(eventually([&] { return refused_now(*client); }));
  CHECK(hash_now(*client) == before);
  CHECK(client->get("/readyz").json().at("status") == "degraded");
  const auto refused = client->post("/v1/rules:reload", "");
  CHECK(refused.status == 422);
  CHECK(refused.json().at("messages").at(0).at("file") == "10.rules");

  fs::remove(daemon.rules() / "10.rules");
  CHECK(client->post("/v1/rules:reload", "").status == 422);
  CHECK(hash_now(*client) == before);

  daemon.write_rules("10.rules", rules_for("delta"));
  CHECK(changes(before));
  CHECK_FALSE(refused_now(*client));
  CHECK(client->get("/readyz").json().at("status") == "ready");

  stop = true;
  stream.join();
  CHECK(sent > 0);
  CHECK(wrong == 0);
}

TEST_CASE("a folder behind a swapped symbolic link, and one that is replaced, are followed") {
  DaemonProcess daemon;
  const auto v1 = daemon.folder() / "v1", v2 = daemon.folder() / "v2";
  fs::create_directory(v1);
  fs::create_directory(v2);
  write_file(v1 / "10.rules", rules_for("acme"));
  write_file(v2 / "10.rules", rules_for("bravo"));
  fs::remove(daemon.rules());
  fs::create_directory_symlink(v1, daemon.rules());
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();

  auto before = hash_now(*client);
  fs::create_directory_symlink(v2, daemon.folder() / "next");
  fs::rename(daemon.folder() / "next", daemon.rules());
  CHECK(eventually([&] { return hash_now(*client) != before; }));

  before = hash_now(*client);
  fs::remove(daemon.rules());
  fs::create_directory(daemon.rules());
  daemon.write_rules("10.rules", rules_for("cargo"));
  CHECK(eventually([&] { return hash_now(*client) != before; }));

  before = hash_now(*client);
  daemon.write_rules("20.rules", "supplier more { name \"M\" }\n");
  CHECK(eventually([&] { return hash_now(*client) != before; }));
}

TEST_CASE("a broken folder at the start runs on the last good set, or refuses without one") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", "rule all { when line.quantity > then assign to acme }\n");
  CHECK(daemon.run_to_end() == 1);
  CHECK(daemon.log().find("10.rules:1:") != std::string::npos);

  daemon.write_rules("10.rules", rules_for("acme"));
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto good = hash_now(*daemon.client());
  CHECK(daemon.end(SIGTERM) == 0);

  daemon.write_rules("10.rules", "rule all {");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  CHECK(hash_now(*client) == good);
  CHECK(client->get("/readyz").json().at("status") == "degraded");
  CHECK(client->post("/v1/orders", order("1")).status == 201);

  daemon.write_rules("10.rules", rules_for("bravo"));
  daemon.signal(SIGHUP);
  CHECK(eventually([&] { return hash_now(*client) != good; }));
}

TEST_CASE("why is told by the rule set that decided, also after it was replaced") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", rules_for("acme"));
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  REQUIRE(client->post("/v1/orders", order("1")).status == 201);
  daemon.write_rules("10.rules",
                     "supplier bravo { name \"B\" }\nsupplier acme { name \"A\" }\n"
                     "rule none { when line.quantity > 5 then assign to bravo }\n");
  REQUIRE(client->post("/v1/rules:reload", "").status == 200);
  const auto why = client->get("/v1/orders/outlet/1/why");
  REQUIRE_MESSAGE(why.status == 200, why.body);
  const auto rules = why.json().at("why").at("lines").at(0).at("rules").as_array();
  REQUIRE(rules.size() == 1);
  CHECK(rules[0].at("rule") == "all");
  CHECK(rules[0].at("verdict") == "fired");
}
