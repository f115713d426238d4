// Shopify's staff and collaborators as rules/shopify-access.rules has them, from outside: the rules
// that ship, the real daemon, and a clock that is turned by hand.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <thread>

#include "consign/time.hpp"
#include "tests/whole/daemon_process.hpp"
#include "tests/whole/receiver.hpp"

using namespace consign::testing;
using boost::json::value;

namespace {

constexpr std::int64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr const char* kTwoShopify =
    "  south: { channel: shopify, domain: south.myshopify.com, plan: advanced }\n";

std::string text(const value& from, const char* member) {
  const auto* found = from.as_object().if_contains(member);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : "";
}

std::set<std::string> texts(const value& list) {
  std::set<std::string> all;
  for (const auto& each : list.as_array()) all.insert(std::string(each.as_string()));
  return all;
}

value done(const Answer& answer, int status) {
  REQUIRE_MESSAGE(answer.status == status, answer.body);
  return answer.body.empty() ? value() : answer.json();
}

// The shop `nordic`, its owner Olga, and all rules that ship.
struct Shop {
  explicit Shop(const std::string& settings = kTwoShopify)
      : daemon(settings, DaemonProcess::Time::by_hand) {
    const std::filesystem::path shipped = std::string(CONSIGN_SOURCE_DIR) + "/rules";
    for (const auto& file : std::filesystem::directory_iterator(shipped)) {
      daemon.write_rules(file.path().filename(), read_file(file.path()));
    }
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    admin = daemon.client();
    done(admin->put("/v1/accounts/owner:olga",
                    R"({"name":"Olga","email":"olga@nordic.example","shops":["nordic"]})"),
         201);
    olga_token = token_for("owner:olga");
    olga = with(olga_token);
  }

  std::string token_for(const std::string& account) {
    return text(done(admin->post("/v1/tokens", R"({"account":")" + account + "\"}"), 201), "token");
  }
  std::unique_ptr<Client> with(const std::string& token) {
    return std::make_unique<Client>(daemon.port(), token);
  }
  void restart(int how = SIGKILL) {
    daemon.end(how);
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    admin = daemon.client();
    olga = with(olga_token);
  }
  value plan(const std::string& name) {
    return done(admin->put("/v1/shops/nordic", R"({"plan":")" + name + "\"}"), 200);
  }
  value seats() { return olga->get("/v1/shops/nordic").json().at("seats").at("staff"); }

  // ---- staff
  static std::string invitation(const std::string& who, const std::string& what) {
    return R"({"kind":"staff","account":"staff:)" + who + R"(","requester":{"email":")" + who +
           R"(@nordic.example","name":"Anna Berg"},"shops":["nordic"],)" + what + "}";
  }
  value invite(const std::string& who, const std::string& what = R"("permissions":["orders"])") {
    return done(olga->post("/v1/requests", invitation(who, what)), 201);
  }
  std::string activate(const value& invited) {
    const std::string secret = text(invited.at("invitation"), "secret");
    return text(
        done(admin->post("/v1/invitations:activate", R"({"secret":")" + secret + "\"}"), 200),
        "token");
  }
  /// An active one, and its token.
  std::string hire(const std::string& who) { return activate(invite(who)); }

  // ---- collaborators
  std::string code() {
    return text(olga->get("/v1/shops/nordic/collaborator-code").json(), "code");
  }
  std::string wrong_code() { return code() == "0000" ? "0001" : "0000"; }
  /// A partner's own login, and its token; it belongs to no shop yet.
  std::string partner(const std::string& who, const std::string& organization = "Studio Nord",
                      bool mfa = true) {
    done(admin->put("/v1/accounts/collaborator:" + who,
                    R"({"email":")" + who + R"(@studio.example","shops":[],"organization":")" +
                        organization + R"(","mfa":)" + (mfa ? "true" : "false") + "}"),
         201);
    return token_for("collaborator:" + who);
  }
  static std::string asking(const std::string& who, const std::string& code,
                            const std::string& permissions = R"(["orders:view","products:view"])") {
    return R"({"kind":"collaborator","account":"collaborator:)" + who +
           R"(","requester":{"email":")" + who +
           R"(@studio.example","organization":"Studio Nord"},"shops":["nordic"],"code":")" + code +
           R"(","message":"the new theme","permissions":)" + permissions + "}";
  }
  /// Asked for and accepted by Olga; the partner's token.
  std::string collaborate(const std::string& who, const std::string& adjusted = "{}") {
    const auto token = partner(who);
    const auto asked = done(with(token)->post("/v1/requests", asking(who, code())), 201);
    CHECK(text(asked, "state") == "review");
    CHECK(text(done(olga->post("/v1/requests/" + text(asked, "id") + "/accept", adjusted), 200),
               "state") == "accepted");
    return token;
  }

  // ---- questions
  std::string denial(const std::string& account, const std::string& action) {
    const auto answer =
        done(admin->post("/v1/check", R"({"account":")" + account + R"(","action":")" + action +
                                          R"(","resource":{"kind":"shop","shop":"nordic"}})"),
             200);
    return answer.at("allowed").as_bool() ? "" : text(answer, "reason");
  }
  bool may(const std::string& account, const std::string& action) {
    return denial(account, action).empty();
  }
  std::string state_of(const value& request) {
    return text(done(admin->get("/v1/requests/" + text(request, "id")), 200), "state");
  }
  bool is_account(const std::string& name) {
    return admin->get("/v1/accounts/" + name).status == 200;
  }
  std::int64_t active() { return seats().at("active").as_int64(); }
  std::int64_t invited() { return seats().at("invited").as_int64(); }

  DaemonProcess daemon;
  std::unique_ptr<Client> admin, olga;
  std::string olga_token;
};

}  // namespace

