// What suppliers are told of their parts, as effects of what changed them.
#pragma once

#include <string>
#include <vector>

#include "daemon/orders/unit_context.hpp"
#include "daemon/store/order_rows.hpp"
#include "daemon/store/outbox_rows.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// Queues "part.assigned" for what a supplier has that it had not before, and "part.withdrawn" for
/// what it has no more, where the rule set names an endpoint for the supplier. `document` is the
/// order's.
void tell_suppliers(UnitContext& unit, const store::OrderKey& key, const JsonNode& document,
                    const std::vector<store::PartRow>& before,
                    const std::vector<store::PartRow>& after, const std::string& decision);

/// A supplier's endpoint has taken the effect: a part that it was told of counts as sent, if it is
/// still the supplier's.
void note_delivered(store::Connection& db, const store::EffectRow& effect, Timestamp now);

}  // namespace consign
