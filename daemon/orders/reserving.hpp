// What is promised: stock and capacity follow the parts of an order, in the transaction that
// changes them.
//
// A part with a supplier, assigned or held, has its pieces laid by until it ships or is given up.
// An order counts once for each supplier that has a part of it, in the day or hour in which it came
// to that supplier.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/orders/unit_context.hpp"
#include "daemon/store/order_rows.hpp"

namespace consign {

/// The facts as they are for an order that has given back what its parts hold, but for those that
/// it keeps.
void give_back(const DecidingContext& context, const store::OrderKey& key,
               const std::vector<store::PartRow>& parts, const Prior& keeps, Facts& facts);

/// Lays by what the parts want that were not there before, and gives back what is wanted no more.
/// Throws where that would leave less than nothing: deciding and shortage() see that it cannot.
void reserve(UnitContext& unit, const store::OrderKey& key,
             const std::vector<store::PartRow>& before, const std::vector<store::PartRow>& after);

/// What a supplier lacks for the parts as a person wants them ("acme: 1 left, 2 wanted"), if
/// anything.
std::optional<std::string> shortage(UnitContext& unit, const std::vector<store::PartRow>& before,
                                    const std::vector<store::PartRow>& after);

}  // namespace consign
