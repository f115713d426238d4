#include "daemon/effects/courier.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>

#include "daemon/store/outbox_rows.hpp"
#include "tests/unit/daemon/world.hpp"

using namespace consign;
using consign::testing::World;

namespace {

constexpr const char* kRules =
    "supplier acme { name \"A\" }\n"
    "rule all { when line.quantity > 0 then assign to acme, notify warehouse \"new {line.sku}\" "
    "}\n";

struct Posted {
  std::string id, timestamp, signature, body;
};

// A receiver that answers what it is told to, and 204 when it was told nothing more.
struct Receiver {
  std::deque<PostAnswer> answers;
  std::function<bool(const std::string&)> refuses;  // messages of which bodies
  std::vector<Posted> posted;
};

class FakePoster : public Poster {
 public:
  explicit FakePoster(Receiver& receiver) : receiver_(receiver) {}
  PostAnswer post(const PostHeaders& headers, const std::string& body) override {
    receiver_.posted.push_back({headers[0].second, headers[1].second, headers[2].second, body});
    if (receiver_.refuses && receiver_.refuses(body)) return {.status = 422};
    if (receiver_.answers.empty()) return {.status = 204};
    auto answer = receiver_.answers.front();
    receiver_.answers.pop_front();
    return answer;
  }
  void cancel() override {}

 private:
  Receiver& receiver_;
};

std::string order(const std::string& id, const std::string& total = "1.00") {
  return R"({"shop":"outlet","id":")" + id + R"(","placed_at":"2026-11-21T09:59:12Z",)" +
         R"("currency":"EUR","total":")" + total +
         R"(","payment":"paid","lines":[{"id":"1","sku":"A","quantity":1,"price":"1.00"}]})";
}

struct Sending {
  explicit Sending(const std::string& rules = kRules) : world(rules) {
    endpoint.name = "warehouse";
    endpoint.keys = {std::string(24, 'k')};
    world.settings.endpoints["warehouse"] = endpoint;
  }
  std::vector<store::EffectRow> effects() {
    return world.readers.read(
        [](store::Connection& db) { return store::list_effects(db, {}, 0, 100); });
  }
  std::vector<store::AttemptRow> attempts(std::int64_t seq) {
    return world.readers.read([&](store::Connection& db) { return store::attempts_of(db, seq); });
  }
  // Of all that was posted: "ORDER TEXT".
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const auto& posted : receiver.posted) {
      const auto data = boost::json::parse(posted.body).at("data");
      all.push_back(std::string(data.at("order").at("id").as_string()) + " " +
                    std::string(data.at("text").as_string()));
    }
    return all;
  }
  void write(const store::Unit& unit) { REQUIRE(world.writer.run(unit) == store::Fate::committed); }
  // Turns until there is nothing due; when something will be.
  std::optional<Timestamp> turns() {
    for (int i = 0; i < 1000; ++i) {
      const auto next = courier.turn();
      if (!next || *next > world.now) return next;
    }
    FAIL("the courier does not come to rest");
    return std::nullopt;
  }

  World world;
  Endpoint endpoint;
  Receiver receiver;
  CourierHooks hooks{.now = [this] { return world.now; },
                     .jitter = [] { return 0.5; },
                     .make_poster = [this](const Endpoint&) -> std::unique_ptr<Poster> {
                       return std::make_unique<FakePoster>(receiver);
                     }};
  Courier courier{endpoint, world.writer, world.readers, hooks};
};

}  // namespace

TEST_CASE("a notice is posted once, signed, in the form of Standard Webhooks") {
  Sending sending;
  const auto decision = sending.world.post(order("1001"));
  CHECK_FALSE(sending.turns().has_value());
  REQUIRE(sending.receiver.posted.size() == 1);
  const auto& posted = sending.receiver.posted[0];
  CHECK(posted.id.starts_with("msg_"));
  CHECK(posted.timestamp == "1763719200");
  CHECK(posted.signature.starts_with("v1,"));
  const auto body = boost::json::parse(posted.body);
  CHECK(body.at("type") == "order.notice");
  CHECK(body.at("timestamp") == "2025-11-21T10:00:00Z");
  CHECK(body.at("data").at("order").at("id") == "1001");
  CHECK(body.at("data").at("text") == "new A");
  CHECK(body.at("data").at("rule") == "all");
  CHECK(body.at("data").at("decision") == decision.at("decision"));

  const auto effects = sending.effects();
  REQUIRE(effects.size() == 1);
  CHECK(effects[0].state == "delivered");
  CHECK(effects[0].id == posted.id);
  REQUIRE(sending.attempts(effects[0].seq).size() == 1);
  CHECK(sending.attempts(effects[0].seq)[0].status == 204);
  CHECK_FALSE(sending.attempts(effects[0].seq)[0].problem.has_value());
}

