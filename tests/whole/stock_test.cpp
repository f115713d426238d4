#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;
namespace json = boost::json;

namespace {

// What stands beside the ordinary run: 25000 takes minutes.
int orders_wanted() {
  const char* wanted = std::getenv("CONSIGN_ORDERS");
  return wanted == nullptr ? 240 : std::atoi(wanted);
}

std::string text(const json::value& value) { return std::string(value.as_string()); }

json::object line(int id, const std::string& sku, int quantity) {
  return {{"id", std::to_string(id)}, {"sku", sku}, {"quantity", quantity}, {"price", "1.00"}};
}

json::object order(const std::string& id, json::array lines) {
  return {{"shop", "outlet"}, {"id", id},          {"currency", "EUR"},
          {"total", "1.00"},  {"payment", "paid"}, {"lines", std::move(lines)}};
}

void report(Client& client, const std::string& supplier, const std::string& sku, int available) {
  const auto answer = client.put("/v1/suppliers/" + supplier + "/stock/" + sku,
                                 json::serialize(json::object{{"available", available}}));
  REQUIRE_MESSAGE(answer.status == 200, answer.body);
}

// By SKU: what is available and what is reserved.
struct Pieces {
  std::int64_t available = 0, reserved = 0;
};
std::map<std::string, Pieces> stock_of(Client& client, const std::string& supplier) {
  std::map<std::string, Pieces> stock;
  std::string cursor;
  for (int page = 0; page < 1'000; ++page) {
    const auto answer =
        client.get("/v1/suppliers/" + supplier + "/stock?limit=500&cursor=" + cursor);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    const auto list = answer.json();
    for (const auto& item : list.at("items").as_array()) {
      stock[text(item.at("sku"))] = {item.at("available").to_number<std::int64_t>(),
                                     item.at("reserved").to_number<std::int64_t>()};
    }
    if (list.at("next").is_null()) return stock;
    cursor = text(list.at("next"));
  }
  FAIL("a list without end");
  return stock;
}

constexpr const char* kRules = R"(
supplier acme { stock tracked, safety stock 2 }
supplier bravo { stock tracked }
rule stocked on line {
  when line.quantity > 0
  then assign to first available of { acme, bravo } in at most 2 parts
}
)";

}  // namespace

TEST_CASE("quantities, stock and reservations of thousands of lines add up to what there was") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", kRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  std::mt19937 random(20'261'122);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };

  std::vector<std::string> skus{"POST", "DOT", "M", "BANK CHARGES"};
  for (int i = 0; i < 300; ++i) skus.push_back("SKU-" + std::to_string(i));
  std::map<std::string, std::map<std::string, std::int64_t>> had;
  for (const auto* supplier : {"acme", "bravo"}) {
    std::string reports;
    for (const auto& sku : skus) {
      const int pieces = below(4) == 0 ? below(3) : below(400);
      had[supplier][sku] = pieces;
      reports += json::serialize(json::object{{"sku", sku}, {"available", pieces}}) + "\n";
    }
    const auto answer =
        client->post(std::string("/v1/suppliers/") + supplier + "/stock:batch", reports);
    REQUIRE(answer.status == 200);
    REQUIRE(answer.body.find("problem") == std::string::npos);
  }

  std::map<std::string, std::map<std::string, std::int64_t>> promised;
  const int wanted = orders_wanted();
  int divided = 0, held = 0;
  for (int first = 0; first < wanted; first += 80) {
    std::vector<json::object> orders;
    std::string body;
    for (int i = first; i < std::min(wanted, first + 80); ++i) {
      // As a wholesaler's: mostly short, sometimes very long, one SKU on two lines now and then.
      const int count = i % 200 == 199 ? 1'100 : 1 + below(below(4) == 0 ? 80 : 20);
      json::array lines;
      for (int n = 1; n <= count; ++n) {
        const bool again = n > 1 && below(20) == 0;
        const std::string sku =
            again ? text(lines.back().at("sku")) : skus[static_cast<std::size_t>(below(304))];
        lines.push_back(line(n, sku, 1 + below(below(10) == 0 ? 100 : 6)));
      }
      orders.push_back(order("c" + std::to_string(i), std::move(lines)));
      body += json::serialize(orders.back()) + "\n";
    }
    // Quantities that cannot be are refused by themselves.
    body += json::serialize(order("bad", {line(1, "SKU-1", -3)})) + "\n";
    body += json::serialize(order("bad", {line(1, "SKU-1", 0)})) + "\n";
    const auto answer = client->post("/v1/orders:batch", body);
    REQUIRE(answer.status == 200);

    std::size_t at = 0, place = 0;
    for (; at < answer.body.size(); ++place) {
      const auto end = answer.body.find('\n', at);
      const auto item = json::parse(answer.body.substr(at, end - at));
      at = end + 1;
      if (place >= orders.size()) {
        CHECK(item.at("status") == 422);
        CHECK(text(item.at("problem").at("errors").at(0).at("message")).find("more than 0") !=
              std::string::npos);
        continue;
      }
      REQUIRE(item.at("status") == 201);
      const auto& lines = orders[place].at("lines").as_array();
      const auto& decided = item.at("decision").at("lines").as_array();
      REQUIRE(decided.size() == lines.size());
      for (std::size_t n = 0; n < lines.size(); ++n) {
        std::int64_t sum = 0;
        const auto& parts = decided[n].at("parts").as_array();
        for (const auto& part : parts) {
          sum += part.at("quantity").to_number<std::int64_t>();
          if (part.at("outcome") == "held") ++held;
          if (part.at("outcome") != "assigned") continue;
          promised[text(part.at("supplier"))][text(lines[n].at("sku"))] +=
              part.at("quantity").to_number<std::int64_t>();
        }
        if (parts.size() > 1) ++divided;
        REQUIRE(sum == lines[n].at("quantity").to_number<std::int64_t>());
      }
    }
    REQUIRE(place == orders.size() + 2);
  }
  CHECK(divided > 0);
  CHECK(held > 0);
  for (auto& [supplier, before] : had) {
    for (const auto& [sku, now] : stock_of(*client, supplier)) {
      CAPTURE(supplier);
      CAPTURE(sku);
      CHECK(now.available >= 0);
      CHECK(now.reserved == promised[supplier][sku]);
      CHECK(now.available + now.reserved == before[sku]);
      if (supplier == "acme" && now.reserved > 0) CHECK(now.available >= 2);
    }
  }
  CHECK(daemon.end(SIGTERM) == 0);
}

