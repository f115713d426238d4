// Telling a shop's channel what has shipped.
//
// The channel hears of it through the outbox, as of everything else: queued in the transaction that
// stores the shipment, once per shipment, to the endpoint that the shop names under `fulfillments`.
// What differs from channel to channel is the body alone, which is made here, and how the answer is
// read (answer.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "consign/decimal.hpp"
#include "consign/time.hpp"
#include "daemon/orders/unit_context.hpp"

namespace consign {

/// How much of a line is in a parcel.
struct ShippedLine {
  std::string id = {};  ///< the line's
  Decimal quantity = {};
};

/// A shipment of an order.
struct ShippedParcel {
  std::string id = {};  ///< the shipment's
  std::string shop = {}, order = {};
  std::string channel = {};        ///< a word of the domain `channel`
  std::string_view document = {};  ///< the order's canonical JSON
  std::vector<ShippedLine> lines = {};
  std::string carrier = {};  ///< or empty
  std::vector<std::string> tracking_numbers = {}, tracking_urls = {};
  bool notify_customer = false;
  Timestamp shipped_at = {};
};

/// The body to post, in the channel's form: JSON.
std::string shipped_message(const ShippedParcel& parcel);

/// Queues the message to the parcel's shop, once per shipment however often it is called. Does
/// nothing where the shop has no `fulfillments`. For the writer's units.
void tell_channel(UnitContext& unit, const ShippedParcel& parcel);

/// The `action` that such effects have in the outbox; their `part` is the shipment's id.
inline constexpr std::string_view kTellChannel = "tell the channel";

}  // namespace consign
