// Who is on duty: who has a turn when a group gets something.
#pragma once

#include <string>

#include "daemon/orders/unit_context.hpp"
#include "daemon/store/access_rows.hpp"

namespace consign {

/// Puts the account on duty or takes it off; what waits for a group that it is of is handed out.
/// Whether there is such an account.
bool put_on_duty(UnitContext& unit, const std::string& account, bool on, const store::Actor& by);

}  // namespace consign
