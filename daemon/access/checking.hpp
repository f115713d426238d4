// The question "may this account do this to that, now?" (language.md C13, C15): the one place where
// it is decided.
//
// In order: what is banned is denied; an account that may not act is denied; a grant in force
// allows; all else is denied. A check reads nothing but memory.
#pragma once

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
  std::string_view denied;                 ///< why; empty: allowed
  std::shared_ptr<const HeldGrant> grant;  ///< what allows it
  bool allowed() const { return denied.empty(); }
};

/// Denied unless a grant in force covers all that is asked about; bans count again at every check.
/// Notes the grant's use.
CheckAnswer answer_check(const AccessIndex& index, const ActiveRules& rules,
                         const Settings& settings, const Check& check, Timestamp now);

/// {"allowed":true,"because":{"grant","rule"}} or {"allowed":false,"reason"}.
boost::json::object answer_to_json(const CheckAnswer& answer);

/// {"grant","rule"}, or {"grant","person"} where no rule made it.
boost::json::object because_of_grant(const HeldGrant& grant);

/// Whether rules or settings forbid to grant it, or a part of it.
bool is_banned(const ActiveRules& rules, const Settings& settings, const Permission& permission);

/// Whether the rule set in force lets an account of that name act at all: suppliers have to be
/// declared and not suspended.
bool rules_let_act(const ActiveRules& rules, std::string_view account);

}  // namespace consign
