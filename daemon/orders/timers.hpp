// What becomes due with time, and the bounded batches in which orders are decided again.
#pragma once

#include "daemon/orders/unit_context.hpp"

namespace consign {

/// Orders that one unit decides again at most; the rest stays due for the next.
inline constexpr std::int64_t kDueAtOnce = 64;

/// Decides a batch of the orders that are due. Whether it was a full one, so that there may be
/// more.
bool decide_due(UnitContext& unit);

/// Ends timed holds, holds lines that waited too long, decides what is due, gives up effects for
/// endpoints that nobody configured, forgets old keys and deliveries, writes down the last uses of
/// grants and tokens about once a minute. Whether there may be more to do at once.
bool tick(UnitContext& unit);

}  // namespace consign
