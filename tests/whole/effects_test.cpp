#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <boost/json/parse.hpp>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "tests/whole/daemon_process.hpp"
#include "tests/whole/receiver.hpp"

using namespace consign::testing;

namespace {

constexpr int kLines = 3;

std::string order(const std::string& id) {
  std::string lines;
  for (int line = 1; line <= kLines; ++line) {
    lines += (line == 1 ? "" : ",") + (R"({"id":")" + std::to_string(line)) + R"(","sku":"SKU-)" +
             std::to_string(line) + R"(","quantity":1,"price":"1.00"})";
  }
  return R"({"shop":"outlet","id":")" + id +
         R"(","revision":"r1","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"1.00",)"
         R"("payment":"paid","lines":[)" +
         lines + "]}";
}

std::string endpoint(const std::string& name, const std::string& url, const std::string& more) {
  return "  " + name + ": { url: \"" + url + "\", secret: " + kWebhookSecret + more + " }\n";
}

// Retries that are soon over the first failures and patient with a receiver that is away.
std::string quick_retries() {
  std::string list = ", retries: [ 0s, 0s";
  for (int i = 0; i < 60; ++i) list += ", 1s";
  return list + " ]";
}

boost::json::array all_items(Client& client, const std::string& target) {
  boost::json::array items;
  std::string cursor = "0";
  for (int page = 0; page < 100; ++page) {
    const auto answer = client.get(target + "?limit=500&cursor=" + cursor);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    const auto json = answer.json();
    for (const auto& item : json.at("items").as_array()) items.push_back(item);
    if (json.at("next").is_null()) return items;
    cursor = json.at("next").as_string();
  }
  FAIL("a list without end");
  return items;
}

std::size_t count_state(Client& client, const std::string& state) {
  return client.get("/v1/deliveries?limit=500&state=" + state).json().at("items").as_array().size();
}

std::string id_of(const boost::json::value& json) { return std::string(json.at("id").as_string()); }

}  // namespace

