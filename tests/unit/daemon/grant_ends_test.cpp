// What is not given, or no longer, whatever was granted or approved before.
#include <doctest/doctest.h>

#include "daemon/access/accounts.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/access/granting.hpp"
#include "daemon/access/memberships.hpp"
#include "daemon/access/requesting.hpp"
#include "tests/unit/daemon/world.hpp"

using namespace consign;
using consign::testing::World;

namespace {

const store::Actor kSomebody{"administrator", "t"};
constexpr std::int64_t kDay = 24 * 3600;

bool may(World& world, const std::string& account, const std::string& action,
         Use use = Use::asked) {
  return answer_check(
             world.access, *world.rules.active(), world.settings,
             {account, parse_permissions(action)->front(), {.kind = "shop", .shop = "outlet"}},
             world.now, use)
      .allowed();
}

template <class Work>
void in_unit(World& world, const Work& work) {
  REQUIRE(world.writer.run(world.units.unit(work)) == store::Fate::committed);
}

WantedGrant wanted(const std::string& account, const std::string& permissions) {
  return {.account = account,
          .permissions = *parse_permissions(permissions),
          .shop = "outlet",
          .order = {},
          .line = {},
          .until = {},
          .reason = {}};
}

}  // namespace

TEST_CASE("a request is accepted for what the rules still know, and never for what they do not") {
  const std::string review = "rule r on request { when true then review }\n";
  World world("permissions wms:pick\n" + review);
  std::string id;
  in_unit(world, [&](UnitContext& unit) {
    const auto filed = file_request(unit,
                                    {.asked = {.kind = "staff",
                                               .email = "a@example.com",
                                               .name = "",
                                               .organization = "",
                                               .shops = {"outlet"},
                                               .permissions = {{"orders", "view"}, {"wms", "pick"}},
                                               .role = "",
                                               .message = ""},
                                     .account = "staff:anna",
                                     .supplier = "",
                                     .code = {},
                                     .document = R"({"kind":"staff","shops":["outlet"]})"},
                                    world.administrator);
    REQUIRE(filed.ok());
    id = filed->row.id;
  });
  world.use_rules(review);
  in_unit(world, [&](UnitContext& unit) {
    const auto adjusted = accept_request(
        unit, id, {.permissions = {{{"ordrs", "view"}}}, .until = {}}, "", world.administrator);
    REQUIRE_FALSE(adjusted.ok());
    CHECK(adjusted.error().message == "there is no permission `ordrs:view`");
    CHECK(accept_request(unit, id, {}, "", world.administrator).ok());
  });
  CHECK(may(world, "staff:anna", "orders:view"));
  CHECK_FALSE(may(world, "staff:anna", "wms:pick"));
}

TEST_CASE("what is refused in a shop takes no seat there") {
  World world("accounts staff { seats { basic 1 } }\n");
  in_unit(world, [&](UnitContext& unit) {
    put_account(unit, {.account = "staff:anna", .shops = {{}}}, kSomebody);
    CHECK_FALSE(set_in_shop(unit, wanted("staff:anna", "ordrs:view"), kSomebody).ok());
    CHECK(store::find_account(unit.db, "staff:anna")->shops->empty());
    CHECK(set_in_shop(unit, wanted("staff:anna", "orders:view"), kSomebody).ok());
    CHECK(store::find_account(unit.db, "staff:anna")->shops->size() == 1);
  });
}

TEST_CASE("a grant is idle when none of its permissions was used, not when one was not") {
  World world("supplier acme\n");
  in_unit(world, [&](UnitContext& unit) {
    put_account(unit, {.account = "staff:anna"}, kSomebody);
    auto both = wanted("staff:anna", "orders:view+refund");
    both.idle_seconds = 30 * kDay;
    REQUIRE(make_grant(unit, both, kSomebody).ok());
  });
  world.pass(20 * kDay);
  CHECK(may(world, "staff:anna", "orders:view", Use::noted));
  world.pass(20 * kDay);
  CHECK(may(world, "staff:anna", "orders:view"));
  CHECK(may(world, "staff:anna", "orders:refund"));
  world.pass(10 * kDay);
  CHECK_FALSE(may(world, "staff:anna", "orders:view"));
  CHECK_FALSE(may(world, "staff:anna", "orders:refund"));
}

TEST_CASE("what is left of a wildcard that was in use is not idle") {
  World world("supplier acme\n");
  std::string id;
  in_unit(world, [&](UnitContext& unit) {
    put_account(unit, {.account = "staff:anna"}, kSomebody);
    auto all = wanted("staff:anna", "orders:view");
    all.permissions = {{"orders", "*"}};
    all.idle_seconds = 30 * kDay;
    id = make_grant(unit, all, kSomebody)->id;
  });
  world.pass(20 * kDay);
  CHECK(may(world, "staff:anna", "orders:view", Use::noted));
  world.pass(15 * kDay);
  in_unit(world, [&](UnitContext& unit) {
    REQUIRE(change_grant(unit, id,
                         {.kind = GrantChange::Kind::adjust,
                          .reason = "",
                          .permissions = {{{"orders", "view"}}}},
                         kSomebody)
                .ok());
  });
  world.pass(1);
  CHECK(may(world, "staff:anna", "orders:view"));
}

TEST_CASE(
    "what a grant holds beside a wildcard of the same resource stays when it is cut down to it") {
  World world("supplier acme\n");
  in_unit(world, [&](UnitContext& unit) {
    put_account(unit, {.account = "staff:anna"}, kSomebody);
    auto all = wanted("staff:anna", "orders:view");
    all.permissions = {{"orders", "*"}, {"orders", "view"}};
    const std::string id = make_grant(unit, all, kSomebody)->id;
    REQUIRE(change_grant(unit, id,
                         {.kind = GrantChange::Kind::adjust,
                          .reason = "",
                          .permissions = {{{"orders", "view"}}}},
                         kSomebody)
                .ok());
  });
  CHECK(may(world, "staff:anna", "orders:view"));
  CHECK_FALSE(may(world, "staff:anna", "orders:refund"));
}

TEST_CASE("a login of a supplier that the rules suspend may do nothing for it") {
  World world("supplier acme\n");
  in_unit(world, [&](UnitContext& unit) {
    put_account(unit, {.account = "sub:carl", .supplier = "acme"}, kSomebody);
    auto login = wanted("sub:carl", "orders:view");
    login.assigned_only = true;
    REQUIRE(make_grant(unit, login, kSomebody).ok());
    REQUIRE(make_grant(unit, wanted("supplier:acme", "orders:view"), kSomebody).ok());
  });
  CHECK(may(world, "sub:carl", "orders:view"));
  world.use_rules("supplier acme { suspended }\n");
  CHECK_FALSE(may(world, "supplier:acme", "orders:view"));
  CHECK_FALSE(may(world, "sub:carl", "orders:view"));
}
