#include "daemon/access/memberships.hpp"

#include <algorithm>
#include <set>

#include "daemon/access/accounts.hpp"
#include "daemon/access/seats.hpp"

namespace consign {
namespace {

// Grants on all of the shop, but for those that came with an order.
std::set<std::string> shop_grants(const UnitContext& unit, const std::string& account,
                                  const std::string& shop) {
  std::set<std::string> ids;
  for (const auto& row : store::standing_grants_of(unit.db, account, shop)) {
    if (row.on_shop && row.order.id.empty()) ids.insert(row.id);
  }
  return ids;
}

void revoke(UnitContext& unit, const std::set<std::string>& ids, const std::string& why,
            const store::Actor& by) {
  for (const auto& id : ids) {
    // One whose end has passed meanwhile stands no more: nothing to revoke.
    (void)change_grant(unit, id, {.kind = GrantChange::Kind::revoke, .reason = why}, by);
  }
}

}  // namespace

Result<MadeGrant, Faults> set_in_shop(UnitContext& unit, const WantedGrant& wanted,
                                      const store::Actor& by) {
  // What is refused takes no seat.
  if (auto faults = faults_in_what(unit, wanted); !faults.empty()) return faults;
  const auto before = store::find_account(unit.db, wanted.account);
  if (before && before->state != store::AccountState::removed && before->shops) {
    store::AccountRow after = *before;
    if (!after.belongs_to(wanted.shop)) {
      after.shops->push_back(wanted.shop);
      if (const auto why = no_seat_for(unit, &*before, after)) return Faults{{"", *why}};
      put_account(unit, after, by);
    }
  }
  auto made = make_grant(unit, wanted, by);
  if (!made) return made;
  auto others = shop_grants(unit, wanted.account, wanted.shop);
  others.erase(made->id);
  revoke(unit, others, "replaced", by);
  return made;
}

bool take_out_of_shop(UnitContext& unit, const std::string& account, const std::string& shop,
                      const store::Actor& by) {
  const auto grants = shop_grants(unit, account, shop);
  revoke(unit, grants, "taken out of the shop", by);
  auto row = store::find_account(unit.db, account);
  bool was_in = !grants.empty();
  if (row && row->state != store::AccountState::removed && row->shops) {
    was_in = std::erase(*row->shops, shop) > 0 || was_in;
    std::erase(row->suspended_in, shop);
    put_account(unit, *row, by);
  }
  return was_in;
}

Result<bool, Faults> resume_in_shop(UnitContext& unit, const std::string& account,
                                    const std::string& shop, const store::Actor& by) {
  const auto before = store::find_account(unit.db, account);
  if (!before || before->state == store::AccountState::removed) return false;
  store::AccountRow after = *before;
  if (std::erase(after.suspended_in, shop) == 0) return true;
  if (const auto why = no_seat_for(unit, &*before, after)) return Faults{{"", *why}};
  put_account(unit, after, by);
  return true;
}

}  // namespace consign
