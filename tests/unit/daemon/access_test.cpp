// Accounts, tokens, grants by hand and checks, without sockets.
#include <doctest/doctest.h>

#include <atomic>
#include <boost/json/serialize.hpp>
#include <thread>

#include "daemon/access/checking.hpp"
#include "daemon/access/granting.hpp"
#include "daemon/access/tokens.hpp"
#include "tests/unit/daemon/world.hpp"

using namespace consign;
using consign::testing::World;
using http::Request;
using http::Response;

namespace {

constexpr const char* kRules = R"(
supplier acme
supplier bravo
never grant staff:*
rule all { when line.quantity > 0 then assign to acme, grant orders:view+fulfill }
)";

std::string order(const std::string& id, const std::string& revision = "r1") {
  return R"({"shop":"outlet","id":")" + id + R"(","revision":")" + revision +
         R"(","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"1.00",)"
         R"("payment":"paid","lines":[{"id":"1","quantity":1,"price":"1.00"}]})";
}

boost::json::value parsed(const Response& response, int status) {
  REQUIRE_MESSAGE(response.status == status, response.body);
  return boost::json::parse(response.body);
}

// Speaks to the handlers the way the router does.
struct Office {
  explicit Office(World& with) : world(with) {}

  Response put_account(const std::string& account, const std::string& document = "{}") {
    return world.call(
        http::put_account,
        {.path = {{"account", account}}, .body = document, .viewer = world.administrator});
  }
  Response grant(const std::string& document) {
    return world.call(http::post_grant, {.body = document, .viewer = world.administrator});
  }
  Response change(http::Handler handler, const std::string& id, const std::string& body = "") {
    return world.call(handler, {.path = {{"id", id}}, .body = body, .viewer = world.administrator});
  }
  boost::json::value check(const std::string& account, const std::string& action,
                           const std::string& resource = R"({"kind":"shop","shop":"outlet"})") {
    return parsed(
        world.call(http::post_check, {.body = R"({"account":")" + account + R"(","action":")" +
                                              action + R"(","resource":)" + resource + "}",
                                      .viewer = world.administrator}),
        200);
  }
  bool may(const std::string& account, const std::string& action) {
    return check(account, action).at("allowed").as_bool();
  }
  std::string granted(const std::string& account, const std::string& permissions,
                      const std::string& more = "") {
    const auto made = grant(R"({"account":")" + account + R"(","permissions":[")" + permissions +
                            R"("],"on":{"shop":"outlet"})" + more + "}");
    return std::string(parsed(made, 201).at("id").as_string());
  }
  boost::json::value look(const std::string& id) {
    return parsed(change(http::get_grant, id), 200);
  }

  World& world;
};

const std::string kLine = R"({"kind":"order","shop":"outlet","id":"1","line":"1"})";

}  // namespace

TEST_CASE("a token carries a checksum, so that a mistyped one needs no look-up") {
  const auto token = make_token("staff");
  REQUIRE(token);
  CHECK(token->starts_with("csg_staff_"));
  CHECK(is_well_formed_token(*token));
  for (std::size_t i = token->rfind('_') + 1; i < token->size(); ++i) {
    std::string mistyped = *token;
    mistyped[i] = mistyped[i] == 'x' ? 'y' : 'x';
    CHECK_FALSE(is_well_formed_token(mistyped));
  }
  CHECK_FALSE(is_well_formed_token(token->substr(0, token->size() - 1)));
  CHECK_FALSE(is_well_formed_token(""));
  CHECK_FALSE(is_well_formed_token("csg_"));
}

