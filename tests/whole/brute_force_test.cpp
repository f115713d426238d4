// Guessing collaborator codes and tokens, from many tokens at once, with kill -9 in between: the
// budget holds, and nobody gets in.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "consign/time.hpp"
#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;

namespace {

constexpr std::int64_t kSecond = 1'000'000, kHour = 3600, kDay = 24 * kHour;
constexpr const char* kRules =
    "supplier acme\n"
    "rule partners on request { when request.kind = \"collaborator\" then approve }\n";

std::string four(int code) {
  const std::string digits = std::to_string(code);
  return std::string(4 - digits.size(), '0') + digits;
}

std::string asking(const std::string& shops, const std::string& code, const std::string& email) {
  return R"({"kind":"collaborator","shops":[)" + shops + R"(],"permissions":["orders:view"],)" +
         R"("requester":{"email":")" + email + R"("},"code":")" + code + R"("})";
}

struct Siege {
  Siege() {
    daemon.write_rules("10.rules", kRules);
    start();
    for (int i = 0; i < 12; ++i) {
      const std::string account = "staff:guesser-" + std::to_string(i);
      REQUIRE(admin->put("/v1/accounts/" + account, "{}").status == 201);
      const auto made = admin->post("/v1/tokens", R"({"account":")" + account + R"("})");
      REQUIRE(made.status == 201);
      tokens.emplace_back(made.json().at("token").as_string());
    }
  }

  void start() {
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    admin = daemon.client();
  }
  void kill_and_start() {
    daemon.end(SIGKILL);
    start();
  }
  std::string code(const std::string& shop) {
    const auto answer = admin->get("/v1/shops/" + shop + "/collaborator-code");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return std::string(answer.json().at("code").as_string());
  }

  // What one answer says: a guess that was compared is written down with the daemon's own time.
  void note(const Answer& answer) {
    const std::scoped_lock lock(mutex);
    if (answer.status == 429) {
      ++refused;
      CHECK(answer.headers.contains("retry-after"));
      return;
    }
    if (answer.status == 0) return;  // the daemon was killed meanwhile
    const auto said = answer.json();
    if (answer.status == 200) {
      ++replayed;
      return;
    }
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    if (said.at("state") != "denied") {
      ++let_in;
      return;
    }
    compared.push_back(
        consign::parse_timestamp(std::string(said.at("filed_at").as_string()))->micros);
  }

