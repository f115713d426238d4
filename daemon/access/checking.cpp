#include "daemon/access/checking.hpp"

#include <algorithm>

#include "consign/ruleset.hpp"
#include "daemon/access/account_name.hpp"

namespace consign {
namespace {

constexpr std::string_view kNoGrant = "no grant in force";

bool is_banned(const std::vector<Permission>& bans, const Permission& permission) {
  return std::any_of(bans.begin(), bans.end(),
                     [&](const Permission& ban) { return ban.overlaps(permission); });
}

// Grants are on shops, orders and their lines; a question about another kind of thing asks for a
// grant on all of the shop.
Place place_of(const Check::Resource& resource) {
  if (resource.kind != "order" && resource.kind != "line") return {.shop = resource.shop};
  return {resource.shop, resource.id, resource.line, resource.part};
}

std::string_view why_barred(Standing standing) {
  switch (standing) {
    case Standing::suspended:
      return "the account is suspended";
    case Standing::removed:
      return "the account is removed";
    case Standing::elsewhere:
      return "the account does not belong to the shop";
    case Standing::unnamed:
    case Standing::active:
      break;
  }
  return {};
}

}  // namespace

bool is_banned(const ActiveRules& rules, const Settings& settings, const Permission& permission) {
  return is_banned(settings.never_grant, permission) ||
         is_banned(rules.rules().never_grant, permission);
}

bool rules_let_act(const ActiveRules& rules, std::string_view account) {
  return !account.starts_with(kSupplierPrefix) ||
         supplier_may_act(rules, account.substr(kSupplierPrefix.size()));
}

CheckAnswer answer_check(const AccessIndex& index, const ActiveRules& rules,
                         const Settings& settings, const Check& check, Timestamp now) {
  if (is_banned(rules, settings, check.action)) return {"banned by never_grant", nullptr};
  const std::string_view account = check.account;
  if (!rules_let_act(rules, account)) {
    // A supplier that nobody declared gets the answer of an account without grants.
    const bool declared =
        rules.rules().find_supplier(account.substr(kSupplierPrefix.size())).has_value();
    return {declared ? "the supplier is suspended" : kNoGrant, nullptr};
  }
  auto found = index.find(account, check.action, place_of(check.resource), now);
  if (const auto barred = why_barred(found.standing); !barred.empty()) return {barred, nullptr};
  if (found.grant == nullptr) return {kNoGrant, nullptr};
  note_use(found.grant->last_used, now);
  return {{}, std::move(found.grant)};
}

boost::json::object because_of_grant(const HeldGrant& grant) {
  boost::json::object because{{"grant", grant.id}};
  because[grant.rule.empty() ? "person" : "rule"] =
      grant.rule.empty() ? grant.by_person : grant.rule;
  return because;
}

boost::json::object answer_to_json(const CheckAnswer& answer) {
  if (!answer.allowed()) return {{"allowed", false}, {"reason", answer.denied}};
  return {{"allowed", true}, {"because", because_of_grant(*answer.grant)}};
}

}  // namespace consign