TEST_CASE("racing for the last pieces, exactly what there is is promised, whoever is killed") {
  constexpr int kSkus = 10, kPieces = 10, kClients = 8;
  DaemonProcess daemon;
  daemon.write_rules("10.rules", R"(
supplier acme { stock tracked }
rule stocked on line { when line.quantity > 0 then assign to acme }
)");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  {
    const auto client = daemon.client();
    for (int i = 0; i < kSkus; ++i) report(*client, "acme", "S" + std::to_string(i), kPieces);
  }
  // Every client wants more than there is, and asks again for what it got no answer to.
  constexpr int kOrders = 60;
  std::atomic<int> done[kClients] = {};
  for (int round = 0; round < 4; ++round) {
    if (round > 0) REQUIRE_MESSAGE(daemon.start(), daemon.log());
    std::atomic<bool> killed = false;
    std::vector<std::thread> clients;
    for (int c = 0; c < kClients; ++c) {
      clients.emplace_back([&, c] {
        const auto client = daemon.client();
        while (!killed && done[c] < kOrders) {
          const int i = done[c];
          const auto answer = client->post(
              "/v1/orders",
              json::serialize(order(std::to_string(c) + "-" + std::to_string(i),
                                    {line(1, "S" + std::to_string((c + i) % kSkus), 1 + i % 2)})));
          if (answer.status == 201 || answer.status == 200) ++done[c];
        }
      });
    }
    if (round < 3) {
      std::this_thread::sleep_for(std::chrono::milliseconds(60));
      CHECK(daemon.end(SIGKILL) == 128 + SIGKILL);
      killed = true;
    }
    for (auto& client : clients) client.join();
  }
  const auto client = daemon.client();
  std::map<std::string, std::int64_t> promised;
  int held = 0;
  for (int c = 0; c < kClients; ++c) {
    REQUIRE(done[c] == kOrders);
    for (int i = 0; i < kOrders; ++i) {
      const auto answer =
          client->get("/v1/orders/outlet/" + std::to_string(c) + "-" + std::to_string(i));
      REQUIRE(answer.status == 200);
      const auto part = answer.json().at("lines").at(0).at("parts").at(0);
      if (part.at("outcome") == "assigned") {
        promised["S" + std::to_string((c + i) % kSkus)] +=
            part.at("quantity").to_number<std::int64_t>();
      } else {
        CHECK(text(part.at("reason")).find(" left, ") != std::string::npos);
        ++held;
      }
    }
  }
  CHECK(held > 0);
  for (const auto& [sku, now] : stock_of(*client, "acme")) {
    CHECK(promised[sku] == kPieces);
    CHECK(now.reserved == kPieces);
    CHECK(now.available == 0);
  }
  CHECK(daemon.end(SIGTERM) == 0);
}