TEST_CASE("an account is made, changed, suspended and removed, and its grants follow") {
  World world(kRules);
  Office office(world);
  CHECK(office.put_account("staff:anna", R"({"name":"Anna","shops":["outlet"]})").status == 201);
  CHECK(office.put_account("staff:anna", R"({"name":"Anna","shops":["outlet"]})").status == 200);
  office.granted("staff:anna", "orders:view+refund");
  CHECK(office.may("staff:anna", "orders:refund"));
  CHECK_FALSE(office.may("staff:anna", "orders:cancel"));

  CHECK(office.put_account("staff:anna", R"({"suspended":true})").status == 200);
  CHECK(office.check("staff:anna", "orders:view").at("reason") == "the account is suspended");
  CHECK(office.put_account("staff:anna", "{}").status == 200);
  CHECK(office.may("staff:anna", "orders:view"));
  CHECK(office.put_account("staff:anna", R"({"shops":[]})").status == 200);
  CHECK(office.check("staff:anna", "orders:view").at("reason") ==
        "the account does not belong to the shop");
  CHECK(office.put_account("staff:anna", "{}").status == 200);

  const Request removal{.path = {{"account", "staff:anna"}}, .viewer = world.administrator};
  CHECK(world.call(http::delete_account, removal).status == 204);
  CHECK(office.check("staff:anna", "orders:view").at("reason") == "the account is removed");
  CHECK(world.call(http::delete_account, removal).status == 404);
  CHECK(world.call(http::get_account, removal).status == 404);
  // The name may be used again; what was granted before does not come back with it.
  CHECK(office.put_account("staff:anna").status == 201);
  CHECK_FALSE(office.may("staff:anna", "orders:view"));
}

TEST_CASE("names and documents of accounts are checked") {
  World world(kRules);
  Office office(world);
  for (const auto* name : {"anna", "staff:", ":anna", "clerk:anna", "staff:a b"}) {
    CAPTURE(name);
    CHECK(office.put_account(name).status == 400);
  }
  const auto faults = parsed(
      office.put_account("staff:anna", R"({"nam":"Anna","shops":["nowhere"],"mfa":"yes"})"), 422);
  CHECK(faults.at("errors").as_array().size() == 3);
  CHECK(boost::json::serialize(faults).find("did you mean `name`?") != std::string::npos);
}

TEST_CASE("what is banned cannot be granted, by wildcard neither, and a later ban counts at once") {
  World world(kRules);
  world.settings.never_grant = *parse_permissions("wallet:password");
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  for (const auto* permission : {"staff:create", "staff:*", "wallet:*", "wallet:password"}) {
    CAPTURE(permission);
    const auto refused =
        parsed(office.grant(R"({"account":"staff:anna","permissions":[")" +
                            std::string(permission) + R"("],"on":{"shop":"outlet"}})"),
               422);
    CHECK(refused.at("errors").at(0).at("pointer") == "/permissions/0");
  }
  office.granted("staff:anna", "customers:*");
  CHECK(office.may("staff:anna", "customers:delete"));
  world.settings.never_grant.push_back(*parse_permissions("customers:delete")->begin());
  CHECK(office.check("staff:anna", "customers:delete").at("reason") == "banned by never_grant");
  CHECK(office.may("staff:anna", "customers:view"));
}

TEST_CASE("a grant to nobody, of nothing or in the past is refused, with what would help") {
  World world(kRules);
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  const auto fault = [&](const std::string& document) {
    const auto refused = parsed(office.grant(document), 422);
    return std::string(refused.at("errors").at(0).at("message").as_string());
  };
  CHECK(fault(R"({"account":"staff:bo","permissions":["orders:view"],"on":{"shop":"outlet"}})") ==
        "there is no account `staff:bo`");
  CHECK(fault(R"({"account":"staff:anna","permissions":["orders:veiw"],"on":{"shop":"outlet"}})") ==
        "there is no permission `orders:veiw`; did you mean `orders:view`?");
  CHECK(fault(R"({"account":"staff:anna","permissions":[],"on":{"shop":"outlet"}})") ==
        "at least one permission is wanted");
  CHECK(fault(R"({"account":"staff:anna","permissions":["orders:view"],"on":{"shop":"x"}})") ==
        "no shop `x` is configured");
  CHECK(fault(R"({"account":"staff:anna","permissions":["orders:view"],"on":{"shop":"outlet"},)"
              R"("until":"2020-01-01T00:00:00Z"})") == "this has passed already");
}

TEST_CASE("the same grant by hand is made once") {
  World world(kRules);
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  const std::string document =
      R"({"account":"staff:anna","permissions":["orders:view"],"on":{"shop":"outlet"}})";
  const auto first = parsed(office.grant(document), 201);
  world.pass(5);
  CHECK(parsed(office.grant(document), 200).at("id") == first.at("id"));
}

