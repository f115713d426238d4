// What an account holds on all of a shop: a role or permissions, one set for each shop, which may
// be changed shop by shop.
#pragma once

#include "daemon/access/granting.hpp"

namespace consign {

/// Brings what the account holds on all of the shop to `wanted` (its place is the shop): grants on
/// the shop that persons or requests made are revoked, one for `wanted` is made unless it stands
/// already, and the account belongs to the shop from now on. Faults as of make_grant, and where the
/// shop has no seat left.
Result<MadeGrant, Faults> set_in_shop(UnitContext& unit, const WantedGrant& wanted,
                                      const store::Actor& by);

/// Takes the account out of the shop, with all that it holds on all of it. Whether it was in it.
bool take_out_of_shop(UnitContext& unit, const std::string& account, const std::string& shop,
                      const store::Actor& by);

/// Gives back the seat that it has lost there. Faults where there is none.
Result<bool, Faults> resume_in_shop(UnitContext& unit, const std::string& account,
                                    const std::string& shop, const store::Actor& by);

}  // namespace consign