// ---- Staff

TEST_CASE(
    "Shopify staff: limits by plan, Starter 0, Basic 0, Pause and Build 1, Shopify 5, Advanced 15, "
    "Plus unlimited") {
  Shop shop;
  const std::vector<std::pair<std::string, int>> plans = {
      {"starter", 0}, {"basic", 0}, {"pause_and_build", 1}, {"shopify", 5}, {"advanced", 15}};
  int people = 0;
  for (const auto& [plan, limit] : plans) {
    CAPTURE(plan);
    CHECK(shop.plan(plan).at("seats").at("staff").at("limit").as_int64() == limit);
    for (; people < limit; ++people) CHECK(!shop.hire("s" + std::to_string(people)).empty());
    const auto one_more = shop.invite("one-more");
    CHECK(text(one_more, "state") == "denied");
    CHECK(text(one_more, "reason").find("`" + plan + "`") != std::string::npos);
    CHECK(!one_more.as_object().contains("invitation"));
    // An administrator has no way round it either.
    CHECK(shop.admin->put("/v1/accounts/staff:one-more", R"({"shops":["nordic"]})").status == 409);
    CHECK(!shop.is_account("staff:one-more"));
    CHECK(shop.active() == people);
  }
  CHECK(!shop.plan("plus").at("seats").at("staff").as_object().contains("limit"));
  for (; people < 40; ++people) CHECK(!shop.hire("s" + std::to_string(people)).empty());
  CHECK(shop.active() == 40);
}

TEST_CASE("Shopify staff: the owner and collaborators are not counted") {
  Shop shop;
  shop.plan("pause_and_build");
  shop.collaborate("ada");
  shop.collaborate("ben");
  CHECK(shop.active() == 0);
  CHECK(text(shop.invite("anna"), "state") == "invited");
  CHECK(text(shop.invite("bo"), "state") == "denied");
}

TEST_CASE("Shopify staff: pending invitations do count") {
  Shop shop;
  shop.plan("shopify");
  std::vector<value> pending;
  for (int i = 0; i < 5; ++i) pending.push_back(shop.invite("s" + std::to_string(i)));
  CHECK(shop.invited() == 5);
  CHECK(text(shop.invite("late"), "state") == "denied");
  // Nobody is there before the link was used, and using it takes no second seat.
  CHECK(!shop.is_account("staff:s0"));
  CHECK(!shop.activate(pending[0]).empty());
  CHECK(shop.active() == 1);
  CHECK(shop.invited() == 4);
  CHECK(text(shop.invite("late"), "state") == "denied");
  // One that is withdrawn gives its seat back, and so do those that nobody used for seven days.
  done(shop.olga->post("/v1/requests/" + text(pending[1], "id") + "/cancel", "{}"), 200);
  CHECK(text(shop.invite("late"), "state") == "invited");
  shop.daemon.pass(7 * kDay);
  CHECK(shop.admin
            ->post("/v1/invitations:activate",
                   R"({"secret":")" + text(pending[2].at("invitation"), "secret") + "\"}")
            .status == 409);
  CHECK(eventually([&] { return shop.state_of(pending[2]) == "lapsed"; }));
  CHECK(shop.invited() == 0);
  // Inviting again makes a link that is good, the only one.
  const auto again =
      done(shop.olga->post("/v1/requests/" + text(pending[2], "id") + "/invite", ""), 200);
  CHECK(!shop.activate(again).empty());
  CHECK(shop.active() == 2);
}

TEST_CASE("Shopify staff: of two invitations racing for the last seat one wins") {
  Shop shop;
  shop.plan("pause_and_build");
  for (int round = 0; round < 10; ++round) {
    std::vector<std::string> states(2);
    std::vector<std::string> ids(2);
    std::vector<std::thread> racers;
    for (std::size_t i = 0; i < 2; ++i) {
      racers.emplace_back([&, i] {
        const auto answer =
            shop.with(shop.olga_token)
                ->post("/v1/requests",
                       Shop::invitation("r" + std::to_string(round) + "-" + std::to_string(i),
                                        R"("permissions":["orders"])"));
        if (answer.status != 201) return;
        states[i] = text(answer.json(), "state");
        ids[i] = text(answer.json(), "id");
      });
    }
    for (auto& racer : racers) racer.join();
    std::sort(states.begin(), states.end());
    CHECK(states == std::vector<std::string>{"denied", "invited"});
    CHECK(shop.invited() == 1);
    for (const auto& id : ids) shop.olga->post("/v1/requests/" + id + "/cancel", "{}");
    REQUIRE(shop.invited() == 0);
  }
}

