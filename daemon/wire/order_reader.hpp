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

/// An order as taken in: what the engine decides, and what the store needs to know about it. Its
/// fields refer to the texts of `json`. For one thread at a time.
struct OrderDocument {
  JsonDocument json;
  Event event;  ///< without order.received_at, which receive() sets
  std::string shop, id;
  std::optional<Timestamp> updated_at;

  /// The document's canonical JSON: what is stored, and hashed into ids. Made when first asked for.
  const std::string& canonical() const;
  /// As given, else the hash of the canonical document.
  const std::string& revision() const;
  void set_revision(std::string_view revision) { revision_ = revision; }

  /// Forgets what was made from the document before, and keeps the memory.
  void clear();

 private:
  mutable std::string canonical_, revision_;
};

struct OrderLimits {
  std::size_t lines = 10'000;
  std::size_t text_bytes = 20'000;  ///< of any one text
  std::size_t values = 1'000;       ///< tags, attributes, … of one field
  bool allow_zero_quantity =
      false;  ///< for orders that a channel's reader made: nothing left to fulfil
};

/// Checks and reads `order.json` into the rest of `order`, whose memory is used again; returns
/// every fault that was found, with its JSON pointer. With faults the order must not be used.
std::vector<JsonError> read_order(OrderDocument& order, const OrderLimits& limits = {});
/// The same for a document that is read once.
Result<OrderDocument, std::vector<JsonError>> read_order(JsonDocument document,
                                                         const OrderLimits& limits = {});

/// Stamps the order with its time of arrival: order.received_at, and order.placed_at where the
/// document says none.
void receive(OrderDocument& order, Timestamp at);

}  // namespace consign