  // Four threads guess on, each with tokens of its own; some guesses are sent twice under one key,
  // some for both shops at once.
  void guess(int count) {
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t) {
      threads.emplace_back([this, t, count] {
        std::vector<std::unique_ptr<Client>> clients;
        for (std::size_t i = t; i < tokens.size(); i += 4) {
          clients.push_back(std::make_unique<Client>(daemon.port(), tokens[i]));
        }
        for (int i = 0; i < count; ++i) {
          const int number = next++;
          Client& client = *clients[static_cast<std::size_t>(i) % clients.size()];
          const std::string guessed = four(number % 10'000);
          const std::string shops = number % 5 == 0 ? R"("outlet","nordic")" : R"("outlet")";
          Headers headers;
          if (number % 3 == 0) headers = {{"Idempotency-Key", "key-" + std::to_string(number)}};
          const std::string body =
              asking(shops, guessed, "x" + std::to_string(number) + "@x.example");
          const auto answer = client.post("/v1/requests", body, headers);
          if (answer.status == 0) return;
          note(answer);
          if (!headers.empty()) note(client.post("/v1/requests", body, headers));
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }

  // The most that were compared within any span of that length.
  std::size_t most_within(std::int64_t seconds) {
    std::sort(compared.begin(), compared.end());
    std::size_t most = 0, first = 0;
    for (std::size_t last = 0; last < compared.size(); ++last) {
      while (compared[first] + seconds * kSecond <= compared[last]) ++first;
      most = std::max(most, last - first + 1);
    }
    return most;
  }

  DaemonProcess daemon{"", DaemonProcess::Time::by_hand};
  std::unique_ptr<Client> admin;
  std::vector<std::string> tokens;
  std::atomic<int> next = 0;
  std::mutex mutex;
  std::vector<std::int64_t> compared;
  int refused = 0, replayed = 0, let_in = 0;
};

}  // namespace

TEST_CASE(
    "guessing codes from many tokens at once gets five an hour and twenty a day, over kills") {
  Siege siege;
  std::string before = siege.code("outlet");
  int rotations = 0, guesses_right = 0;
  for (int round = 0; round < 64; ++round) {
    // Killed in the middle of guesses, or between them.
    if (round % 8 == 3) {
      std::thread killer([&] { siege.daemon.signal(SIGKILL); });
      siege.guess(12);
      killer.join();
      siege.kill_and_start();
    } else {
      siege.guess(6);
      if (round % 8 == 6) siege.kill_and_start();
    }
    const std::string now = siege.code("outlet");
    rotations += now != before;
    before = now;
    siege.daemon.pass(round % 2 == 0 ? 1500 : 2400);
  }
  CAPTURE(siege.refused);
  CHECK(siege.most_within(kHour) <= 5);
  CHECK(siege.most_within(kDay) <= 20);
  CHECK(siege.compared.size() >= 20);  // it was not simply closed
  CHECK(siege.refused > 500);
  CHECK(siege.replayed > 0);
  CHECK(rotations >= 3);
  // A guess may be right once in a few thousand: then it is let in, and nothing else is.
  guesses_right = siege.let_in;
  CHECK(guesses_right <= 1);
}

TEST_CASE(
    "during a lock-out the right code does not get in, costs nothing, and other shops go on") {
  Siege siege;
  const std::string first = siege.code("outlet");
  // Each from a token of its own: the second guess of one has to wait.
  for (std::size_t i = 0; i < 5; ++i) {
    Client client(siege.daemon.port(), siege.tokens[i]);
    const std::string wrong = first == "1234" ? "4321" : "1234";
    siege.note(client.post("/v1/requests", asking(R"("outlet")", wrong, "g@x.example")));
  }
  REQUIRE(siege.compared.size() == 5);
  const std::string right = siege.code("outlet");
  CHECK(right != first);  // made anew with the lock-out
  for (int i = 0; i < 3; ++i) {
    Client client(siege.daemon.port(), siege.tokens[5 + static_cast<std::size_t>(i)]);
    const auto refused = client.post("/v1/requests", asking(R"("outlet")", right, "r@x.example"));
    CHECK(refused.status == 429);
    const auto both =
        client.post("/v1/requests", asking(R"("nordic","outlet")", right, "b@x.example"));
    CHECK(both.status == 429);
    siege.kill_and_start();
  }
  CHECK(siege.code("outlet") == right);
  // The other shop, by a token that guessed wrong here.
  Client other(siege.daemon.port(), siege.tokens[0]);
  const auto elsewhere = other.post(
      "/v1/requests", asking(R"("nordic")", siege.code("nordic"), "elsewhere@x.example"));
  REQUIRE_MESSAGE(elsewhere.status == 201, elsewhere.body);
  CHECK(elsewhere.json().at("state") == "accepted");

  siege.daemon.pass(kHour + 1);
  Client late(siege.daemon.port(), siege.tokens[9]);
  const auto let_in = late.post("/v1/requests", asking(R"("outlet")", right, "r@x.example"));
  REQUIRE_MESSAGE(let_in.status == 201, let_in.body);
  CHECK(let_in.json().at("state") == "accepted");
}

TEST_CASE("guessed tokens never get in, and revoked or expired ones stay refused over kills") {
  Siege siege;
  const std::string good = siege.tokens[0];
  const auto status = [&](const std::string& token) {
    return Client(siege.daemon.port(), token).get("/v1/grants");
  };
  REQUIRE(status(good).status == 200);
  // One wrong digit anywhere: the checksum does not fit, which is said without looking it up.
  for (std::size_t at = good.rfind('_') + 1; at < good.size(); ++at) {
    std::string guessed = good;
    guessed[at] = guessed[at] == 'x' ? 'y' : 'x';
    const auto answer = status(guessed);
    CHECK(answer.status == 401);
    CHECK(answer.body.find("checksum") != std::string::npos);
  }
  for (const auto* guessed : {"csg_staff_", "csg__", "csg_staff_00000000000000000000000000000000",
                              "administrator", "csg_admin_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"}) {
    CHECK(status(guessed).status == 401);
  }
  std::atomic<int> in = 0, out = 0;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < 100; ++i) {
        std::string guessed = good;
        const auto digit = guessed.size() - 1 - (i * 7 + t) % 30;
        guessed[digit] = static_cast<char>('0' + (i + t) % 10);
        if (guessed == good) continue;
        const int said = Client(siege.daemon.port(), guessed).get("/v1/grants").status;
        (said == 401 ? out : in) += 1;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(in == 0);
  CHECK(out > 300);

  const auto brief = siege.admin->post(
      "/v1/tokens",
      R"({"account":"staff:guesser-1","expires":")" +
          consign::format_timestamp({std::chrono::duration_cast<std::chrono::microseconds>(
                                         std::chrono::system_clock::now().time_since_epoch())
                                         .count() +
                                     kDay * kSecond}) +
          R"("})");
  REQUIRE_MESSAGE(brief.status == 201, brief.body);
  const std::string expiring(brief.json().at("token").as_string());
  const auto gone = siege.admin->post("/v1/tokens", R"({"account":"staff:guesser-2"})").json();
  const std::string revoked(gone.at("token").as_string());
  CHECK(status(expiring).status == 200);
  CHECK(status(revoked).status == 200);
  REQUIRE(
      siege.admin->send("DELETE", "/v1/tokens/" + std::string(gone.at("id").as_string())).status ==
      204);
  siege.daemon.pass(2 * kDay);
  for (int i = 0; i < 3; ++i) {
    CHECK(status(expiring).status == 401);
    CHECK(status(revoked).status == 401);
    CHECK(status(good).status == 200);
    siege.kill_and_start();
  }
}
