#include "daemon/access/accounts.hpp"

#include <utility>

#include "consign/ruleset.hpp"
#include "daemon/access/account_name.hpp"
#include "daemon/access/requesting.hpp"
#include "daemon/events/handing.hpp"

namespace consign {
namespace {

using store::AccountRow;
using store::AccountState;

std::string subject_of(const std::string& account) { return "account " + account; }

bool same(const AccountRow& a, const AccountRow& b) {
  return a.name == b.name && a.email == b.email && a.shops == b.shops && a.roles == b.roles &&
         a.mfa == b.mfa && a.mfa_required == b.mfa_required && a.organization == b.organization &&
         a.supplier == b.supplier && a.suspended_in == b.suspended_in && a.state == b.state;
}

std::string_view what_changed(const AccountRow& before, const AccountRow& after) {
  if (before.state == after.state) return "changed";
  return after.state == AccountState::suspended ? "suspended" : "resumed";
}

bool end_grants(UnitContext& unit, const std::string& account) {
  auto gone = store::end_grants_of_account(unit.db, account, unit.now);
  const bool any = !gone.empty();
  unit.db.after_commit(
      [&access = unit.access, gone = std::move(gone)] { access.replace_grants(gone, {}); });
  return any;
}

bool revoke_tokens(UnitContext& unit, const std::string& account) {
  auto ids = store::revoke_tokens_of(unit.db, account, unit.now);
  const bool any = !ids.empty();
  unit.db.after_commit([&access = unit.access, ids = std::move(ids)] { access.drop_tokens(ids); });
  return any;
}

void store_account(UnitContext& unit, const AccountRow& account) {
  store::put_account(unit.db, account);
  unit.db.after_commit([&access = unit.access, account] { access.put_account(account); });
  account_has_changed(unit, account.account);
}

bool is_declared(const ActiveRules& rules, std::string_view account) {
  return account.starts_with(kSupplierPrefix) &&
         rules.rules().find_supplier(account.substr(kSupplierPrefix.size())).has_value();
}

}  // namespace

AccountChange put_account(UnitContext& unit, AccountRow account, const store::Actor& by) {
  const auto before = store::find_account(unit.db, account.account);
  const bool fresh = !before || before->state == AccountState::removed;
  if (!fresh && same(*before, account)) return AccountChange::none;
  if (before && fresh) end_grants(unit, account.account);
  account.made_at = fresh ? unit.now : before->made_at;
  account.changed_at = unit.now;
  store_account(unit, account);
  store::record_event(unit.db, subject_of(account.account),
                      {.at = unit.now,
                       .what = std::string(fresh ? "made" : what_changed(*before, account)),
                       .by = by,
                       .detail = "{}"});
  return fresh ? AccountChange::made : AccountChange::changed;
}

bool remove_account(UnitContext& unit, const std::string& account, const store::Actor& by) {
  auto row = store::find_account(unit.db, account);
  if (row && row->state == AccountState::removed) return cancel_requests_of(unit, account);
  const bool held = end_grants(unit, account);
  const bool came = revoke_tokens(unit, account);
  const bool asked = cancel_requests_of(unit, account);
  if (!row && !held && !came && !asked && !is_declared(unit.rules, account)) return false;
  AccountRow removed = row ? *row : AccountRow{.account = account, .made_at = unit.now};
  removed.state = AccountState::removed;
  removed.changed_at = unit.now;
  store_account(unit, removed);
  store::record_event(unit.db, subject_of(account),
                      {.at = unit.now, .what = "removed", .by = by, .detail = "{}"});
  return true;
}

bool is_known_account(store::Connection& db, const ActiveRules& rules, std::string_view account) {
  const auto row = store::find_account(db, account);
  return row ? row->state != AccountState::removed : is_declared(rules, account);
}

}  // namespace consign
