// Grants that hang on parts: they live and die with the assignment, and move along with it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/orders/unit_context.hpp"
#include "daemon/store/order_rows.hpp"
#include "daemon/wire/order_reader.hpp"

namespace consign {

/// Writes down what a decision grants. One that it makes again keeps the end that it had, and what
/// persons have done to it: suspended, cut down or revoked it.
void record_grants(UnitContext& unit, const store::OrderKey& key, const OrderDocument& order,
                   const Decision& decision, const std::string& decision_id,
                   const std::vector<store::PartRow>& parts);

/// From which part a new one was split off, by line and part number.
using PartOrigins = std::map<std::pair<std::string, std::int64_t>, std::int64_t>;

/// After a person or a supplier changed parts: grants follow their part to its supplier of now, and
/// end with it.
void move_grants(UnitContext& unit, const store::OrderKey& key,
                 const std::vector<store::PartRow>& after, const PartOrigins& origins);

}  // namespace consign
