// Accounts and grants of a `--facts` file, and what checks and requests make of them without a
// daemon.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/engine.hpp"
#include "consign/result.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

struct AccountFacts {
  std::string account;                            ///< "staff:anna"
  std::optional<std::vector<std::string>> shops;  ///< nothing: not limited to some
  std::vector<std::string> roles;
  bool mfa = false, suspended = false;
};

struct GrantFacts {
  std::string account;
  std::vector<Permission> permissions;
  std::string shop, order,
      line;  ///< empty `order`: all of the shop; empty `line`: all of the order
  std::optional<Timestamp> until;
};

struct AccessFacts {
  std::vector<AccountFacts> accounts;
  std::vector<GrantFacts> grants;

  /// Of two with one name the last; null where there is none.
  const AccountFacts* find(std::string_view account) const;
  /// account.* of that account as rules read it; what is not known of it is missing.
  Record describe(std::string_view account) const;
};

/// The members `accounts` [{"account","shops","roles","mfa","suspended"}, also "kind", "name",
/// "email", "organization"] and `grants` [{"account","permissions","on":{"shop","order","line"},
/// "until"}] of a facts file. Null `json`: none.
Result<AccessFacts, std::vector<JsonError>> read_access_facts(std::optional<std::string_view> json);

/// May this account do this to that? Owns its texts.
struct AskedCheck {
  std::string account;
  Permission action;
  std::string kind, shop, id, line;  ///< of the resource
};

/// Reads `{"account","action","resource":{"kind","shop","id","line"}}`.
Result<AskedCheck, std::vector<JsonError>> read_check(const JsonNode& document);

/// {"allowed":true,"because":{…}} or {"allowed":false,"reason","because"}, in the order in which
/// the daemon asks: bans, the account's standing, what rules forbid, grants, what rules allow.
/// `checks`: the program of the rules on check.
boost::json::object answer_check_of_facts(const Program& checks, const RuleSet& rules,
                                          const AccessFacts& facts, const AskedCheck& check,
                                          Timestamp now, Arena& arena);

}  // namespace consign
