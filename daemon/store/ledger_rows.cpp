#include "daemon/store/ledger_rows.hpp"

namespace consign::store {

std::optional<KeptAnswer> find_answer(Connection& db, const IdempotencyKey& key, Timestamp now) {
  auto row = db.query(
      "SELECT fingerprint, status, response FROM idempotency "
      "WHERE token = ? AND route = ? AND key = ? AND at > ?",
      key.token, key.route, key.key, Timestamp{now.micros - kLedgerMicros});
  if (!row.step()) return std::nullopt;
  return KeptAnswer{row.text(0), static_cast<int>(row.number(1)), row.text(2)};
}

void keep_answer(Connection& db, const IdempotencyKey& key, const KeptAnswer& answer,
                 Timestamp now) {
  db.run(
      "INSERT OR REPLACE INTO idempotency (token, route, key, fingerprint, status, response, at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      key.token, key.route, key.key, Blob{answer.fingerprint}, answer.status, answer.response, now);
}

bool record_delivery(Connection& db, std::string_view shop, const Delivery& delivery,
                     Timestamp now) {
  return db.run(
             "INSERT OR IGNORE INTO deliveries (shop, delivery, resource, updated_at, body_hash, "
             "at) "
             "VALUES (?, ?, ?, ?, ?, ?)",
             shop, delivery.id, delivery.resource, delivery.updated_at, Blob{delivery.body_hash},
             now) > 0;
}

void prune_ledger(Connection& db, Timestamp now) {
  const Timestamp limit{now.micros - kLedgerMicros};
  db.run(
      "DELETE FROM idempotency WHERE rowid IN (SELECT rowid FROM idempotency WHERE at <= ? "
      "ORDER BY at LIMIT 500)",
      limit);
  db.run(
      "DELETE FROM deliveries WHERE (shop, resource, updated_at, body_hash) IN "
      "(SELECT shop, resource, updated_at, body_hash FROM deliveries WHERE at <= ? "
      "ORDER BY at LIMIT 500)",
      limit);
}

}  // namespace consign::store
