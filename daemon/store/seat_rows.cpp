#include "daemon/store/seat_rows.hpp"

namespace consign::store {
namespace {

// Accounts of a kind, active, with when they last did something; who was suspended begins anew when
// resumed, or would be removed the moment after.
#define ACTIVE_OF_KIND                                                                        \
  "SELECT account, organization, shops, suspended_in, max(made_at, "                          \
  "ifnull((SELECT max(last_used) FROM tokens WHERE tokens.account = accounts.account), 0), "  \
  "ifnull((SELECT max(last_used) FROM grants WHERE grants.account = accounts.account), 0), "  \
  "ifnull((SELECT max(at) FROM access_events WHERE subject = 'account ' || accounts.account " \
  "AND what = 'resumed'), 0)) "                                                               \
  "AS active_at FROM accounts WHERE account > ?1 || ':' AND account < ?1 || ';' "             \
  "AND state = 'active'"

std::vector<std::string> read_names(Statement rows) {
  std::vector<std::string> names;
  while (rows.step()) names.push_back(rows.text(0));
  return names;
}

}  // namespace

std::vector<std::string> accounts_with_seat(Connection& db, std::string_view kind,
                                            std::string_view shop) {
  return read_names(db.query(
      "SELECT account FROM (" ACTIVE_OF_KIND
      ") WHERE (shops IS NULL OR EXISTS (SELECT 1 FROM json_each(shops) WHERE value = ?2)) "
      "AND NOT EXISTS (SELECT 1 FROM json_each(suspended_in) WHERE value = ?2) "
      "ORDER BY active_at, account",
      kind, shop));
}

std::vector<std::string> idle_accounts(Connection& db, std::string_view kind, Timestamp before,
                                       bool per_organization) {
  return read_names(db.query(
      "WITH of_kind AS (" ACTIVE_OF_KIND
      ") SELECT account FROM of_kind WHERE active_at <= ?2 AND (NOT ?3 OR organization = '' "
      "OR NOT EXISTS (SELECT 1 FROM of_kind AS other WHERE "
      "other.organization = of_kind.organization AND other.active_at > ?2)) ORDER BY account",
      kind, before, per_organization));
}

std::vector<MainAccount> main_accounts(Connection& db, Timestamp now) {
  auto rows = db.query(
      "SELECT account, organization FROM accounts "
      "WHERE account > 'main:' AND account < 'main;' AND state <> 'removed' "
      "UNION ALL SELECT account, ifnull(json_extract(document, '$.requester.organization'), '') "
      "FROM requests WHERE kind = 'main' AND state = 'invited' AND (due IS NULL OR due > ?)",
      now);
  std::vector<MainAccount> found;
  while (rows.step()) found.push_back({rows.text(0), rows.text(1)});
  return found;
}

std::string seats_fitted_for(Connection& db) {
  auto row = db.query("SELECT state FROM seats_fitted");
  return row.step() ? row.text(0) : "";
}

void put_seats_fitted_for(Connection& db, std::string_view state) {
  db.run("INSERT OR REPLACE INTO seats_fitted (one, state) VALUES (1, ?)", state);
}

}  // namespace consign::store
