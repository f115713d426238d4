// Shopee's sub-account platform as the shipped rules make it, over HTTP, with a clock turned by
// hand.
#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "tests/whole/daemon_process.hpp"
#include "tests/whole/receiver.hpp"

using namespace consign::testing;
namespace json = boost::json;

namespace {

constexpr std::int64_t kHour = 3600;

std::string text(const json::value& from, const char* member) {
  return std::string(from.at(member).as_string());
}

std::string hmac(const std::string& salt, const std::string& password) {
  std::string key(33, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()),
                  reinterpret_cast<const unsigned char*>(salt.data()), 44);
  key.resize(32);
  return shopify_signature(password, key);
}

// The enterprise Nordwind with two shops, on what ships in rules/shopee.rules.
struct Enterprise {
  Enterprise() {
    daemon.write_rules("shopee.rules",
                       read_file(std::string(CONSIGN_SOURCE_DIR) + "/rules/shopee.rules"));
    daemon.write_rules("shopee-own.rules",
                       "role night-desk = shopee-chat-customer-service, orders:return\n");
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    admin = daemon.client();
  }

  static std::string wanted(const std::string& kind, const std::string& account,
                            const std::string& shops, const std::string& more = "",
                            const std::string& organization = "Nordwind") {
    return R"({"kind":")" + kind + R"(","account":")" + account +
           R"(","requester":{"organization":")" + organization + R"("},"shops":)" + shops + more +
           "}";
  }
  json::value ask(Client& by, const std::string& request) {
    const auto answer = by.post("/v1/requests", request);
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    return answer.json();
  }
  std::unique_ptr<Client> activated(const json::value& request) {
    const auto answer =
        admin->post("/v1/invitations:activate",
                    R"({"secret":")" + text(request.at("invitation"), "secret") + "\"}");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return std::make_unique<Client>(daemon.port(), text(answer.json(), "token"));
  }
  // The main account, in both shops.
  std::unique_ptr<Client> boss() {
    return activated(ask(*admin, wanted("main", "main:nordwind", kBoth)));
  }
  // A sub-account that the main account makes.
  std::unique_ptr<Client> sub(Client& boss, const std::string& name, const std::string& shops,
                              const std::string& role) {
    const auto made = ask(boss, wanted("sub_account", "sub:" + name, shops, role_of(role)));
    REQUIRE_MESSAGE(text(made, "state") == "accepted", json::serialize(made));
    return as("sub:" + name);
  }
  static std::string role_of(const std::string& role) { return R"(,"role":")" + role + '"'; }
  std::unique_ptr<Client> as(const std::string& account) {
    const auto made = admin->post("/v1/tokens", R"({"account":")" + account + "\"}");
    REQUIRE_MESSAGE(made.status == 201, made.body);
    return std::make_unique<Client>(daemon.port(), text(made.json(), "token"));
  }
  bool may(const std::string& account, const std::string& action, const std::string& shop) {
    const auto answer =
        admin->post("/v1/check", R"({"account":")" + account + R"(","action":")" + action +
                                     R"(","resource":{"kind":"shop","shop":")" + shop + "\"}}");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return answer.json().at("allowed").as_bool();
  }
  // The shops that stand beside each permission in a menu.
  static std::map<std::string, std::string> menu(Client& of, const std::string& account) {
    const auto answer = of.get("/v1/accounts/" + account + "/menu");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    std::map<std::string, std::string> found;
    const auto whole = answer.json();
    for (const auto& area : whole.at("items").as_array()) {
      for (const auto& entry : area.at("entries").as_array()) {
        found[text(entry, "permission")] = json::serialize(entry.at("shops"));
      }
    }
    return found;
  }

  static constexpr const char* kBoth = R"(["shopee-sg","shopee-my"])";
  static constexpr const char* kSg = R"(["shopee-sg"])";

  Receiver singapore{[](const Received&) { return 200; }};
  Receiver malaysia{[](const Received&) { return 200; }};
  DaemonProcess daemon{
      "  shopee-sg: { channel: shopee, wallet: sg-wallet }\n"
      "  shopee-my: { channel: shopee, wallet: my-wallet }\n"
      "  other-sg: { channel: shopee }\n"
      "endpoints:\n  sg-wallet: { url: \"" +
          singapore.url() + "\", secret: " + kWebhookSecret + " }\n  my-wallet: { url: \"" +
          malaysia.url() + "\", secret: " + kWebhookSecret + " }\n",
      DaemonProcess::Time::by_hand};
  std::unique_ptr<Client> admin;
};

}  // namespace

