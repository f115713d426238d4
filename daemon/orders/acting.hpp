// What persons and suppliers do to the parts of an order: each a change of what stands, in the
// writer's unit, seen through the eyes of whoever asks.
//
// A change either goes through as a whole or is refused and leaves nothing. It may name the version
// that its author has seen; where a chosen part has changed since, it is refused. What a part may
// become depends on where it is in its life: assigned, sent, accepted, shipped, delivered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consign/decimal.hpp"
#include "consign/result.hpp"
#include "daemon/orders/unit_context.hpp"
#include "daemon/store/scoped_reads.hpp"

namespace consign {

/// Which parts: of a line or of all lines with a SKU, one part or all, all of it or so much.
struct ChosenParts {
  std::string line = {}, sku = {};  ///< one of them, or neither: any line
  std::optional<std::int64_t> part = {};
  std::optional<Decimal> quantity = {};  ///< a part that is larger is split
};

struct Parcel {
  std::string id = {};  ///< the sender's own; the same id is the same parcel
  std::string carrier = {};
  std::vector<std::string> tracking = {}, urls = {};
  std::optional<Timestamp> at = {};  ///< when it left, or arrived
  bool notify_customer = false;
};

struct OrderAction {
  enum class Kind {
    assign,   ///< to a supplier; rules do not change it
    hold,     ///< until released, or until a time
    release,  ///< what is held, or was cancelled, is decided again
    split,    ///< into parts of the same kind
    merge,    ///< parts of the same kind into one
    cancel,   ///< it will not be fulfilled
    send,     ///< the supplier has been told
    accept,
    reject,  ///< the rules decide again, without that supplier
    ship,
    deliver,
  } kind = Kind::assign;
  std::vector<ChosenParts> parts = {};  ///< none: all to which it can be done
  std::optional<std::int64_t> version = {};
  std::string reason = {};
  std::string supplier = {};             ///< assign
  std::vector<Decimal> quantities = {};  ///< split
  std::optional<Timestamp> until = {};   ///< hold
  Parcel parcel = {};                    ///< ship; deliver: its id and time
};
std::string_view name_of(OrderAction::Kind kind);

struct ActionFault {
  enum class Kind {
    not_found,   ///< there is no such order, for the one who asks
    changed,     ///< since the version named
    impossible,  ///< as the parts stand, or for want of stock
    invalid,     ///< the request itself
  } kind = Kind::impossible;
  std::string message = {};
  std::string pointer = {};  ///< of what is invalid
};

/// What came of an action.
struct Acted {
  bool changed = false;       ///< else everything was so already
  std::string shipment = {};  ///< ship: the parcel's id
};

/// Does it, or says why not. Doing again what is done already changes nothing.
Result<Acted, ActionFault> act(UnitContext& unit, const store::OrderKey& key,
                               const OrderAction& action, const store::Viewer& viewer);

/// Where a part is in its life: "assigned", "sent", "accepted", "shipped", "delivered", "held",
/// "waiting", "not_shippable", "cancelled".
std::string_view life_of(const store::PartRow& part);

}  // namespace consign
