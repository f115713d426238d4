// What a supplier needs to send its lines: where to, and what; no prices, no customer's record.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "daemon/wire/json_tree.hpp"

namespace consign {

/// The order's document with those lines alone, as canonical JSON.
std::string supplier_document(const JsonNode& order, const std::set<std::string_view>& lines);

}  // namespace consign
