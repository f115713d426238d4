// Random sequences of what persons, rules and time do to requests, accounts, seats and grants,
// against the small model: never a grant that the model does not have, never more people than
// seats, never a banned permission in force.
//
// CONSIGN_SEQUENCES=N plays N sequences instead of the usual few, CONSIGN_FIRST_SEED=S from S on.
#include "tests/unit/daemon/request_model.hpp"

#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <memory>
#include <random>

#include "daemon/access/accounts.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/access/codes.hpp"
#include "daemon/access/granting.hpp"
#include "daemon/access/memberships.hpp"
#include "daemon/access/requesting.hpp"
#include "daemon/access/seats.hpp"
#include "tests/unit/daemon/world.hpp"

using namespace consign;
using namespace consign::testing;

namespace {

const std::vector<std::string> kAccounts{"staff:anna",        "staff:bo",        "staff:cleo",
                                         "staff:dan",         "collaborator:xi", "collaborator:yu",
                                         "sub:carl",          "sub:dora",        "owner:olga",
                                         "collaborator:zane", "supplier:acme"};
const std::vector<std::string> kWanted{"orders:view",    "orders:refund",  "orders:*",
                                       "customers:view", "products:edit",  "staff:create",
                                       "staff:*",        "wallet:password"};
const store::Actor kSomebody{"administrator", "t"};

Permission one(const std::string& text) { return parse_permissions(text)->front(); }
std::vector<Permission> all(const Names& texts) {
  std::vector<Permission> permissions;
  for (const auto& each : texts) permissions.push_back(one(each));
  return permissions;
}
Timestamp at(std::int64_t micros) { return {micros}; }

class Game {
 public:
  explicit Game(unsigned seed) : dice_(seed) {
    for (const auto& shop : kShops) world_.settings.shops[shop] = {shop, "own", "", "", {}};
    world_.settings.never_grant = {one("wallet:*")};
    reload();
    in_unit([&](UnitContext& unit) {
      for (const auto& shop : kShops) {
        change_plan(unit, shop, "shopify", kSomebody);
        require_code(unit, shop, false, kSomebody);
      }
      put_account(unit, {.account = "owner:olga", .shops = {{"nordic", "outlet"}}}, kSomebody);
    });
    for (const auto& shop : kShops) model_.plans[shop] = "shopify";
    model_.fit_seats();
    auto& olga = model_.accounts["owner:olga"];
    olga.exists = true;
    olga.shops = Names{"nordic", "outlet"};
    olga.made_at = now();
  }

  void play(int steps) {
    for (int i = 0; i < steps; ++i) {
      CAPTURE(i);
      step();
      CAPTURE(kind_of_step_);
      look(3);
    }
    restart();
    look(0);
  }

 private:
  // ---- dice

  unsigned dice(unsigned sides) { return static_cast<unsigned>(dice_()) % sides; }
  template <class T>
  const T& any(const std::vector<T>& of) {
    return of[dice(static_cast<unsigned>(of.size()))];
  }
  template <class T>
  T* any_of(std::vector<T>& of) {
    return of.empty() ? nullptr : &of[dice(static_cast<unsigned>(of.size()))];
  }
  Names some(const std::vector<std::string>& of) {
    Names names{any(of)};
    while (dice(2) == 0) names.insert(any(of));
    return names;
  }
  Names some_permissions() {
    Names names = some(kWanted);
    if (dice(4) == 0 && model_.rules.has_wms) names.insert("wms:pick");
    return names;
  }
  std::int64_t now() const { return world_.now.micros; }

  template <class Work>
  void in_unit(const Work& work) {
    REQUIRE(world_.writer.run(world_.units.unit(work)) == store::Fate::committed);
  }

  // ---- steps

  void step() {
    const unsigned kind_of_step = dice(24);
    kind_of_step_ = kind_of_step;
    switch (kind_of_step) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return file();
      case 5:
      case 6:
      case 7:
        return accept();
      case 8:
        return deny_or_cancel();
      case 9:
        return invite();
      case 10:
      case 11:
        return use_link();
      case 12:
      case 13:
        return put();
      case 14:
        return remove();
      case 15:
        return grant_by_hand();
      case 16:
      case 17:
        return change_a_grant();
      case 18:
        return set_or_take_shop();
      case 19:
        return plan();
      case 20:
        return dice(2) == 0 ? reload() : restart();
      case 21:
        return use();
      default:
        return pass();
    }
  }