TEST_CASE(
    "Shopify staff: a downgrade suspends the surplus in Shopify's order, pending invitations "
    "first, the newest first, then active people by longest inactivity") {
  Shop shop;
  shop.plan("advanced");
  std::vector<std::pair<std::string, std::string>> people;  // and their tokens
  for (const auto* who : {"anna", "bo", "cy", "dee"}) {
    people.emplace_back(who, shop.hire(who));
    shop.daemon.pass(kHour);
  }
  const auto older = shop.invite("eli");
  shop.daemon.pass(kHour);
  const auto newer = shop.invite("fay");
  shop.daemon.pass(kHour);
  const auto newest = shop.invite("gus");
  // Cy did nothing for longest, then Anna, then Dee; Bo was here last.
  for (const std::size_t i : {2, 0, 3, 1}) {
    shop.daemon.pass(kHour);
    CHECK(shop.with(people[i].second)->get("/v1/orders").status == 200);
  }
  // Looked at without a check, which a connector would make for what the account does.
  const auto suspended = [&] {
    std::string names;
    for (const auto& [who, token] : people) {
      const std::string account = "/v1/accounts/staff:" + who;
      const bool out = shop.admin->get(account).json().as_object().contains("suspended_in");
      if (out) names += (names.empty() ? "" : " ") + who;
      const auto may = shop.admin->get(account + "/may?shop=nordic").json();
      CHECK(may.at("items").as_array().empty() == out);
    }
    return names;
  };
  // Seven seats taken, five left: the two newest invitations go.
  shop.plan("shopify");
  CHECK(shop.state_of(newest) == "suspended");
  CHECK(shop.state_of(newer) == "suspended");
  CHECK(shop.state_of(older) == "invited");
  CHECK(suspended().empty());
  CHECK(shop.admin
            ->post("/v1/invitations:activate",
                   R"({"secret":")" + text(newest.at("invitation"), "secret") + "\"}")
            .status == 404);
  // One left: the last invitation, and all but Bo. It holds over a restart.
  shop.plan("pause_and_build");
  CHECK(shop.state_of(older) == "suspended");
  CHECK(suspended() == "anna cy dee");
  shop.restart();
  CHECK(suspended() == "anna cy dee");
  CHECK(shop.active() == 1);
  CHECK(shop.denial("staff:cy", "orders:view").find("suspended") != std::string::npos);
  CHECK(shop.admin->post("/v1/accounts/staff:cy/shops/nordic/resume", "").status == 409);
  // None at all: Bo, too. With a larger plan they come back as somebody says so.
  shop.plan("basic");
  CHECK(suspended() == "anna bo cy dee");
  shop.plan("shopify");
  CHECK(suspended() == "anna bo cy dee");
  done(shop.admin->post("/v1/accounts/staff:cy/shops/nordic/resume", ""), 200);
  CHECK(suspended() == "anna bo dee");
  CHECK(!shop.activate(
                 done(shop.olga->post("/v1/requests/" + text(newer, "id") + "/invite", ""), 200))
             .empty());
}

TEST_CASE("Shopify staff: a downgrade by one seat takes the one who did nothing for longest") {
  Shop shop;
  shop.plan("advanced");
  std::vector<std::string> tokens;
  for (int i = 0; i < 6; ++i) {
    tokens.push_back(shop.hire("s" + std::to_string(i)));
    shop.daemon.pass(kMinute);
  }
  for (const std::size_t i : {4, 3, 5, 0, 2, 1}) {
    shop.daemon.pass(kMinute);
    shop.with(tokens[i])->get("/v1/orders");
  }
  shop.plan("shopify");
  for (int i = 0; i < 6; ++i) {
    CAPTURE(i);
    CHECK(shop.may("staff:s" + std::to_string(i), "orders:view") == (i != 4));
  }
}

TEST_CASE(
    "Shopify staff: the Dianxiaomi agent gets exactly orders, fulfill_and_ship_orders and that one "
    "app") {
  Shop shop;
  shop.plan("shopify");
  const auto invited = shop.invite(
      "chen", R"("role":"shopify-dianxiaomi-agent","permissions":["refund_orders","orders:*",)"
              R"("apps:oberlo","customers","view_product_costs"])");
  CHECK(text(invited, "state") == "invited");
  CHECK(texts(invited.at("decision").at("permissions")) ==
        std::set<std::string>{"apps:dianxiaomi", "orders:fulfill", "orders:view"});
  // What was cut is said, with the rule that cut it.
  std::set<std::string> cut;
  for (const auto& each : invited.at("decision").at("cut").as_array()) {
    cut.insert(text(each, "permission"));
    CHECK(text(each.at("because"), "rule") == "shopify-agent-gets-no-more");
    CHECK(text(each.at("because"), "file") == "shopify-access.rules");
  }
  for (const auto* gone : {"orders:refund", "orders:export", "orders:delete", "apps:oberlo",
                           "customers:view", "products:view_cost"}) {
    CAPTURE(gone);
    CHECK(cut.count(gone) == 1);
  }
  CHECK(!shop.activate(invited).empty());

  const auto all = shop.admin->get("/v1/permissions?system=shopify").json();
  int allowed = 0, looked = 0;
  for (const auto& each : all.at("items").as_array()) {
    const std::string permission = text(each, "permission");
    ++looked;
    allowed += shop.may("staff:chen", permission);
    CHECK(shop.may("staff:chen", permission) ==
          (permission == "orders:view" || permission == "orders:fulfill"));
  }
  CHECK(looked > 100);
  CHECK(allowed == 2);
  CHECK(shop.may("staff:chen", "apps:dianxiaomi"));
  CHECK(!shop.may("staff:chen", "apps:oberlo"));
  // What is asked for or granted later by other means does not widen it.
  CHECK(!shop.activate(shop.invite("dai", R"("role":"shopify-dianxiaomi-agent")")).empty());
  shop.invite("dai", R"("permissions":["refund_orders"])");
  done(shop.admin->post("/v1/grants", R"({"account":"staff:dai","permissions":["orders:cancel"],)"
                                      R"("on":{"shop":"nordic"},"reason":"a slip"})"),
       201);
  CHECK(!shop.may("staff:dai", "orders:refund"));
  CHECK(!shop.may("staff:dai", "orders:cancel"));
  CHECK(shop.may("staff:dai", "orders:fulfill"));
}