TEST_CASE("an order that is decided again does not say the same twice") {
  Sending sending;
  sending.world.post(order("1001"));
  sending.turns();
  sending.world.post(order("1001", "2.00"));
  sending.turns();
  CHECK(sending.receiver.posted.size() == 1);
}

TEST_CASE("a failed attempt is made again under the same id, when it is due and not before") {
  Sending sending;
  sending.world.post(order("1001"));
  sending.receiver.answers = {{.status = 500, .reason = "Internal Server Error"},
                              {.status = 0, .reason = "Connection refused"}};
  CHECK(sending.turns() == Timestamp{sending.world.now.micros + 5'000'000});
  CHECK(sending.receiver.posted.size() == 1);
  sending.world.pass(4);
  sending.turns();
  CHECK(sending.receiver.posted.size() == 1);
  sending.world.pass(1);
  CHECK(sending.turns() == Timestamp{sending.world.now.micros + 300'000'000});
  sending.world.pass(300);
  CHECK_FALSE(sending.turns().has_value());

  REQUIRE(sending.receiver.posted.size() == 3);
  CHECK(sending.receiver.posted[1].id == sending.receiver.posted[0].id);
  CHECK(sending.receiver.posted[2].id == sending.receiver.posted[0].id);
  CHECK(sending.receiver.posted[2].body == sending.receiver.posted[0].body);
  CHECK(sending.receiver.posted[2].timestamp == "1763719505");
  const auto attempts = sending.attempts(sending.effects()[0].seq);
  REQUIRE(attempts.size() == 3);
  CHECK(attempts[0].problem == "answered 500 Internal Server Error");
  CHECK(attempts[1].problem == "Connection refused");
  CHECK(attempts[1].status == 0);
  CHECK(attempts[2].number == 3);
}

TEST_CASE("what comes later of an order waits for what comes first, other orders do not") {
  Sending sending(
      "supplier acme { name \"A\" }\n"
      "rule all { when line.quantity > 0 then assign to acme, notify warehouse \"first\", "
      "notify warehouse \"second\" }\n");
  sending.world.post(order("1001"));
  sending.receiver.answers = {{.status = 502}};
  CHECK(sending.turns() == Timestamp{sending.world.now.micros + 5'000'000});
  CHECK(sending.texts() == std::vector<std::string>{"1001 first"});
  sending.world.post(order("1002"));
  CHECK(sending.turns() == Timestamp{sending.world.now.micros + 5'000'000});
  CHECK(sending.texts() == std::vector<std::string>{"1001 first", "1002 first", "1002 second"});
  sending.world.pass(5);
  CHECK_FALSE(sending.turns().has_value());
  CHECK(sending.texts() == std::vector<std::string>{"1001 first", "1002 first", "1002 second",
                                                    "1001 first", "1001 second"});
}

TEST_CASE("a message that is refused for ever holds up its own order alone, until it has failed") {
  Sending sending(
      "supplier acme { name \"A\" }\n"
      "rule all { when line.quantity > 0 then assign to acme, notify warehouse \"first\", "
      "notify warehouse \"second\" }\n");
  sending.endpoint.retries = {10, 20};
  sending.receiver.refuses = [](const std::string& body) {
    return body.find("\"1001\"") != std::string::npos && body.find("first") != std::string::npos;
  };
  sending.world.post(order("1001"));
  for (int i = 0; i < 20; ++i) sending.world.post(order("o-" + std::to_string(i)));
  sending.turns();
  CHECK(sending.texts().size() == 41);
  sending.world.pass(10);
  sending.turns();
  CHECK(sending.texts().size() == 42);
  CHECK(sending.effects()[1].state == "queued");
  sending.world.pass(20);
  CHECK_FALSE(sending.turns().has_value());
  CHECK(sending.effects()[0].state == "failed");
  CHECK(sending.effects()[1].state == "delivered");
  CHECK(sending.texts().back() == "1001 second");
}

