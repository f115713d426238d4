#include "daemon/store/order_rows.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/store/json_texts.hpp"

namespace consign::store {
namespace {

// `holds.ended`: 0 it holds, 1 its time is up.
constexpr std::int64_t kEndedByPerson = 2;

OrderRow read_order_row(const Statement& row) {
  return {.seq = row.number(0),
          .key = {row.text(1), row.text(2)},
          .revision = row.text(3),
          .updated_at = row.maybe_time(4),
          .received_at = row.time(5),
          .state = row.text(6),
          .decision = row.text(7),
          .customer_id = row.maybe_text(8),
          .customer_email = row.maybe_text(9),
          .version = row.number(10),
          .silent = row.truth(11),
          .name = row.maybe_text(12)};
}

std::vector<OrderKey> read_keys(Statement rows) {
  std::vector<OrderKey> keys;
  while (rows.step()) keys.push_back({rows.text(0), rows.text(1)});
  return keys;
}

}  // namespace

std::optional<RevisionRow> find_revision(Connection& db, const OrderKey& key,
                                         std::string_view revision) {
  auto row = db.query(
      "SELECT revision, updated_at, received_at, body, body_hash, decision, answer "
      "FROM order_revisions WHERE shop = ? AND id = ? AND revision = ?",
      key.shop, key.id, revision);
  if (!row.step()) return std::nullopt;
  return RevisionRow{.revision = row.text(0),
                     .updated_at = row.maybe_time(1),
                     .received_at = row.time(2),
                     .body = row.text(3),
                     .body_hash = row.text(4),
                     .decision = row.maybe_text(5),
                     .answer = row.maybe_text(6)};
}

void insert_revision(Connection& db, const OrderKey& key, const RevisionRow& row) {
  db.run(
      "INSERT INTO order_revisions (shop, id, revision, updated_at, received_at, body, body_hash, "
      "decision, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      key.shop, key.id, row.revision, row.updated_at, row.received_at, row.body,
      Blob{row.body_hash}, row.decision, row.answer);
}

void set_first_decision(Connection& db, const OrderKey& key, std::string_view revision,
                        std::string_view decision) {
  db.run("UPDATE order_revisions SET decision = ? WHERE shop = ? AND id = ? AND revision = ?",
         decision, key.shop, key.id, revision);
}

std::vector<RevisionRow> revisions_of(Connection& db, const OrderKey& key) {
  auto rows = db.query(
      "SELECT revision, updated_at, received_at, decision FROM order_revisions "
      "WHERE shop = ? AND id = ? ORDER BY received_at, rowid",
      key.shop, key.id);
  std::vector<RevisionRow> revisions;
  while (rows.step()) {
    revisions.push_back({.revision = rows.text(0),
                         .updated_at = rows.maybe_time(1),
                         .received_at = rows.time(2),
                         .decision = rows.maybe_text(3)});
  }
  return revisions;
}

std::vector<DecisionRow> decisions_of(Connection& db, const OrderKey& key) {
  auto rows = db.query(
      "SELECT id, revision, rules, at, received_at, answer, engine, time_zones FROM decisions "
      "WHERE shop = ? AND order_id = ? ORDER BY at, rowid",
      key.shop, key.id);
  std::vector<DecisionRow> decisions;
  while (rows.step()) {
    decisions.push_back({.id = rows.text(0),
                         .revision = rows.text(1),
                         .rules = rows.text(2),
                         .at = rows.time(3),
                         .received_at = rows.time(4),
                         .answer = rows.text(5),
                         .engine = rows.text(6),
                         .time_zones = rows.text(7)});
  }
  return decisions;
}

std::optional<DecisionRow> find_decision(Connection& db, std::string_view id) {
  auto row = db.query(
      "SELECT id, revision, rules, at, received_at, answer, facts, prior, engine, time_zones "
      "FROM decisions WHERE id = ?",
      id);
  if (!row.step()) return std::nullopt;
  return DecisionRow{.id = row.text(0),
                     .revision = row.text(1),
                     .rules = row.text(2),
                     .at = row.time(3),
                     .received_at = row.time(4),
                     .answer = row.text(5),
                     .facts = row.text(6),
                     .prior = row.maybe_text(7),
                     .engine = row.text(8),
                     .time_zones = row.text(9)};
}

void insert_decision(Connection& db, const OrderKey& key, const DecisionRow& row) {
  db.run(
      "INSERT INTO decisions (id, shop, order_id, revision, rules, at, received_at, answer, facts, "
      "prior, engine, time_zones) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (id) DO NOTHING",
      row.id, key.shop, key.id, row.revision, row.rules, row.at, row.received_at, row.answer,
      row.facts, row.prior, row.engine, row.time_zones);
}

std::optional<OrderRow> find_order(Connection& db, const OrderKey& key) {
  auto row = db.query(
      "SELECT seq, shop, id, revision, updated_at, received_at, state, decision, customer_id, "
      "customer_email, version, silent, name FROM orders WHERE shop = ? AND id = ?",
      key.shop, key.id);
  if (!row.step()) return std::nullopt;
  return read_order_row(row);
}

void put_order(Connection& db, const OrderRow& row) {
  db.run(
      "INSERT INTO orders (shop, id, revision, updated_at, received_at, state, decision, "
      "customer_id, customer_email, version, silent, name) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (shop, id) DO UPDATE SET revision = excluded.revision, "
      "updated_at = excluded.updated_at, state = excluded.state, decision = excluded.decision, "
      "customer_id = excluded.customer_id, customer_email = excluded.customer_email, "
      "version = excluded.version, silent = excluded.silent, name = excluded.name",
      row.key.shop, row.key.id, row.revision, row.updated_at, row.received_at, row.state,
      row.decision, row.customer_id, row.customer_email, row.version, row.silent, row.name);
}

std::vector<PartRow> parts_of(Connection& db, const OrderKey& key) {
  auto rows = db.query(
      "SELECT line, part, place, quantity, outcome, supplier, rule, file, file_line, reason, "
      "until, waits_for, since, overdue, by_person, sku, stage, version FROM parts WHERE shop = ? "
      "AND order_id = ? "
      "ORDER BY place, part",
      key.shop, key.id);
  std::vector<PartRow> parts;
  while (rows.step()) {
    parts.push_back({.line = rows.text(0),
                     .part = rows.number(1),
                     .place = rows.number(2),
                     .quantity = rows.text(3),
                     .outcome = rows.text(4),
                     .supplier = rows.maybe_text(5),
                     .rule = rows.maybe_text(6),
                     .file = rows.maybe_text(7),
                     .file_line = rows.number(8),
                     .reason = rows.maybe_text(9),
                     .until = rows.maybe_time(10),
                     .waits_for = texts_from_json(rows.text(11)),
                     .since = rows.time(12),
                     .overdue = rows.truth(13),
                     .by_person = rows.truth(14),
                     .sku = rows.text(15),
                     .stage = rows.text(16),
                     .version = rows.number(17)});
  }
  return parts;
}

void replace_parts(Connection& db, const OrderKey& key, const std::vector<PartRow>& parts) {
  db.run("DELETE FROM parts WHERE shop = ? AND order_id = ?", key.shop, key.id);
  for (const auto& part : parts) {
    std::optional<std::string> waits_for;
    if (!part.waits_for.empty()) waits_for = texts_to_json(part.waits_for);
    std::optional<std::int64_t> file_line;
    if (part.file) file_line = part.file_line;
    db.run(
        "INSERT INTO parts (shop, order_id, line, part, place, quantity, outcome, supplier, rule, "
        "file, file_line, reason, until, waits_for, since, overdue, by_person, sku, stage, "
        "version) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        key.shop, key.id, part.line, part.part, part.place, part.quantity, part.outcome,
        part.supplier, part.rule, part.file, file_line, part.reason, part.until, waits_for,
        part.since, part.overdue, part.by_person, part.sku, part.stage, part.version);
  }
}

// Without being told, SQLite walks the whole table in the order of its key to find what is
// distinct.
std::vector<OrderKey> orders_waiting_since(Connection& db, Timestamp limit, std::int64_t at_most) {
  return read_keys(
      db.query("SELECT DISTINCT shop, order_id FROM parts INDEXED BY parts_waiting WHERE outcome = "
               "'waiting' AND since <= ? "
               "LIMIT ?",
               limit, at_most));
}

std::vector<HoldRow> holds_of(Connection& db, const OrderKey& key) {
  auto rows = db.query(
      "SELECT line, rule, first_fired, until, ended FROM holds WHERE shop = ? AND order_id = ?",
      key.shop, key.id);
  std::vector<HoldRow> holds;
  while (rows.step()) {
    holds.push_back({rows.text(0), rows.text(1), rows.time(2), rows.maybe_time(3), rows.truth(4),
                     rows.number(4) == kEndedByPerson});
  }
  return holds;
}

void put_hold(Connection& db, const OrderKey& key, const HoldRow& hold) {
  db.run(
      "INSERT INTO holds (shop, order_id, line, rule, first_fired, until, ended) "
      "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET until = excluded.until",
      key.shop, key.id, hold.line, hold.rule, hold.first_fired, hold.until, hold.ended);
}

void end_holds_of_line(Connection& db, const OrderKey& key, std::string_view line) {
  db.run("UPDATE holds SET ended = ? WHERE shop = ? AND order_id = ? AND line = ? AND ended = 0",
         kEndedByPerson, key.shop, key.id, line);
}

void revive_holds(Connection& db, const OrderKey& key) {
  db.run("UPDATE holds SET ended = 0 WHERE shop = ? AND order_id = ? AND ended = ?", key.shop,
         key.id, kEndedByPerson);
}

std::vector<OrderKey> end_holds(Connection& db, Timestamp now, std::int64_t at_most) {
  auto keys =
      read_keys(db.query("SELECT DISTINCT shop, order_id FROM holds INDEXED BY holds_running WHERE "
                         "ended = 0 AND until <= ? LIMIT ?",
                         now, at_most));
  for (const auto& key : keys) {
    db.run(
        "UPDATE holds SET ended = 1 WHERE shop = ? AND order_id = ? AND ended = 0 AND until <= ?",
        key.shop, key.id, now);
  }
  return keys;
}

std::vector<OrderKey> release_held_parts(Connection& db, std::string_view stage, Timestamp now,
                                         std::int64_t at_most) {
  auto keys =
      read_keys(db.query("SELECT DISTINCT shop, order_id FROM parts INDEXED BY parts_held_until "
                         "WHERE stage = 'held' AND until <= ? "
                         "LIMIT ?",
                         now, at_most));
  for (const auto& key : keys) {
    db.run(
        "UPDATE parts SET stage = ? WHERE shop = ? AND order_id = ? AND stage = 'held' AND "
        "until <= ?",
        stage, key.shop, key.id, now);
  }
  return keys;
}

void replace_waits(Connection& db, const OrderKey& key,
                   const std::vector<std::pair<std::string, std::string>>& facts_and_lines) {
  db.run("DELETE FROM waits WHERE shop = ? AND order_id = ?", key.shop, key.id);
  for (const auto& [fact, line] : facts_and_lines) {
    db.run("INSERT INTO waits (shop, fact, order_id, line) VALUES (?, ?, ?, ?)", key.shop, fact,
           key.id, line);
  }
}

void make_due(Connection& db, std::string_view shop, std::string_view fact) {
  db.run(
      "INSERT OR IGNORE INTO due (shop, order_id) "
      "SELECT DISTINCT shop, order_id FROM waits WHERE shop = ? AND fact = ?",
      shop, fact);
}

void make_order_due(Connection& db, const OrderKey& key, std::string_view how) {
  db.run(
      "INSERT INTO due (shop, order_id, how) VALUES (?1, ?2, ?3) "
      "ON CONFLICT DO UPDATE SET how = excluded.how WHERE excluded.how <> 'again'",
      key.shop, key.id, how);
}

std::vector<DueOrder> take_due(Connection& db, std::int64_t at_most) {
  std::vector<DueOrder> due;
  auto rows = db.query("SELECT shop, order_id, how FROM due LIMIT ?", at_most);
  while (rows.step()) due.push_back({{rows.text(0), rows.text(1)}, rows.text(2)});
  for (const auto& each : due) {
    db.run("DELETE FROM due WHERE shop = ? AND order_id = ?", each.key.shop, each.key.id);
  }
  return due;
}

std::int64_t count_other_orders(Connection& db, std::string_view shop, std::string_view customer_id,
                                std::string_view email, std::string_view order_id) {
  if (!customer_id.empty()) {
    auto row =
        db.query("SELECT count(*) FROM orders WHERE shop = ? AND customer_id = ? AND id <> ?", shop,
                 customer_id, order_id);
    row.step();
    return row.number(0);
  }
  if (email.empty()) return 0;
  auto row =
      db.query("SELECT count(*) FROM orders WHERE shop = ? AND customer_email = ? AND id <> ?",
               shop, email, order_id);
  row.step();
  return row.number(0);
}

std::vector<OrderRow> list_orders(Connection& db, std::string_view shop, std::string_view state,
                                  const std::optional<std::string>& supplier,
                                  const std::optional<std::vector<std::string>>& only,
                                  std::int64_t after, std::int64_t limit) {
  std::optional<std::string> shops;
  if (only) shops = texts_to_json(*only);
  // One statement for all filters: an absent one is an empty text.
  auto rows = db.query(
      "SELECT seq, shop, id, revision, updated_at, received_at, state, decision, customer_id, "
      "customer_email, version, silent, name FROM orders o WHERE seq > ?1 AND (?2 = '' OR shop = "
      "?2) "
      "AND (?3 = '' OR state = ?3) AND (?4 IS NULL OR EXISTS (SELECT 1 FROM parts p "
      "WHERE p.supplier = ?4 AND p.shop = o.shop AND p.order_id = o.id AND p.outcome = "
      "'assigned')) AND (?5 IS NULL OR shop IN (SELECT value FROM json_each(?5))) "
      "ORDER BY seq LIMIT ?6",
      after, shop, state, supplier, shops, limit);
  std::vector<OrderRow> orders;
  while (rows.step()) orders.push_back(read_order_row(rows));
  return orders;
}

std::vector<OrderRow> list_orders_among(Connection& db, const std::vector<OrderPiece>& pieces,
                                        std::string_view shop, std::string_view state,
                                        const std::optional<std::string>& supplier,
                                        std::int64_t after, std::int64_t limit) {
  boost::json::array wanted;
  for (const auto& piece : pieces) {
    if (!shop.empty() && piece.order.shop != shop) continue;
    wanted.push_back({{"shop", piece.order.shop},
                      {"id", piece.order.id},
                      {"line", piece.line},
                      {"part", piece.part}});
  }
  if (wanted.empty()) return {};
  // The joins are CROSS ones so that SQLite goes from the pieces to their orders by key, never
  // along the table of all orders.
  auto rows = db.query(
      "WITH wanted AS MATERIALIZED (SELECT value ->> 'shop' AS shop, value ->> 'id' AS id, "
      "value ->> 'line' AS line, value ->> 'part' AS part FROM json_each(?1)) "
      "SELECT DISTINCT o.seq, o.shop, o.id, o.revision, o.updated_at, o.received_at, "
      "CASE w.line WHEN '' THEN o.state ELSE 'decided' END AS told, o.decision, o.customer_id, "
      "o.customer_email, o.version, o.silent, o.name "
      "FROM wanted w CROSS JOIN orders o ON o.shop = w.shop AND o.id = w.id "
      "WHERE o.seq > ?2 AND (?3 = '' OR told = ?3) AND ((w.line = '' AND ?4 IS NULL) OR EXISTS "
      "(SELECT 1 FROM parts p WHERE p.shop = o.shop AND p.order_id = o.id "
      "AND (w.line = '' OR p.line = w.line) AND (w.part = 0 OR p.part = w.part) "
      "AND (?4 IS NULL OR (p.supplier = ?4 AND p.outcome = 'assigned')))) "
      "ORDER BY o.seq LIMIT ?5",
      boost::json::serialize(wanted), after, state, supplier, limit);
  std::vector<OrderRow> orders;
  while (rows.step()) orders.push_back(read_order_row(rows));
  return orders;
}

std::vector<OrderKey> orders_called(Connection& db, std::string_view shop, std::string_view number,
                                    const std::optional<std::string>& supplier) {
  // An `OR` of id and name would look at all orders of the shop.
  return read_keys(
      db.query("SELECT shop, id FROM orders o WHERE seq IN "
               "(SELECT seq FROM orders WHERE shop = ?1 AND id = ?2 "
               "UNION SELECT seq FROM orders WHERE shop = ?1 AND name = ?2) "
               "AND (?3 IS NULL OR EXISTS (SELECT 1 FROM parts p WHERE p.shop = o.shop "
               "AND p.order_id = o.id AND p.supplier = ?3 AND p.outcome = 'assigned')) "
               "ORDER BY seq",
               shop, number, supplier));
}

std::vector<std::pair<std::string, std::int64_t>> parts_by_supplier(Connection& db) {
  auto rows = db.query(
      "SELECT supplier, count(*) FROM parts WHERE supplier IS NOT NULL "
      "AND outcome IN ('assigned', 'held') AND stage NOT IN ('shipped', 'delivered') "
      "GROUP BY supplier");
  std::vector<std::pair<std::string, std::int64_t>> counts;
  while (rows.step()) counts.emplace_back(rows.text(0), rows.number(1));
  return counts;
}

}  // namespace consign::store