TEST_CASE("Shopify staff: deletion takes access away at once") {
  Shop shop;
  shop.plan("pause_and_build");
  const auto token = shop.hire("anna");
  const auto second = shop.token_for("staff:anna");
  const auto anna = shop.with(token);
  CHECK(anna->get("/v1/orders").status == 200);
  CHECK(shop.may("staff:anna", "orders:view"));
  CHECK(shop.admin->send("DELETE", "/v1/accounts/staff:anna").status == 204);
  CHECK(anna->get("/v1/orders").status == 401);  // over the connection that is open
  CHECK(shop.with(second)->get("/v1/orders").status == 401);
  CHECK(!shop.may("staff:anna", "orders:view"));
  CHECK(shop.admin->get("/v1/accounts/staff:anna/may").json().at("items").as_array().empty());
  shop.restart();
  CHECK(shop.with(token)->get("/v1/orders").status == 401);
  CHECK(!shop.may("staff:anna", "orders:view"));
  // Her seat is free, and goes to Bo; removed before the link was used, he never gets in.
  const auto invited = shop.invite("bo");
  CHECK(text(invited, "state") == "invited");
  CHECK(shop.admin->send("DELETE", "/v1/accounts/staff:bo").status == 204);
  CHECK(shop.state_of(invited) == "cancelled");
  const std::string secret = text(invited.at("invitation"), "secret");
  CHECK(shop.admin->post("/v1/invitations:activate", R"({"secret":")" + secret + "\"}").status ==
        404);
  CHECK(shop.admin->send("DELETE", "/v1/accounts/staff:bo").status == 404);
  // So does one who was removed before and is invited again.
  const auto again = shop.invite("bo");
  CHECK(shop.admin->send("DELETE", "/v1/accounts/staff:bo").status == 204);
  CHECK(shop.state_of(again) == "cancelled");
  // The name begins with nothing.
  done(shop.admin->put("/v1/accounts/staff:anna", R"({"shops":["nordic"]})"), 201);
  CHECK(!shop.may("staff:anna", "orders:view"));
  CHECK(shop.with(token)->get("/v1/orders").status == 401);
}

TEST_CASE("Shopify staff: never the owner's account") {
  Shop shop;
  shop.plan("advanced");
  const auto agent_token =
      shop.activate(shop.invite("chen", R"("role":"shopify-dianxiaomi-agent")"));
  const auto partner_token = shop.collaborate("ada");
  const auto supplier_token = shop.token_for("supplier:acme");
  // Nobody can ask for it, under any name.
  for (
      const auto* body :
      {R"({"kind":"owner","account":"owner:eve","shops":["nordic"],"permissions":["orders"]})",
       R"({"kind":"staff","account":"owner:olga","shops":["nordic"],"permissions":["orders"]})",
       R"({"kind":"staff","account":"owner:eve","shops":["nordic"],"permissions":["orders"]})",
       R"({"kind":"supplier","account":"owner:olga","supplier":"acme","shops":["nordic"],"permissions":["orders"]})",
       R"({"kind":"collaborator","account":"owner:olga","shops":["nordic"],"permissions":["orders"]})"}) {
    CAPTURE(body);
    for (const auto& token : {agent_token, partner_token, supplier_token, shop.olga_token}) {
      CHECK(shop.with(token)->post("/v1/requests", body).status == 422);
    }
  }
  // What an owner has is granted to nobody, by the owner neither, and through no wildcard.
  const auto cut = shop.invite(
      "eve",
      R"("permissions":["orders","staff_management_create","staff:*",)"
      R"("collaborator_request_management","shopify_payments","authentication_management"])");
  CHECK(texts(cut.at("decision").at("permissions")) == std::set<std::string>{"orders:view"});
  for (const auto* owners : {"staff:create", "collaborators:*", "payments:manage"}) {
    CHECK(shop.admin
              ->post("/v1/grants", R"({"account":"supplier:acme","permissions":[")" +
                                       std::string(owners) + R"("],"on":{"shop":"nordic"}})")
              .status == 422);
  }
  for (const auto& token : {agent_token, partner_token, supplier_token}) {
    const auto they = shop.with(token);
    // Theirs invite nobody, make no accounts and tokens, decide nothing, and see no owner.
    const auto refused =
        they->post("/v1/requests", Shop::invitation("mallory", R"("permissions":["orders"])"));
    if (token == supplier_token) {  // it asks for its own people only
      CHECK(refused.status == 422);
    } else {
      CHECK(text(done(refused, 201), "state") == "denied");
      CHECK(text(refused.json(), "reason") == "only the owner of nordic invites its staff");
    }
    CHECK(they->put("/v1/accounts/owner:eve", R"({"shops":["nordic"]})").status == 403);
    CHECK(they->post("/v1/tokens", R"({"account":"owner:olga"})").status == 403);
    CHECK(
        they->post("/v1/grants",
                   R"({"account":"staff:chen","permissions":["orders:*"],"on":{"shop":"nordic"}})")
            .status == 403);
    CHECK(they->get("/v1/accounts/owner:olga").status == 404);
    CHECK(they->get("/v1/shops/nordic/collaborator-code").status == 404);
    CHECK(they->put("/v1/shops/nordic", R"({"plan":"plus"})").status == 403);
  }
  // The owner of another shop is nobody here.
  done(shop.admin->put("/v1/accounts/owner:sven", R"({"shops":["south"]})"), 201);
  const auto sven = shop.with(shop.token_for("owner:sven"));
  const auto foreign =
      sven->post("/v1/requests", Shop::invitation("mallory", R"("permissions":["orders"])"));
  CHECK(text(done(foreign, 201), "state") == "denied");
  CHECK(sven->get("/v1/shops/nordic/collaborator-code").status == 404);
  CHECK(!shop.is_account("staff:mallory"));
  CHECK(!shop.is_account("owner:eve"));
}