  void pass() {
    static const std::vector<std::int64_t> kSpans{1,      60,      3600,    7200,
                                                  86'400, 172'800, 604'800, 2'592'000};
    world_.now.micros += any(kSpans) * kSecond;
    model_.now = now();
    tick_all();
    model_.end_what_lapsed();
  }

  void tick_all() {
    for (bool more = true; more;) {
      in_unit([&](UnitContext& unit) { more = tick(unit); });
    }
  }

  void reload() {
    model_.now = now();
    model_.rules = ModelRules::any([this](unsigned sides) { return dice(sides); });
    world_.use_rules(model_.rules.text());
    tick_all();
    model_.end_what_lapsed();
    model_.fit_seats();
  }

  void restart() {
    in_unit([&](UnitContext& unit) { unit.access.flush_uses(unit.db, unit.now); });
    std::destroy_at(&world_.access);
    std::construct_at(&world_.access);
    REQUIRE(world_.writer.run([&](store::Connection& db) { world_.access.load(db, world_.now); }) ==
            store::Fate::committed);
  }

  void plan() {
    const auto shop = any(kShops);
    const std::string plan = any(std::vector<std::string>{"basic", "shopify", "advanced", "plus"});
    in_unit([&](UnitContext& unit) { change_plan(unit, shop, plan, kSomebody); });
    const bool same = model_.plans[shop] == plan;
    model_.plans[shop] = plan;
    if (!same) model_.fit_seats();
    tick_all();
  }

  void file() {
    ModelRequest request;
    request.kind =
        any(std::vector<std::string>{"staff", "staff", "collaborator", "sub_account", "supplier"});
    const std::string kind = account_kind_of_request(request.kind);
    std::vector<std::string> fitting;
    for (const auto& each : kAccounts) {
      if (kind_of(each) == kind) fitting.push_back(each);
    }
    request.account = any(fitting);
    request.filer = dice(3) == 0 ? "administrator" : dice(2) == 0 ? "owner:olga" : any(kAccounts);
    request.email = request.account.substr(request.account.find(':') + 1) + "@example.com";
    if (kind == "collaborator" && dice(3) != 0)
      request.organization = dice(2) == 0 ? "north" : "south";
    if (request.kind == "sub_account" && dice(3) == 0) request.supplier = "acme";
    const Names shops = some(kShops), wanted = some_permissions();
    request.shops.assign(shops.begin(), shops.end());

    Filing filing{.asked = {.kind = request.kind,
                            .email = request.email,
                            .name = "",
                            .organization = request.organization,
                            .shops = request.shops,
                            .permissions = all(wanted),
                            .role = "",
                            .message = ""},
                  .account = request.account,
                  .supplier = request.supplier,
                  .code = {},
                  .document = ""};
    boost::json::object document{
        {"kind", request.kind},
        {"account", request.account},
        {"requester", {{"email", request.email}, {"organization", request.organization}}},
        {"shops", boost::json::array(request.shops.begin(), request.shops.end())},
        {"permissions", boost::json::array(wanted.begin(), wanted.end())}};
    if (!request.supplier.empty()) document["supplier"] = request.supplier;
    request.document = filing.document = boost::json::serialize(document);

    std::optional<Requested> filed;
    in_unit([&](UnitContext& unit) {
      auto result = file_request(unit, filing, viewer(request.filer));
      if (result) filed = std::move(*result);
    });
    const bool acme = request.account == "supplier:acme" || !request.supplier.empty();
    if (acme && model_.rules.acme == ModelRules::Supplier::absent) {
      REQUIRE_FALSE(filed.has_value());
      return;
    }
    if (request.filer == "supplier:acme" && !acme) {  // it asks for its own people only
      REQUIRE_FALSE(filed.has_value());
      return;
    }
    REQUIRE(filed.has_value());
    for (const auto& each : model_.requests) {
      if (each.is_open() && !model_.is_past(each) && each.account == request.account &&
          each.document == request.document && each.filer == request.filer) {
        REQUIRE_FALSE(filed->is_new);
        return;
      }
    }
    REQUIRE(filed->is_new);
    request.id = filed->row.id;
    request.changed_at = now();
    std::vector<ModelGrant> made = decide(request, wanted);
    request.secret = filed->secret;
    model_.requests.push_back(request);
    learn_grants(request.id, std::move(made));
  }

  // What rules make of it.
  std::vector<ModelGrant> decide(ModelRequest& request, const Names& wanted) {
    using Says = ModelRules::ForKind::Says;
    const auto& says = model_.rules.of_requests[request.kind];
    request.seconds = says.days * 24 * 3600;
    request.idle = says.idle_days * kDay;
    request.mfa = says.mfa;
    request.by_olga = says.says == Says::review_by_olga;
    for (const auto& shop : request.shops) {
      for (const auto& [of, cap] : says.at_most) {
        if (of.empty() || of == shop) request.caps[shop].push_back(cap);
      }
      const Names left =
          model_.cut(says.says == Says::grant ? says.grants : wanted, request.caps[shop]);
      if (!left.empty()) request.given[shop] = left;
    }
    const bool no = says.says == Says::nothing || says.says == Says::deny ||
                    request.given.empty() || model_.barred(request) ||
                    (!says.reviews() && !model_.seats_for(request));
    if (no) {
      request.state = "denied";
      request.by_olga = false;
      request.given.clear();
      return {};
    }
    if (!says.reviews()) return model_.carry_out(request);
    request.state = "review";
    request.due = now() + world_.settings.review_limit_seconds * kSecond;
    return {};
  }

  // Which rows they became; the model says what they may be.
  void learn_grants(const std::string& request, std::vector<ModelGrant> made) {
    std::map<std::string, std::string> fresh;  // shop -> id
    REQUIRE(world_.writer.run([&](store::Connection& db) {
      auto rows = db.query(
          "SELECT DISTINCT id, shop FROM grants WHERE json_extract(because, '$.request') = ?",
          request);
      while (rows.step()) fresh[rows.text(1)] = rows.text(0);
    }) == store::Fate::committed);
    for (auto& grant : made) {
      const auto found = fresh.find(grant.shop);
      if (found != fresh.end()) {
        grant.id = found->second;
        model_.grants.push_back(std::move(grant));
        fresh.erase(found);
        continue;
      }
      CAPTURE(grant.account);
      CAPTURE(grant.shop);
      const bool stands_already =
          std::any_of(model_.grants.begin(), model_.grants.end(), [&](const ModelGrant& each) {
            return each.account == grant.account && each.shop == grant.shop &&
                   each.atoms == grant.atoms && each.until == grant.until &&
                   each.idle == grant.idle && each.assigned_only == grant.assigned_only &&
                   each.in_force(now());
          });
      REQUIRE(stands_already);
    }
    REQUIRE(fresh.empty());
  }

  store::Viewer viewer(const std::string& account) {
    return {.token = "t-" + account, .account = account};
  }
  std::string any_viewer() {
    return dice(2) == 0 ? "administrator" : dice(2) == 0 ? "owner:olga" : any(kAccounts);
  }

  // One of those that something may still happen to, mostly.
  ModelRequest* any_request() {
    std::vector<ModelRequest*> open;
    for (auto& each : model_.requests) {
      if (each.state != "accepted" && each.state != "denied" && each.state != "cancelled") {
        open.push_back(&each);
      }
    }
    if (open.empty() || dice(6) == 0) return any_of(model_.requests);
    return any(open);
  }

  void accept() {
    ModelRequest* request = any_request();
    if (request == nullptr) return;
    const std::string by = any_viewer();
    Adjustment adjustment;
    std::optional<Names> permissions;
    if (dice(3) == 0) {
      permissions = some(std::vector<std::string>{"orders:view", "orders:refund", "customers:view",
                                                  "products:edit", "staff:create", "wms:pick",
                                                  "ordrs:view", "wallet:password"});
      adjustment.permissions = all(*permissions);
    }
    if (dice(4) == 0)
      adjustment.until = at(now() + (static_cast<std::int64_t>(dice(40)) - 4) * kDay);

    std::optional<Requested> done;
    in_unit([&](UnitContext& unit) {
      auto result = accept_request(unit, request->id, adjustment, "", viewer(by));
      if (result) done = std::move(*result);
    });
    const auto& is = request->state;
    if (model_.may_decide(*request, by) && request->decided &&
        (is == "accepted" || is == "invited")) {
      REQUIRE(done.has_value());
      REQUIRE_FALSE(done->is_new);
      return;
    }
    ModelRequest after = *request;
    bool may = model_.may_decide(*request, by) && is == "review" && !model_.is_past(*request) &&
               !model_.barred(*request) && model_.seats_for(*request);
    if (permissions) {
      may = may && model_.may_grant(*permissions) && !permissions->contains("ordrs:view");
      after.given.clear();
      for (const auto& shop : request->shops) {
        for (const auto& cap : request->caps[shop]) {
          may = may && std::all_of(permissions->begin(), permissions->end(),
                                   [&](const auto& each) { return any_covers(cap, each); });
        }
        after.given[shop] = *permissions;
      }
    }
    if (adjustment.until) {
      may = may && adjustment.until->micros > now();
      after.until = adjustment.until->micros;
    }
    bool anything = false;
    for (const auto& [shop, wanted] : after.given) {
      anything = anything || !model_.cut(wanted, after.caps[shop]).empty();
    }
    CAPTURE(by);
    CAPTURE(request->document);
    REQUIRE(done.has_value() == (may && anything));
    if (!done) return;
    *request = after;
    request->decided = true;
    auto made = model_.carry_out(*request);
    request->secret = done->secret;
    learn_grants(request->id, std::move(made));
  }

  void deny_or_cancel() {
    ModelRequest* request = any_request();
    if (request == nullptr) return;
    const std::string by = any_viewer();
    const bool denies = dice(2) == 0;
    std::optional<Requested> done;
    in_unit([&](UnitContext& unit) {
      auto result = denies ? deny_request(unit, request->id, "", viewer(by))
                           : cancel_request(unit, request->id, "", viewer(by));
      if (result) done = std::move(*result);
    });
    const auto& is = request->state;
    const bool may_decide = model_.may_decide(*request, by);
    const bool may =
        denies ? may_decide && (is == "review" || is == "denied")
               : (may_decide || by == request->filer) && (request->is_open() || is == "suspended" ||
                                                          is == "lapsed" || is == "cancelled");
    CAPTURE(by);
    CAPTURE(is);
    REQUIRE(done.has_value() == may);
    if (done && done->is_new) request->state = denies ? "denied" : "cancelled";
  }

  void invite() {
    ModelRequest* request = any_request();
    if (request == nullptr) return;
    const std::string by = any_viewer();
    std::optional<Requested> done;
    in_unit([&](UnitContext& unit) {
      auto result = invite_again(unit, request->id, viewer(by));
      if (result) done = std::move(*result);
    });
    const auto& is = request->state;
    const bool may = model_.may_see(*request, by) && model_.may_handle(*request, by) &&
                     (is == "invited" || is == "suspended" || is == "lapsed") &&
                     !model_.barred(*request) && model_.seats_for(*request);
    CAPTURE(by);
    CAPTURE(is);
    REQUIRE(done.has_value() == may);
    if (!done) return;
    old_secrets_.push_back(request->secret);
    request->secret = done->secret;
    request->state = "invited";
    request->changed_at = now();
    const auto hours =
        model_.rules.policies[account_kind_of_request(request->kind)].invitation_hours;
    request->due = std::nullopt;
    if (hours != 0) request->due = now() + hours * 3600 * kSecond;
  }

  void use_link() {
    ModelRequest* request = nullptr;
    std::string secret;
    if (dice(4) == 0 && !old_secrets_.empty()) {
      secret = any(old_secrets_);
    } else {
      std::vector<ModelRequest*> invited;
      for (auto& each : model_.requests) {
        if (!each.secret.empty() && (each.state != "accepted" || dice(8) == 0)) {
          invited.push_back(&each);
        }
      }
      if (invited.empty()) return;
      request = any(invited);
      secret = request->secret;
    }
    bool done = false;
    in_unit([&](UnitContext& unit) { done = activate(unit, secret).ok(); });
    const bool may = request != nullptr && request->state == "invited" &&
                     !model_.is_past(*request) && !model_.barred(*request);
    REQUIRE(done == may);
    if (done) learn_grants(request->id, model_.give(*request));
  }

  void put() {
    const auto name = any(kAccounts);
    ModelAccount after;
    after.exists = true;
    after.suspended = dice(4) == 0;
    after.mfa = dice(2) == 0;
    after.mfa_required = dice(5) == 0;
    if (dice(4) != 0) after.shops = some(kShops);
    if (dice(6) == 0) after.suspended_in.insert(any(kShops));
    if (dice(2) == 0) after.email = name.substr(name.find(':') + 1) + "@example.com";
    if (kind_of(name) == "collaborator" && dice(2) == 0) after.organization = "north";
    if (kind_of(name) == "sub" && dice(3) == 0) after.supplier = "acme";
    store::AccountRow row{.account = name,
                          .email = after.email,
                          .mfa = after.mfa,
                          .mfa_required = after.mfa_required,
                          .organization = after.organization,
                          .supplier = after.supplier};
    if (after.shops) row.shops.emplace(after.shops->begin(), after.shops->end());
    row.suspended_in.assign(after.suspended_in.begin(), after.suspended_in.end());
    if (after.suspended) row.state = store::AccountState::suspended;
    bool done = false;
    in_unit([&](UnitContext& unit) {  // as PUT /v1/accounts/{account} does
      const auto before = store::find_account(unit.db, name);
      const bool fresh = !before || before->state == store::AccountState::removed;
      if (no_seat_for(unit, fresh ? nullptr : &*before, row)) return;
      if (!row.supplier.empty() && !unit.rules.rules().find_supplier(row.supplier)) return;
      put_account(unit, row, kSomebody);
      done = true;
    });
    const bool may = model_.seats_for(name, after) &&
                     (after.supplier.empty() || model_.rules.acme != ModelRules::Supplier::absent);
    CAPTURE(name);
    REQUIRE(done == may);
    if (!done) return;
    ModelAccount& account = model_.accounts[name];
    after.made_at = account.exists ? account.made_at : now();
    after.used_at = account.used_at;
    if (account.exists && account.suspended && !after.suspended) after.used_at = now();
    account = after;
  }

  void remove() {
    const auto name = any(kAccounts);
    if (name == "owner:olga") return;
    in_unit([&](UnitContext& unit) { remove_account(unit, name, kSomebody); });
    model_.remove(name);
  }

  void grant_by_hand() {
    ModelGrant grant;
    grant.account = any(kAccounts);
    grant.shop = any(kShops);
    const Names permissions = some(std::vector<std::string>{
        "orders:view", "orders:*", "customers:view", "staff:create", "wms:pick", "ordrs:view"});
    if (dice(2) == 0) grant.until = now() + 3 * kDay;
    if (dice(3) == 0) grant.idle = 10 * kDay;
    std::optional<MadeGrant> made;
    in_unit([&](UnitContext& unit) {
      WantedGrant wanted{.account = grant.account,
                         .permissions = all(permissions),
                         .shop = grant.shop,
                         .order = {},
                         .line = {},
                         .until = {},
                         .reason = {}};
      if (grant.until) wanted.until = at(*grant.until);
      if (grant.idle != 0) wanted.idle_seconds = grant.idle / kSecond;
      auto result = make_grant(unit, wanted, kSomebody);
      if (result) made = *result;
    });
    const auto& account = model_.accounts[grant.account];
    const bool may = model_.knows(grant.account) && model_.may_grant(permissions) &&
                     !permissions.contains("ordrs:view") &&
                     (!account.exists || account.belongs_to(grant.shop));
    REQUIRE(made.has_value() == may);
    if (!made || !made->is_new) return;
    grant.id = made->id;
    grant.atoms = Model::atoms_of(permissions);
    grant.used_at = now();
    model_.grants.push_back(std::move(grant));
  }

  void change_a_grant() {
    using Kind = GrantChange::Kind;
    std::vector<ModelGrant*> standing;
    for (auto& each : model_.grants) {
      if (each.stands(now())) standing.push_back(&each);
    }
    if (standing.empty()) return;
    ModelGrant& grant = *any(standing);
    GrantChange change{.kind = static_cast<Kind>(dice(4))};
    Names left;
    bool may = true;
    if (change.kind == Kind::adjust) {
      left = some({kAtoms.begin(), kAtoms.end()});
      change.permissions = all(left);
      may = model_.may_grant(left) &&
            std::includes(grant.atoms.begin(), grant.atoms.end(), left.begin(), left.end());
      if (dice(3) == 0) {
        change.until = at(now() + kDay);
        may = may && !(grant.until && *grant.until < change.until->micros);
      }
    }
    bool done = false;
    in_unit([&](UnitContext& unit) {
      const auto result = change_grant(unit, grant.id, change, kSomebody);
      done = result.ok() && *result;
    });
    REQUIRE(done == may);
    if (!done) return;
    if (change.kind == Kind::revoke) grant.gone = true;
    if (change.kind == Kind::suspend) grant.suspended = true;
    if (change.kind == Kind::resume) grant.suspended = false;
    if (change.kind == Kind::adjust) grant.atoms = left;
    if (change.until) grant.until = change.until->micros;
  }

  void set_or_take_shop() {
    const auto name = any(kAccounts), shop = any(kShops);
    ModelAccount& account = model_.accounts[name];
    if (dice(3) == 0) {
      bool done = false;
      in_unit([&](UnitContext& unit) { done = resume_in_shop(unit, name, shop, kSomebody).ok(); });
      ModelAccount after = account;
      const bool lost = after.exists && after.suspended_in.erase(shop) > 0;
      REQUIRE(done == (!lost || model_.seats_for(name, after)));
      if (lost && done) account = after;
      return;
    }
    const auto revoke_but = [&](const std::string& kept) {
      for (auto& grant : model_.grants) {
        if (grant.account == name && grant.shop == shop && grant.id != kept) grant.gone = true;
      }
    };
    if (dice(2) == 0) {
      in_unit([&](UnitContext& unit) { take_out_of_shop(unit, name, shop, kSomebody); });
      revoke_but("");
      if (account.exists && account.shops) {
        account.shops->erase(shop);
        account.suspended_in.erase(shop);
      }
      return;
    }
    ModelGrant grant;
    const Names permissions = some(std::vector<std::string>{
        "orders:view", "customers:view", "orders:*", "staff:create", "wms:pick"});
    grant.account = name;
    grant.shop = shop;
    grant.atoms = Model::atoms_of(permissions);
    grant.used_at = now();
    grant.assigned_only = name == "supplier:acme" || !account.supplier.empty();
    std::optional<MadeGrant> made;
    in_unit([&](UnitContext& unit) {
      WantedGrant wanted{.account = name,
                         .permissions = all(permissions),
                         .shop = shop,
                         .order = {},
                         .line = {},
                         .until = {},
                         .reason = {}};
      wanted.assigned_only = grant.assigned_only;
      auto result = set_in_shop(unit, wanted, kSomebody);
      if (result) made = *result;
    });
    ModelAccount after = account;
    if (after.exists && after.shops) after.shops->insert(shop);
    const bool may =
        model_.knows(name) && model_.may_grant(permissions) && model_.seats_for(name, after);
    CAPTURE(name);
    REQUIRE(made.has_value() == may);
    if (!made) return;
    account = after;
    grant.id = made->id;
    revoke_but(made->id);
    if (made->is_new) model_.grants.push_back(std::move(grant));
  }

  void use() {
    const Check check{any(kAccounts),
                      one(any(std::vector<std::string>{kAtoms.begin(), kAtoms.end()})),
                      {.kind = "shop", .shop = any(kShops)}};
    const auto answer = answer_check(world_.access, *world_.rules.active(), world_.settings, check,
                                     world_.now, Use::noted);
    if (answer.grant == nullptr) return;
    const auto grant = std::find_if(model_.grants.begin(), model_.grants.end(),
                                    [&](const auto& each) { return each.id == answer.grant->id; });
    REQUIRE(grant != model_.grants.end());
    grant->used_at = now();
    model_.accounts[check.account].used_at = now();
    in_unit([&](UnitContext& unit) { unit.access.flush_uses(unit.db, unit.now); });
  }

  // ---- looking

  void ask(const std::string& account, const std::string& atom, const std::string& shop) {
    const auto answer =
        answer_check(world_.access, *world_.rules.active(), world_.settings,
                     {account, one(atom), {.kind = "shop", .shop = shop}}, world_.now, Use::asked);
    CAPTURE(account);
    CAPTURE(atom);
    CAPTURE(shop);
    CAPTURE(answer.denied);
    REQUIRE(answer.allowed() == model_.allows(account, atom, shop));
    REQUIRE_FALSE((answer.allowed() && model_.rules.bans_atom(atom)));
  }

  // A few questions for each account, or with 0 all there are.
  void look(int questions) {
    const std::vector<std::string> atoms(kAtoms.begin(), kAtoms.end());
    for (const auto& account : kAccounts) {
      for (int i = 0; i < questions; ++i) ask(account, any(atoms), any(kShops));
      if (questions != 0) continue;
      for (const auto& atom : atoms) {
        for (const auto& shop : kShops) ask(account, atom, shop);
      }
    }
    look_for_causes();
    REQUIRE(world_.writer.run([&](store::Connection& db) {
      look_at_requests(db);
      count_seats(db);
    }) == store::Fate::committed);
  }

  // What is in force has a cause, all of it.
  void look_for_causes() {
    for (const auto& account : kAccounts) {
      for (const auto& held : world_.access.held_by(account, world_.now)) {
        CAPTURE(account);
        CAPTURE(held->permission.to_string());
        const auto cause = std::find_if(model_.grants.begin(), model_.grants.end(),
                                        [&](const auto& each) { return each.id == held->id; });
        REQUIRE(cause != model_.grants.end());
        REQUIRE(cause->account == account);
        REQUIRE(cause->shop == held->shop);
        REQUIRE(cause->in_force(now()));
        for (const auto& atom : kAtoms) {
          if (held->permission.covers(one(atom))) REQUIRE(cause->atoms.contains(atom));
        }
      }
    }
  }

  void look_at_requests(store::Connection& db) {
    for (const auto& each : model_.requests) {
      const auto row = store::find_request(db, each.id);
      REQUIRE(row.has_value());
      CAPTURE(each.document);
      REQUIRE(std::string(store::name_of(row->state)) == each.state);
    }
  }

  // People with a seat and those who are invited, counted from the rows as they lie there.
  void count_seats(store::Connection& db) {
    for (const auto& shop : kShops) {
      const auto limit = model_.limit_of("staff", shop);
      if (!limit) continue;
      Names seated;
      auto people = db.query(
          "SELECT account FROM accounts WHERE account LIKE 'staff:%' AND state = 'active' AND "
          "(shops IS NULL OR instr(shops, '\"' || ?1 || '\"') > 0) AND "
          "instr(ifnull(suspended_in, ''), '\"' || ?1 || '\"') = 0",
          shop);
      while (people.step()) seated.insert(people.text(0));
      auto invited = db.query(
          "SELECT account FROM requests WHERE kind = 'staff' AND state = 'invited' AND "
          "ifnull(due, ?1 + 1) > ?1 AND "
          "instr(json_extract(document, '$.shops'), '\"' || ?2 || '\"') > 0",
          now(), shop);
      while (invited.step()) seated.insert(invited.text(0));
      CAPTURE(shop);
      REQUIRE(static_cast<std::int64_t>(seated.size()) <= *limit);
    }
  }

  World world_{"supplier acme\n"};
  Model model_;
  std::vector<std::string> old_secrets_;
  unsigned kind_of_step_ = 0;
  std::mt19937 dice_;
};

unsigned number_of(const char* variable, unsigned otherwise) {
  const char* said = std::getenv(variable);
  return said == nullptr ? otherwise : static_cast<unsigned>(std::stoul(said));
}

}  // namespace

TEST_CASE("whatever is asked, decided, changed and reloaded in whatever order, the model holds") {
  const unsigned first = number_of("CONSIGN_FIRST_SEED", 1);
  const unsigned count = number_of("CONSIGN_SEQUENCES", 40);
  for (unsigned seed = first; seed < first + count; ++seed) {
    CAPTURE(seed);
    Game(seed).play(120);
  }
}