TEST_CASE("a receiver that refuses everything is tried with few orders and not with all") {
  Sending sending;
  sending.receiver.refuses = [](const std::string&) { return true; };
  for (int i = 0; i < 30; ++i) sending.world.post(order("o-" + std::to_string(i)));
  CHECK(sending.turns() == Timestamp{sending.world.now.micros + 5'000'000});
  CHECK(sending.texts().size() == kFewInRow);
  sending.world.pass(5);
  CHECK(sending.turns() == Timestamp{sending.world.now.micros + 300'000'000});
  CHECK(sending.texts().size() == 2 * kFewInRow);

  // Once it is well again, the first one that is taken lets the others follow.
  sending.receiver.refuses = nullptr;
  sending.world.pass(300);
  CHECK_FALSE(sending.turns().has_value());
  CHECK(sending.texts().size() == 2 * kFewInRow + 30);
  for (const auto& effect : sending.effects()) CHECK(effect.state == "delivered");
}

TEST_CASE("several messages that are refused for ever do not hold up the others for long") {
  Sending sending;
  sending.receiver.refuses = [](const std::string& body) {
    return body.find("\"bad-") != std::string::npos;
  };
  for (int i = 0; i < kFewInRow; ++i) sending.world.post(order("bad-" + std::to_string(i)));
  for (int i = 0; i < 20; ++i) sending.world.post(order("good-" + std::to_string(i)));
  const auto delivered = [&] {
    const auto effects = sending.effects();
    return std::count_if(effects.begin(), effects.end(),
                         [](const auto& effect) { return effect.state == "delivered"; });
  };
  sending.turns();
  for (const int seconds : {5, 300, 299}) {
    sending.world.pass(seconds);
    sending.turns();
    CHECK(delivered() == 0);
  }
  sending.world.pass(1);
  sending.turns();
  CHECK(delivered() == 20);
}

TEST_CASE("an earlier one that is sent again by hand goes before those that wait for a retry") {
  Sending sending(
      "supplier acme { name \"A\" }\n"
      "rule all { when line.quantity > 0 then assign to acme, notify warehouse \"first\", "
      "notify warehouse \"second\" }\n");
  sending.world.post(order("1001"));
  sending.receiver.answers = {{.status = 200}, {.status = 500}};
  sending.turns();
  sending.write([&](store::Connection& db) {
    store::queue_again(db, sending.receiver.posted[0].id, sending.world.now);
  });
  sending.turns();
  sending.world.pass(5);
  sending.turns();
  CHECK(sending.texts() ==
        std::vector<std::string>{"1001 first", "1001 second", "1001 first", "1001 second"});
}

TEST_CASE("what was delivered is forgotten after a while, and not said again") {
  Sending sending;
  constexpr std::int64_t kDay = 24 * 3600;
  for (int i = 0; i < 100; ++i) sending.world.post(order("o-" + std::to_string(i)));
  sending.turns();
  sending.endpoint.retries = {};
  sending.receiver.answers = {{.status = 500}};
  sending.world.post(order("failed"));
  sending.turns();
  CHECK(sending.texts().size() == 101);
  sending.world.pass(30 * kDay - 60);
  CHECK(sending.effects().size() == 100);  // a page
  sending.world.pass(120);
  sending.world.pass(1);
  const auto left = sending.effects();
  REQUIRE(left.size() == 1);
  CHECK(left[0].state == "failed");
  CHECK(sending.attempts(left[0].seq).size() == 1);
  CHECK(sending.attempts(1).empty());

  sending.world.post(order("o-0", "2.00"));
  CHECK_FALSE(sending.turns().has_value());
  CHECK(sending.texts().size() == 101);
  CHECK(sending.effects().size() == 1);
}

TEST_CASE("after the last attempt an effect has failed, and the next one gets its turn") {
  Sending sending;
  sending.endpoint.retries = {1, 2};
  sending.world.post(order("1001"));
  sending.world.post(order("1002"));
  sending.receiver.refuses = [](const std::string& body) {
    return body.find("\"1001\"") != std::string::npos;
  };
  sending.turns();
  sending.world.pass(1);
  sending.turns();
  sending.world.pass(2);
  sending.turns();
  const auto effects = sending.effects();
  REQUIRE(effects.size() == 2);
  CHECK(effects[0].state == "failed");
  CHECK(effects[1].state == "delivered");
  CHECK(sending.receiver.posted.size() == 4);
}