// ---- Collaborators

TEST_CASE(
    "Shopify collaborators: a 4-digit code, on by default, can be made anew, and only lets one "
    "ask") {
  Shop shop;
  const auto first = shop.olga->get("/v1/shops/nordic/collaborator-code").json();
  const std::string code = text(first, "code");
  CHECK(code.size() == 4);
  CHECK(code.find_first_not_of("0123456789") == std::string::npos);
  CHECK(first.at("required").as_bool());
  const auto ada = shop.with(shop.partner("ada"));
  // Without it nothing is asked; with it nothing is had.
  auto without = boost::json::parse(Shop::asking("ada", code)).as_object();
  without.erase("code");
  const auto denied = done(ada->post("/v1/requests", boost::json::serialize(without)), 201);
  CHECK(text(denied, "state") == "denied");
  const auto asked = done(ada->post("/v1/requests", Shop::asking("ada", code)), 201);
  CHECK(text(asked, "state") == "review");
  CHECK(!shop.may("collaborator:ada", "orders:view"));
  CHECK(ada->post("/v1/requests/" + text(asked, "id") + "/accept", "{}").status == 403);
  CHECK(shop.admin->get("/v1/requests/" + text(asked, "id")).body.find(code) == std::string::npos);
  // Only the shop's own see it, and the old one is worth nothing once there is a new one.
  CHECK(ada->get("/v1/shops/nordic/collaborator-code").status == 404);
  CHECK(ada->post("/v1/shops/nordic/collaborator-code:renew", "").status == 404);
  std::string renewed = code;
  while (renewed == code) {
    renewed =
        text(done(shop.olga->post("/v1/shops/nordic/collaborator-code:renew", ""), 200), "code");
  }
  const auto ben = shop.with(shop.partner("ben"));
  CHECK(text(done(ben->post("/v1/requests", Shop::asking("ben", code)), 201), "state") == "denied");
  shop.daemon.pass(kMinute);
  CHECK(text(done(ben->post("/v1/requests", Shop::asking("ben", renewed)), 201), "state") ==
        "review");
  // The owner may do without.
  done(shop.olga->put("/v1/shops/nordic/collaborator-code", R"({"required":false})"), 200);
  const auto cleo = shop.with(shop.partner("cleo"));
  CHECK(text(done(cleo->post("/v1/requests", Shop::asking("cleo", "none")), 201), "state") ==
        "review");
}

TEST_CASE(
    "Shopify collaborators: a code is compared in constant time, and a wrong one is answered alike "
    "whatever is right of it") {
  Shop shop;
  const std::string code = shop.code();
  std::string last = code;
  last[3] = last[3] == '0' ? '1' : '0';
  std::string head = code;
  head[0] = head[0] == '0' ? '1' : '0';
  std::set<std::string> reasons;
  int n = 0;
  for (const auto& wrong : {last, head, code.substr(0, 3), code + "0"}) {
    CAPTURE(wrong);
    const std::string who = "p" + std::to_string(n++);
    const auto answer =
        done(shop.with(shop.partner(who))->post("/v1/requests", Shop::asking(who, wrong)), 201);
    CHECK(text(answer, "state") == "denied");
    reasons.insert(text(answer, "reason"));
  }
  CHECK(reasons == std::set<std::string>{"the collaborator code is not that of shop nordic"});
}

