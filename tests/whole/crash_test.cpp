#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;

namespace {

std::string order(const std::string& id) {
  return R"({"shop":"outlet","id":")" + id +
         R"(","revision":"r1","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"1.00",)"
         R"("payment":"paid","lines":[{"id":"1","quantity":1,"price":"1.00"}]})";
}

}  // namespace

TEST_CASE("after kill -9 in a stream nothing acknowledged is missing, and each is decided once") {
  DaemonProcess daemon;
  daemon.write_rules(
      "10.rules",
      "supplier acme { name \"A\" }\nrule all { when line.quantity > 0 then assign to acme }\n");
  std::mutex mutex;
  std::map<std::string, std::string> acknowledged;
  for (int round = 0; round < 3; ++round) {
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    std::atomic<bool> killed = false;
    std::vector<std::thread> senders;
    for (int sender = 0; sender < 4; ++sender) {
      senders.emplace_back([&, sender] {
        const auto client = daemon.client();
        for (int i = 0; !killed && i < 5'000; ++i) {
          const std::string id =
              std::to_string(round) + "-" + std::to_string(sender) + "-" + std::to_string(i);
          const auto answer = client->post("/v1/orders", order(id));
          if (answer.status != 201) continue;
          const std::lock_guard lock(mutex);
          acknowledged[id] = answer.body;
        }
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    CHECK(daemon.end(SIGKILL) == 128 + SIGKILL);
    killed = true;
    for (auto& sender : senders) sender.join();
  }
  REQUIRE(acknowledged.size() > 10);

  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  int different = 0, checked = 0;
  for (const auto& [id, body] : acknowledged) {
    if (++checked > 2'000) break;
    const auto again = client->post("/v1/orders", order(id));
    if (again.status != 200 || again.body != body) ++different;
  }
  CHECK(different == 0);
  CHECK(daemon.end(SIGTERM) == 0);
}

TEST_CASE("two daemons do not share a data folder") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", "supplier acme { name \"A\" }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const std::string command = std::string(CONSIGN_BIN_DIR) + "/consignd --config " +
                              (daemon.folder() / "consignd.yaml").string() +
                              " --listen 127.0.0.1:0 2>/dev/null";
  CHECK(std::system(command.c_str()) != 0);
  CHECK(daemon.client()->get("/v1/rules").status == 200);
  CHECK(std::filesystem::exists(daemon.data() / "listen"));
}

TEST_CASE("the store is its owner's alone, and where an earlier run listened is cleared away") {
  DaemonProcess daemon;
  std::filesystem::create_directory(daemon.data());
  write_file(daemon.data() / "listen", "127.0.0.1:1\n");
  daemon.write_rules("10.rules", "supplier {");
  CHECK(daemon.run_to_end() == 1);
  CHECK(!std::filesystem::exists(daemon.data() / "listen"));
  daemon.write_rules("10.rules", "supplier acme { name \"A\" }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  for (const auto* name : {"consign.db", "consign.db-wal", "listen", "admin.token"}) {
    const auto mode = std::filesystem::status(daemon.data() / name).permissions();
    CHECK_MESSAGE(
        mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write), name);
  }
}
