// Events that the rules declare, over HTTP: who gets them, in turn, on duty or not, over restarts.
#include <doctest/doctest.h>
#include <signal.h>

#include <boost/json/serialize.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "cli/app.hpp"
#include "consign/time.hpp"
#include "tests/whole/daemon_process.hpp"
#include "tests/whole/receiver.hpp"

using namespace consign::testing;

namespace {

// Agents of two shops: anna and bo are in the groups of both, cy in after-sales only.
constexpr const char* kRules =
    "event conversation { shop: code, stage: text, worth: money, waited: duration, since: time, "
    "urgent: bool, turns: number }\n"
    "group presales { sub:anna, sub:bo }\n"
    "group aftersales { sub:bo, sub:anna, sub:cy }\n"
    "rule vip { when conversation.worth >= 500 EUR then assign to sub:cy, tag \"vip\" }\n"
    "rule pre { when conversation.stage = \"pre-sales\" then assign to group presales }\n"
    "rule after { when conversation.stage = \"after-sales\" then assign to group aftersales,\n"
    "  note \"chat in {conversation.shop}\" }\n";

struct Desk {
  explicit Desk(const std::string& settings = "", const std::string& rules = kRules)
      : daemon(settings, DaemonProcess::Time::by_hand) {
    daemon.write_rules("10.rules", rules);
    start();
    for (const auto* name : {"sub:anna", "sub:bo", "sub:cy"}) {
      REQUIRE(admin->put(std::string("/v1/accounts/") + name, "{}").status == 201);
    }
  }

  void start() {
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    admin = daemon.client();
  }
  void duty(const std::string& account, bool on) {
    const auto answer = admin->put("/v1/accounts/" + account + "/duty",
                                   std::string(R"({"on":)") + (on ? "true}" : "false}"));
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
  }
  static std::string chat(const std::string& id, const std::string& stage = "pre-sales",
                          const std::string& shop = "nordic") {
    return R"({"id":")" + id + R"(","shop":")" + shop + R"(","stage":")" + stage + "\"}";
  }
  Answer post(const std::string& body) { return admin->post("/v1/events/conversation", body); }
  /// Who has the event, or "held: …".
  static std::string told(const boost::json::value& event) {
    const auto& object = event.as_object();
    if (const auto* to = object.if_contains("assigned_to")) return to->as_string().c_str();
    std::string text = object.at("state").as_string().c_str();
    if (const auto* why = object.if_contains("reason"))
      text += ": " + std::string(why->as_string());
    return text;
  }
  std::string give(const std::string& id, const std::string& stage = "pre-sales",
                   const std::string& shop = "nordic") {
    const auto answer = post(chat(id, stage, shop));
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    return told(answer.json());
  }
  std::string now(const std::string& id) {
    return told(admin->get("/v1/events/conversation/" + id).json());
  }
  std::unique_ptr<Client> as(const std::string& account) {
    const auto token = admin->post("/v1/tokens", R"({"account":")" + account + "\"}").json();
    return std::make_unique<Client>(daemon.port(), token.at("token").as_string().c_str());
  }
  std::string tool(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--socket", daemon.socket()});
    std::istringstream in;
    std::ostringstream out;
    consign::cli::Session session{.in = in, .out = out, .err = out, .environment = {}, .clock = [] {
                                    return *consign::parse_timestamp("2026-11-21T10:00:00Z");
                                  }};
    const int exit = consign::cli::run(std::move(arguments), session);
    return std::to_string(exit) + "\n" + out.str();
  }

  DaemonProcess daemon;
  std::unique_ptr<Client> admin;
};

std::vector<std::string> pointers(const Answer& answer) {
  std::vector<std::string> found;
  const auto problem = answer.json();
  for (const auto& error : problem.at("errors").as_array()) {
    found.emplace_back(error.at("pointer").as_string());
  }
  return found;
}

}  // namespace