TEST_CASE(
    "Shopify collaborators: durable limits per shop over all sources, with lock-out, alert and "
    "rotation") {
  Receiver receiver([](const Received&) { return 200; });
  receiver.start();
  Shop shop(std::string(kTwoShopify) + "access_notices: desk\nendpoints:\n  desk: { url: \"" +
            receiver.url() + "\", secret: " + kWebhookSecret + " }\n");
  std::vector<std::string> sources;
  for (int i = 0; i < 5; ++i) sources.push_back(shop.partner("p" + std::to_string(i)));
  const auto guess = [&](std::size_t source, const std::string& code) {
    return shop.with(sources[source])
        ->post("/v1/requests", Shop::asking("p" + std::to_string(source), code));
  };
  const std::string code = shop.code();
  // One source waits after each of its own, ever longer.
  CHECK(guess(0, shop.wrong_code()).status == 201);
  const auto too_soon = guess(0, shop.wrong_code());
  CHECK(too_soon.status == 429);
  CHECK(too_soon.headers.at("retry-after") == "1");
  shop.daemon.pass(1);
  CHECK(guess(0, shop.wrong_code()).status == 201);
  shop.daemon.pass(1);
  CHECK(guess(0, code).status == 429);  // two seconds now, for the right one, too
  // Five within an hour, of whatever source and over restarts, and the shop is locked.
  CHECK(guess(1, shop.wrong_code()).status == 201);
  shop.restart(SIGKILL);
  CHECK(guess(2, shop.wrong_code()).status == 201);
  // Somebody's right one resets that source's waiting and nothing of the shop's.
  CHECK(guess(3, code).status == 201);
  CHECK(guess(4, shop.wrong_code()).status == 201);
  const auto locked = guess(3, code);
  CHECK(locked.status == 429);
  CHECK(std::stoi(locked.headers.at("retry-after")) > 3000);
  shop.restart(SIGKILL);
  CHECK(guess(3, code).status == 429);
  // The owner is told, and the code is another one.
  const auto alerts = [&] {
    std::vector<value> all;
    std::set<std::string> known;  // one that was on its way when the daemon was killed comes twice
    for (const auto& message : receiver.received()) {
      const auto body = boost::json::parse(message.body);
      if (text(body, "type") != "code.locked") continue;
      CHECK(is_signed(message));
      if (known.insert(message.id).second) all.push_back(body.at("data"));
    }
    return all;
  };
  REQUIRE(eventually([&] { return alerts().size() == 1; }));
  CHECK(text(alerts()[0], "shop") == "nordic");
  const auto rotated = shop.olga->get("/v1/shops/nordic/collaborator-code").json();
  CHECK(text(rotated, "made_at") >
        text(shop.admin->get("/v1/accounts/owner:olga").json(), "made_at"));
  CHECK(text(rotated, "locked_until") == text(alerts()[0], "until"));
  // Other shops are not locked.
  CHECK(!shop.admin->get("/v1/shops/south/collaborator-code")
             .json()
             .as_object()
             .contains("locked_until"));
  // The lock ends by itself after the hour.
  shop.daemon.pass(kHour + kMinute);
  CHECK(guess(4, code == shop.code() ? shop.wrong_code() : code).status == 201);
  // And by the owner's new code at once.
  for (int i = 0; i < 5; ++i) {
    shop.daemon.pass(kMinute);
    guess(static_cast<std::size_t>(i), shop.wrong_code());
  }
  REQUIRE(shop.olga->get("/v1/shops/nordic/collaborator-code")
              .json()
              .as_object()
              .contains("locked_until"));
  const auto renewed = done(shop.olga->post("/v1/shops/nordic/collaborator-code:renew", ""), 200);
  CHECK(!renewed.as_object().contains("locked_until"));
  CHECK(guess(1, text(renewed, "code")).status == 201);
  receiver.stop();
}

TEST_CASE(
    "Shopify collaborators: brute force from many addresses with restarts in between stays within "
    "five an hour and twenty a day") {
  Shop shop;
  std::vector<std::string> sources;
  for (int i = 0; i < 12; ++i) sources.push_back(shop.partner("p" + std::to_string(i)));
  std::vector<std::int64_t> compared;  // the minutes at which a guess was compared
  std::int64_t minute = 0;
  for (int round = 0; round < 90; ++round) {
    if (round % 15 == 7) shop.restart(round % 2 == 0 ? SIGKILL : SIGTERM);
    const std::string wrong = shop.wrong_code();
    for (std::size_t i = 0; i < sources.size(); i += 2) {
      const std::size_t source = (i + static_cast<std::size_t>(round)) % sources.size();
      const auto answer =
          shop.with(sources[source])
              ->post("/v1/requests", Shop::asking("p" + std::to_string(source), wrong));
      if (answer.status == 201) {
        CHECK(text(answer.json(), "state") == "denied");
        compared.push_back(minute);
      } else {
        CHECK(answer.status == 429);
      }
    }
    shop.daemon.pass(29 * kMinute);
    minute += 29;
  }
  const auto most_within = [&](std::int64_t minutes) {
    std::ptrdiff_t most = 0;
    for (auto first = compared.begin(); first != compared.end(); ++first) {
      const auto end = std::lower_bound(first, compared.end(), *first + minutes);
      most = std::max(most, end - first);
    }
    return most;
  };
  CHECK(most_within(60) == 5);
  CHECK(most_within(24 * 60) == 20);
  CHECK(shop.daemon.log().find("too many wrong collaborator codes") != std::string::npos);
}

