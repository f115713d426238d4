// A small model of who should hold what, where and until when: what requests, persons, rules and
// time make of it, said as plainly as it can be and without looking at how the daemon does it.
//
// Permissions are sets of single ones, kAtoms; a wildcard is what it covers of these.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace consign::testing {

using Names = std::set<std::string>;

inline constexpr std::int64_t kSecond = 1'000'000, kDay = 24 * 3600 * kSecond;

inline const Names kAtoms{"orders:view",  "orders:refund", "customers:view", "products:edit",
                          "staff:create", "wms:pick",      "wallet:password"};
inline const std::vector<std::string> kShops{"nordic", "outlet", "tokyo"};

inline bool covers(const std::string& held, const std::string& atom) {
  return held == atom ||
         (held.ends_with(":*") && atom.starts_with(held.substr(0, held.size() - 1)));
}
inline bool any_covers(const Names& held, const std::string& atom) {
  return std::any_of(held.begin(), held.end(),
                     [&](const auto& each) { return covers(each, atom); });
}
inline std::string kind_of(const std::string& account) {
  return account.substr(0, account.find(':'));
}
inline std::string account_kind_of_request(const std::string& kind) {
  return kind == "sub_account" ? "sub" : kind;
}

/// What a rule set says, and its text.
struct ModelRules {
  struct ForKind {
    enum class Says { nothing, approve, grant, review, review_by_olga, deny } says = Says::nothing;
    Names grants;                          ///< of `grant`
    std::int64_t days = 0, idle_days = 0;  ///< of what is approved; 0: not said
    std::map<std::string, Names> at_most;  ///< by shop; "": all shops
    bool mfa = false;

    bool reviews() const { return says == Says::review || says == Says::review_by_olga; }
  };
  struct Policy {
    std::map<std::string, std::int64_t> seats;  ///< by plan
    std::int64_t invitation_hours = 0, idle_days = 0;
    bool per_organization = false;
  };
  enum class Supplier { absent, suspended, active };

  std::map<std::string, ForKind> of_requests;  ///< by kind of request
  std::map<std::string, Policy> policies;      ///< by kind of account
  Names bans;
  bool has_wms = false;  ///< whether `wms:pick` is declared
  Supplier acme = Supplier::active;

  static ModelRules any(const std::function<unsigned(unsigned)>& dice) {
    ModelRules rules;
    const auto some = [&](const std::vector<std::string>& of) {
      Names names{of[dice(of.size())]};
      while (dice(2) == 0) names.insert(of[dice(of.size())]);
      return names;
    };
    rules.has_wms = dice(3) != 0;
    rules.acme = dice(5) == 0   ? Supplier::absent
                 : dice(4) == 0 ? Supplier::suspended
                                : Supplier::active;
    for (const auto* ban : {"orders:refund", "customers:*", "staff:*", "products:edit"}) {
      if (dice(5) == 0) rules.bans.insert(ban);
    }
    std::vector<std::string> grantable{"orders:view",    "orders:refund", "orders:*",
                                       "customers:view", "products:edit", "staff:create"};
    if (rules.has_wms) grantable.emplace_back("wms:pick");
    for (const auto* kind : {"staff", "collaborator", "sub_account", "supplier"}) {
      using Says = ForKind::Says;
      static constexpr Says kSays[] = {Says::approve,        Says::approve, Says::approve,
                                       Says::grant,          Says::review,  Says::review,
                                       Says::review_by_olga, Says::deny,    Says::nothing};
      ForKind& one = rules.of_requests[kind];
      one.says = kSays[dice(std::size(kSays))];
      if (one.says == Says::grant) one.grants = some(grantable);
      // What is banned is refused where a rule grants it.
      std::erase_if(one.grants, [&](const auto& each) {
        return std::any_of(rules.bans.begin(), rules.bans.end(),
                           [&](const auto& ban) { return covers(ban, each) || covers(each, ban); });
      });
      if (one.grants.empty() && one.says == Says::grant) one.says = Says::approve;
      if (dice(3) == 0) one.days = 1 + dice(90);
      if (dice(3) == 0) one.idle_days = 1 + dice(40);
      if (dice(3) == 0) one.at_most[""] = some(grantable);
      if (dice(4) == 0) one.at_most[kShops[dice(kShops.size())]] = some(grantable);
      one.mfa = dice(4) == 0;
    }
    Policy& staff = rules.policies["staff"];
    for (const auto* plan : {"basic", "shopify", "advanced"}) {
      if (dice(4) != 0) staff.seats[plan] = dice(4);
    }
    if (dice(2) == 0) staff.invitation_hours = 24 + dice(200);
    Policy& collaborator = rules.policies["collaborator"];
    if (dice(2) == 0) collaborator.idle_days = 10 + dice(80);
    collaborator.per_organization = dice(2) == 0;
    if (dice(3) == 0) rules.policies["supplier"].invitation_hours = 720;
    return rules;
  }