TEST_CASE("an event goes round the members of its group who are on duty, and is recorded") {
  Desk desk;
  desk.duty("sub:anna", true);
  desk.duty("sub:bo", true);
  const auto answer = desk.post(Desk::chat("c-1"));
  REQUIRE_MESSAGE(answer.status == 201, answer.body);
  const auto first = answer.json();
  CHECK(first.at("event").at("name") == "conversation");
  CHECK(first.at("event").at("id") == "c-1");
  CHECK(first.at("state") == "assigned");
  CHECK(first.at("assigned_to") == "sub:anna");
  CHECK(first.at("group") == "presales");
  CHECK(first.at("because").at("rule") == "pre");
  CHECK(first.at("because").at("file") == "10.rules");
  CHECK(first.at("because").at("line") == 5);
  CHECK(first.at("rules") == desk.admin->get("/v1/rules").json().at("hash"));
  CHECK(desk.give("c-2") == "sub:bo");
  CHECK(desk.give("c-3") == "sub:anna");
  // Each group has a turn of its own, and so has each agent in each of their groups.
  CHECK(desk.give("c-4", "after-sales", "outlet") == "sub:bo");
  CHECK(desk.give("c-5", "after-sales") == "sub:anna");
  CHECK(desk.give("c-6", "after-sales") == "sub:bo");
  CHECK(desk.give("c-7", "other") == "recorded");

  const auto whole = desk.admin->get("/v1/events/conversation/c-4").json();
  CHECK(whole.at("document").at("shop") == "outlet");
  CHECK(whole.at("notes").at(0).at("text") == "chat in outlet");
  CHECK(whole.at("decision").at("because").at("rule") == "after");
  CHECK(whole.at("history").at(0).at("what") == "assigned");
  CHECK(whole.at("history").at(0).at("to") == "sub:bo");
}

TEST_CASE("whose turn it is outlasts kill -9, and nothing acknowledged is lost or given twice") {
  Desk desk;
  desk.duty("sub:anna", true);
  desk.duty("sub:bo", true);
  desk.duty("sub:cy", true);
  std::vector<std::string> got;
  for (int i = 0; i < 9; ++i) {
    got.push_back(desk.give("c-" + std::to_string(i), "after-sales"));
    if (i % 3 == 1) {
      CHECK(desk.daemon.end(SIGKILL) == 128 + SIGKILL);
      desk.start();
    }
  }
  CHECK(got == std::vector<std::string>{"sub:bo", "sub:anna", "sub:cy", "sub:bo", "sub:anna",
                                        "sub:cy", "sub:bo", "sub:anna", "sub:cy"});
  for (int i = 0; i < 9; ++i) {
    CHECK(desk.now("c-" + std::to_string(i)) == got[static_cast<std::size_t>(i)]);
  }
}

TEST_CASE("while nobody is on duty events are held, and who comes on duty gets the oldest first") {
  Desk desk;
  for (int i = 1; i <= 5; ++i) {
    CHECK(desk.give("c-" + std::to_string(i)) == "held: nobody of presales is on duty");
  }
  CHECK(desk.admin->get("/v1/groups").json().at("items").at(0).at("held") == 5);
  desk.duty("sub:cy", true);  // is in another group
  CHECK(desk.now("c-1") == "held: nobody of presales is on duty");
  const auto bo = desk.as("sub:bo");
  CHECK(bo->put("/v1/accounts/sub:bo/duty", R"({"on":true})").status == 200);
  CHECK(bo->put("/v1/accounts/sub:anna/duty", R"({"on":true})").status == 404);
  for (int i = 1; i <= 5; ++i) CHECK(desk.now("c-" + std::to_string(i)) == "sub:bo");
  desk.duty("sub:anna", true);
  CHECK(desk.give("c-6") == "sub:anna");
  desk.duty("sub:bo", false);
  CHECK(desk.give("c-7") == "sub:anna");
  // Off duty, bo keeps what bo has.
  CHECK(desk.now("c-5") == "sub:bo");
}