TEST_CASE("Shopify collaborators: named areas, and review by the owner with adjustment") {
  Shop shop;
  const auto ada = shop.with(shop.partner("ada"));
  const auto nothing = done(ada->post("/v1/requests", Shop::asking("ada", shop.code(), "[]")), 201);
  CHECK(text(nothing, "state") == "denied");
  CHECK(text(nothing, "reason") == "say which areas of nordic it is about, as `permissions`");
  const auto asked = done(
      ada->post("/v1/requests", Shop::asking("ada", shop.code(),
                                             R"(["orders:*","products","customers","staff:*"])")),
      201);
  CHECK(text(asked, "state") == "review");
  const std::string path = "/v1/requests/" + text(asked, "id");
  // The owner has it on the list, and others do not.
  const auto waiting = shop.olga->get("/v1/requests?state=review").json().at("items").as_array();
  REQUIRE(waiting.size() == 1);
  CHECK(text(waiting[0], "message") == "the new theme");
  const auto anna = (shop.plan("shopify"), shop.with(shop.hire("anna")));
  CHECK(anna->get("/v1/requests").json().at("items").as_array().size() == 1);  // her own invitation
  CHECK(anna->post(path + "/accept", "{}").status == 404);
  // What may never be granted is not in the owner's gift either.
  CHECK(shop.olga->post(path + "/accept", R"({"permissions":["staff:create"]})").status == 422);
  const auto accepted =
      done(shop.olga->post(
               path + "/accept",
               R"({"permissions":["orders","products"],"reason":"the theme needs no more"})"),
           200);
  CHECK(text(accepted, "state") == "accepted");
  CHECK(text(accepted, "decided_by") == "owner:olga");
  CHECK(texts(accepted.at("given").at(0).at("permissions")) ==
        std::set<std::string>{"orders:view", "products:view"});
  CHECK(shop.may("collaborator:ada", "orders:view"));
  CHECK(shop.may("collaborator:ada", "products:view"));
  for (const auto* no : {"customers:view", "orders:refund", "staff:create"}) {
    CHECK(!shop.may("collaborator:ada", no));
  }
  const auto grants = shop.admin->get("/v1/grants?account=collaborator:ada").json().at("items");
  REQUIRE(grants.as_array().size() == 1);
  CHECK(text(grants.at(0).at("because"), "person") == "owner:olga");
  // Accepting it again changes nothing; denying it now is too late.
  CHECK(shop.olga->post(path + "/accept", "{}").status == 200);
  CHECK(!shop.may("collaborator:ada", "customers:view"));
  CHECK(shop.olga->post(path + "/deny", "{}").status == 409);
  // Denied with a reason that the partner reads.
  const auto ben = shop.with(shop.partner("ben"));
  const auto other = done(ben->post("/v1/requests", Shop::asking("ben", shop.code())), 201);
  done(shop.olga->post("/v1/requests/" + text(other, "id") + "/deny",
                       R"({"reason":"who are you?"})"),
       200);
  const auto read = done(ben->get("/v1/requests/" + text(other, "id")), 200);
  CHECK(text(read, "state") == "denied");
  CHECK(text(read, "reason") == "who are you?");
  CHECK(!shop.may("collaborator:ben", "orders:view"));
}

TEST_CASE("Shopify collaborators: nobody approves their own request") {
  Shop shop;
  shop.partner("ada");
  // Filed by the owner for the partner: another owner decides.
  const auto filed = done(shop.olga->post("/v1/requests", Shop::asking("ada", shop.code())), 201);
  const std::string accept = "/v1/requests/" + text(filed, "id") + "/accept";
  CHECK(shop.olga->post(accept, "{}").status == 403);
  done(shop.admin->put("/v1/accounts/owner:per", R"({"shops":["nordic"]})"), 201);
  CHECK(shop.with(shop.token_for("owner:per"))->post(accept, "{}").status == 200);
  // About the owner under another name, by the e-mail address.
  done(shop.admin->put("/v1/accounts/collaborator:eve", R"({"shops":[]})"), 201);
  auto about = boost::json::parse(Shop::asking("eve", shop.code())).as_object();
  about["requester"].as_object()["email"] = "Olga@Nordic.example";
  const auto eve = shop.with(shop.token_for("collaborator:eve"));
  const auto own = done(eve->post("/v1/requests", boost::json::serialize(about)), 201);
  CHECK(text(own, "state") == "review");
  CHECK(shop.olga->post("/v1/requests/" + text(own, "id") + "/accept", "{}").status >= 403);
  CHECK(!shop.may("collaborator:eve", "orders:view"));
}

TEST_CASE("Shopify collaborators: no limit on number and not counted as staff") {
  Shop shop;  // on Basic, which has no seats at all
  for (int i = 0; i < 25; ++i) shop.collaborate("p" + std::to_string(i));
  CHECK(shop.active() == 0);
  CHECK(shop.may("collaborator:p24", "orders:view"));
  CHECK(text(shop.invite("anna"), "state") == "denied");
  // A change of plan suspends none of them.
  shop.plan("starter");
  for (const auto* who : {"collaborator:p0", "collaborator:p24"})
    CHECK(shop.may(who, "orders:view"));
}

