// What a supplier needs to send its lines: where to, and what; no prices, no customer's record.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "consign/decimal.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// What of each line, by its id, somebody has.
using OwnQuantities = std::map<std::string_view, Decimal>;

/// The order's document with those lines alone, each with the quantity that is the supplier's, as
/// canonical JSON.
std::string supplier_document(const JsonNode& order, const OwnQuantities& own);

}  // namespace consign
