// The question "may this account do this to that, now?" (language.md C13, C15).
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "consign/permission.hpp"
#include "daemon/config.hpp"
#include "daemon/rules/current_rules.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign {

struct Check {
  std::string account;  ///< "supplier:acme"
  Permission action;    ///< a single one
  struct Resource {
    std::string kind, shop;
    std::string id, line;  ///< empty where the question is about more than one order or line
  } resource;
};

/// {"allowed":true,"because":{"grant","rule"}} or {"allowed":false,"reason"}. Denied unless a grant
/// in force covers all that is asked about; bans count again at every check. Throws StoreError.
boost::json::object answer_check(store::Connection& db, const ActiveRules& rules,
                                 const Settings& settings, const Check& check, Timestamp now);

}  // namespace consign
