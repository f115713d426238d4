// The channel's own names for what is to be fulfilled of an order: `fulfillment_orders`.
//
// Shopify takes word of a shipment in its fulfilment orders and their line items, whose ids the
// webhook of an order does not carry. Whoever posts an order may have asked for them:
//
//   "fulfillment_orders": [{"id": "gid://shopify/FulfillmentOrder/1",
//                           "lines": [{"id": "gid://shopify/FulfillmentOrderLineItem/2",
//                                      "line": "1"}]}]
//
// They decide nothing.
#pragma once

#include <string_view>
#include <vector>

#include "daemon/wire/field_reader.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// A line of a fulfilment order. Refers to the document.
struct FulfillmentLine {
  std::string_view order;  ///< the fulfilment order's id
  std::string_view id;     ///< its own
  std::string_view line;   ///< the order's line that it is of
};

/// Tells `fields` every fault of an order's member `fulfillment_orders`. `lines` are the order's.
void check_fulfillment_orders(const JsonNode& orders, const JsonPlace& place,
                              const std::vector<Record>& lines, std::size_t at_most,
                              FieldReader& fields);

/// The lines of all fulfilment orders of an order's document, which was checked.
std::vector<FulfillmentLine> fulfillment_lines_of(const JsonNode& document);

}  // namespace consign