  std::string text() const {
    std::string out;
    if (acme != Supplier::absent) out += "supplier acme";
    if (acme == Supplier::suspended) out += " { suspended }";
    out += "\nsupplier other\n";
    if (has_wms) out += "permissions wms:pick\n";
    for (const auto& ban : bans) out += "never grant " + ban + "\n";
    for (const auto& [kind, policy] : policies) {
      std::string inside;
      for (const auto& [plan, count] : policy.seats) {
        inside += (inside.empty() ? "seats { " : ", ") + plan + " " + std::to_string(count);
      }
      if (!inside.empty()) inside += " }\n";
      if (policy.invitation_hours != 0) {
        inside += "  invitation " + std::to_string(policy.invitation_hours) + "h\n";
      }
      if (policy.idle_days != 0) {
        inside += "  idle " + std::to_string(policy.idle_days) + " days" +
                  (policy.per_organization ? " per organization\n" : "\n");
      }
      if (!inside.empty()) out += "accounts " + kind + " {\n  " + inside + "}\n";
    }
    for (const auto& [kind, one] : of_requests) {
      auto rule = [&, n = 0](const std::string& then, const std::string& shop = "") mutable {
        out += "rule " + kind + "-" + std::to_string(n++) + " on request { when request.kind = \"" +
               kind + "\"" + (shop.empty() ? "" : " and shop.id = \"" + shop + "\"") + " then " +
               then + " }\n";
      };
      std::string term;
      if (one.days != 0) term += " for " + std::to_string(one.days) + " days";
      if (one.idle_days != 0) term += " idle " + std::to_string(one.idle_days) + " days";
      switch (one.says) {
        case ForKind::Says::nothing:
          break;
        case ForKind::Says::approve:
          rule("approve" + term);
          break;
        case ForKind::Says::grant:
          rule("grant " + listed(one.grants) + term);
          break;
        case ForKind::Says::review:
          rule("approve" + term);
          rule("review");
          break;
        case ForKind::Says::review_by_olga:
          rule("approve" + term);
          rule("review by owner:olga");
          break;
        case ForKind::Says::deny:
          rule("approve" + term);
          rule("deny \"not now\"");
          break;
      }
      for (const auto& [shop, left] : one.at_most) rule("at most " + listed(left), shop);
      if (one.mfa) rule("require mfa");
    }
    return out;
  }

  bool declares(const std::string& permission) const { return permission != "wms:pick" || has_wms; }
  bool bans_atom(const std::string& atom) const {
    return atom == "wallet:password" || any_covers(bans, atom);  // the settings ban wallet:*
  }
  bool lets_act(const std::string& account) const {
    return account != "supplier:acme" || acme == Supplier::active;
  }

 private:
  static std::string listed(const Names& names) {
    std::string out;
    for (const auto& each : names) out += (out.empty() ? "" : ", ") + each;
    return out;
  }
};

struct ModelAccount {
  bool exists = false, removed = false, suspended = false, mfa = false, mfa_required = false;
  std::optional<Names> shops;
  Names suspended_in;
  std::string organization, supplier, email;
  std::int64_t made_at = 0, used_at = 0;

  bool belongs_to(const std::string& shop) const { return !shops || shops->contains(shop); }
  bool has_seat(const std::string& shop) const {
    return exists && !suspended && belongs_to(shop) && !suspended_in.contains(shop);
  }
  bool barred() const { return removed || (exists && (suspended || (mfa_required && !mfa))); }
};

struct ModelGrant {
  std::string id, account, shop;
  Names atoms;
  std::optional<std::int64_t> until;
  std::int64_t idle = 0, used_at = 0;  ///< used, or made
  bool assigned_only = false, suspended = false, gone = false;

