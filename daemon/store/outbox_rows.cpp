#include "daemon/store/outbox_rows.hpp"

#include "consign/hash.hpp"

namespace consign::store {
namespace {

// The effect itself makes its id, so a store that was brought back from a copy gives the same ones
// again, and whoever got an effect before knows it.
std::string effect_id(const OrderKey& key, const NewEffect& effect) {
  Sha256 hash;
  hash.field(key.shop).field(key.id).field(effect.part).field(effect.rule).field(effect.action);
  constexpr std::size_t kDigits = 32;
  return "msg_" + to_hex(hash.digest()).substr(0, kDigits);
}

EffectRow read_effect(const Statement& row) {
  return {.seq = row.number(0),
          .id = row.text(1),
          .order = {row.text(2), row.text(3)},
          .part = row.text(4),
          .rule = row.text(5),
          .action = row.text(6),
          .endpoint = row.text(7),
          .body = row.text(8),
          .decision = row.text(9),
          .at = row.time(10),
          .state = row.text(11),
          .tries = row.number(12),
          .next_at = row.time(13),
          .ended_at = row.maybe_time(14)};
}

}  // namespace

void queue_effect(Connection& db, const OrderKey& key, const NewEffect& effect,
                  std::string_view decision, Timestamp now) {
  db.run(
      "INSERT OR IGNORE INTO outbox (id, shop, order_id, part, rule, action, endpoint, body, "
      "decision, at, next_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10 "
      "WHERE NOT EXISTS (SELECT 1 FROM delivered_effects WHERE id = ?1)",
      effect_id(key, effect), key.shop, key.id, effect.part, effect.rule, effect.action,
      effect.endpoint, effect.body, decision, now);
}

std::optional<EffectRow> next_effect(Connection& db, std::string_view endpoint, Timestamp now,
                                     Timestamp fresh_from) {
  // `first` of an order: no earlier one of it is queued. The pluses keep SQLite to the order's own
  // rows for that, since the rows of the endpoint may be many. Few are `retrying`, so the walk to
  // the first `fresh` one passes only them and what waits behind them.
  constexpr const char* kFirst =
      "NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.shop = o.shop AND "
      "earlier.order_id = o.order_id AND +earlier.endpoint = o.endpoint AND "
      "+earlier.state = 'queued' AND +earlier.seq < o.seq)";
  static const std::string sql =
      std::string(
          "WITH retrying AS (SELECT seq AS place, next_at AS due FROM outbox AS o "
          "INDEXED BY outbox_retrying WHERE endpoint = ?1 AND state = 'queued' AND tries > 0 "
          "AND ") +
      kFirst +
      "), fresh AS (SELECT seq AS place, max(next_at, ?3) AS due FROM outbox AS o "
      "INDEXED BY outbox_queued WHERE endpoint = ?1 AND state = 'queued' AND tries = 0 AND " +
      kFirst +
      " ORDER BY seq LIMIT 1), "
      "chosen AS (SELECT place, due FROM (SELECT place, due FROM retrying "
      "UNION ALL SELECT place, due FROM fresh) ORDER BY max(due, ?2), place LIMIT 1) "
      "SELECT seq, id, shop, order_id, part, rule, action, endpoint, body, decision, at, state, "
      "tries, due, ended_at FROM chosen JOIN outbox ON seq = place";
  auto row = db.query(sql.c_str(), endpoint, now, fresh_from);
  if (!row.step()) return std::nullopt;
  return read_effect(row);
}

std::optional<EffectRow> find_effect(Connection& db, std::string_view id) {
  auto row = db.query(
      "SELECT seq, id, shop, order_id, part, rule, action, endpoint, body, decision, at, state, "
      "tries, next_at, ended_at FROM outbox WHERE id = ?",
      id);
  if (!row.step()) return std::nullopt;
  return read_effect(row);
}

std::vector<EffectRow> list_effects(Connection& db, const EffectFilter& filter, std::int64_t after,
                                    std::int64_t limit) {
  // One statement for all filters: an absent one is an empty text.
  auto rows = db.query(
      "SELECT seq, id, shop, order_id, part, rule, action, endpoint, '', decision, at, state, "
      "tries, next_at, ended_at FROM outbox WHERE seq > ?1 AND (?2 = '' OR endpoint = ?2) "
      "AND (?3 = '' OR state = ?3) AND (?4 = '' OR shop = ?4) AND (?5 = '' OR order_id = ?5) "
      "ORDER BY seq LIMIT ?6",
      after, filter.endpoint, filter.state, filter.shop, filter.order, limit);
  std::vector<EffectRow> effects;
  while (rows.step()) effects.push_back(read_effect(rows));
  return effects;
}

std::vector<AttemptRow> attempts_of(Connection& db, std::int64_t seq) {
  auto rows = db.query(
      "SELECT number, at, millis, status, problem FROM attempts WHERE effect = ? ORDER BY number",
      seq);
  std::vector<AttemptRow> attempts;
  while (rows.step()) {
    attempts.push_back({.number = rows.number(0),
                        .at = rows.time(1),
                        .millis = rows.number(2),
                        .status = rows.number(3),
                        .problem = rows.maybe_text(4)});
  }
  return attempts;
}

void record_attempt(Connection& db, std::int64_t seq, const AttemptRow& attempt) {
  db.run(
      "INSERT INTO attempts (effect, number, at, millis, status, problem) SELECT ?1, "
      "1 + coalesce((SELECT max(number) FROM attempts WHERE effect = ?1), 0), ?2, ?3, ?4, ?5",
      seq, attempt.at, attempt.millis, attempt.status, attempt.problem);
}

void end_effect(Connection& db, std::int64_t seq, std::string_view state, Timestamp now) {
  db.run("UPDATE outbox SET state = ?, ended_at = ? WHERE seq = ?", state, now, seq);
}

void postpone_effect(Connection& db, std::int64_t seq, std::int64_t tries, Timestamp next_at) {
  db.run("UPDATE outbox SET tries = ?, next_at = ? WHERE seq = ?", tries, next_at, seq);
}

bool queue_again(Connection& db, std::string_view id, Timestamp now) {
  return db.run(
             "UPDATE outbox SET state = 'queued', tries = 0, next_at = ?, ended_at = NULL "
             "WHERE id = ?",
             now, id) > 0;
}

std::int64_t prune_delivered(Connection& db, Timestamp before, std::int64_t at_most) {
  struct Old {
    std::int64_t seq;
    std::string id;
  };
  std::vector<Old> old;
  {
    auto rows = db.query(
        "SELECT seq, shop, order_id, part, rule, action FROM outbox WHERE state = 'delivered' "
        "AND ended_at < ? ORDER BY ended_at LIMIT ?",
        before, at_most);
    while (rows.step()) {
      const NewEffect effect{.part = rows.text(3), .rule = rows.text(4), .action = rows.text(5)};
      old.push_back({rows.number(0), effect_id({rows.text(1), rows.text(2)}, effect)});
    }
  }
  for (const auto& effect : old) {
    db.run("INSERT OR IGNORE INTO delivered_effects (id) VALUES (?)", effect.id);
    db.run("DELETE FROM attempts WHERE effect = ?", effect.seq);
    db.run("DELETE FROM outbox WHERE seq = ?", effect.seq);
  }
  return static_cast<std::int64_t>(old.size());
}

std::vector<std::string> endpoints_with_work(Connection& db) {
  // From one name to the next by the index, however many effects there are.
  auto rows = db.query(
      "WITH RECURSIVE names (name) AS ("
      "SELECT min(endpoint) FROM outbox WHERE state = 'queued' UNION ALL "
      "SELECT (SELECT min(endpoint) FROM outbox WHERE state = 'queued' AND endpoint > name) "
      "FROM names WHERE name IS NOT NULL) SELECT name FROM names WHERE name IS NOT NULL");
  std::vector<std::string> names;
  while (rows.step()) names.push_back(rows.text(0));
  return names;
}

std::vector<std::int64_t> queued_for(Connection& db, std::string_view endpoint,
                                     std::int64_t at_most) {
  auto rows = db.query(
      "SELECT seq FROM outbox WHERE endpoint = ? AND state = 'queued' ORDER BY seq LIMIT ?",
      endpoint, at_most);
  std::vector<std::int64_t> found;
  while (rows.step()) found.push_back(rows.number(0));
  return found;
}

std::optional<DisabledEndpoint> find_disabled_endpoint(Connection& db, std::string_view name) {
  auto row = db.query("SELECT name, since, reason FROM disabled_endpoints WHERE name = ?", name);
  if (!row.step()) return std::nullopt;
  return DisabledEndpoint{row.text(0), row.time(1), row.text(2)};
}

void disable_endpoint(Connection& db, const DisabledEndpoint& endpoint) {
  db.run("INSERT OR IGNORE INTO disabled_endpoints (name, since, reason) VALUES (?, ?, ?)",
         endpoint.name, endpoint.since, endpoint.reason);
}

void enable_endpoint(Connection& db, std::string_view endpoint, Timestamp now) {
  db.run("DELETE FROM disabled_endpoints WHERE name = ?", endpoint);
  db.run(
      "UPDATE outbox SET tries = 0, next_at = ?2 WHERE endpoint = ?1 AND state = 'queued' "
      "AND tries > 0",
      endpoint, now);
  // The sender looks again when the outbox changes, so the first one is touched in any case.
  db.run(
      "UPDATE outbox SET next_at = ?2 WHERE seq = (SELECT min(seq) FROM outbox "
      "WHERE endpoint = ?1 AND state = 'queued')",
      endpoint, now);
}

EndpointCounts count_effects(Connection& db, std::string_view endpoint) {
  auto row = db.query(
      "SELECT (SELECT count(*) FROM outbox WHERE endpoint = ?1 AND state = 'queued'), "
      "(SELECT count(*) FROM outbox WHERE endpoint = ?1 AND state = 'failed'), "
      "(SELECT at FROM outbox WHERE endpoint = ?1 AND state = 'queued' ORDER BY seq LIMIT 1)",
      endpoint);
  row.step();
  return {.queued = row.number(0), .failed = row.number(1), .oldest_queued_at = row.maybe_time(2)};
}

}  // namespace consign::store
