// Rows of accounts and tokens, and of what persons did to them and to grants.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/time.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign::store {

enum class AccountState { active, suspended, removed };
std::string_view name_of(AccountState state);

struct AccountRow {
  std::string account = {};  ///< "staff:anna"
  std::string name = {}, email = {};
  std::optional<std::vector<std::string>> shops = {};  ///< nothing: not limited to some
  std::vector<std::string> roles = {};
  bool mfa = false;           ///< it signs in with a second factor
  bool mfa_required = false;  ///< without one it may do nothing
  std::string organization = {};
  std::string supplier = {};  ///< a login that sees only what is assigned to that supplier
  std::vector<std::string> suspended_in = {};  ///< shops where it has lost its seat
  AccountState state = AccountState::active;
  Timestamp made_at = {}, changed_at = {};

  bool belongs_to(std::string_view shop) const;
  bool is_suspended_in(std::string_view shop) const;
  /// Whether it is active, belongs to the shop and has not lost its seat there.
  bool has_seat_in(std::string_view shop) const;
};

/// Removed ones included.
std::optional<AccountRow> find_account(Connection& db, std::string_view account);
void put_account(Connection& db, const AccountRow& row);
/// A page of accounts after `after` in the order of their names, removed ones left out. `kind`
/// ("staff") and `shop` may be empty: any.
std::vector<AccountRow> list_accounts(Connection& db, std::string_view kind, std::string_view shop,
                                      std::string_view after, std::int64_t limit);
void each_account(Connection& db, const std::function<void(const AccountRow&)>& each);

struct TokenRow {
  std::string hash = {};     ///< SHA-256 of the token, 32 bytes
  std::string account = {};  ///< "administrator", "supplier:acme", …
  std::string id = {};       ///< made from the hash when it is stored
  std::string label = {};
  std::optional<std::vector<std::string>> permissions = {};  ///< nothing: all the account may
  std::optional<std::vector<std::string>> shops = {};        ///< likewise
  Timestamp made_at = {};
  std::string made_by = {};
  std::optional<Timestamp> expires = {}, revoked_at = {}, last_used = {};
};

/// What a token is called: its hash's first eight bytes in hexadecimal.
std::string token_id(std::string_view hash);

std::optional<TokenRow> find_token(Connection& db, std::string_view hash);
std::optional<TokenRow> find_token_by_id(Connection& db, std::string_view id);
/// Stores it under the id that its hash gives.
void insert_token(Connection& db, const TokenRow& token, Timestamp now);
/// Whether it was not revoked before.
bool revoke_token(Connection& db, std::string_view id, Timestamp now);
/// Revokes the tokens of an account and gives their ids.
std::vector<std::string> revoke_tokens_of(Connection& db, std::string_view account, Timestamp now);
/// A page of tokens after the id `after`; of one account only, unless `account` is empty.
std::vector<TokenRow> list_tokens(Connection& db, std::string_view account, std::string_view after,
                                  std::int64_t limit);
/// Those that are not revoked.
void each_token(Connection& db, const std::function<void(const TokenRow&)>& each);
void note_token_used(Connection& db, std::string_view id, Timestamp at);
/// Whether some administrator's token is neither revoked, expired nor limited.
bool has_administrator(Connection& db, Timestamp now);

/// Who did something, and with what proof.
struct Actor {
  std::string person = {};  ///< "administrator", an account
  std::string token = {};   ///< the token's id, or "uid 0" over the Unix socket
};

struct AccessEvent {
  Timestamp at = {};
  std::string what = {};
  Actor by = {};
  std::string detail = {};  ///< JSON
};
/// `subject`: "grant …", "account …", "token …".
void record_event(Connection& db, std::string_view subject, const AccessEvent& event);
std::vector<AccessEvent> events_of(Connection& db, std::string_view subject);

}  // namespace consign::store
