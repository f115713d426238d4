#include "daemon/access/checking.hpp"

#include <algorithm>

#include "consign/ruleset.hpp"
#include "daemon/store/order_rows.hpp"

namespace consign {
namespace {

constexpr std::string_view kSupplierPrefix = "supplier:";

bool is_banned(const std::vector<Permission>& bans, const Permission& action) {
  return std::any_of(bans.begin(), bans.end(),
                     [&](const Permission& ban) { return ban.covers(action); });
}

// A grant on a line covers that line, not the order around it.
bool covers(const store::GrantRow& grant, const Check::Resource& resource) {
  if (grant.on_shop) return true;
  const bool about_order = resource.kind == "order" || resource.kind == "line";
  return about_order && grant.order.id == resource.id &&
         (grant.line.empty() || grant.line == resource.line);
}

boost::json::object denied(std::string_view reason) {
  return {{"allowed", false}, {"reason", reason}};
}

}  // namespace

boost::json::object answer_check(store::Connection& db, const ActiveRules& rules,
                                 const Settings& settings, const Check& check, Timestamp now) {
  if (is_banned(settings.never_grant, check.action) ||
      is_banned(rules.rules().never_grant, check.action)) {
    return denied("banned by never_grant");
  }
  const std::string_view account = check.account;
  if (account.starts_with(kSupplierPrefix) &&
      !supplier_may_act(rules, account.substr(kSupplierPrefix.size()))) {
    // An account that nobody knows gets the answer of one without grants.
    const bool declared =
        rules.rules().find_supplier(account.substr(kSupplierPrefix.size())).has_value();
    return denied(declared ? "the supplier is suspended" : "no grant in force");
  }
  for (const auto& grant : store::open_grants_of_account(db, account, check.resource.shop, now)) {
    const auto held = parse_permissions(grant.permission);
    const bool may = held && std::any_of(held->begin(), held->end(), [&](const Permission& each) {
                       return each.covers(check.action);
                     });
    if (may && covers(grant, check.resource)) {
      return {{"allowed", true}, {"because", {{"grant", grant.id}, {"rule", grant.rule}}}};
    }
  }
  return denied("no grant in force");
}

}  // namespace consign
