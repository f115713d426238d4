#include "daemon/store/access_rows.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "daemon/store/json_texts.hpp"

namespace consign::store {
namespace {

constexpr std::array<std::string_view, 3> kAccountStates{"active", "suspended", "removed"};

AccountState state_of(const std::string& name) {
  for (std::size_t i = 0; i < kAccountStates.size(); ++i) {
    if (kAccountStates[i] == name) return static_cast<AccountState>(i);
  }
  throw std::runtime_error("an account is `" + name + "`, which no state is called");
}

std::optional<std::string> to_list(const std::optional<std::vector<std::string>>& words) {
  if (!words) return std::nullopt;
  return texts_to_json(*words);
}

std::optional<std::vector<std::string>> from_list(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return texts_from_json(*text);
}

#define ACCOUNT_COLUMNS                                                                 \
  "account, name, email, shops, roles, mfa, state, made_at, changed_at, mfa_required, " \
  "organization, supplier, suspended_in "

AccountRow read_account(const Statement& row) {
  return {.account = row.text(0),
          .name = row.text(1),
          .email = row.text(2),
          .shops = from_list(row.maybe_text(3)),
          .roles = texts_from_json(row.text(4)),
          .mfa = row.truth(5),
          .mfa_required = row.truth(9),
          .organization = row.text(10),
          .supplier = row.text(11),
          .suspended_in = texts_from_json(row.text(12)),
          .state = state_of(row.text(6)),
          .made_at = row.time(7),
          .changed_at = row.time(8)};
}

#define TOKEN_COLUMNS                                                                     \
  "hash, account, id, label, permissions, shops, made_at, made_by, expires, revoked_at, " \
  "last_used "

TokenRow read_token(const Statement& row) {
  return {.hash = row.text(0),
          .account = row.text(1),
          .id = row.text(2),
          .label = row.text(3),
          .permissions = from_list(row.maybe_text(4)),
          .shops = from_list(row.maybe_text(5)),
          .made_at = row.time(6),
          .made_by = row.text(7),
          .expires = row.maybe_time(8),
          .revoked_at = row.maybe_time(9),
          .last_used = row.maybe_time(10)};
}

std::optional<TokenRow> first_token(Statement rows) {
  if (!rows.step()) return std::nullopt;
  return read_token(rows);
}

}  // namespace

bool AccountRow::belongs_to(std::string_view shop) const {
  return !shops || std::ranges::find(*shops, shop) != shops->end();
}

bool AccountRow::is_suspended_in(std::string_view shop) const {
  return std::ranges::find(suspended_in, shop) != suspended_in.end();
}

bool AccountRow::has_seat_in(std::string_view shop) const {
  return state == AccountState::active && belongs_to(shop) && !is_suspended_in(shop);
}

std::string_view name_of(AccountState state) {
  return kAccountStates[static_cast<std::size_t>(state)];
}

std::optional<AccountRow> find_account(Connection& db, std::string_view account) {
  auto row = db.query("SELECT " ACCOUNT_COLUMNS "FROM accounts WHERE account = ?", account);
  if (!row.step()) return std::nullopt;
  return read_account(row);
}

void put_account(Connection& db, const AccountRow& row) {
  db.run(
      "INSERT OR REPLACE INTO accounts (account, name, email, shops, roles, mfa, state, made_at, "
      "changed_at, mfa_required, organization, supplier, suspended_in) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.account, row.name, row.email, to_list(row.shops), texts_to_json(row.roles), row.mfa,
      name_of(row.state), row.made_at, row.changed_at, row.mfa_required, row.organization,
      row.supplier, texts_to_json(row.suspended_in));
}

std::vector<AccountRow> list_accounts(Connection& db, std::string_view kind, std::string_view shop,
                                      std::string_view after, std::int64_t limit) {
  auto rows = db.query("SELECT " ACCOUNT_COLUMNS
                       "FROM accounts WHERE account > ?1 AND state <> 'removed' "
                       "AND (?2 = '' OR substr(account, 1, length(?2) + 1) = ?2 || ':') "
                       "AND (?3 = '' OR shops IS NULL OR EXISTS "
                       "(SELECT 1 FROM json_each(shops) WHERE value = ?3)) "
                       "ORDER BY account LIMIT ?4",
                       after, kind, shop, limit);
  std::vector<AccountRow> accounts;
  while (rows.step()) accounts.push_back(read_account(rows));
  return accounts;
}

void each_account(Connection& db, const std::function<void(const AccountRow&)>& each) {
  auto rows = db.query("SELECT " ACCOUNT_COLUMNS "FROM accounts");
  while (rows.step()) each(read_account(rows));
}

std::string token_id(std::string_view hash) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string id;
  for (const unsigned char byte : hash.substr(0, 8)) {
    id += kHex[byte >> 4];
    id += kHex[byte & 15];
  }
  return id;
}

