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

std::optional<TokenRow> find_token(Connection& db, std::string_view hash) {
  auto row = db.query("SELECT hash, principal FROM tokens WHERE hash = ?", Blob{hash});
  if (!row.step()) return std::nullopt;
  return TokenRow{row.text(0), row.text(1)};
}

void insert_token(Connection& db, const TokenRow& token, Timestamp now) {
  db.run("INSERT INTO tokens (hash, principal, created) VALUES (?, ?, ?)", Blob{token.hash},
         token.principal, now);
}

bool has_administrator(Connection& db) {
  return db.query("SELECT 1 FROM tokens WHERE principal = 'administrator' LIMIT 1").step();
}

}  // namespace consign::store