TEST_CASE("an enterprise has one main account, sub-accounts, merchants and shops") {
  Enterprise nordwind;
  auto& admin = *nordwind.admin;
  const auto first =
      nordwind.ask(admin, Enterprise::wanted("main", "main:nordwind", Enterprise::kBoth));
  CHECK(text(first, "state") == "invited");
  // A second one is denied while the first is invited, however the enterprise is spelled, and a
  // main account is of an enterprise, and of a shop of Shopee's.
  const auto refused = [&](const std::string& request, const std::string& why) {
    const auto denied = nordwind.ask(admin, request);
    CHECK(text(denied, "state") == "denied");
    CHECK_MESSAGE(text(denied, "reason").find(why) != std::string::npos, text(denied, "reason"));
  };
  refused(Enterprise::wanted("main", "main:two", Enterprise::kSg, "", " NORDWIND "),
          "the main account of Nordwind is main:nordwind; an organization has one");
  refused(R"({"kind":"main","account":"main:nobodys","shops":["shopee-sg"]})",
          "say which enterprise it is for");
  refused(Enterprise::wanted("main", "main:own", R"(["outlet"])", "", "Outlet"), "no rule");

  const auto boss = nordwind.activated(first);
  refused(Enterprise::wanted("main", "main:two", Enterprise::kSg), "an organization has one");
  const auto put = admin.put("/v1/accounts/main:two", R"({"organization":"nordwind"})");
  CHECK(put.status == 409);
  CHECK(put.body.find("an organization has one") != std::string::npos);
  // Another enterprise has its own, and a removed one makes room.
  CHECK(text(nordwind.ask(admin,
                          Enterprise::wanted("main", "main:other", R"(["other-sg"])", "", "Other")),
             "state") == "invited");

  // Whoever else applies waits for somebody who decides.
  REQUIRE(admin.put("/v1/accounts/service:form", "{}").status == 201);
  const auto form = nordwind.as("service:form");
  const auto applied =
      nordwind.ask(*form, Enterprise::wanted("main", "main:third", R"(["other-sg"])", "", "Third"));
  CHECK(text(applied, "state") == "review");
  CHECK(form->post("/v1/requests/" + text(applied, "id") + "/accept", "{}").status == 403);
  const auto accepted = admin.post("/v1/requests/" + text(applied, "id") + "/accept", "{}");
  REQUIRE_MESSAGE(accepted.status == 200, accepted.body);
  CHECK(text(accepted.json(), "state") == "invited");

  // The main account makes sub-accounts in its own shops only.
  nordwind.sub(*boss, "mei", Enterprise::kBoth, "shopee-retailer");
  const auto elsewhere =
      nordwind.ask(*boss, Enterprise::wanted("sub_account", "sub:mei", R"(["other-sg"])",
                                             Enterprise::role_of("shopee-retailer")));
  CHECK(text(elsewhere, "state") == "review");
  CHECK(boss->post("/v1/requests/" + text(elsewhere, "id") + "/accept", "{}").status == 403);
  CHECK(nordwind.may("sub:mei", "orders:fulfill", "shopee-my"));
  CHECK_FALSE(nordwind.may("sub:mei", "orders:fulfill", "other-sg"));

  REQUIRE(admin.send("DELETE", "/v1/accounts/main:nordwind").status == 204);
  CHECK(text(nordwind.ask(admin, Enterprise::wanted("main", "main:two", Enterprise::kSg)),
             "state") == "invited");
}

