#include "daemon/access/seats.hpp"

#include <algorithm>
#include <vector>

#include "consign/hash.hpp"
#include "consign/ruleset.hpp"
#include "consign/text.hpp"
#include "daemon/access/access_notices.hpp"
#include "daemon/access/account_name.hpp"
#include "daemon/access/accounts.hpp"
#include "daemon/store/request_rows.hpp"
#include "daemon/store/seat_rows.hpp"
#include "daemon/store/shop_rows.hpp"

namespace consign {
namespace {

constexpr std::string_view kStaff = "staff";
constexpr std::string_view kMain = "main";

/// The kind of request that asks for an account of that kind.
std::string_view request_kind_of(std::string_view kind) {
  return kind == "sub" ? "sub_account" : kind;
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

struct Taken {
  std::vector<store::RequestRow> invitations;  ///< the newest first
  std::vector<std::string> people;             ///< the longest inactive first
  std::int64_t count() const {
    return static_cast<std::int64_t>(invitations.size() + people.size());
  }
};

Taken seats_taken(store::Connection& db, std::string_view kind, const std::string& shop,
                  Timestamp now) {
  Taken taken{store::pending_invitations(db, request_kind_of(kind), shop, now),
              store::accounts_with_seat(db, kind, shop)};
  // Who was made an account by hand meanwhile has one seat, not two.
  std::erase_if(taken.invitations,
                [&](const store::RequestRow& row) { return contains(taken.people, row.account); });
  return taken;
}

std::optional<std::int64_t> limit_of(const DecidingContext& context, std::string_view kind,
                                     const std::string& shop) {
  const AccountPolicy* policy = context.rules.rules().find_policy(kind);
  if (policy == nullptr || policy->seats.empty()) return std::nullopt;
  return policy->seats_of(plan_of(context.db, context.settings, shop));
}

const store::Actor& consignd() {
  static const store::Actor actor{"consignd", ""};
  return actor;
}

void suspend_invitation(UnitContext& unit, store::RequestRow row, const std::string& why) {
  row.state = store::RequestState::suspended;
  row.reason = why;
  row.changed_at = unit.now;
  row.due = std::nullopt;
  store::put_request(unit.db, row);
  store::drop_activation_links(unit.db, row.id);
  store::record_event(unit.db, "request " + row.id,
                      {.at = unit.now, .what = "suspended", .by = consignd(), .detail = "{}"});
  tell_access(unit, "invitation.suspended", "request " + row.id + " " + format_timestamp(unit.now),
              {{"request", row.id}, {"account", row.account}, {"reason", why}});
}

void suspend_person(UnitContext& unit, const std::string& name, const std::string& shop,
                    const std::string& why) {
  auto account = store::find_account(unit.db, name);
  if (!account) return;
  account->suspended_in.push_back(shop);
  put_account(unit, *account, consignd());
  tell_access(unit, "account.suspended", "account " + name + " " + format_timestamp(unit.now),
              {{"account", name}, {"shop", shop}, {"reason", why}});
}

void fit(UnitContext& unit, std::string_view kind, const std::string& shop, std::int64_t limit) {
  auto taken = seats_taken(unit.db, kind, shop, unit.now);
  std::int64_t surplus = taken.count() - limit;
  if (surplus <= 0) return;
  const std::string why = "the plan of shop " + shop + " has " + std::to_string(limit) +
                          (limit == 1 ? " seat for " : " seats for ") + std::string(kind);
  for (auto& invitation : taken.invitations) {
    if (surplus-- <= 0) return;
    suspend_invitation(unit, std::move(invitation), why);
  }
  // Uses that only memory knows of decide who was inactive longest.
  unit.access.flush_uses(unit.db, unit.now);
  for (const auto& name : store::accounts_with_seat(unit.db, kind, shop)) {
    if (surplus-- <= 0) return;
    suspend_person(unit, name, shop, why);
    // An invitation to somebody who was there already had no seat of its own.
    for (auto& row : store::pending_invitations(unit.db, request_kind_of(kind), shop, unit.now)) {
      if (row.account == name) suspend_invitation(unit, std::move(row), why);
    }
  }
}

}  // namespace

std::string plan_of(store::Connection& db, const Settings& settings, const std::string& shop) {
  if (auto told = store::plan_told(db, shop)) return *told;
  const ShopSettings* configured = settings.find_shop(shop);
  return configured == nullptr ? "" : configured->plan;
}

Record shop_facts(store::Connection& db, const Settings& settings, const std::string& shop,
                  Timestamp now) {
  Record record;
  const ShopSettings* configured = settings.find_shop(shop);
  if (configured == nullptr) return record;
  record.set(Field::shop_id, Value::of_code(shop));
  record.set(Field::shop_channel, Value::of_enum(configured->channel));
  const std::string plan = plan_of(db, settings, shop);
  if (!plan.empty()) record.set(Field::shop_plan, Value::of_enum(plan));
  record.set(Field::shop_staff_count,
             Value::of_number(Decimal(seats_taken(db, kStaff, shop, now).count())));
  return record;
}

Seats seats_of(const DecidingContext& context, std::string_view kind, const std::string& shop) {
  const auto taken = seats_taken(context.db, kind, shop, context.now);
  return {limit_of(context, kind, shop), static_cast<std::int64_t>(taken.people.size()),
          static_cast<std::int64_t>(taken.invitations.size())};
}

std::optional<std::string> no_seat(const DecidingContext& context, std::string_view kind,
                                   const std::string& shop, std::string_view but_for) {
  const auto limit = limit_of(context, kind, shop);
  if (!limit) return std::nullopt;
  auto taken = seats_taken(context.db, kind, shop, context.now);
  std::erase(taken.people, but_for);
  std::erase_if(taken.invitations, [&](const store::RequestRow& row) {
    return row.id == but_for || row.account == but_for;
  });
  if (taken.count() < *limit) return std::nullopt;
  const std::string plan = plan_of(context.db, context.settings, shop);
  if (*limit == 0) {
    return "the plan `" + plan + "` of shop " + shop + " has no seats for " + std::string(kind);
  }
  std::string told = "no seat is left in shop " + shop + ": the plan `" + plan + "` has " +
                     std::to_string(*limit) + " for " + std::string(kind) + ", taken by " +
                     std::to_string(taken.people.size()) + " active and " +
                     std::to_string(taken.invitations.size()) + " invited";
  return told;
}

std::optional<std::string> no_second_main(const DecidingContext& context, std::string_view account,
                                          std::string_view organization) {
  const auto name = parse_account_name(account);
  const std::string wanted = fold(organization);
  if (!name || name->kind != kMain || wanted.empty()) return std::nullopt;
  for (const auto& main : store::main_accounts(context.db, context.now)) {
    if (main.account == account || fold(main.organization) != wanted) continue;
    return "the main account of " + main.organization + " is " + main.account +
           "; an organization has one";
  }
  return std::nullopt;
}

std::optional<std::string> no_seat_for(const DecidingContext& context,
                                       const store::AccountRow* before,
                                       const store::AccountRow& after) {
  const auto name = parse_account_name(after.account);
  if (!name) return std::nullopt;
  if (auto why = no_second_main(context, after.account, after.organization)) return why;
  for (const auto& [shop, settings] : context.settings.shops) {
    if (!after.has_seat_in(shop) || (before != nullptr && before->has_seat_in(shop))) continue;
    if (auto why = no_seat(context, name->kind, shop, after.account)) return why;
  }
  return std::nullopt;
}

void fit_seats(UnitContext& unit) {
  for (const AccountPolicy& policy : unit.rules.rules().account_policies) {
    if (policy.seats.empty()) continue;
    for (const auto& [shop, settings] : unit.settings.shops) {
      const auto limit = policy.seats_of(plan_of(unit.db, unit.settings, shop));
      if (limit) fit(unit, policy.kind, shop, *limit);
    }
  }
}

void fit_seats_if_changed(UnitContext& unit) {
  Sha256 hash;
  hash.field(unit.rules.hash);
  for (const auto& [shop, settings] : unit.settings.shops) {
    hash.field(shop).field(plan_of(unit.db, unit.settings, shop));
  }
  const std::string now = to_hex(hash.digest());
  if (store::seats_fitted_for(unit.db) == now) return;
  fit_seats(unit);
  store::put_seats_fitted_for(unit.db, now);
}

void change_plan(UnitContext& unit, const std::string& shop, const std::string& plan,
                 const store::Actor& by) {
  const std::string before = plan_of(unit.db, unit.settings, shop);
  store::put_plan(unit.db, shop, plan, unit.now);
  if (before == plan) return;
  store::record_event(unit.db, "shop " + shop,
                      {.at = unit.now,
                       .what = "plan_changed",
                       .by = by,
                       .detail = "{\"plan\":\"" + plan + "\",\"before\":\"" + before + "\"}"});
  fit_seats(unit);
}

}  // namespace consign
