// What ends with time: reviews that nobody decided, invitations that nobody used, grants and
// accounts that nobody uses, seats that a plan no longer has.
#pragma once

#include "daemon/orders/unit_context.hpp"

namespace consign {

/// Does a bounded part of it; whether there may be more to do at once.
bool end_what_lapsed(UnitContext& unit);

}  // namespace consign
