// Taking an order in: the same order twice gives the same stored answer (language.md D5).
#pragma once

#include <string>

#include "daemon/orders/unit_context.hpp"
#include "daemon/wire/order_reader.hpp"

namespace consign {

enum class Taking {
  decided,   ///< a revision that is new
  known,     ///< the same revision with the same body: the stored answer
  stale,     ///< older than what is known: recorded, not decided
  conflict,  ///< the same revision with another body
};

struct TakenOrder {
  Taking how = Taking::decided;
  std::string answer;  ///< JSON; empty for a conflict
};

/// Which of two revisions with the same `updated_at` stands.
enum class SameTime {
  last_stands,       ///< the one that came last
  cancelled_stands,  ///< a cancelled one: for channels that take no cancellation back
};

/// In the writer's unit.
TakenOrder take_order(UnitContext& unit, OrderDocument order,
                      SameTime same_time = SameTime::last_stands);

}  // namespace consign