TEST_CASE("a grant is suspended, resumed, cut down and revoked, and its history says so") {
  World world(kRules);
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  const auto id =
      office.granted("staff:anna", "orders:view+refund+cancel", R"(,"reason":"peak season")");
  world.pass(1);
  CHECK(
      parsed(office.change(http::suspend_grant, id, R"({"reason":"on leave"})"), 200).at("state") ==
      "suspended");
  CHECK_FALSE(office.may("staff:anna", "orders:view"));
  world.pass(1);
  CHECK(parsed(office.change(http::resume_grant, id), 200).at("state") == "active");
  CHECK(office.may("staff:anna", "orders:view"));
  // Again changes nothing.
  CHECK(office.change(http::resume_grant, id).status == 200);

  const auto cut =
      parsed(office.change(http::adjust_grant, id, R"({"permissions":["orders:view"]})"), 200);
  CHECK(boost::json::serialize(cut.at("permissions")) == R"(["orders:view"])");
  CHECK(boost::json::serialize(cut.at("cut")) == R"(["orders:cancel","orders:refund"])");
  CHECK(office.may("staff:anna", "orders:view"));
  CHECK_FALSE(office.may("staff:anna", "orders:refund"));
  // What was cut out does not come back, nor does more come in.
  for (const auto* more : {"orders:refund", "orders:*", "customers:view", "staff:create"}) {
    CAPTURE(more);
    CHECK(office.change(http::adjust_grant, id, R"({"permissions":[")" + std::string(more) + "\"]}")
              .status == 422);
  }
  CHECK(parsed(office.change(http::revoke_grant, id), 200).at("state") == "revoked");
  CHECK_FALSE(office.may("staff:anna", "orders:view"));
  CHECK(office.change(http::revoke_grant, id).status == 200);
  CHECK(office.change(http::resume_grant, id).status == 422);
  CHECK(office.change(http::revoke_grant, "nothing").status == 404);

  const auto now = office.look(id);
  CHECK(now.at("because").at("person") == "administrator");
  CHECK(now.at("because").at("reason") == "peak season");
  std::string story;
  for (const auto& event : now.at("history").as_array()) {
    story += std::string(event.at("what").as_string()) + " ";
  }
  CHECK(story == "made suspended resumed adjusted revoked ");
  CHECK(now.at("history").at(1).at("reason") == "on leave");
}

TEST_CASE("a wildcard is cut down to what it holds, and an end only comes nearer") {
  World world(kRules);
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  const auto id = office.granted("staff:anna", "orders:*", R"(,"until":"2030-01-01T00:00:00Z")");
  const auto adjust = [&](const std::string& body) {
    return office.change(http::adjust_grant, id, body).status;
  };
  CHECK(adjust(R"({"until":"2031-01-01T00:00:00Z"})") == 422);
  CHECK(adjust("{}") == 422);
  CHECK(adjust(R"({"permissions":["orders:view+refund"]})") == 200);
  CHECK(office.may("staff:anna", "orders:refund"));
  CHECK_FALSE(office.may("staff:anna", "orders:cancel"));
  CHECK(adjust(R"({"until":"2026-01-01T00:00:00Z"})") == 200);
  CHECK(office.may("staff:anna", "orders:refund"));
  world.pass(400LL * 24 * 3600);
  CHECK_FALSE(office.may("staff:anna", "orders:refund"));
  CHECK(office.look(id).at("state") == "expired");
}

TEST_CASE("what a person did to a rule's grant outlasts decisions that make it again") {
  World world(kRules);
  Office office(world);
  world.post(order("1"));
  const auto grants = world.order_now("1").at("grants").as_array();
  REQUIRE(grants.size() == 1);
  const std::string id(grants.at(0).at("id").as_string());
  CHECK(office.look(id).at("because").at("rule") == "all");
  CHECK(office.check("supplier:acme", "orders:view", kLine).at("because").at("rule") == "all");
  CHECK(office.change(http::adjust_grant, id, R"({"permissions":["orders:view"]})").status == 200);

  // Another revision with another quantity: the line is decided anew.
  std::string changed = order("1", "r2");
  changed.replace(changed.find("\"quantity\":1"), 12, "\"quantity\":3");
  world.post(changed);
  CHECK(office.check("supplier:acme", "orders:view", kLine).at("allowed") == true);
  CHECK(office.check("supplier:acme", "orders:fulfill", kLine).at("allowed") == false);

  const std::string now(world.order_now("1").at("grants").at(0).at("id").as_string());
  CHECK(office.change(http::suspend_grant, now).status == 200);
  changed.replace(changed.find("\"r2\""), 4, "\"r3\"");
  changed.replace(changed.find("\"quantity\":3"), 12, "\"quantity\":4");
  world.post(changed);
  CHECK(office.check("supplier:acme", "orders:view", kLine).at("allowed") == false);
}