TEST_CASE("Shopify collaborators: an end date") {
  Shop shop;
  const auto account = shop.admin->get("/v1/accounts/owner:olga").json();
  const auto now = consign::parse_timestamp(text(account, "made_at"));
  const std::string end = consign::format_timestamp({now->micros + 10 * kDay * 1'000'000});
  const auto token = shop.collaborate("ada", R"({"until":")" + end + "\"}");
  shop.daemon.pass(10 * kDay - kHour);
  CHECK(shop.may("collaborator:ada", "orders:view"));
  shop.daemon.pass(kHour);
  CHECK(!shop.may("collaborator:ada", "orders:view"));
  CHECK(
      shop.with(token)
          ->post(
              "/v1/check",
              R"({"account":"collaborator:ada","action":"orders:view","resource":{"kind":"shop","shop":"nordic"}})")
          .json()
          .at("allowed")
          .as_bool() == false);
  shop.restart();
  CHECK(!shop.may("collaborator:ada", "orders:view"));
  // An end that has passed is no end to give.
  const auto ben = shop.with(shop.partner("ben"));
  const auto asked = done(ben->post("/v1/requests", Shop::asking("ben", shop.code())), 201);
  CHECK(shop.olga
            ->post("/v1/requests/" + text(asked, "id") + "/accept", R"({"until":")" + end + "\"}")
            .status == 422);
}

TEST_CASE("Shopify collaborators: removal after 90 idle days for the whole partner organisation") {
  Shop shop;
  shop.plan("shopify");
  shop.hire("anna");
  const auto ada = shop.collaborate("ada");
  const auto ben = shop.collaborate("ben");
  const auto lone = shop.partner("lone", "Solo");
  // One who is active keeps all of the organisation; who belongs to another is not kept by it.
  shop.daemon.pass(80 * kDay);
  CHECK(shop.with(ada)->get("/v1/orders").status == 200);
  shop.daemon.pass(11 * kDay);
  CHECK(eventually([&] { return !shop.is_account("collaborator:lone"); }));
  CHECK(shop.with(lone)->get("/v1/orders").status == 401);
  CHECK(shop.is_account("collaborator:ada"));
  CHECK(shop.is_account("collaborator:ben"));
  CHECK(
      !shop.admin->get("/v1/accounts/collaborator:ben/may").json().at("items").as_array().empty());
  // That counts over a restart, too.
  shop.restart(SIGTERM);
  shop.daemon.pass(78 * kDay);
  CHECK(shop.is_account("collaborator:ben"));
  // All idle: all are removed, with what they had.
  shop.daemon.pass(2 * kDay);
  CHECK(eventually([&] {
    return !shop.is_account("collaborator:ada") && !shop.is_account("collaborator:ben");
  }));
  for (const auto& token : {ada, ben}) CHECK(shop.with(token)->get("/v1/orders").status == 401);
  CHECK(!shop.may("collaborator:ada", "orders:view"));
  // Staff and owners are not removed for that.
  CHECK(shop.is_account("staff:anna"));
  CHECK(shop.olga->get("/v1/orders").status == 200);
}

TEST_CASE("Shopify collaborators: revocation at any time") {
  Shop shop;
  const auto token = shop.collaborate("ada");
  const auto ada = shop.with(token);
  CHECK(shop.may("collaborator:ada", "orders:view"));
  const auto grants = shop.admin->get("/v1/grants?account=collaborator:ada").json().at("items");
  const std::string grant = "/v1/grants/" + text(grants.at(0), "id");
  // Less of it, from the next check on; then none.
  done(shop.admin->post(grant + "/adjust", R"({"permissions":["products"]})"), 200);
  CHECK(!shop.may("collaborator:ada", "orders:view"));
  CHECK(shop.may("collaborator:ada", "products:view"));
  done(shop.admin->post(grant + "/revoke", R"({"reason":"the theme is done"})"), 200);
  CHECK(!shop.may("collaborator:ada", "products:view"));
  // Out of the shop, and altogether.
  shop.collaborate("ben");
  CHECK(shop.admin->send("DELETE", "/v1/accounts/collaborator:ben/shops/nordic").status == 204);
  CHECK(!shop.may("collaborator:ben", "orders:view"));
  CHECK(shop.is_account("collaborator:ben"));
  CHECK(shop.admin->send("DELETE", "/v1/accounts/collaborator:ada").status == 204);
  CHECK(ada->get("/v1/orders").status == 401);
  // Who was removed asks again, with the code, and waits for the owner again.
  const auto again = shop.with(shop.partner("ada"));
  const auto asked = done(again->post("/v1/requests", Shop::asking("ada", shop.code())), 201);
  CHECK(text(asked, "state") == "review");
  CHECK(!shop.may("collaborator:ada", "orders:view"));
}

TEST_CASE("Shopify collaborators: two-factor required where the rule says so") {
  Shop shop;
  shop.plan("shopify");
  const auto token = shop.partner("ada", "Studio Nord", false);
  const auto ada = shop.with(token);
  const auto asked = done(ada->post("/v1/requests", Shop::asking("ada", shop.code())), 201);
  CHECK(asked.at("decision").at("require_mfa").as_bool());
  done(shop.olga->post("/v1/requests/" + text(asked, "id") + "/accept", "{}"), 200);
  CHECK(shop.admin->get("/v1/accounts/collaborator:ada").json().at("mfa_required").as_bool());
  CHECK(shop.denial("collaborator:ada", "orders:view").find("factor") != std::string::npos);
  // Who has signed in with a second one may; where no rule says so, none is asked for.
  done(shop.admin->put("/v1/accounts/collaborator:ada",
                       R"({"email":"ada@studio.example","shops":["nordic"],"mfa":true,)"
                       R"("mfa_required":true,"organization":"Studio Nord"})"),
       200);
  CHECK(shop.may("collaborator:ada", "orders:view"));
  shop.hire("anna");
  CHECK(shop.may("staff:anna", "orders:view"));
}
