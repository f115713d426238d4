// From the wire form of an order (api.md) to a checked Event.
//
// Which members there are is said by fields.def; what is not in it, or in the few lists of the .cpp
// file, is refused by name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consign/event.hpp"
#include "consign/result.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// An order as taken in: what the engine decides, and what the store needs to know about it.
struct OrderDocument {
  Event event;  ///< without order.received_at, which receive() sets
  std::string shop, id;
  std::string revision;  ///< as given, else the hash of `canonical`
  std::optional<Timestamp> updated_at;
  std::string canonical;  ///< the document's canonical JSON: what is stored, and hashed into ids
};

struct OrderLimits {
  std::size_t lines = 10'000;
  std::size_t text_bytes = 20'000;  ///< of any one text
  std::size_t values = 1'000;       ///< tags, attributes, … of one field
  bool allow_zero_quantity =
      false;  ///< for orders that a channel's reader made: nothing left to fulfil
};

/// Checks and reads an order; on failure every fault that was found, with its JSON pointer.
Result<OrderDocument, std::vector<JsonError>> read_order(const JsonNode& document,
                                                         const OrderLimits& limits = {});

/// Stamps the order with its time of arrival: order.received_at, and order.placed_at where the
/// document says none.
void receive(OrderDocument& order, Timestamp at);

}  // namespace consign