TEST_CASE("a receiver that asks for time gets it, though not less than the schedule gives") {
  Sending sending;
  sending.world.post(order("1001"));
  sending.receiver.answers = {{.status = 503, .retry_after = "60"},
                              {.status = 429, .retry_after = "60"},
                              {.status = 500, .retry_after = "99999"}};
  CHECK(sending.turns() == Timestamp{sending.world.now.micros + 60'000'000});
  sending.world.pass(60);
  CHECK(sending.turns() == Timestamp{sending.world.now.micros + 300'000'000});
  sending.world.pass(300);
  CHECK(sending.turns() == Timestamp{sending.world.now.micros + 1'800'000'000});
}

TEST_CASE("a redirect is a failure") {
  Sending sending;
  sending.world.post(order("1001"));
  sending.receiver.answers = {{.status = 302, .reason = "Found"}};
  CHECK(sending.turns().has_value());
  CHECK(sending.effects()[0].state == "queued");
}

TEST_CASE("a refusal in the body of a 200 is a failed attempt, with its words") {
  Sending sending;
  sending.endpoint.form = AnswerForm::shopify;
  sending.world.post(order("1001"));
  sending.receiver.answers = {
      {.status = 200, .body = R"({"errors":[{"message":"Throttled"}]})"},
      {.status = 200, .body = R"({"data":{"fulfillmentCreate":{"userErrors":[]}}})"}};
  CHECK(sending.turns().has_value());
  sending.world.pass(5);
  CHECK_FALSE(sending.turns().has_value());
  const auto effect = sending.effects()[0];
  CHECK(effect.state == "delivered");
  const auto attempts = sending.attempts(effect.seq);
  REQUIRE(attempts.size() == 2);
  CHECK(attempts[0].status == 200);
  CHECK(attempts[0].problem == "answered 200, but Throttled");
}

TEST_CASE("410 ends all sending there until the endpoint is enabled by hand") {
  Sending sending;
  sending.world.post(order("1001"));
  sending.receiver.answers = {{.status = 410, .reason = "Gone"}};
  CHECK_FALSE(sending.turns().has_value());
  sending.world.post(order("1002"));
  sending.world.pass(100'000);
  CHECK_FALSE(sending.turns().has_value());
  CHECK(sending.receiver.posted.size() == 1);

  sending.write([&](store::Connection& db) {
    CHECK(store::find_disabled_endpoint(db, "warehouse")->reason == "answered 410 Gone");
    store::enable_endpoint(db, "warehouse", sending.world.now);
    CHECK_FALSE(store::find_disabled_endpoint(db, "warehouse").has_value());
  });
  sending.turns();
  CHECK(sending.receiver.posted.size() == 3);
  CHECK(sending.receiver.posted[1].id == sending.receiver.posted[0].id);
}

TEST_CASE("an effect that is sent again by hand keeps its id and starts the schedule anew") {
  Sending sending;
  sending.endpoint.retries = {1};
  sending.world.post(order("1001"));
  sending.receiver.answers = {{.status = 500}, {.status = 500}, {.status = 500}};
  sending.turns();
  sending.world.pass(1);
  sending.turns();
  const auto failed = sending.effects()[0];
  CHECK(failed.state == "failed");
  CHECK(failed.ended_at == sending.world.now);

  sending.write([&](store::Connection& db) {
    CHECK(store::queue_again(db, failed.id, sending.world.now));
    CHECK_FALSE(store::queue_again(db, "msg_other", sending.world.now));
  });
  CHECK(sending.turns().has_value());
  sending.world.pass(1);
  sending.turns();
  CHECK(sending.effects()[0].state == "delivered");
  CHECK(sending.attempts(failed.seq).size() == 4);
  CHECK(sending.receiver.posted.back().id == failed.id);
}

TEST_CASE("what is queued for a name that nobody configured has failed, and says why") {
  Sending sending(
      "supplier acme { name \"A\" }\n"
      "rule all { when line.quantity > 0 then assign to acme, notify nobody \"x\" }\n");
  sending.world.post(order("1001"));
  sending.world.pass(1);
  const auto effects = sending.effects();
  REQUIRE(effects.size() == 1);
  CHECK(effects[0].state == "failed");
  const auto attempts = sending.attempts(effects[0].seq);
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].problem == "no endpoint `nobody` is configured");
}

TEST_CASE("what could not be written down is posted again, later and later") {
  Sending sending;
  sending.world.post(order("1001"));
  sending.world.writer.close();
  CHECK(sending.courier.turn() == Timestamp{sending.world.now.micros + 1'000'000});
  CHECK(sending.courier.turn() == Timestamp{sending.world.now.micros + 2'000'000});
  CHECK(sending.courier.turn() == Timestamp{sending.world.now.micros + 4'000'000});
  for (int i = 0; i < 10; ++i) sending.courier.turn();
  CHECK(sending.courier.turn() == Timestamp{sending.world.now.micros + 300'000'000});
  REQUIRE(sending.receiver.posted.size() == 14);
  CHECK(sending.receiver.posted[13].id == sending.receiver.posted[0].id);
}