TEST_CASE("more than fits into one unit is handed out in the order in which it came, in turn") {
  Desk desk;
  constexpr int kMany = 450;
  for (int i = 0; i < kMany; ++i) desk.give("c-" + std::to_string(i), "after-sales");
  // Whoever comes first gets what fits into one unit; two on duty then share the rest.
  desk.duty("sub:anna", true);
  CHECK(eventually([&] { return desk.now("c-" + std::to_string(kMany - 1)) == "sub:anna"; }));
  const auto page = desk.admin->get("/v1/events/conversation?state=held").json();
  CHECK(page.at("items").as_array().empty());
}

TEST_CASE("what has waited is shared out in turn when a reload brings in those who are on duty") {
  std::string rules = kRules;
  const auto members = rules.find("sub:anna, sub:bo");
  rules.replace(members, 16, "sub:late");
  Desk desk("", rules);
  desk.duty("sub:anna", true);
  desk.duty("sub:bo", true);
  // The oldest first, whichever shop they are of.
  for (int i = 0; i < 6; ++i) {
    desk.give("c-" + std::to_string(i), "pre-sales", i % 3 == 0 ? "outlet" : "nordic");
  }
  desk.daemon.write_rules("10.rules", kRules);
  REQUIRE(desk.admin->post("/v1/rules:reload", "{}").status == 200);
  CHECK(eventually([&] { return desk.now("c-5") == "sub:bo"; }));
  for (int i = 0; i < 6; ++i) {
    CHECK(desk.now("c-" + std::to_string(i)) == (i % 2 == 0 ? "sub:anna" : "sub:bo"));
  }
}

TEST_CASE("an agent gets conversations of their own shops only") {
  Desk desk;
  REQUIRE(desk.admin->put("/v1/accounts/sub:anna", R"({"shops":["nordic"]})").status == 200);
  REQUIRE(desk.admin->put("/v1/accounts/sub:bo", R"({"shops":["nordic","outlet"]})").status == 200);
  desk.duty("sub:anna", true);
  CHECK(desk.give("c-1", "pre-sales", "outlet") ==
        "held: nobody of presales who is on duty can take it in shop outlet");
  CHECK(desk.give("c-2") == "sub:anna");
  desk.duty("sub:bo", true);
  CHECK(desk.now("c-1") == "sub:bo");
  CHECK(desk.give("c-3", "pre-sales", "outlet") == "sub:bo");
  CHECK(desk.give("c-4") == "sub:anna");
  // Who no longer belongs to the shop gives back what is of it.
  REQUIRE(desk.admin->put("/v1/accounts/sub:bo", R"({"shops":["nordic"]})").status == 200);
  CHECK(desk.now("c-1") == "held: sub:bo does not belong to shop outlet");
}

TEST_CASE("an account that is named gets it on duty or not, unless it is suspended or gone") {
  Desk desk;
  const auto vip = [&](const std::string& id) {
    const auto answer = desk.post(R"({"id":")" + id +
                                  R"(","shop":"nordic","worth":{"amount":"900.00",)"
                                  R"("currency":"EUR"}})");
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    return Desk::told(answer.json());
  };
  CHECK(vip("v-1") == "sub:cy");
  REQUIRE(desk.admin->put("/v1/accounts/sub:cy", R"({"suspended":true})").status == 200);
  CHECK(vip("v-2") == "held: sub:cy is suspended");
  CHECK(desk.now("v-1") == "held: sub:cy is suspended");
  REQUIRE(desk.admin->put("/v1/accounts/sub:cy", "{}").status == 200);
  CHECK(desk.now("v-1") == "sub:cy");
  CHECK(desk.now("v-2") == "sub:cy");
  REQUIRE(desk.admin->send("DELETE", "/v1/accounts/sub:cy").status == 204);
  CHECK(vip("v-3") == "held: there is no account sub:cy");
}