  bool stands(std::int64_t now) const { return !gone && !(until && *until <= now); }
  bool is_idle(std::int64_t now) const { return idle != 0 && used_at + idle <= now; }
  bool in_force(std::int64_t now) const { return stands(now) && !suspended && !is_idle(now); }
};

struct ModelRequest {
  std::string id, kind, account, filer, email, organization, supplier, document, state, secret;
  std::vector<std::string> shops;
  std::map<std::string, Names> given;              ///< by shop
  std::map<std::string, std::vector<Names>> caps;  ///< by shop
  std::int64_t seconds = 0, idle = 0, changed_at = 0;
  std::optional<std::int64_t> until, due;
  bool mfa = false, decided = false, by_olga = false;

  bool is_open() const { return state == "review" || state == "invited"; }
};

struct Model {
  ModelRules rules;
  std::map<std::string, std::string> plans;
  std::map<std::string, ModelAccount> accounts;
  std::vector<ModelGrant> grants;
  std::vector<ModelRequest> requests;
  std::int64_t now = 0;

  // ---- checks

  bool barred_in(const std::string& name, const std::string& shop) const {
    if (!rules.lets_act(name)) return true;
    const auto found = accounts.find(name);
    if (found == accounts.end()) return false;
    const ModelAccount& account = found->second;
    return account.barred() ||
           (account.exists && (!account.belongs_to(shop) || account.suspended_in.contains(shop)));
  }
  bool holds(const std::string& name, const std::string& atom, const std::string& shop,
             bool assigned_only) const {
    return std::any_of(grants.begin(), grants.end(), [&](const ModelGrant& grant) {
      return grant.account == name && grant.shop == shop && grant.in_force(now) &&
             grant.assigned_only == assigned_only && grant.atoms.contains(atom);
    });
  }
  bool allows(const std::string& name, const std::string& atom, const std::string& shop) const {
    if (rules.bans_atom(atom) || barred_in(name, shop)) return false;
    // A login works for its supplier, and may only do what that may by itself.
    const auto found = accounts.find(name);
    const bool login =
        found != accounts.end() && kind_of(name) != "supplier" && !found->second.supplier.empty();
    const bool outright = holds(name, atom, shop, false);
    if (outright && !login) return true;
    if (!outright && !holds(name, atom, shop, true)) return false;
    const std::string supplier = login ? "supplier:" + found->second.supplier : name;
    return !barred_in(supplier, shop) && holds(supplier, atom, shop, false);
  }

  // ---- seats