TEST_CASE("each effect of a committed decision arrives, in order and under one id, whoever dies") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::mutex random_mutex;
  Receiver receiver([&](const Received&) {
    const std::lock_guard lock(random_mutex);
    const auto dice = random() % 12;
    return dice == 0 ? 500 : dice == 1 ? 0 : 200;
  });
  DaemonProcess daemon("endpoints:\n" + endpoint("warehouse", receiver.url(), quick_retries()));
  daemon.write_rules("10.rules",
                     "supplier acme { name \"A\" }\n"
                     "rule all { when line.quantity > 0\n"
                     "  then assign to acme, notify warehouse \"{line.id}\" }\n");
  std::atomic<int> acknowledged = 0;
  for (int round = 0; round < 3; ++round) {
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    std::atomic<bool> killed = false;
    std::thread sender([&] {
      const auto client = daemon.client();
      for (int i = 0; !killed && i < 30; ++i) {
        const std::string id = std::to_string(round) + "-" + std::to_string(i);
        if (client->post("/v1/orders", order(id)).status == 201) ++acknowledged;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    receiver.stop();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(daemon.end(SIGKILL) == 128 + SIGKILL);
    killed = true;
    sender.join();
    receiver.start();
  }
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  REQUIRE(eventually([&] { return count_state(*client, "queued") == 0; }, 60));

  const auto orders = all_items(*client, "/v1/orders");
  const auto deliveries = all_items(*client, "/v1/deliveries");
  CHECK(acknowledged > 10);
  CHECK(orders.size() >= static_cast<std::size_t>(acknowledged));
  REQUIRE(deliveries.size() == kLines * orders.size());

  // In the order of their first arrival that was answered well.
  std::vector<std::string> arrived;
  std::map<std::string, std::string> body_of;
  for (const auto& message : receiver.received()) {
    CHECK(is_signed(message));
    const auto [known, is_new] = body_of.emplace(message.id, message.body);
    CHECK(known->second == message.body);
    const bool first = std::find(arrived.begin(), arrived.end(), message.id) == arrived.end();
    if (message.answered == 200 && first) arrived.push_back(message.id);
  }
  std::vector<std::string> queued;
  for (const auto& delivery : deliveries) {
    CHECK(delivery.at("state") == "delivered");
    queued.push_back(id_of(delivery));
  }
  // The order of all is that of each order alone: others pass one that waits for its retry.
  CHECK(std::set(arrived.begin(), arrived.end()) == std::set(queued.begin(), queued.end()));
  // Nothing came that is not of a decision which is stored, and the lines of an order in order.
  CHECK(body_of.size() == queued.size());
  std::map<std::string, std::string> decision_of;
  for (const auto& each : orders) decision_of[id_of(each)] = each.at("decision").as_string();
  std::map<std::string, std::string> lines_of;
  for (const auto& id : arrived) {
    const auto data = boost::json::parse(body_of[id]).at("data");
    const auto order_id = id_of(data.at("order"));
    CHECK(decision_of[order_id] == std::string(data.at("decision").as_string()));
    lines_of[order_id] += data.at("text").as_string();
  }
  for (const auto& [id, lines] : lines_of) CHECK_MESSAGE(lines == "123", id);
}

TEST_CASE("an endpoint that hangs and one that is away hold up nobody else") {
  Receiver away([](const Received&) { return 200; });
  away.stop();
  std::atomic<bool> done = false;
  Receiver hanging([&](const Received&) {
    for (int i = 0; i < 100 && !done; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return 200;
  });
  Receiver well([](const Received&) { return 204; });
  DaemonProcess daemon("endpoints:\n" + endpoint("away", away.url(), "") +
                       endpoint("hanging", hanging.url(), "") + endpoint("well", well.url(), ""));
  daemon.write_rules("10.rules",
                     "supplier acme { name \"A\" }\n"
                     "rule all on order { when order.total > 0 EUR\n"
                     "  then assign to acme, notify away \"x\", notify hanging \"x\", notify well "
                     "\"x\" }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  std::string orders;
  for (int i = 0; i < 50; ++i) orders += order("o-" + std::to_string(i)) + "\n";
  REQUIRE(client->post("/v1/orders:batch", orders).status == 200);
  CHECK(eventually([&] { return well.received().size() == 50; }, 8));
  CHECK(hanging.received().empty());
  const auto endpoints = client->get("/v1/endpoints").json().at("items").as_array();
  REQUIRE(endpoints.size() == 3);
  CHECK(endpoints[0].at("queued") == 50);
  CHECK(endpoints[0].at("state") == "enabled");
  CHECK(endpoints[0].as_object().contains("oldest_queued_at"));
  CHECK(eventually(
      [&] { return client->get("/v1/endpoints").json().at("items").at(2).at("queued") == 0; }));
  // It ends in time, too, although an attempt hangs.
  const auto began = std::chrono::steady_clock::now();
  CHECK(daemon.end(SIGTERM) == 0);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(15));
  done = true;
}

TEST_CASE("410 disables an endpoint, by hand it is enabled, and a delivery is sent once more") {
  std::atomic<int> status = 410;
  Receiver receiver([&](const Received&) { return status.load(); });
  DaemonProcess daemon("endpoints:\n" + endpoint("warehouse", receiver.url(), ""));
  daemon.write_rules("10.rules",
                     "supplier acme { name \"A\" }\n"
                     "rule all on order { when order.total > 0 EUR\n"
                     "  then assign to acme, notify warehouse \"x\", notify nobody \"y\" }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  CHECK(daemon.log().find("10.rules:3: rule all notifies `nobody`, but no such endpoint is "
                          "configured") != std::string::npos);
  const auto client = daemon.client();
  REQUIRE(client->post("/v1/orders", order("1")).status == 201);
  const auto endpoint_now = [&] { return client->get("/v1/endpoints").json().at("items").at(0); };
  REQUIRE(eventually([&] { return endpoint_now().at("state") == "disabled"; }));
  CHECK(endpoint_now().at("reason") == "answered 410 Gone");
  CHECK(endpoint_now().at("queued") == 1);

  // Nobody configured that one: it has failed, and says why.
  REQUIRE(eventually([&] { return count_state(*client, "failed") == 1; }));
  const auto failed = client->get("/v1/deliveries?endpoint=nobody").json().at("items").at(0);
  const auto why = client->get("/v1/deliveries/" + id_of(failed)).json();
  CHECK(why.at("attempts").at(0).at("problem") == "no endpoint `nobody` is configured");

  status = 200;
  CHECK(client->post("/v1/endpoints/nobody:enable", "").status == 404);
  const auto enabled = client->post("/v1/endpoints/warehouse:enable", "");
  CHECK_MESSAGE(enabled.status == 200, enabled.body);
  CHECK(enabled.json().at("state") == "enabled");
  REQUIRE(eventually([&] { return count_state(*client, "delivered") == 1; }));
  const auto sent = receiver.received();
  REQUIRE(sent.size() == 2);

  const auto again = client->post("/v1/deliveries/" + sent[0].id + ":resend", "");
  REQUIRE_MESSAGE(again.status == 200, again.body);
  REQUIRE(eventually([&] { return receiver.received().size() == 3; }));
  CHECK(receiver.received()[2].id == sent[0].id);
  CHECK(eventually([&] {
    return client->get("/v1/deliveries/" + sent[0].id).json().at("attempts").as_array().size() == 3;
  }));
  CHECK(
      client->get("/v1/deliveries?order=1&state=delivered").json().at("items").as_array().size() ==
      1);
  CHECK(client->get("/v1/deliveries?order=2").json().at("items").as_array().empty());
  CHECK(client->get("/v1/deliveries/msg_nothing").status == 404);
  CHECK(client->post("/v1/deliveries/msg_nothing:resend", "").status == 404);
  CHECK(Client(daemon.port(), "").get("/v1/deliveries").status == 401);
}

TEST_CASE("an endpoint of Shopify's form gets its headers, and may refuse in the body of a 200") {
  Receiver receiver([](const Received&) { return 200; });
  receiver.set_answer_body(R"({"errors":[{"message":"Throttled"}]})");
  DaemonProcess daemon("endpoints:\n" +
                       endpoint("admin", receiver.url(),
                                ", form: shopify, headers: { X-Api-Key: k-1 }, retries: [ 0s, 1s, "
                                "1s, 1s, 1s, 1s, 1s, 1s ]"));
  daemon.write_rules("10.rules",
                     "supplier acme { name \"A\" }\n"
                     "rule all on order { when order.total > 0 EUR\n"
                     "  then assign to acme, notify admin \"x\" }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  REQUIRE(client->post("/v1/orders", order("1")).status == 201);
  REQUIRE(eventually([&] { return receiver.received().size() >= 2; }));
  receiver.set_answer_body(R"({"data":{"fulfillmentCreate":{"userErrors":[]}}})");
  REQUIRE(eventually([&] { return count_state(*client, "delivered") == 1; }, 10));
  const auto sent = receiver.received();
  CHECK(sent[0].key == "k-1");
  CHECK(is_signed(sent[0]));
  const auto delivery = client->get("/v1/deliveries/" + sent[0].id).json();
  CHECK(delivery.at("attempts").at(0).at("problem") == "answered 200, but Throttled");
}

TEST_CASE(
    "a supplier hears of its parts in their order, the channel of every parcel once in meaning") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::mutex random_mutex;
  const auto moody = [&](const Received&) {
    const std::lock_guard lock(random_mutex);
    const auto dice = random() % 5;
    return dice == 0 ? 500 : dice == 1 ? 0 : 200;
  };
  Receiver supplier(moody), channel(moody);
  // The first lines go on with the shops.
  DaemonProcess daemon("  own: { channel: own, fulfillments: channel }\nendpoints:\n" +
                       endpoint("acme", supplier.url(), quick_retries()) +
                       endpoint("channel", channel.url(), quick_retries()));
  daemon.write_rules(
      "10.rules",
      "supplier acme { endpoint acme }\n"
      "supplier bravo { name \"B\" }\n"
      "rule quiet on order { when order.note = \"quiet\" then do not notify channel }\n"
      "rule all { when line.quantity > 0 then assign to acme }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  auto client = daemon.client();
  constexpr int kOrders = 12;
  const auto act = [&](int id, const std::string& verb, const std::string& body) {
    const auto answer = client->post("/v1/orders/own/" + std::to_string(id) + "/" + verb, body);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
  };
  for (int id = 0; id < kOrders; ++id) {
    auto document = order(std::to_string(id));
    document.replace(document.find("outlet"), 6, "own");
    if (id == 0) document.insert(1, R"("note":"quiet",)");
    REQUIRE(client->post("/v1/orders", document).status == 201);
    act(id, "assign", R"({"line":"2","supplier":"bravo"})");  // withdrawn
    act(id, "assign", R"({"line":"2","supplier":"acme"})");   // and assigned again
    act(id, "ship", R"({"line":"1","carrier":"DHL","tracking":["JD)" + std::to_string(id) + "\"]}");
    // Half of a part: it was not taken from whoever shipped it.
    if (id == 0) act(id, "ship", R"({"line":"3","quantity":"0.5","tracking":["H"]})");
  }
  // A refused change sends nothing.
  CHECK(client->post("/v1/orders/own/1/ship", R"({"line":"1","carrier":"UPS"})").status == 409);
  CHECK(daemon.end(SIGKILL) == 128 + SIGKILL);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  client = daemon.client();
  REQUIRE(eventually([&] { return count_state(*client, "queued") == 0; }, 60));

  std::map<std::string, std::string> told;  // by part: what the supplier took of it, in order
  std::map<std::string, std::string> body_of;
  for (const auto& message : supplier.received()) {
    CHECK(body_of.emplace(message.id, message.body).first->second == message.body);
  }
  std::set<std::string> taken;
  for (const auto& message : supplier.received()) {
    if (message.answered != 200 || !taken.insert(message.id).second) continue;
    const auto json = boost::json::parse(message.body);
    const auto& data = json.at("data");
    const std::string part =
        id_of(data.at("order")) + "/" + std::string(data.at("line").as_string());
    told[part] += std::string(json.at("type").as_string()) == "part.assigned" ? "+" : "-";
  }
  REQUIRE(told.size() == kOrders * kLines);
  for (const auto& [part, what] : told) {
    CHECK_MESSAGE(what == (part.ends_with("/2") ? "+-+" : "+"), part);
  }
  std::map<std::string, std::set<std::string>> parcels;  // by order: ids that arrived
  for (const auto& message : channel.received()) {
    const auto json = boost::json::parse(message.body);
    parcels[id_of(json.at("data").at("order"))].insert(message.id);
  }
  CHECK(parcels.size() == kOrders - 1);  // the quiet one is not told
  for (const auto& [id, ids] : parcels) CHECK_MESSAGE(ids.size() == 1, id);
  // What the supplier's endpoint took counts as sent.
  const auto parts = client->get("/v1/orders/own/3").json().at("lines");
  CHECK(parts.at(2).at("parts").at(0).at("state") == "sent");
}