TEST_CASE("two who apply for the main account of one enterprise: the first accepted has it") {
  Enterprise nordwind;
  auto& admin = *nordwind.admin;
  REQUIRE(admin.put("/v1/accounts/service:form", "{}").status == 201);
  const auto form = nordwind.as("service:form");
  const auto one = nordwind.ask(*form, Enterprise::wanted("main", "main:one", Enterprise::kSg));
  const auto two = nordwind.ask(*form, Enterprise::wanted("main", "main:two", Enterprise::kSg));
  CHECK(text(two, "state") == "review");
  const auto accept = [&](const json::value& request) {
    return admin.post("/v1/requests/" + text(request, "id") + "/accept", "{}");
  };
  REQUIRE(accept(one).status == 200);
  CHECK(accept(two).status == 409);
  // Once the first one's invitation has lapsed the second may have it, and the first no more.
  nordwind.daemon.pass(73 * kHour);
  REQUIRE(accept(two).status == 200);
  CHECK(admin.post("/v1/requests/" + text(one, "id") + "/invite", "{}").status == 409);
}

TEST_CASE("a grant is a role in a shop, editable per shop") {
  Enterprise nordwind;
  auto& admin = *nordwind.admin;
  const auto boss = nordwind.boss();
  const auto mei = nordwind.sub(*boss, "mei", Enterprise::kBoth, "shopee-retailer");
  const std::string in_my = "/v1/accounts/sub:mei/shops/shopee-my";
  CHECK(nordwind.may("sub:mei", "products:edit", "shopee-my"));

  // By the main account: another role in one shop leaves the other shop as it is.
  const auto put = boss->put(in_my, R"({"role":"shopee-finance"})");
  REQUIRE_MESSAGE(put.status == 201, put.body);
  CHECK(boss->put(in_my, R"({"role":"shopee-finance"})").status == 200);
  CHECK(nordwind.may("sub:mei", "income:view", "shopee-my"));
  CHECK_FALSE(nordwind.may("sub:mei", "products:edit", "shopee-my"));
  CHECK(nordwind.may("sub:mei", "products:edit", "shopee-sg"));
  CHECK_FALSE(nordwind.may("sub:mei", "income:view", "shopee-sg"));

  // Not by the sub-account, not for the main account itself, not where the main account is not.
  CHECK(mei->put(in_my, R"({"role":"shopee-administrator"})").status == 404);
  CHECK(
      boss->put("/v1/accounts/main:nordwind/shops/shopee-sg", R"({"role":"shopee-main"})").status ==
      404);
  CHECK(boss->put("/v1/accounts/sub:mei/shops/other-sg", R"({"role":"shopee-main"})").status ==
        404);
  REQUIRE(admin.put("/v1/accounts/sub:stranger", R"({"shops":["other-sg"]})").status == 201);
  CHECK(boss->put("/v1/accounts/sub:stranger/shops/shopee-sg", R"({"role":"shopee-finance"})")
            .status == 404);
  CHECK(
      boss->put("/v1/accounts/sub:nobody/shops/shopee-sg", R"({"role":"shopee-finance"})").status ==
      404);

  // Taken out of a shop, everything there ends at once; administrators may do the same.
  CHECK(mei->send("DELETE", in_my).status == 404);
  CHECK(boss->send("DELETE", in_my).status == 204);
  CHECK_FALSE(nordwind.may("sub:mei", "income:view", "shopee-my"));
  CHECK(nordwind.may("sub:mei", "products:edit", "shopee-sg"));
  CHECK(boss->put(in_my, R"({"role":"shopee-chat-customer-service"})").status == 201);
  CHECK(nordwind.may("sub:mei", "chat:reply", "shopee-my"));
  CHECK(admin.send("DELETE", in_my).status == 204);
  CHECK_FALSE(nordwind.may("sub:mei", "chat:reply", "shopee-my"));

  // A main account that is suspended manages nobody.
  REQUIRE(admin
              .put("/v1/accounts/main:nordwind",
                   R"({"organization":"Nordwind","shops":["shopee-sg"],"suspended":true})")
              .status == 200);
  CHECK(boss->put(in_my, R"({"role":"shopee-finance"})").status == 401);
}

