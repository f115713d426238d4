#include "daemon/store/event_rows.hpp"

namespace consign::store {
namespace {

#define STANDING_COLUMNS                                                                \
  "s.event, s.name, e.id, s.shop, s.state, s.account, s.grp, s.reason, e.received_at, " \
  "s.changed_at FROM event_standings s JOIN own_events e ON e.seq = s.event "

StandingEvent read_standing(const Statement& row) {
  return {.seq = row.number(0),
          .key = {row.text(1), row.text(2)},
          .shop = row.text(3),
          .state = row.text(4),
          .account = row.text(5),
          .group = row.text(6),
          .reason = row.text(7),
          .received_at = row.time(8),
          .changed_at = row.time(9)};
}

std::vector<StandingEvent> all_of(Statement rows) {
  std::vector<StandingEvent> events;
  while (rows.step()) events.push_back(read_standing(rows));
  return events;
}

}  // namespace

std::string subject_of(const EventKey& key) {
  // A `/` of the name would make two events look alike.
  std::string subject = "event ";
  for (const char c : key.name) {
    if (c == '/' || c == '~') subject += '~';
    subject += c == '/' ? '1' : c == '~' ? '0' : c;
  }
  return subject + '/' + key.id;
}

std::int64_t insert_event(Connection& db, const OwnEventRow& row) {
  db.run(
      "INSERT INTO own_events (name, id, shop, body, body_hash, received_at, rules, facts, answer, "
      "engine, time_zones) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.key.name, row.key.id, row.shop, row.body, Blob{row.body_hash}, row.received_at, row.rules,
      row.facts, row.answer, row.engine, row.time_zones);
  return sqlite3_last_insert_rowid(db.handle());
}

std::optional<OwnEventRow> find_event(Connection& db, const EventKey& key) {
  auto row = db.query(
      "SELECT seq, name, id, shop, body, body_hash, received_at, rules, facts, answer, engine, "
      "time_zones FROM own_events WHERE name = ? AND id = ?",
      key.name, key.id);
  if (!row.step()) return std::nullopt;
  return OwnEventRow{.seq = row.number(0),
                     .key = {row.text(1), row.text(2)},
                     .shop = row.text(3),
                     .body = row.text(4),
                     .body_hash = row.text(5),
                     .received_at = row.time(6),
                     .rules = row.text(7),
                     .facts = row.text(8),
                     .answer = row.text(9),
                     .engine = row.text(10),
                     .time_zones = row.text(11)};
}

std::optional<StandingEvent> find_standing(Connection& db, const EventKey& key) {
  auto row = db.query("SELECT " STANDING_COLUMNS "WHERE e.name = ? AND e.id = ?", key.name, key.id);
  if (!row.step()) return std::nullopt;
  return read_standing(row);
}

void put_standing(Connection& db, const StandingEvent& event) {
  db.run(
      "INSERT OR REPLACE INTO event_standings (event, name, shop, state, account, grp, reason, "
      "changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      event.seq, event.key.name, event.shop, event.state, event.account, event.group, event.reason,
      event.changed_at);
}

std::vector<StandingEvent> list_events(Connection& db, std::string_view name,
                                       const EventFilter& filter, std::int64_t after,
                                       std::int64_t limit) {
  if (!filter.account.empty()) {
    return all_of(db.query("SELECT " STANDING_COLUMNS
                           "WHERE s.account = ?2 AND s.event > ?4 AND s.name = ?1 AND s.state <> "
                           "'held' AND (?3 = '' OR s.state = ?3) ORDER BY s.event LIMIT ?5",
                           name, filter.account, filter.state, after, limit));
  }
  return all_of(db.query("SELECT " STANDING_COLUMNS
                         "WHERE s.name = ?1 AND s.event > ?3 AND (?2 = '' OR s.state = ?2) "
                         "ORDER BY s.event LIMIT ?4",
                         name, filter.state, after, limit));
}

std::vector<StandingEvent> events_with(Connection& db, std::string_view account, std::int64_t after,
                                       std::int64_t limit) {
  return all_of(db.query("SELECT " STANDING_COLUMNS
                         "WHERE s.account = ? AND s.account <> '' AND s.event > ? AND s.state = "
                         "'assigned' ORDER BY s.event LIMIT ?",
                         account, after, limit));
}

std::optional<Awaited> next_awaited(Connection& db, const Awaited& after) {
  auto row = db.query(
      "SELECT grp, account, shop FROM event_standings WHERE state = 'held' AND (grp <> '' OR "
      "account <> '') AND (grp, account, shop) > (?, ?, ?) ORDER BY grp, account, shop LIMIT 1",
      after.group, after.account, after.shop);
  if (!row.step()) return std::nullopt;
  return Awaited{row.text(0), row.text(1), row.text(2)};
}

std::vector<StandingEvent> events_awaiting(Connection& db, const Awaited& awaited,
                                           std::int64_t limit) {
  return all_of(
      db.query("SELECT " STANDING_COLUMNS
               "WHERE s.state = 'held' AND (s.grp <> '' OR s.account <> '') AND s.grp = ? "
               "AND s.account = ? AND s.shop = ? ORDER BY s.event LIMIT ?",
               awaited.group, awaited.account, awaited.shop, limit));
}

std::int64_t count_held(Connection& db, std::string_view group) {
  auto row = db.query(
      "SELECT count(*) FROM event_standings WHERE state = 'held' AND (grp <> '' OR account <> '') "
      "AND grp = ?",
      group);
  return row.step() ? row.number(0) : 0;
}

std::string last_turn(Connection& db, std::string_view group) {
  auto row = db.query("SELECT account FROM group_turns WHERE grp = ?", group);
  return row.step() ? row.text(0) : "";
}

void set_last_turn(Connection& db, std::string_view group, std::string_view account) {
  db.run("INSERT OR REPLACE INTO group_turns (grp, account) VALUES (?, ?)", group, account);
}

std::optional<Timestamp> on_duty_since(Connection& db, std::string_view account) {
  auto row = db.query("SELECT since FROM duties WHERE account = ?", account);
  if (!row.step()) return std::nullopt;
  return row.time(0);
}

bool set_duty(Connection& db, std::string_view account, bool on, Timestamp now) {
  return (on ? db.run("INSERT OR IGNORE INTO duties (account, since) VALUES (?, ?)", account, now)
             : db.run("DELETE FROM duties WHERE account = ?", account)) > 0;
}

void look_at_account(Connection& db, std::string_view account) {
  db.run("INSERT OR REPLACE INTO accounts_to_look_at (account, after) VALUES (?, 0)", account);
}

std::optional<AccountToLookAt> next_account_to_look_at(Connection& db) {
  auto row = db.query("SELECT account, after FROM accounts_to_look_at ORDER BY account LIMIT 1");
  if (!row.step()) return std::nullopt;
  return AccountToLookAt{row.text(0), row.number(1)};
}

void looked_up_to(Connection& db, std::string_view account, std::int64_t event) {
  db.run("UPDATE accounts_to_look_at SET after = ? WHERE account = ?", event, account);
}

void looked_at_all(Connection& db, std::string_view account) {
  db.run("DELETE FROM accounts_to_look_at WHERE account = ?", account);
}

}  // namespace consign::store