TEST_CASE("a grant by hand on one line covers that line, and decisions leave it alone") {
  World world(kRules);
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  world.post(order("1"));
  REQUIRE(office
              .grant(R"({"account":"staff:anna","permissions":["orders:view"],)"
                     R"("on":{"shop":"outlet","order":"1","line":"1"}})")
              .status == 201);
  world.post(order("1", "r2"));
  CHECK(office.check("staff:anna", "orders:view", kLine).at("allowed") == true);
  CHECK(office.check("staff:anna", "orders:view", R"({"kind":"order","shop":"outlet","id":"1"})")
            .at("allowed") == false);
  CHECK_FALSE(office.may("staff:anna", "orders:view"));
}

TEST_CASE("a token stands for its account, and for no more than it is limited to") {
  World world(kRules);
  Office office(world);
  const auto made =
      parsed(world.call(http::post_token, {.body = R"({"account":"supplier:acme","label":"agent",)"
                                                   R"("permissions":["orders:view"],)"
                                                   R"("expires":"2026-11-01T00:00:00Z"})",
                                           .viewer = world.administrator}),
             201);
  const std::string token(made.at("token").as_string());
  const auto known = [&] { return viewer_of_token(world.access, token, world.now); };
  REQUIRE(std::holds_alternative<store::Viewer>(known()));
  const auto viewer = std::get<store::Viewer>(known());
  CHECK(viewer.account == "supplier:acme");
  CHECK(viewer.may_use({"orders", "view"}));
  CHECK_FALSE(viewer.may_use({"orders", "fulfill"}));
  const auto list = parsed(world.call(http::list_tokens, {.viewer = viewer}), 200);
  CHECK(list.at("items").at(0).at("last_used").as_string() == format_timestamp(world.now));
  CHECK(boost::json::serialize(list).find("csg_") == std::string::npos);

  world.now = *parse_timestamp("2026-11-01T00:00:00Z");
  CHECK(std::get<std::string_view>(known()) == "the token has expired");
}

TEST_CASE("a revoked token, and one of a suspended or removed account, is refused at once") {
  World world(kRules);
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  const auto make = [&] {
    return parsed(world.call(http::post_token, {.body = R"({"account":"staff:anna"})",
                                                .viewer = world.administrator}),
                  201);
  };
  const auto good = [&](const boost::json::value& made) {
    return std::holds_alternative<store::Viewer>(
        viewer_of_token(world.access, made.at("token").as_string(), world.now));
  };
  const auto one = make(), other = make();
  CHECK(good(one));
  CHECK(office.change(http::delete_token, std::string(one.at("id").as_string())).status == 204);
  CHECK_FALSE(good(one));
  CHECK(good(other));
  CHECK(office.put_account("staff:anna", R"({"suspended":true})").status == 200);
  CHECK_FALSE(good(other));
  CHECK(office.put_account("staff:anna").status == 200);
  CHECK(good(other));
  CHECK(world
            .call(http::delete_account,
                  {.path = {{"account", "staff:anna"}}, .viewer = world.administrator})
            .status == 204);
  CHECK_FALSE(good(other));
  CHECK(office.put_account("staff:anna").status == 201);
  CHECK_FALSE(good(other));
}

