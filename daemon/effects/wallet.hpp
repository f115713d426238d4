// Telling a shop's connector of a new wallet password.
//
// The password goes there sealed by the client for the connector: to consign it is a text. It
// leaves through the outbox, once for each change and shop, to the endpoint that the shop names
// under `wallet`.
#pragma once

#include <string>
#include <string_view>

#include "daemon/orders/unit_context.hpp"

namespace consign {

/// A new wallet password for one shop.
struct SealedPassword {
  std::string account, change, shop;
  std::string endpoint;
  std::string sealed;
};

/// Queues the message. For the writer's units.
void tell_wallet(UnitContext& unit, const SealedPassword& password);

/// The `action` that such effects have in the outbox; their `part` is the change's id.
inline constexpr std::string_view kTellWallet = "tell the wallet";

}  // namespace consign