TEST_CASE("there are five default roles, and own ones") {
  Enterprise nordwind;
  const auto boss = nordwind.boss();
  struct Default {
    const char *name, *role, *may, *may_not;
  };
  for (const auto& [name, role, may, may_not] :
       {Default{"ada", "shopee-administrator", "payout:delete", "team:manage"},
        Default{"ren", "shopee-retailer", "products:edit", "income:view"},
        Default{"wan", "shopee-warehouse-administrator", "orders:fulfill", "orders:refund"},
        Default{"fin", "shopee-finance", "income:balance", "orders:fulfill"},
        Default{"cha", "shopee-chat-customer-service", "chat:reply", "orders:return"},
        Default{"own", "night-desk", "orders:return", "orders:refund"}}) {
    CAPTURE(role);
    nordwind.sub(*boss, name, Enterprise::kSg, role);
    const std::string account = std::string("sub:") + name;
    CHECK(nordwind.may(account, may, "shopee-sg"));
    CHECK_FALSE(nordwind.may(account, may, "shopee-my"));
    CHECK_FALSE(nordwind.may(account, may_not, "shopee-sg"));
    CHECK(nordwind.may(account, "seller_centre:view", "shopee-sg"));
  }
  // There is no role that is not declared, and a sub-account that asks by itself waits.
  CHECK(boss->post("/v1/requests", Enterprise::wanted("sub_account", "sub:x", Enterprise::kSg,
                                                      Enterprise::role_of("shopee-boss")))
            .status == 422);
  const auto cha = nordwind.as("sub:cha");
  const auto more =
      nordwind.ask(*cha, Enterprise::wanted("sub_account", "sub:cha", Enterprise::kSg,
                                            Enterprise::role_of("shopee-administrator")));
  CHECK(text(more, "state") == "review");
  const std::string accept = "/v1/requests/" + text(more, "id") + "/accept";
  CHECK(cha->post(accept, "{}").status == 403);
  CHECK(boss->post(accept, R"({"role":"shopee-retailer","reason":"that much"})").status == 200);
  CHECK(nordwind.may("sub:cha", "products:edit", "shopee-sg"));
  CHECK_FALSE(nordwind.may("sub:cha", "payout:delete", "shopee-sg"));
}

TEST_CASE(
    "only the main account may change the wallet password, which goes to all shops and differs "
    "from each shop's own") {
  Enterprise nordwind;
  auto& admin = *nordwind.admin;
  const auto boss = nordwind.boss();
  const auto ada = nordwind.sub(*boss, "ada", Enterprise::kBoth, "shopee-administrator");
  // It cannot be asked for, and who was granted it all the same may not.
  const auto asked =
      nordwind.ask(*boss, Enterprise::wanted("sub_account", "sub:ada", Enterprise::kBoth,
                                             R"(,"permissions":["wallet:password"])"));
  CHECK(text(asked, "state") == "denied");
  CHECK(text(asked, "reason") == "only the main account changes the wallet password");
  REQUIRE(admin
              .post("/v1/grants", R"({"account":"sub:ada","permissions":["wallet:*"],)"
                                  R"("on":{"shop":"shopee-sg"}})")
              .status == 201);
  CHECK_FALSE(nordwind.may("sub:ada", "wallet:password", "shopee-sg"));
  const auto refused = ada->post("/v1/accounts/sub:ada/wallet-password:begin", "");
  CHECK(refused.status == 403);
  const std::string path = "/v1/accounts/main:nordwind/wallet-password";
  CHECK(ada->post(path + ":begin", "").status == 404);
  CHECK(admin.post(path + ":begin", "").status == 403);

  const auto change = [&](const std::string& my_own) {
    const auto begun = boss->post(path + ":begin", "");
    REQUIRE_MESSAGE(begun.status == 200, begun.body);
    const auto salts = begun.json().at("salts");
    json::object shops;
    for (const auto& [shop, own] : std::map<std::string, std::string>{
             {"shopee-sg", "singapores-own"}, {"shopee-my", my_own}}) {
      const auto salt = text(salts, shop.c_str());
      shops[shop] = json::object{{"wallet", hmac(salt, "the-new-word")},
                                 {"shop", hmac(salt, own)},
                                 {"sealed", "sealed-for-" + shop}};
    }
    return boss->post(path, json::serialize(json::object{{"change", begun.json().at("change")},
                                                         {"shops", std::move(shops)}}));
  };
  const auto equal = change("the-new-word");
  CHECK(equal.status == 422);
  CHECK(equal.body.find("/shops/shopee-my/wallet") != std::string::npos);
  CHECK(nordwind.singapore.received().empty());
  const auto changed = change("malaysias-own");
  REQUIRE_MESSAGE(changed.status == 200, changed.body);
  REQUIRE(eventually([&] {
    return nordwind.singapore.received().size() == 1 && nordwind.malaysia.received().size() == 1;
  }));
  CHECK(nordwind.malaysia.received().at(0).body.find("sealed-for-shopee-my") != std::string::npos);
}