TEST_CASE("who may do something, and what somebody may do, are answered like checks are") {
  World world(kRules);
  Office office(world);
  for (const auto* name : {"staff:anna", "staff:bo", "sub:carl"}) {
    REQUIRE(office.put_account(name).status == 201);
    office.granted(name, "orders:refund");
  }
  office.granted("sub:carl", "orders:*");
  world.post(order("1"));
  const auto who = [&](const std::string& permission,
                       std::vector<std::pair<std::string, std::string>> more = {}) {
    more.emplace_back("permission", permission);
    more.emplace_back("shop", "outlet");
    const auto answer =
        parsed(world.call(http::who_may, {.query = more, .viewer = world.administrator}), 200);
    std::string names;
    for (const auto& item : answer.at("items").as_array()) {
      names += std::string(item.at("account").as_string()) + " ";
    }
    return names + (answer.at("next").is_null() ? "" : "...");
  };
  CHECK(who("orders:refund") == "staff:anna staff:bo sub:carl ");
  CHECK(who("orders:refund", {{"limit", "2"}}) == "staff:anna staff:bo ...");
  CHECK(who("orders:refund", {{"limit", "2"}, {"cursor", "staff:bo"}}) == "sub:carl ");
  CHECK(who("orders:cancel") == "sub:carl ");
  CHECK(who("orders:view") == "sub:carl ");
  CHECK(who("orders:view", {{"order", "1"}, {"line", "1"}}) == "sub:carl supplier:acme ");
  CHECK(who("staff:create") == "");
  CHECK(office.put_account("staff:bo", R"({"suspended":true})").status == 200);
  CHECK(who("orders:refund") == "staff:anna sub:carl ");

  const auto held = [&](const std::string& name) {
    const auto answer = parsed(
        world.call(http::may, {.path = {{"account", name}}, .viewer = world.administrator}), 200);
    std::string told;
    for (const auto& item : answer.at("items").as_array()) {
      told += std::string(item.at("permission").as_string()) + " ";
    }
    return told;
  };
  CHECK(held("supplier:acme") == "orders:fulfill orders:view ");
  CHECK(held("sub:carl") == "orders:* orders:refund ");
  CHECK(held("staff:bo") == "");
}

TEST_CASE("a review finds what is unused, broad or old") {
  World world(kRules);
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  const auto broad = office.granted("staff:anna", "products:*");
  const auto used = office.granted("staff:anna", "orders:view");
  const auto unused = office.granted("staff:anna", "orders:refund");
  world.pass(100LL * 24 * 3600);
  CHECK(office.may("staff:anna", "orders:view"));
  CHECK(office.may("staff:anna", "products:view"));
  world.pass(61);  // uses are written down about once a minute
  const auto findings = [&] {
    std::map<std::string, std::string> found;
    const auto answer =
        parsed(world.call(http::review_grants, {.viewer = world.administrator}), 200);
    for (const auto& item : answer.at("items").as_array()) {
      found[std::string(item.at("id").as_string())] = boost::json::serialize(item.at("findings"));
    }
    return found;
  };
  CHECK(findings() ==
        std::map<std::string, std::string>{{broad, R"(["broad"])"}, {unused, R"(["unused"])"}});
  world.pass(300LL * 24 * 3600);
  CHECK(findings()[used] == R"(["unused","old"])");
}

TEST_CASE("memory begins where the store stands") {
  World world(kRules);
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  REQUIRE(office.put_account("staff:bo", R"({"suspended":true})").status == 201);
  const auto kept = office.granted("staff:anna", "orders:view");
  const auto resting = office.granted("staff:anna", "orders:refund");
  const auto gone = office.granted("staff:anna", "orders:cancel");
  CHECK(office.change(http::suspend_grant, resting).status == 200);
  CHECK(office.change(http::revoke_grant, gone).status == 200);
  world.post(order("1"));

  AccessIndex again;
  REQUIRE(world.writer.run([&](store::Connection& db) { again.load(db, world.now); }) ==
          store::Fate::committed);
  const auto finds = [&](const std::string& account, const Permission& action, const Place& place) {
    return again.find(account, action, place, world.now).grant != nullptr;
  };
  CHECK(finds("staff:anna", {"orders", "view"}, {.shop = "outlet"}));
  CHECK_FALSE(finds("staff:anna", {"orders", "refund"}, {.shop = "outlet"}));
  CHECK_FALSE(finds("staff:anna", {"orders", "cancel"}, {.shop = "outlet"}));
  CHECK(finds("supplier:acme", {"orders", "view"}, {.shop = "outlet", .order = "1", .line = "1"}));
  CHECK_FALSE(finds("supplier:acme", {"orders", "view"}, {.shop = "outlet", .order = "1"}));
  CHECK(again.standing("staff:bo") == Standing::suspended);
  CHECK(again.standing("staff:nobody") == Standing::unnamed);
}

