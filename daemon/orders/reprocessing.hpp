// Deciding orders anew because somebody wants it, and what that would change.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/orders/deciding.hpp"
#include "daemon/store/access_rows.hpp"

namespace consign {

/// A part that is not what it was; `before` or `after` is missing where it comes or goes.
struct PartChange {
  std::optional<store::PartRow> before, after;
};

/// What deciding the order anew would change, of what the people of a shop look at: quantity,
/// outcome, supplier, reason. Nothing: there is no such order, or it is cancelled. Writes nothing.
std::optional<std::vector<PartChange>> would_change(const DecidingContext& context,
                                                    const store::OrderKey& key, Occasion occasion);

/// Decides it anew, notes who wanted it, and says what changed.
std::optional<std::vector<PartChange>> reprocess(UnitContext& unit, const store::OrderKey& key,
                                                 Occasion occasion, const store::Actor& by);

/// Which orders. Empty: any.
struct OrderFilter {
  std::string shop = {}, state = {}, supplier = {};
  std::string outcome = {};                        ///< some part has it
  std::optional<Timestamp> from = {}, until = {};  ///< of arrival; until is exclusive
};

/// A page of the orders that fit, after the place `after`, which moves on; false: that was the
/// last. Cancelled ones do not fit.
bool next_orders(store::Connection& db, const OrderFilter& filter, std::int64_t& after,
                 std::vector<store::OrderKey>& keys);

/// Puts all orders that fit among those due, to be decided anew in the background; their number.
std::int64_t reprocess_all(UnitContext& unit, const OrderFilter& filter, Occasion occasion,
                           const store::Actor& by);

}  // namespace consign
