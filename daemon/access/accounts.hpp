// Making, changing and removing accounts, in the writer's unit.
#pragma once

#include "daemon/orders/unit_context.hpp"

namespace consign {

enum class AccountChange { made, changed, none };

/// Makes the account or brings it to what is given; its times are set here. A name that was removed
/// begins anew: nothing that was granted to it before, or meanwhile, comes back.
AccountChange put_account(UnitContext& unit, store::AccountRow account, const store::Actor& by);

/// Removes it, and with it, at once, all its grants and tokens; whether there was such an account:
/// one that was made, a supplier that the rules declare, a name that rules granted to, or one that
/// is invited or asked for.
bool remove_account(UnitContext& unit, const std::string& account, const store::Actor& by);

/// Whether it is known: made and not removed, or declared by the rules.
bool is_known_account(store::Connection& db, const ActiveRules& rules, std::string_view account);

}  // namespace consign