TEST_CASE(
    "the main account's activation link lasts 72 hours, then it is invited again; sub-accounts "
    "need none") {
  Enterprise nordwind;
  auto& admin = *nordwind.admin;
  const auto first =
      nordwind.ask(admin, Enterprise::wanted("main", "main:nordwind", Enterprise::kBoth));
  const auto use = [&](const json::value& request) {
    return admin.post("/v1/invitations:activate",
                      R"({"secret":")" + text(request.at("invitation"), "secret") + "\"}");
  };
  CHECK_FALSE(nordwind.may("main:nordwind", "team:manage", "shopee-sg"));
  nordwind.daemon.pass(72 * kHour + 1);
  CHECK(use(first).status == 409);
  const auto again = admin.post("/v1/requests/" + text(first, "id") + "/invite", "{}");
  REQUIRE_MESSAGE(again.status == 200, again.body);
  nordwind.daemon.pass(71 * kHour);
  CHECK(use(first).status == 404);
  const auto used = use(again.json());
  REQUIRE_MESSAGE(used.status == 200, used.body);
  CHECK(use(again.json()).status == 404);
  CHECK(nordwind.may("main:nordwind", "team:manage", "shopee-sg"));

  Client boss(nordwind.daemon.port(), text(used.json(), "token"));
  const auto made = nordwind.ask(boss, Enterprise::wanted("sub_account", "sub:mei", Enterprise::kSg,
                                                          Enterprise::role_of("shopee-retailer")));
  CHECK(text(made, "state") == "accepted");
  CHECK_FALSE(made.as_object().contains("invitation"));
  CHECK(nordwind.may("sub:mei", "orders:fulfill", "shopee-sg"));
}

