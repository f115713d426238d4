// Deciding an order and writing down everything that follows, in the writer's unit.
//
// Facts, decision and rows are of one transaction: a product that arrives at the same time is
// either seen by the decision or finds the order waiting for it.
#pragma once

#include <optional>
#include <string>

#include "daemon/orders/standing.hpp"
#include "daemon/orders/unit_context.hpp"
#include "daemon/store/order_rows.hpp"
#include "daemon/wire/order_reader.hpp"

namespace consign {

struct Decided {
  std::string id;
  std::string answer;  ///< JSON, as the client gets it
};

/// How an order is decided now, with all that goes into it. The decision lives in the context's
/// arena.
struct DecidedNow {
  Facts facts;
  std::optional<Prior> prior;
  Decision decision;
  std::vector<store::PartRow> before, after;
};

/// Decides and writes nothing. The order is stamped with its arrival on the way.
DecidedNow decide_now(const DecidingContext& context, OrderDocument& order,
                      const std::optional<store::OrderRow>& standing, Occasion occasion);

/// Decides a revision whose row is there already. `standing` is the order as it stood, if it did.
Decided decide_and_record(UnitContext& unit, OrderDocument order,
                          const std::optional<store::OrderRow>& standing, Occasion occasion);

/// Decides an order anew from what the store holds of it; cancelled ones stay as they are.
void decide_again(UnitContext& unit, const store::OrderKey& key,
                  Occasion occasion = Occasion::again);

/// The stored order document of a revision. Throws if it no longer reads.
OrderDocument read_stored_order(const store::RevisionRow& revision, Timestamp received_at);

}  // namespace consign