TEST_CASE("a unit that fails changes nothing in memory either") {
  World world(kRules);
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  const auto id = office.granted("staff:anna", "orders:view");
  CHECK(world.writer.run(world.units.unit([&](UnitContext& unit) {
    REQUIRE(change_grant(unit, id, {.kind = GrantChange::Kind::revoke}, {"x", "y"}).ok());
    throw std::runtime_error("no");
  })) == store::Fate::failed);
  CHECK(office.may("staff:anna", "orders:view"));
}

TEST_CASE("while many ask, what was answered as done holds from the next question on") {
  World world(kRules);
  Office office(world);
  REQUIRE(office.put_account("staff:anna").status == 201);
  REQUIRE(office.put_account("staff:bo").status == 201);
  const auto id = office.granted("staff:anna", "orders:view");
  office.granted("staff:bo", "orders:view");
  const auto rules = world.rules.active();
  const auto asks = [&](const std::string& account) {
    const Check check{account, {"orders", "view"}, {.kind = "shop", .shop = "outlet"}};
    return answer_check(world.access, *rules, world.settings, check, world.now).allowed();
  };
  std::atomic<bool> over = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i) {
    askers.emplace_back([&] {
      for (int n = 0; !over && n < 10'000'000; ++n) {
        asks("staff:anna");
        if (!asks("staff:bo")) ++wrong;
      }
    });
  }
  for (int round = 0; round < 30; ++round) {
    REQUIRE(office.change(http::suspend_grant, id).status == 200);
    CHECK_FALSE(asks("staff:anna"));
    REQUIRE(office.change(http::resume_grant, id).status == 200);
    CHECK(asks("staff:anna"));
  }
  over = true;
  for (auto& asker : askers) asker.join();
  CHECK(wrong == 0);
}

TEST_CASE("a grant may be asked for in the words of another system") {
  World world(kRules);
  Office office(world);
  parsed(office.put_account("staff:anna"), 201);
  office.granted("staff:anna", R"(fulfill_and_ship_orders","shipstation/inventory management)");
  for (const auto* may : {"orders:fulfill", "inventory:view", "inventory:edit"}) {
    CHECK(office.may("staff:anna", may));
  }
  CHECK_FALSE(office.may("staff:anna", "orders:view"));

  const auto refused = [&](const std::string& permission) {
    const auto answer = parsed(office.grant(R"({"account":"staff:anna","permissions":[")" +
                                            permission + R"("],"on":{"shop":"outlet"}})"),
                               422);
    const auto& fault = answer.at("errors").at(0);
    CHECK(fault.at("pointer") == "/permissions/0");
    return std::string(fault.at("message").as_string());
  };
  CHECK(refused("fulfil_and_ship_orders") ==
        "Shopify has no permission `fulfil_and_ship_orders`; did you mean "
        "`fulfill_and_ship_orders`?");
  CHECK(refused("lazada/orders") ==
        "there is no system `lazada`; there are `shopify`, `shopee`, `dianxiaomi`, `shipstation`");
  // A ban holds whatever the words.
  CHECK(refused("staff_management") == "`staff:manage` covers what `never_grant` bans");
}

TEST_CASE("the vocabulary is listed with what systems call it and what the rules declare") {
  World world("permissions wms:pick, orders:view\n");
  const store::Viewer acme{.token = "t", .account = "supplier:acme"};
  const auto listed = [&](const std::string& system) {
    return parsed(
               world.call(http::list_permissions, {.query = {{"system", system}}, .viewer = acme}),
               200)
        .at("items")
        .as_array();
  };
  const auto all = listed("");
  CHECK(all.size() == all_permissions().size() + 1);
  CHECK(boost::json::serialize(all.front()) ==
        R"({"permission":"orders:view","help":"see orders","handles":{"shopify":["orders"],)"
        R"("shopee":["My Orders"],"dianxiaomi":["orders: view"],)"
        R"("shipstation":["Order Management"]}})");
  CHECK(boost::json::serialize(all.back()) ==
        R"({"permission":"wms:pick","help":"","handles":{}})");
  const auto of_shopify = listed("shopify");
  CHECK(of_shopify.size() == 146);
  CHECK(boost::json::serialize(of_shopify.front()) ==
        R"({"permission":"orders:view","help":"see orders","handles":{"shopify":["orders"]}})");
  const auto refused = parsed(
      world.call(http::list_permissions, {.query = {{"system", "shopfy"}}, .viewer = acme}), 400);
  CHECK(refused.at("detail") == "there is no system `shopfy`; did you mean `shopify`?");
}
