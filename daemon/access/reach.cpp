#include "daemon/access/reach.hpp"

#include <algorithm>
#include <utility>

namespace consign {
namespace {

bool takes_whole(const std::vector<Permission>& bans, const Permission& permission) {
  return std::any_of(bans.begin(), bans.end(),
                     [&](const Permission& ban) { return ban.covers(permission); });
}

}  // namespace

bool grant_lets(const AccessIndex& index, const ActiveRules& rules, const Settings& settings,
                const std::string& account, const HeldGrant& grant, const Permission& permission,
                Timestamp now) {
  const Check check{.account = account,
                    .action = permission,
                    .resource = {.kind = grant.order.empty()  ? "shop"
                                         : grant.line.empty() ? "order"
                                                              : "line",
                                 .shop = grant.shop,
                                 .id = grant.order,
                                 .line = grant.line,
                                 .part = grant.part}};
  const CheckAnswer answer = answer_check(index, rules, settings, check, now, Use::asked);
  return answer.allowed() || answer.if_assigned != nullptr;
}

std::vector<std::shared_ptr<const HeldGrant>> grants_that_count(
    const AccessIndex& index, const ActiveRules& rules, const Settings& settings,
    const std::string& account, std::string_view shop, Timestamp now) {
  if (!rules_let_act(rules, account)) return {};
  const auto employer = index.employer_of(account);
  if (employer && !may_work_for(index, rules, *employer)) return {};
  auto held = index.held_by(account, now);
  std::erase_if(held, [&](const auto& grant) {
    if (!shop.empty() && grant->shop != shop) return true;
    if (takes_whole(settings.never_grant, grant->permission) ||
        takes_whole(rules.rules().never_grant, grant->permission)) {
      return true;
    }
    return rules.checks != nullptr && !grant->permission.is_wildcard() &&
           !grant_lets(index, rules, settings, account, *grant, grant->permission, now);
  });
  return held;
}

std::vector<AllowedByRule> allowed_by_rules(const AccessIndex& index, const ActiveRules& rules,
                                            const Settings& settings, const std::string& account,
                                            std::string_view shop, Timestamp now) {
  std::vector<AllowedByRule> allowed;
  if (rules.checks == nullptr) return allowed;
  for (const auto& [id, configured] : settings.shops) {
    if (!shop.empty() && id != shop) continue;
    for (const Permission& permission : rules.rules().vocabulary) {
      if (permission.is_wildcard()) continue;
      const Check check{
          .account = account, .action = permission, .resource = {.kind = "shop", .shop = id}};
      auto answer = answer_check(index, rules, settings, check, now, Use::asked);
      if (!answer.allowed() || answer.grant != nullptr) continue;
      allowed.push_back({id, permission, std::move(answer.because)});
    }
  }
  return allowed;
}

}  // namespace consign
