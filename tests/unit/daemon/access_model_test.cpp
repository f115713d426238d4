// Random sequences of what persons do to accounts and grants, against a plain model of it: nothing
// is ever allowed that the model does not allow, nor denied that it does not deny.
#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>

#include "daemon/access/accounts.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/access/granting.hpp"
#include "tests/unit/daemon/world.hpp"

using namespace consign;
using consign::testing::World;

namespace {

const std::vector<std::string> kAccounts{"staff:anna", "staff:bo", "sub:carl", "supplier:acme"};
const std::vector<std::string> kPermissions{"orders:view",    "orders:refund", "orders:*",
                                            "customers:view", "staff:create",  "staff:*"};
const std::vector<std::string> kShops{"nordic", "outlet"};
const store::Actor kSomebody{"administrator", "t"};

Permission one(const std::string& text) { return parse_permissions(text)->front(); }

struct ModelGrant {
  std::string id, account, shop;
  std::set<std::string> permissions;
  std::optional<Timestamp> until;
  bool suspended = false, gone = false;
};

// What should be so, said as plainly as it can be.
struct Model {
  struct Account {
    bool known = false, suspended = false;
    std::optional<std::string> only_shop = {};
  };
  std::map<std::string, Account> accounts{{"supplier:acme", {.known = true}}};  // by the rules
  std::vector<ModelGrant> grants;

  bool stands(const ModelGrant& grant, Timestamp now) const {
    return !grant.gone && !(grant.until && *grant.until <= now);
  }
  bool allows(const std::string& account, const Permission& action, const std::string& shop,
              Timestamp now) const {
    if (action.resource == "staff") return false;
    const auto found = accounts.find(account);
    if (found == accounts.end() || !found->second.known || found->second.suspended) return false;
    if (found->second.only_shop && *found->second.only_shop != shop) return false;
    for (const auto& grant : grants) {
      if (!stands(grant, now) || grant.suspended) continue;
      if (grant.account != account || grant.shop != shop) continue;
      for (const auto& permission : grant.permissions) {
        if (one(permission).covers(action)) return true;
      }
    }
    return false;
  }
};

class Game {
 public:
  explicit Game(unsigned seed) : dice_(seed) {}

  void play(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      ask_everything(world_.access);
    }
    AccessIndex again;
    REQUIRE(world_.writer.run([&](store::Connection& db) { again.load(db, world_.now); }) ==
            store::Fate::committed);
    ask_everything(again);
  }

 private:
  template <class T>
  const T& any(const std::vector<T>& of) {
    return of[dice_() % of.size()];
  }

  template <class Work>
  void in_unit(const Work& work) {
    REQUIRE(world_.writer.run(world_.units.unit(work)) == store::Fate::committed);
  }

  void step() {
    switch (dice_() % 8) {
      case 0:
        return put_an_account();
      case 1:
        if (dice_() % 3 == 0) return remove_an_account();
        [[fallthrough]];
      case 2:
      case 3:
        return make_a_grant();
      case 4:
        world_.now.micros += static_cast<std::int64_t>(dice_() % 20) * 3'600'000'000;
        return;
      default:
        return change_a_grant();
    }
  }

  void put_an_account() {
    store::AccountRow row{.account = any(kAccounts)};
    const bool suspended = dice_() % 3 == 0;
    std::optional<std::string> only;
    if (dice_() % 3 == 0) only = any(kShops);
    if (suspended) row.state = store::AccountState::suspended;
    if (only) row.shops = {*only};
    in_unit([&](UnitContext& unit) { put_account(unit, row, kSomebody); });
    auto& account = model_.accounts[row.account];
    account = {.known = true, .suspended = suspended, .only_shop = only};
  }

  void remove_an_account() {
    const auto name = any(kAccounts);
    in_unit([&](UnitContext& unit) { remove_account(unit, name, kSomebody); });
    model_.accounts[name] = {};
    for (auto& grant : model_.grants) {
      if (grant.account == name) grant.gone = true;
    }
  }

  void make_a_grant() {
    WantedGrant wanted;
    wanted.account = any(kAccounts);
    wanted.shop = any(kShops);
    std::set<std::string> permissions;
    bool banned = false;
    for (auto n = dice_() % 2 + 1; n > 0; --n) permissions.insert(any(kPermissions));
    for (const auto& each : permissions) {
      wanted.permissions.push_back(one(each));
      banned = banned || each.starts_with("staff:");
    }
    if (dice_() % 2 == 0) wanted.until = Timestamp{world_.now.micros + 36'000'000'000};
    const auto& account = model_.accounts[wanted.account];
    const bool fits = account.known && (!account.only_shop || *account.only_shop == wanted.shop);
    std::optional<MadeGrant> made;
    in_unit([&](UnitContext& unit) {
      auto result = make_grant(unit, wanted, kSomebody);
      if (result) made = *result;
    });
    REQUIRE(made.has_value() == (fits && !banned));
    if (made && made->is_new) {
      model_.grants.push_back(
          {made->id, wanted.account, wanted.shop, permissions, wanted.until, false, false});
    }
  }

  void change_a_grant() {
    using Kind = GrantChange::Kind;
    if (model_.grants.empty()) return;
    ModelGrant& grant = model_.grants[dice_() % model_.grants.size()];
    GrantChange change{.kind = static_cast<Kind>(dice_() % 4), .reason = ""};
    std::set<std::string> left;
    bool covered = true;
    if (change.kind == Kind::adjust) {
      left.insert(any(kPermissions));
      for (const auto& wanted : left) {
        covered = covered && !wanted.starts_with("staff:") &&
                  std::any_of(grant.permissions.begin(), grant.permissions.end(),
                              [&](const auto& held) { return one(held).covers(one(wanted)); });
        change.permissions.emplace().push_back(one(wanted));
      }
    }
    const bool stands = model_.stands(grant, world_.now);
    bool done = false;
    in_unit([&](UnitContext& unit) {
      const auto result = change_grant(unit, grant.id, change, kSomebody);
      done = result.ok() && *result;
    });
    if (!stands) return;
    REQUIRE(done == covered);
    if (!done) return;
    if (change.kind == Kind::revoke) grant.gone = true;
    if (change.kind == Kind::suspend) grant.suspended = true;
    if (change.kind == Kind::resume) grant.suspended = false;
    if (change.kind == Kind::adjust) grant.permissions = left;
  }

  void ask_everything(const AccessIndex& index) {
    const auto rules = world_.rules.active();
    for (const auto& account : kAccounts) {
      for (const auto& action :
           {"orders:view", "orders:refund", "customers:view", "staff:create"}) {
        for (const auto& shop : kShops) {
          CAPTURE(account);
          CAPTURE(action);
          CAPTURE(shop);
          const Check check{account, one(action), {.kind = "shop", .shop = shop}};
          REQUIRE(answer_check(index, *rules, world_.settings, check, world_.now).allowed() ==
                  model_.allows(account, one(action), shop, world_.now));
        }
      }
    }
  }

  World world_{"supplier acme\nnever grant staff:*\n"};
  Model model_;
  std::mt19937 dice_;
};

}  // namespace

TEST_CASE("whatever is done in whatever order, checks allow what the model allows") {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    Game(seed).play(120);
  }
}