TEST_CASE("what a suspended or removed agent has goes to the others of the group at once") {
  Desk desk;
  for (const auto* name : {"sub:anna", "sub:bo"}) desk.duty(name, true);
  CHECK(desk.give("c-1") == "sub:anna");
  CHECK(desk.give("c-2") == "sub:bo");
  CHECK(desk.give("c-3") == "sub:anna");
  REQUIRE(desk.admin->put("/v1/accounts/sub:anna", R"({"suspended":true})").status == 200);
  for (const auto* id : {"c-1", "c-2", "c-3"}) CHECK(desk.now(id) == "sub:bo");
  REQUIRE(desk.admin->send("DELETE", "/v1/accounts/sub:bo").status == 204);
  for (const auto* id : {"c-1", "c-2", "c-3"}) {
    CHECK(desk.now(id) == "held: there is no account sub:bo");
  }
  // The name begins anew: off duty.
  REQUIRE(desk.admin->put("/v1/accounts/sub:bo", "{}").status == 201);
  CHECK(desk.now("c-1") == "held: there is no account sub:bo");
  // Anna was on duty all the time.
  REQUIRE(desk.admin->put("/v1/accounts/sub:anna", "{}").status == 200);
  CHECK(desk.now("c-1") == "sub:anna");
}

TEST_CASE("the same id gives the same answer, and another body under it is refused") {
  Desk desk;
  desk.duty("sub:anna", true);
  const auto first = desk.post(Desk::chat("c-1"));
  CHECK(first.status == 201);
  const auto again = desk.post(R"({ "stage":"pre-sales", "id":"c-1", "shop":"nordic" })");
  CHECK(again.status == 200);
  CHECK(again.body == first.body);
  const auto other = desk.post(Desk::chat("c-1", "after-sales"));
  CHECK(other.status == 409);
  CHECK(other.json().at("type") == "urn:consign:problem:state-conflict");
}

TEST_CASE("two that post the same event at once: one takes it in, both hear the same") {
  Desk desk;
  desk.duty("sub:anna", true);
  desk.duty("sub:bo", true);
  for (int round = 0; round < 20; ++round) {
    const std::string body = Desk::chat("r-" + std::to_string(round));
    Answer answers[2];
    std::thread posts[2];
    for (int i = 0; i < 2; ++i) {
      posts[i] = std::thread(
          [&, i] { answers[i] = desk.daemon.client()->post("/v1/events/conversation", body); });
    }
    for (auto& each : posts) each.join();
    CHECK(std::set<int>{answers[0].status, answers[1].status} == std::set<int>{200, 201});
    CHECK(answers[0].body == answers[1].body);
  }
  // Twenty events, ten each.
  CHECK(desk.admin->get("/v1/events/conversation?assigned_to=sub:anna")
            .json()
            .at("items")
            .as_array()
            .size() == 10);
}

TEST_CASE("what does not fit the declared event is refused, with a place for each fault") {
  Desk desk;
  const auto faulty = desk.post(
      R"({"id":7,"shop":"nordic","stagee":"x","worth":"12","waited":"soon","since":"today",)"
      R"("urgent":"yes","turns":"many","at":"now"})");
  CHECK(faulty.status == 422);
  CHECK(pointers(faulty) == std::vector<std::string>{"/id", "/stagee", "/worth", "/waited",
                                                     "/since", "/urgent", "/turns", "/at"});
  CHECK(faulty.body.find("did you mean `stage`?") != std::string::npos);
  CHECK(pointers(desk.post("{}")) == std::vector<std::string>{"/id"});
  CHECK(desk.post("[]").status == 422);
  CHECK(desk.post("{").status == 400);
  CHECK(desk.post(Desk::chat("c-1", "x", "nowhere")).status == 404);
  const auto unknown = desk.admin->post("/v1/events/conversations", "{}");
  CHECK(unknown.status == 404);
  CHECK(unknown.body.find("did you mean `conversation`?") != std::string::npos);
  CHECK(desk.post(R"({"id":"all","shop":"nordic","stage":"s","worth":"12.50 EUR",)"
                  R"("waited":"30 days","since":"2026-11-21T10:00:00+01:00","urgent":true,)"
                  R"("turns":"3","at":"2026-11-21T10:00:00Z"})")
            .status == 201);
}