TEST_CASE("each person's menu shows what they may do, and only the main account's the wallet") {
  Enterprise nordwind;
  const auto boss = nordwind.boss();
  const auto mei = nordwind.sub(*boss, "mei", Enterprise::kSg, "shopee-chat-customer-service");
  auto of_boss = Enterprise::menu(*boss, "main:nordwind");
  for (const auto* entry : {"team:manage", "store:manage", "chat:assign", "activity_log:view",
                            "profile:edit", "seller_centre:view", "wallet:password"}) {
    CAPTURE(entry);
    CHECK(of_boss[entry] == R"(["shopee-my","shopee-sg"])");
  }
  REQUIRE(
      boss->put("/v1/accounts/sub:mei/shops/shopee-my", R"({"role":"shopee-finance"})").status ==
      201);
  CHECK(Enterprise::menu(*mei, "sub:mei") ==
        std::map<std::string, std::string>{{"chat:assign", R"(["shopee-my","shopee-sg"])"},
                                           {"profile:edit", R"(["shopee-my","shopee-sg"])"},
                                           {"seller_centre:view", R"(["shopee-my","shopee-sg"])"},
                                           {"orders:view", R"(["shopee-my","shopee-sg"])"},
                                           {"chat:view", R"(["shopee-sg"])"},
                                           {"chat:reply", R"(["shopee-sg"])"},
                                           {"products:view", R"(["shopee-sg"])"},
                                           {"income:view", R"(["shopee-my"])"},
                                           {"income:balance", R"(["shopee-my"])"},
                                           {"payout:view", R"(["shopee-my"])"},
                                           {"reports:view", R"(["shopee-my"])"}});
  REQUIRE(nordwind.admin
              ->post("/v1/grants", R"({"account":"sub:mei","permissions":["wallet:password"],)"
                                   R"("on":{"shop":"shopee-sg"}})")
              .status == 201);
  CHECK_FALSE(Enterprise::menu(*mei, "sub:mei").contains("wallet:password"));
}

TEST_CASE("the activity log tells the main account what everybody did in its shops") {
  Enterprise nordwind;
  const auto boss = nordwind.boss();
  const auto mei = nordwind.sub(*boss, "mei", Enterprise::kSg, "shopee-retailer");
  const auto ask = nordwind.ask(*mei, Enterprise::wanted("sub_account", "sub:bo", Enterprise::kSg,
                                                         Enterprise::role_of("shopee-retailer")));
  const auto log = [](Client& of, const std::string& query) {
    const auto answer = of.get("/v1/activity?" + query);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    std::set<std::string> told;
    const auto page = answer.json();
    for (const auto& item : page.at("items").as_array()) {
      told.insert(text(item, "by") + ": " + text(item, "what") + " " + text(item, "about"));
    }
    return told;
  };
  const auto in_sg = log(*boss, "shop=shopee-sg");
  CHECK(in_sg.contains("sub:mei: filed request " + text(ask, "id")));
  CHECK(in_sg.contains("main:nordwind: made account sub:mei"));
  CHECK(in_sg == log(*nordwind.admin, "shop=shopee-sg"));
  CHECK(log(*boss, "shop=shopee-sg&by=sub:mei") ==
        std::set<std::string>{"sub:mei: filed request " + text(ask, "id"),
                              "sub:mei: review request " + text(ask, "id")});
  CHECK_FALSE(log(*boss, "shop=shopee-my").contains("main:nordwind: made account sub:mei"));
  // Not in others' shops, and others have what they did themselves.
  CHECK(log(*boss, "shop=other-sg").empty());
  CHECK(log(*mei, "shop=shopee-sg") ==
        std::set<std::string>{"sub:mei: filed request " + text(ask, "id"),
                              "sub:mei: review request " + text(ask, "id")});
  CHECK(log(*mei, "shop=shopee-sg&by=main:nordwind").empty());
}

namespace {

// The four agents of the shipped groups: cy answers in Singapore only.
struct Chats : Enterprise {
  Chats() {
    const auto main = boss();
    for (const auto& [name, shops] : {std::pair{"anna", kBoth}, std::pair{"bo", kBoth},
                                      std::pair{"cy", kSg}, std::pair{"dee", kBoth}}) {
      agents[name] = sub(*main, name, shops, "shopee-chat-customer-service");
      duty(name, true);
    }
  }

  void duty(const std::string& agent, bool on) {
    const auto answer = agents.at(agent)->put("/v1/accounts/sub:" + agent + "/duty",
                                              json::serialize(json::object{{"on", on}}));
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
  }
  // Who gets it, or what became of it and why.
  static std::string told(const json::value& event) {
    const auto& object = event.as_object();
    if (const auto* to = object.if_contains("assigned_to")) return to->as_string().c_str();
    std::string told = text(event, "state");
    if (object.contains("reason")) told += ": " + text(event, "reason");
    return told;
  }
  json::value begin(const std::string& shop, const std::string& stage) {
    json::object event{{"id", "c-" + std::to_string(++chats)}, {"shop", shop}};
    if (!stage.empty()) event["stage"] = stage;
    const auto answer = admin->post("/v1/events/conversation", json::serialize(event));
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    return answer.json();
  }
  std::string given(const std::string& shop, const std::string& stage) {
    return told(begin(shop, stage));
  }