  std::vector<std::string> people_in(const std::string& kind, const std::string& shop) const {
    std::vector<std::pair<std::int64_t, std::string>> people;
    for (const auto& [name, account] : accounts) {
      if (kind_of(name) == kind && account.has_seat(shop)) {
        people.emplace_back(std::max(account.made_at, account.used_at), name);
      }
    }
    std::sort(people.begin(), people.end());
    std::vector<std::string> names;
    for (auto& each : people) names.push_back(each.second);
    return names;
  }
  std::vector<ModelRequest*> invitations_in(const std::string& kind, const std::string& shop) {
    std::vector<ModelRequest*> pending;
    for (auto& each : requests) {
      if (each.state == "invited" && account_kind_of_request(each.kind) == kind &&
          !(each.due && *each.due <= now) && !accounts[each.account].has_seat(shop) &&
          std::find(each.shops.begin(), each.shops.end(), shop) != each.shops.end()) {
        pending.push_back(&each);
      }
    }
    std::sort(pending.begin(), pending.end(), [](const auto* a, const auto* b) {
      return std::pair(a->changed_at, a->id) > std::pair(b->changed_at, b->id);
    });
    return pending;
  }
  std::optional<std::int64_t> limit_of(const std::string& kind, const std::string& shop) const {
    const auto policy = rules.policies.find(kind);
    const auto plan = plans.find(shop);
    if (policy == rules.policies.end() || plan == plans.end()) return std::nullopt;
    const auto limit = policy->second.seats.find(plan->second);
    if (limit == policy->second.seats.end()) return std::nullopt;
    return limit->second;
  }
  /// Whether one more seat may be taken by that account or request, whose own do not count.
  bool seat_left(const std::string& kind, const std::string& shop, const std::string& but_for) {
    const auto limit = limit_of(kind, shop);
    if (!limit) return true;
    std::int64_t taken = 0;
    for (const auto& name : people_in(kind, shop)) taken += name != but_for;
    for (const auto* each : invitations_in(kind, shop)) {
      taken += each->id != but_for && each->account != but_for;
    }
    return taken < *limit;
  }
  bool seats_for(const ModelRequest& request) {
    const ModelAccount& account = accounts[request.account];
    return std::all_of(request.shops.begin(), request.shops.end(), [&](const auto& shop) {
      return account.has_seat(shop) ||
             seat_left(account_kind_of_request(request.kind), shop, request.id);
    });
  }
  bool seats_for(const std::string& name, const ModelAccount& after) {
    const ModelAccount before = accounts[name];
    return std::all_of(kShops.begin(), kShops.end(), [&](const auto& shop) {
      return !after.has_seat(shop) || before.has_seat(shop) || seat_left(kind_of(name), shop, name);
    });
  }
  void fit_seats() {
    for (const auto& [kind, policy] : rules.policies) {
      if (policy.seats.empty()) continue;
      for (const auto& shop : kShops) {
        const auto limit = limit_of(kind, shop);
        if (!limit) continue;
        const auto invited = invitations_in(kind, shop);
        const auto people = people_in(kind, shop);
        auto surplus = static_cast<std::int64_t>(invited.size() + people.size()) - *limit;
        for (auto* each : invited) {
          if (surplus-- <= 0) break;
          each->state = "suspended";
          each->due = std::nullopt;
          each->changed_at = now;
        }
        for (const auto& name : people) {
          if (surplus-- <= 0) break;
          accounts[name].suspended_in.insert(shop);
          for (auto* each : invitations_in(kind, shop)) {  // those had no seat of their own
            if (each->account != name) continue;
            each->state = "suspended";
            each->due = std::nullopt;
            each->changed_at = now;
          }
        }
      }
    }
  }

  // ---- what time does

  void end_what_lapsed() {
    for (auto& each : requests) {
      if (!each.is_open() || !each.due || *each.due > now) continue;
      each.state = each.state == "invited" ? "lapsed" : "expired";
      each.due = std::nullopt;
      each.changed_at = now;
    }
    for (auto& grant : grants) {
      if (!grant.gone && grant.is_idle(now)) grant.gone = true;
    }
    for (const auto& [kind, policy] : rules.policies) {
      if (policy.idle_days == 0) continue;
      const auto active = [&](const ModelAccount& account) {
        return std::max(account.made_at, account.used_at) + policy.idle_days * kDay > now;
      };
      Names idle;
      for (const auto& [name, account] : accounts) {
        if (kind_of(name) != kind || !account.exists || account.suspended || active(account)) {
          continue;
        }
        bool others = false;
        for (const auto& [other, each] : accounts) {
          others = others || (kind_of(other) == kind && each.exists && !each.suspended &&
                              active(each) && each.organization == account.organization);
        }
        if (policy.per_organization && !account.organization.empty() && others) continue;
        idle.insert(name);
      }
      for (const auto& name : idle) remove(name);
    }
  }

  // ---- accounts and grants

  void remove(const std::string& name) {
    ModelAccount& account = accounts[name];
    const bool was_removed = account.removed;
    bool was =
        account.exists || (name == "supplier:acme" && rules.acme != ModelRules::Supplier::absent);
    for (auto& each : requests) {
      if (each.account != name) continue;
      if (!each.is_open() && each.state != "suspended" && each.state != "lapsed") continue;
      each.state = "cancelled";
      was = true;
    }
    if (was_removed) return;
    for (auto& grant : grants) {
      if (grant.account != name || grant.gone) continue;
      grant.gone = was = true;
    }
    if (!was) return;
    account = {};
    account.removed = true;
  }