TEST_CASE("an account sees what is assigned to it and closes it; administrators do the rest") {
  Desk desk;
  desk.duty("sub:anna", true);
  desk.give("c-1");
  desk.duty("sub:anna", false);
  desk.duty("sub:bo", true);
  desk.give("c-2");
  const auto anna = desk.as("sub:anna"), bo = desk.as("sub:bo");
  const std::string c1 = "/v1/events/conversation/c-1";
  CHECK(anna->get(c1).status == 200);
  CHECK(!anna->get(c1).json().as_object().contains("decision"));
  CHECK(bo->get(c1).status == 404);
  CHECK(bo->get("/v1/events/conversation/none").body == bo->get(c1).body);
  CHECK(anna->get("/v1/events/conversation").json().at("items").as_array().size() == 1);
  CHECK(anna->get("/v1/events/conversation?assigned_to=sub:bo")
            .json()
            .at("items")
            .as_array()
            .empty());
  CHECK(desk.admin->get("/v1/events/conversation").json().at("items").as_array().size() == 2);
  const auto page = desk.admin->get("/v1/events/conversation?limit=1").json();
  CHECK(desk.admin
            ->get("/v1/events/conversation?limit=1&cursor=" +
                  std::string(page.at("next").as_string()))
            .json()
            .at("items")
            .at(0)
            .at("event")
            .at("id") == "c-2");
  CHECK(anna->post("/v1/events/conversation", Desk::chat("c-3")).status == 403);
  CHECK(anna->post(c1 + "/reassign", R"({"to":"sub:bo"})").status == 403);
  CHECK(bo->post(c1 + "/close", "{}").status == 404);

  CHECK(desk.admin->post(c1 + "/reassign", R"({"to":"sub:bo"})").json().at("assigned_to") ==
        "sub:bo");
  CHECK(anna->get(c1).status == 404);
  CHECK(desk.admin->post(c1 + "/reassign", R"({"group":"presale"})").status == 422);
  CHECK(desk.admin->post(c1 + "/reassign", R"({"to":"sub:nobody"})").status == 422);
  CHECK(desk.admin->post(c1 + "/reassign", "{}").status == 422);
  CHECK(desk.admin->post(c1 + "/reassign", R"({"group":"presales"})").json().at("assigned_to") ==
        "sub:bo");
  CHECK(bo->post(c1 + "/close", "").json().at("state") == "closed");
  CHECK(bo->post(c1 + "/close", "").status == 200);
  CHECK(desk.admin->post(c1 + "/reassign", R"({"to":"sub:bo"})").status == 409);
  CHECK(desk.admin->get("/v1/events/conversation?state=closed")
            .json()
            .at("items")
            .as_array()
            .size() == 1);
  // What is closed is given to nobody any more.
  REQUIRE(desk.admin->send("DELETE", "/v1/accounts/sub:bo").status == 204);
  CHECK(desk.admin->get(c1).json().at("state") == "closed");
  const auto groups = anna->get("/v1/groups").json().at("items");
  CHECK(groups.as_array().size() == 2);
  CHECK(desk.as("sub:cy")->get("/v1/groups").json().at("items").as_array().size() == 1);
}

TEST_CASE("a token that is limited to a shop posts events of that shop and does nothing else") {
  Desk desk;
  const auto made = desk.admin->post(
      "/v1/tokens",
      R"({"account":"administrator","permissions":["orders:manage"],"shops":["outlet"]})");
  Client bridge(desk.daemon.port(), made.json().at("token").as_string().c_str());
  CHECK(bridge.post("/v1/events/conversation", Desk::chat("c-1", "x", "outlet")).status == 201);
  CHECK(bridge.post("/v1/events/conversation", Desk::chat("c-2", "x", "nordic")).status == 404);
  CHECK(bridge.post("/v1/events/conversation", R"({"id":"c-3"})").status == 403);
  CHECK(bridge.get("/v1/events/conversation").status == 403);
}

