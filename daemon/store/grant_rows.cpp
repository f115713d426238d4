#include "daemon/store/grant_rows.hpp"

#include <array>
#include <stdexcept>

namespace consign::store {
namespace {

constexpr std::array<std::string_view, 4> kStates{"open", "suspended", "revoked", "ended"};

GrantState state_of(const std::string& name) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == name) return static_cast<GrantState>(i);
  }
  throw std::runtime_error("a grant is `" + name + "`, which no state is called");
}

#define GRANT_COLUMNS                                                                             \
  "id, permission, account, shop, order_id, on_shop, line, part, until, rule, because, made_at, " \
  "state, by_person, ended_at, last_used, idle_seconds, assigned_only "

// What a list holds, whichever index leads to it. An absent filter is an empty text.
#define LISTED                                                                     \
  "id > ?1 AND (?3 = '' OR shop = ?3) AND (?4 = '' OR permission IN (?4, ?5)) "    \
  "AND (?6 = '' OR ?6 = CASE WHEN state IN ('open', 'suspended') AND until <= ?7 " \
  "THEN 'expired' WHEN state = 'open' THEN 'active' ELSE state END) ORDER BY id LIMIT ?8"

GrantRow read_grant(const Statement& row) {
  return {.id = row.text(0),
          .permission = row.text(1),
          .account = row.text(2),
          .order = {row.text(3), row.text(4)},
          .on_shop = row.truth(5),
          .line = row.text(6),
          .part = row.number(7),
          .until = row.maybe_time(8),
          .rule = row.text(9),
          .because = row.text(10),
          .made_at = row.time(11),
          .state = state_of(row.text(12)),
          .by_person = row.maybe_text(13),
          .ended_at = row.maybe_time(14),
          .last_used = row.maybe_time(15),
          .idle_seconds = row.is_null(16) ? std::nullopt : std::optional(row.number(16)),
          .assigned_only = row.truth(17)};
}

std::vector<GrantRow> read_grants(Statement rows) {
  std::vector<GrantRow> grants;
  while (rows.step()) grants.push_back(read_grant(rows));
  return grants;
}

}  // namespace

std::string_view name_of(GrantState state) { return kStates[static_cast<std::size_t>(state)]; }

bool is_standing(const GrantRow& grant) {
  return grant.state == GrantState::open || grant.state == GrantState::suspended;
}

std::vector<GrantRow> open_grants_of_order(Connection& db, const OrderKey& key) {
  return read_grants(db.query("SELECT " GRANT_COLUMNS
                              "FROM grants WHERE shop = ? AND order_id = ? AND state = 'open' "
                              "ORDER BY id, permission",
                              key.shop, key.id));
}

std::vector<GrantRow> rule_grants_of_order(Connection& db, const OrderKey& key) {
  return read_grants(db.query("SELECT " GRANT_COLUMNS
                              "FROM grants WHERE shop = ? AND order_id = ? AND state <> 'ended' "
                              "AND by_person IS NULL ORDER BY id, permission",
                              key.shop, key.id));
}

void end_rule_grants(Connection& db, const OrderKey& key, Timestamp now) {
  db.run(
      "UPDATE grants SET state = 'ended', ended_at = ? WHERE shop = ? AND order_id = ? "
      "AND state IN ('open', 'suspended') AND by_person IS NULL",
      now, key.shop, key.id);
}

void put_grant(Connection& db, const GrantRow& grant) {
  db.run(
      "INSERT INTO grants (id, permission, account, shop, order_id, on_shop, line, part, until, "
      "rule, because, made_at, state, by_person, ended_at, last_used, idle_seconds, "
      "assigned_only) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (id, permission) DO UPDATE SET state = excluded.state, until = excluded.until, "
      "because = excluded.because, ended_at = excluded.ended_at",
      grant.id, grant.permission, grant.account, grant.order.shop, grant.order.id, grant.on_shop,
      grant.line, grant.part, grant.until, grant.rule, grant.because, grant.made_at,
      name_of(grant.state), grant.by_person, grant.ended_at, grant.last_used, grant.idle_seconds,
      grant.assigned_only);
}

std::vector<GrantRow> end_grants_of_account(Connection& db, std::string_view account,
                                            Timestamp now) {
  auto rows = read_grants(db.query("SELECT " GRANT_COLUMNS "FROM grants WHERE account = ? "
                                   "AND state IN ('open', 'suspended') ORDER BY id, permission",
                                   account));
  db.run(
      "UPDATE grants SET state = 'ended', ended_at = ? WHERE account = ? "
      "AND state IN ('open', 'suspended')",
      now, account);
  return rows;
}

std::vector<GrantRow> standing_grants_of(Connection& db, std::string_view account,
                                         std::string_view shop) {
  return read_grants(db.query("SELECT " GRANT_COLUMNS "FROM grants WHERE account = ? AND shop = ? "
                              "AND state IN ('open', 'suspended') ORDER BY id, permission",
                              account, shop));
}

std::vector<GrantRow> grant_rows(Connection& db, std::string_view id) {
  return read_grants(
      db.query("SELECT " GRANT_COLUMNS "FROM grants WHERE id = ? ORDER BY permission", id));
}

void each_standing_grant(Connection& db, Timestamp now,
                         const std::function<void(const GrantRow&)>& each) {
  auto rows = db.query("SELECT " GRANT_COLUMNS
                       "FROM grants WHERE state IN ('open', 'suspended') "
                       "AND (until IS NULL OR until > ?) ORDER BY id, permission",
                       now);
  while (rows.step()) each(read_grant(rows));
}

void note_grant_used(Connection& db, std::string_view id, std::string_view permission,
                     Timestamp at) {
  db.run("UPDATE grants SET last_used = ? WHERE id = ? AND permission = ?", at, id, permission);
}

std::vector<std::string> list_grants(Connection& db, const GrantFilter& filter, Timestamp now,
                                     std::string_view after, std::int64_t limit) {
  constexpr const char* kAny = "SELECT DISTINCT id FROM grants WHERE ?2 = '' AND " LISTED;
  constexpr const char* kOfAccount =
      "SELECT DISTINCT id FROM grants WHERE account = ?2 AND " LISTED;
  constexpr const char* kStanding =
      "SELECT DISTINCT id FROM grants WHERE state IN ('open', 'suspended') AND ?2 = '' AND " LISTED;
  const bool stands =
      filter.state == "active" || filter.state == "suspended" || filter.state == "expired";
  auto rows = db.query(!filter.account.empty() ? kOfAccount
                       : stands                ? kStanding
                                               : kAny,
                       after, filter.account, filter.shop, filter.permission, filter.wildcard,
                       filter.state, now, limit);
  std::vector<std::string> ids;
  while (rows.step()) ids.push_back(rows.text(0));
  return ids;
}

}  // namespace consign::store
