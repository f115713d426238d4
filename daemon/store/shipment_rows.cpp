#include "daemon/store/shipment_rows.hpp"

#include "daemon/store/json_texts.hpp"

namespace consign::store {

std::vector<RejectionRow> rejections_of(Connection& db, const OrderKey& key) {
  auto rows =
      db.query("SELECT line, supplier, reason, at FROM rejections WHERE shop = ? AND order_id = ?",
               key.shop, key.id);
  std::vector<RejectionRow> rejections;
  while (rows.step()) {
    rejections.push_back({rows.text(0), rows.text(1), rows.text(2), rows.time(3)});
  }
  return rejections;
}

void put_rejection(Connection& db, const OrderKey& key, const RejectionRow& row) {
  db.run(
      "INSERT INTO rejections (shop, order_id, line, supplier, reason, at) VALUES (?, ?, ?, ?, ?, "
      "?) ON CONFLICT DO UPDATE SET reason = excluded.reason, at = excluded.at",
      key.shop, key.id, row.line, row.supplier, row.reason, row.at);
}

void forget_rejections(Connection& db, const OrderKey& key) {
  db.run("DELETE FROM rejections WHERE shop = ? AND order_id = ?", key.shop, key.id);
}

std::vector<ShipmentRow> shipments_of(Connection& db, const OrderKey& key) {
  auto rows = db.query(
      "SELECT seq, id, supplier, carrier, tracking, urls, shipped_at, delivered_at, at, by_person "
      "FROM shipments WHERE shop = ? AND order_id = ? ORDER BY seq",
      key.shop, key.id);
  std::vector<ShipmentRow> shipments;
  while (rows.step()) {
    shipments.push_back({.seq = rows.number(0),
                         .id = rows.text(1),
                         .order = key,
                         .supplier = rows.text(2),
                         .carrier = rows.text(3),
                         .tracking = texts_from_json(rows.text(4)),
                         .urls = texts_from_json(rows.text(5)),
                         .shipped_at = rows.time(6),
                         .delivered_at = rows.maybe_time(7),
                         .at = rows.time(8),
                         .by_person = rows.text(9)});
  }
  for (auto& shipment : shipments) {
    auto parts = db.query(
        "SELECT line, part, quantity FROM shipped_parts WHERE shipment = ? ORDER BY line, part",
        shipment.seq);
    while (parts.step()) {
      shipment.parts.push_back({parts.text(0), parts.number(1), parts.text(2)});
    }
  }
  return shipments;
}

void insert_shipment(Connection& db, const ShipmentRow& row) {
  db.run(
      "INSERT INTO shipments (id, shop, order_id, supplier, carrier, tracking, urls, shipped_at, "
      "delivered_at, at, by_person) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.id, row.order.shop, row.order.id, row.supplier, row.carrier, texts_to_json(row.tracking),
      texts_to_json(row.urls), row.shipped_at, row.delivered_at, row.at, row.by_person);
  const auto seq = sqlite3_last_insert_rowid(db.handle());
  for (const auto& part : row.parts) {
    db.run("INSERT INTO shipped_parts (shipment, line, part, quantity) VALUES (?, ?, ?, ?)",
           std::int64_t{seq}, part.line, part.part, part.quantity);
  }
}

void set_delivered(Connection& db, std::string_view shipment, Timestamp at) {
  db.run("UPDATE shipments SET delivered_at = ? WHERE id = ?", at, shipment);
}

void add_order_event(Connection& db, const OrderKey& key, const OrderEventRow& event) {
  db.run(
      "INSERT INTO order_events (shop, order_id, line, part, at, what, by_person, token, supplier, "
      "detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      key.shop, key.id, event.line, event.part, event.at, event.what, event.by.person,
      event.by.token, event.supplier, event.detail);
}

std::vector<OrderEventRow> order_events_of(Connection& db, const OrderKey& key) {
  auto rows = db.query(
      "SELECT seq, line, part, at, what, by_person, token, supplier, detail FROM order_events "
      "WHERE shop = ? AND order_id = ? ORDER BY seq",
      key.shop, key.id);
  std::vector<OrderEventRow> events;
  while (rows.step()) {
    events.push_back({.seq = rows.number(0),
                      .line = rows.text(1),
                      .part = rows.number(2),
                      .at = rows.time(3),
                      .what = rows.text(4),
                      .by = {rows.text(5), rows.text(6)},
                      .supplier = rows.text(7),
                      .detail = rows.text(8)});
  }
  return events;
}

}  // namespace consign::store