  std::map<std::string, std::unique_ptr<Client>> agents;
  int chats = 0;
};

}  // namespace

TEST_CASE(
    "chat groups stand per shop, for pre-sales and after-sales, with agents in several shops' "
    "groups") {
  Chats nordwind;
  const auto first = nordwind.begin("shopee-sg", "pre-sales");
  CHECK(Chats::told(first) == "sub:anna");
  CHECK(text(first, "group") == "shopee-sg-presales");
  CHECK(text(first.at("because"), "rule") == "shopee-sg-before");
  // Each group has a turn of its own: anna is next in Malaysia, and bo in Singapore.
  CHECK(nordwind.given("shopee-my", "pre-sales") == "sub:anna");
  CHECK(nordwind.given("shopee-sg", "pre-sales") == "sub:bo");
  CHECK(nordwind.given("shopee-sg", "after-sales") == "sub:bo");
  CHECK(nordwind.given("shopee-my", "after-sales") == "sub:bo");
  CHECK(nordwind.given("shopee-sg", "after-sales") == "sub:cy");
  // cy is in the Malaysian group and does not belong to the shop.
  CHECK(nordwind.given("shopee-my", "after-sales") == "sub:bo");
  // One that says neither goes to the desk of the company that has the shop.
  const auto unsorted = nordwind.begin("shopee-my", "");
  CHECK(Chats::told(unsorted) == "sub:dee");
  CHECK(json::serialize(unsorted.at("tags")).find("unsorted") != std::string::npos);
  CHECK(nordwind.given("other-sg", "pre-sales") == "recorded");
  // An agent sees the conversations that are the agent's own.
  const auto of_cy =
      nordwind.agents.at("cy")->get("/v1/events/conversation?assigned_to=sub:cy").json();
  CHECK(of_cy.at("items").as_array().size() == 1);
  CHECK(nordwind.agents.at("cy")->get("/v1/events/conversation/c-1").status == 404);
}

TEST_CASE("rules assign conversations, in turn among those on duty") {
  Chats nordwind;
  std::string turns;
  for (int i = 0; i < 4; ++i) turns += nordwind.given("shopee-sg", "pre-sales") + " ";
  CHECK(turns == "sub:anna sub:bo sub:anna sub:bo ");
  nordwind.duty("bo", false);
  CHECK(nordwind.given("shopee-sg", "pre-sales") == "sub:anna");
  CHECK(nordwind.given("shopee-sg", "pre-sales") == "sub:anna");
  CHECK(nordwind.given("shopee-sg", "after-sales") == "sub:cy");
  nordwind.duty("anna", false);
  const auto waiting = nordwind.begin("shopee-sg", "pre-sales");
  CHECK(Chats::told(waiting) == "held: nobody of shopee-sg-presales is on duty");
  nordwind.duty("bo", true);
  const auto handed =
      nordwind.admin->get("/v1/events/conversation/" + text(waiting.at("event"), "id")).json();
  CHECK(Chats::told(handed) == "sub:bo");
  // Who is taken out of the shop gives back what is open, and gets nothing of it any more.
  const std::string path = "/v1/events/conversation/" + text(waiting.at("event"), "id");
  const auto removed = nordwind.admin->send("DELETE", "/v1/accounts/sub:bo/shops/shopee-sg");
  CHECK(removed.status == 204);
  CHECK(text(nordwind.admin->get(path).json(), "state") == "held");
  nordwind.duty("anna", true);
  CHECK(Chats::told(nordwind.admin->get(path).json()) == "sub:anna");
  CHECK(nordwind.given("shopee-sg", "pre-sales") == "sub:anna");
}
