#include "daemon/store/request_rows.hpp"

#include <array>
#include <stdexcept>

namespace consign::store {
namespace {

constexpr std::array<std::string_view, 8> kStates{"review",   "invited", "suspended", "lapsed",
                                                  "accepted", "denied",  "expired",   "cancelled"};

RequestState state_of(const std::string& name) {
  const auto state = request_state_of(name);
  if (!state) throw std::runtime_error("a request is `" + name + "`, which no state is called");
  return *state;
}

#define REQUEST_COLUMNS                                                                      \
  "requests.id, kind, account, document, fingerprint, filed_by, filed_at, state, decision, " \
  "rules, given, reviewer, reason, decided_by, changed_at, due "

std::vector<std::string> shops_of(Connection& db, std::string_view request) {
  auto rows = db.query(
      "SELECT value FROM requests, json_each(document, '$.shops') WHERE requests.id = ?", request);
  std::vector<std::string> shops;
  while (rows.step()) shops.push_back(rows.text(0));
  return shops;
}

RequestRow read_request(const Statement& row) {
  return {.id = row.text(0),
          .kind = row.text(1),
          .account = row.text(2),
          .document = row.text(3),
          .fingerprint = row.text(4),
          .filed_by = row.text(5),
          .filed_at = row.time(6),
          .state = state_of(row.text(7)),
          .decision = row.text(8),
          .rules = row.text(9),
          .given = row.text(10),
          .reviewer = row.text(11),
          .reason = row.text(12),
          .decided_by = row.maybe_text(13),
          .changed_at = row.time(14),
          .due = row.maybe_time(15)};
}

std::vector<RequestRow> read_requests(Connection& db, Statement rows) {
  std::vector<RequestRow> requests;
  while (rows.step()) requests.push_back(read_request(rows));
  for (auto& request : requests) request.shops = shops_of(db, request.id);
  return requests;
}

std::optional<RequestRow> first_of(std::vector<RequestRow> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

}  // namespace

std::string_view name_of(RequestState state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<RequestState> request_state_of(std::string_view name) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == name) return static_cast<RequestState>(i);
  }
  return std::nullopt;
}

std::optional<RequestRow> find_request(Connection& db, std::string_view id) {
  return first_of(
      read_requests(db, db.query("SELECT " REQUEST_COLUMNS "FROM requests WHERE id = ?", id)));
}

void put_request(Connection& db, const RequestRow& row) {
  db.run(
      "INSERT INTO requests (id, kind, account, document, fingerprint, filed_by, filed_at, state, "
      "decision, rules, given, reviewer, reason, decided_by, changed_at, due) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (id) DO UPDATE SET state = excluded.state, given = excluded.given, "
      "reason = excluded.reason, decided_by = excluded.decided_by, "
      "changed_at = excluded.changed_at, due = excluded.due",
      row.id, row.kind, row.account, row.document, Blob{row.fingerprint}, row.filed_by,
      row.filed_at, name_of(row.state), row.decision, row.rules, row.given, row.reviewer,
      row.reason, row.decided_by, row.changed_at, row.due);
  for (const auto& shop : row.shops) {
    db.run("INSERT OR IGNORE INTO request_shops (shop, request) VALUES (?, ?)", shop, row.id);
  }
}

std::optional<RequestRow> open_request(Connection& db, std::string_view account,
                                       std::string_view fingerprint) {
  return first_of(read_requests(
      db, db.query("SELECT " REQUEST_COLUMNS "FROM requests WHERE account = ? AND fingerprint = ? "
                   "AND state IN ('review', 'invited') ORDER BY filed_at DESC LIMIT 1",
                   account, Blob{fingerprint})));
}

std::vector<RequestRow> unfinished_requests_of(Connection& db, std::string_view account) {
  return read_requests(
      db, db.query("SELECT " REQUEST_COLUMNS "FROM requests WHERE account = ? "
                   "AND state IN ('review', 'invited', 'suspended', 'lapsed') ORDER BY filed_at",
                   account));
}

std::vector<RequestRow> due_requests(Connection& db, Timestamp now, std::int64_t at_most) {
  return read_requests(db,
                       db.query("SELECT " REQUEST_COLUMNS "FROM requests INDEXED BY requests_due "
                                "WHERE due IS NOT NULL AND due <= ? ORDER BY due LIMIT ?",
                                now, at_most));
}

std::vector<RequestRow> list_requests(Connection& db, const RequestFilter& filter,
                                      std::string_view after, std::int64_t limit) {
  return read_requests(
      db,
      db.query("SELECT " REQUEST_COLUMNS "FROM requests WHERE id > ?1 AND (?2 = '' OR state = ?2) "
               "AND (?3 = '' OR kind = ?3) AND (?4 = '' OR EXISTS (SELECT 1 FROM request_shops "
               "WHERE request_shops.shop = ?4 AND request_shops.request = requests.id)) "
               "AND (?5 = '' OR account = ?5) "
               "AND (?6 = '' OR account = ?6 OR filed_by = ?6) ORDER BY id LIMIT ?7",
               after, filter.state, filter.kind, filter.shop, filter.account, filter.involving,
               limit));
}

std::vector<RequestRow> pending_invitations(Connection& db, std::string_view kind,
                                            std::string_view shop, Timestamp now) {
  return read_requests(
      db, db.query("SELECT " REQUEST_COLUMNS
                   "FROM requests JOIN request_shops ON request_shops.request = requests.id "
                   "WHERE request_shops.shop = ? AND kind = ? AND state = 'invited' "
                   "AND (due IS NULL OR due > ?) ORDER BY changed_at DESC, requests.id DESC",
                   shop, kind, now));
}

void put_activation_link(Connection& db, std::string_view hash, std::string_view request,
                         Timestamp now) {
  drop_activation_links(db, request);
  db.run("INSERT INTO activation_links (hash, request, made_at) VALUES (?, ?, ?)", Blob{hash},
         request, now);
}

void drop_activation_links(Connection& db, std::string_view request) {
  db.run("DELETE FROM activation_links WHERE request = ?", request);
}

std::optional<RequestRow> request_of_link(Connection& db, std::string_view hash) {
  std::string request;
  {
    auto row = db.query("SELECT request FROM activation_links WHERE hash = ?", Blob{hash});
    if (!row.step()) return std::nullopt;
    request = row.text(0);
  }
  return find_request(db, request);
}

}  // namespace consign::store