std::optional<TokenRow> find_token(Connection& db, std::string_view hash) {
  return first_token(db.query("SELECT " TOKEN_COLUMNS "FROM tokens WHERE hash = ?", Blob{hash}));
}

std::optional<TokenRow> find_token_by_id(Connection& db, std::string_view id) {
  return first_token(db.query("SELECT " TOKEN_COLUMNS "FROM tokens WHERE id = ?", id));
}

void insert_token(Connection& db, const TokenRow& token, Timestamp now) {
  db.run(
      "INSERT INTO tokens (hash, account, id, label, permissions, shops, made_at, made_by, "
      "expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      Blob{token.hash}, token.account, token_id(token.hash), token.label,
      to_list(token.permissions), to_list(token.shops), now, token.made_by, token.expires);
}

bool revoke_token(Connection& db, std::string_view id, Timestamp now) {
  return db.run("UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id) >
         0;
}

std::vector<std::string> revoke_tokens_of(Connection& db, std::string_view account, Timestamp now) {
  std::vector<std::string> ids;
  {
    auto rows = db.query("SELECT id FROM tokens WHERE account = ? AND revoked_at IS NULL", account);
    while (rows.step()) ids.push_back(rows.text(0));
  }
  db.run("UPDATE tokens SET revoked_at = ? WHERE account = ? AND revoked_at IS NULL", now, account);
  return ids;
}

std::vector<TokenRow> list_tokens(Connection& db, std::string_view account, std::string_view after,
                                  std::int64_t limit) {
  auto rows = db.query("SELECT " TOKEN_COLUMNS
                       "FROM tokens WHERE id > ?1 AND (?2 = '' OR account = ?2) "
                       "ORDER BY id LIMIT ?3",
                       after, account, limit);
  std::vector<TokenRow> tokens;
  while (rows.step()) tokens.push_back(read_token(rows));
  return tokens;
}

void each_token(Connection& db, const std::function<void(const TokenRow&)>& each) {
  auto rows = db.query("SELECT " TOKEN_COLUMNS "FROM tokens WHERE revoked_at IS NULL");
  while (rows.step()) each(read_token(rows));
}

void note_token_used(Connection& db, std::string_view id, Timestamp at) {
  db.run("UPDATE tokens SET last_used = ? WHERE id = ?", at, id);
}

bool has_administrator(Connection& db, Timestamp now) {
  return db
      .query(
          "SELECT 1 FROM tokens WHERE account = 'administrator' AND revoked_at IS NULL "
          "AND (expires IS NULL OR expires > ?) AND permissions IS NULL AND shops IS NULL LIMIT 1",
          now)
      .step();
}

void record_event(Connection& db, std::string_view subject, const AccessEvent& event) {
  db.run(
      "INSERT INTO access_events (at, subject, what, by_person, token, detail) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      event.at, subject, event.what, event.by.person, event.by.token, event.detail);
}

std::vector<AccessEvent> events_of(Connection& db, std::string_view subject) {
  auto rows = db.query(
      "SELECT at, what, by_person, token, detail FROM access_events WHERE subject = ? "
      "ORDER BY seq",
      subject);
  std::vector<AccessEvent> events;
  while (rows.step()) {
    events.push_back({rows.time(0), rows.text(1), {rows.text(2), rows.text(3)}, rows.text(4)});
  }
  return events;
}

}  // namespace consign::store
