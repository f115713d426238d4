// The question "may this account do this to that, now?" (language.md C13, C15): the one place where
// it is decided.
//
// In order: what is banned is denied; an account that may not act is denied; what a rule on check
// forbids is denied; a grant in force allows, and so does a rule on check; all else is denied.
// Rules speak of accounts that were made and of declared suppliers, not of names that nobody knows.
// A check reads nothing but memory.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "consign/permission.hpp"
#include "daemon/access/index.hpp"
#include "daemon/config.hpp"
#include "daemon/rules/current_rules.hpp"

namespace consign {

struct Check {
  std::string account;  ///< "supplier:acme"
  Permission action;    ///< a single one
  struct Resource {
    std::string kind = {}, shop = {};
    std::string id = {},
                line = {};  ///< empty where the question is about more than one order or line
    std::int64_t part = 0;  ///< 0: not said
  } resource;
};

struct CheckAnswer {
  std::string denied = {};                      ///< why; empty: allowed
  std::shared_ptr<const HeldGrant> grant = {};  ///< what allows it, unless a rule does
  boost::json::object because = {};             ///< the rule that allows or forbids it
  boost::json::array shadow = {};               ///< what shadow rules would have said
  /// What would allow it if it were assigned to the account's supplier.
  std::shared_ptr<const HeldGrant> if_assigned = {};
  bool allowed() const { return denied.empty(); }
};

/// Whether a check is one for the account itself to act upon.
enum class Use {
  noted,  ///< the grant counts as used
  asked,  ///< somebody only wants to know
};

/// Denied unless a grant in force covers all that is asked about; bans count again at every check.
CheckAnswer answer_check(const AccessIndex& index, const ActiveRules& rules,
                         const Settings& settings, const Check& check, Timestamp now,
                         Use use = Use::noted);

/// {"allowed":true,"because":{"grant","rule"}} or {"allowed":false,"reason"}; where a rule on check
/// says so, "because":{"rule","file","line"}.
boost::json::object answer_to_json(const CheckAnswer& answer);

/// {"grant","rule"}, or {"grant","person"} where no rule made it.
boost::json::object because_of_grant(const HeldGrant& grant);

/// Whether rules or settings forbid to grant it, or a part of it.
bool is_banned(const ActiveRules& rules, const Settings& settings, const Permission& permission);

/// Whether the rule set in force lets an account of that name act at all: suppliers have to be
/// declared and not suspended.
bool rules_let_act(const ActiveRules& rules, std::string_view account);

/// Whether those who work for the supplier may act: it is declared, and neither the rules nor a
/// person have suspended or removed it.
bool may_work_for(const AccessIndex& index, const ActiveRules& rules, std::string_view supplier);

}  // namespace consign