  bool knows(const std::string& name) const {
    const auto found = accounts.find(name);
    if (found != accounts.end() && (found->second.exists || found->second.removed)) {
      return found->second.exists;
    }
    return name == "supplier:acme" && rules.acme != ModelRules::Supplier::absent;
  }
  bool may_grant(const Names& permissions) const {
    return std::all_of(permissions.begin(), permissions.end(), [&](const auto& each) {
      if (!rules.declares(each) || any_covers({"wallet:*"}, each)) return false;
      return std::none_of(rules.bans.begin(), rules.bans.end(),
                          [&](const auto& ban) { return covers(ban, each) || covers(each, ban); });
    });
  }
  static Names atoms_of(const Names& permissions) {
    Names atoms;
    for (const auto& atom : kAtoms) {
      if (any_covers(permissions, atom)) atoms.insert(atom);
    }
    return atoms;
  }

  // ---- requests

  Names cut(const Names& wanted, const std::vector<Names>& caps) const {
    Names left;
    for (const auto& atom : atoms_of(wanted)) {
      const bool capped = std::any_of(caps.begin(), caps.end(),
                                      [&](const auto& cap) { return !any_covers(cap, atom); });
      if (!capped && !rules.bans_atom(atom) && rules.declares(atom)) left.insert(atom);
    }
    return left;
  }
  bool barred(const ModelRequest& request) {
    const ModelAccount& account = accounts[request.account];
    // Nobody is made a login of a supplier who is something else already.
    const bool works_elsewhere = request.kind != "supplier" && !request.supplier.empty() &&
                                 account.exists && account.supplier != request.supplier;
    return account.suspended || works_elsewhere || !rules.lets_act(request.account);
  }
  bool is_past(const ModelRequest& request) const { return request.due && *request.due <= now; }
  bool may_handle(const ModelRequest& request, const std::string& viewer) {
    if (viewer == "administrator") return true;
    const ModelAccount& me = accounts[viewer];
    const bool about =
        viewer == request.account || (me.exists && !me.email.empty() && me.email == request.email);
    if (about || !me.exists || me.barred()) return false;
    if (request.by_olga) return viewer == "owner:olga";
    return std::all_of(request.shops.begin(), request.shops.end(), [&](const auto& shop) {
      return (kind_of(viewer) == "owner" && me.has_seat(shop)) ||
             (request.kind != "collaborator" && allows(viewer, "staff:create", shop));
    });
  }
  bool may_decide(const ModelRequest& request, const std::string& viewer) {
    return viewer == "administrator" || (viewer != request.filer && may_handle(request, viewer));
  }
  bool may_see(const ModelRequest& request, const std::string& viewer) {
    return viewer == request.account || viewer == request.filer || may_decide(request, viewer);
  }
  /// What it would make now; grants have no ids yet.
  std::vector<ModelGrant> give(ModelRequest& request) {
    ModelAccount& account = accounts[request.account];
    if (!account.exists) {
      account = {};
      account.exists = true;
      account.shops.emplace();
      account.made_at = now;
    }
    if (account.email.empty()) account.email = request.email;
    if (account.organization.empty()) account.organization = request.organization;
    if (account.supplier.empty()) account.supplier = request.supplier;
    if (account.shops) account.shops->insert(request.shops.begin(), request.shops.end());
    for (const auto& shop : request.shops) account.suspended_in.erase(shop);
    account.mfa_required = account.mfa_required || request.mfa;
    request.state = "accepted";
    request.due = std::nullopt;
    request.changed_at = now;
    std::vector<ModelGrant> made;
    for (const auto& [shop, wanted] : request.given) {
      const Names left = cut(wanted, request.caps[shop]);
      auto until = request.until;
      if (!until && request.seconds != 0) until = now + request.seconds * kSecond;
      if (left.empty() || (until && *until <= now)) continue;
      ModelGrant grant;
      grant.account = request.account;
      grant.shop = shop;
      grant.atoms = left;
      grant.until = until;
      grant.idle = request.idle;
      grant.used_at = now;
      grant.assigned_only = request.kind == "supplier" || !account.supplier.empty();
      made.push_back(std::move(grant));
    }
    return made;
  }
  /// Accepted at once, or invited.
  std::vector<ModelGrant> carry_out(ModelRequest& request) {
    const auto policy = rules.policies.find(account_kind_of_request(request.kind));
    if (policy == rules.policies.end() || policy->second.invitation_hours == 0 ||
        accounts[request.account].exists) {
      return give(request);
    }
    request.state = "invited";
    request.due = now + policy->second.invitation_hours * 3600 * kSecond;
    request.changed_at = now;
    return {};
  }
};

}  // namespace consign::testing