TEST_CASE(
    "a reload that changes a group counts from the next event on, and hands out what waited") {
  Desk desk;
  CHECK(desk.give("c-1") == "held: nobody of presales is on duty");
  desk.duty("sub:cy", true);
  std::string rules = kRules;
  rules.replace(rules.find("sub:anna, sub:bo"), 16, "sub:cy, sub:anna");
  desk.daemon.write_rules("10.rules", rules);
  REQUIRE(desk.admin->post("/v1/rules:reload", "{}").status == 200);
  CHECK(desk.give("c-2") == "sub:cy");
  CHECK(eventually([&] { return desk.now("c-1") == "sub:cy"; }));
  desk.duty("sub:anna", true);
  CHECK(desk.give("c-3") == "sub:anna");
  // Who left a group keeps what they have; what was decided stays to be read without the event.
  desk.daemon.write_rules("10.rules", "supplier acme\n");
  REQUIRE(desk.admin->post("/v1/rules:reload", "{}").status == 200);
  CHECK(desk.now("c-3") == "sub:anna");
  CHECK(desk.admin->get("/v1/events/conversation").json().at("items").as_array().size() == 3);
  CHECK(desk.post(Desk::chat("c-4")).status == 404);
  CHECK(desk.admin->get("/v1/events/none").status == 404);
}

TEST_CASE("a rule that fails holds the event for a person, and notices leave once") {
  Receiver receiver([](const Received&) { return 204; });
  Desk desk(
      "endpoints:\n  desk: { url: \"" + receiver.url() + "\", secret: " + kWebhookSecret + " }\n",
      "event conversation { shop: code, turns: number }\n"
      "group presales { sub:anna, sub:bo }\n"
      "rule ratio { when 10 / conversation.turns > 3 then assign to group presales,\n"
      "  notify desk \"busy {conversation.shop}\" }\n");
  desk.duty("sub:anna", true);
  CHECK(Desk::told(desk.post(R"({"id":"c-1","shop":"nordic","turns":0})").json())
            .starts_with("held: rule ratio: it failed: "));
  desk.duty("sub:bo", true);
  CHECK(desk.now("c-1").starts_with("held: rule ratio: "));
  CHECK(desk.admin->post("/v1/events/conversation/c-1/reassign", R"({"to":"sub:anna"})").status ==
        200);
  const std::string body = R"({"id":"c-2","shop":"nordic","turns":1})";
  CHECK(Desk::told(desk.post(body).json()) == "sub:anna");
  CHECK(desk.post(body).status == 200);
  const auto deliveries = desk.admin->get("/v1/deliveries").json().at("items");
  REQUIRE(deliveries.as_array().size() == 1);
  CHECK(deliveries.at(0).at("order").at("shop") == "nordic");
  CHECK(deliveries.at(0).at("order").at("id") == "event conversation/c-2");
  REQUIRE(eventually([&] { return !receiver.received().empty(); }));
  CHECK(receiver.received().front().body.find("\"type\":\"event.notice\"") != std::string::npos);
  CHECK(receiver.received().front().body.find("busy nordic") != std::string::npos);
}

TEST_CASE("the tool shows events and groups, and puts people on duty") {
  Desk desk;
  CHECK(desk.tool({"duty", "sub:anna", "on"}) == "0\nsub:anna is on duty\n");
  CHECK(desk.tool({"duty", "sub:nobody", "on"}).starts_with("1\n"));
  desk.give("c-1");
  const auto events = desk.tool({"events", "conversation"});
  CHECK(events.find("c-1") != std::string::npos);
  CHECK(events.find("sub:anna") != std::string::npos);
  const auto one = desk.tool({"events", "conversation", "c-1"});
  CHECK(one.find("rule pre (10.rules:5)") != std::string::npos);
  CHECK(one.find("assigned by consignd to sub:anna") != std::string::npos);
  const auto groups = desk.tool({"groups"});
  CHECK(groups.find("presales") != std::string::npos);
  CHECK(groups.find("sub:anna (on duty)") != std::string::npos);
  CHECK(desk.tool({"duty", "sub:anna", "off"}) == "0\nsub:anna is off duty\n");
}
