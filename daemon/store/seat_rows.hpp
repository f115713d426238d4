// Who has a seat in a shop, and for which rules and plans that was last put right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/sqlite.hpp"

namespace consign::store {

/// Accounts of the kind that are active in the shop, the longest inactive first: by the last use of
/// their tokens and grants, as far as that is written down.
std::vector<std::string> accounts_with_seat(Connection& db, std::string_view kind,
                                            std::string_view shop);

/// Accounts of the kind that nothing was done by since `before`, tokens, grants and their making
/// taken together; with `per_organization` only where that is so for all of the kind in the
/// organization.
std::vector<std::string> idle_accounts(Connection& db, std::string_view kind, Timestamp before,
                                       bool per_organization);

/// Main accounts that were not removed or are invited, with the organization that each is of.
struct MainAccount {
  std::string account, organization;
};
std::vector<MainAccount> main_accounts(Connection& db, Timestamp now);

/// What fit_seats_if_changed() has seen last; empty: nothing.
std::string seats_fitted_for(Connection& db);
void put_seats_fitted_for(Connection& db, std::string_view state);

}  // namespace consign::store
