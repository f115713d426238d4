// Rows of what has been done to orders and their parts: rejections, shipments, and the history of
// what persons and suppliers did.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/access_rows.hpp"
#include "daemon/store/order_rows.hpp"

namespace consign::store {

struct RejectionRow {
  std::string line = {}, supplier = {}, reason = {};
  Timestamp at = {};
};
std::vector<RejectionRow> rejections_of(Connection& db, const OrderKey& key);
void put_rejection(Connection& db, const OrderKey& key, const RejectionRow& row);
/// Suppliers that had rejected lines of the order may be asked again.
void forget_rejections(Connection& db, const OrderKey& key);

struct ShippedPart {
  std::string line = {};
  std::int64_t part = 0;
  std::string quantity = {};
};
/// A parcel.
struct ShipmentRow {
  std::int64_t seq = 0;
  std::string id = {};
  OrderKey order = {};
  std::string supplier = {}, carrier = {};
  std::vector<std::string> tracking = {}, urls = {};
  Timestamp shipped_at = {};
  std::optional<Timestamp> delivered_at = {};
  Timestamp at = {};  ///< when it was told
  std::string by_person = {};
  std::vector<ShippedPart> parts = {};
};
/// In the order in which they were told.
std::vector<ShipmentRow> shipments_of(Connection& db, const OrderKey& key);
void insert_shipment(Connection& db, const ShipmentRow& row);
void set_delivered(Connection& db, std::string_view shipment, Timestamp at);

struct OrderEventRow {
  std::int64_t seq = 0;
  std::string line = {};  ///< empty: the order as a whole
  std::int64_t part = 0;
  Timestamp at = {};
  std::string what = {};
  Actor by = {};
  std::string supplier = {};  ///< whose part it was
  std::string detail = "{}";  ///< JSON
};
void add_order_event(Connection& db, const OrderKey& key, const OrderEventRow& event);
std::vector<OrderEventRow> order_events_of(Connection& db, const OrderKey& key);

}  // namespace consign::store
