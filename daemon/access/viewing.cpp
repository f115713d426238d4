#include "daemon/access/viewing.hpp"

#include <memory>
#include <utility>

#include "daemon/access/checking.hpp"

namespace consign {
namespace {

// The question that a grant may answer: about what it is on, or about the one order that is read.
Check check_of(const std::string& account, const Permission& view, const HeldGrant& grant,
               const std::optional<store::OrderKey>& order) {
  const std::string& id = grant.order.empty() && order ? order->id : grant.order;
  return {.account = account,
          .action = view,
          .resource = {.kind = id.empty() ? "shop" : "order",
                       .shop = grant.shop,
                       .id = id,
                       .line = grant.line,
                       .part = grant.part}};
}

}  // namespace

void look_again(store::Viewer& viewer, const AccessIndex& index, const ActiveRules& rules,
                const Settings& settings, const std::optional<store::OrderKey>& order,
                Timestamp now) {
  const Permission view{"orders", "view"};
  viewer.blocked = !rules_let_act(rules, viewer.account);
  viewer.sight = nullptr;
  if (viewer.is_administrator() || viewer.supplier() || viewer.blocked) return;
  if (!viewer.may_use(view)) return;
  auto sight = std::make_shared<store::Sight>();
  const auto held = order ? index.held_by(viewer.account, Place{order->shop, order->id}, now)
                          : index.held_by(viewer.account, now);
  for (const auto& grant : held) {
    if (!grant->permission.covers(view) || !viewer.sees_shop(grant->shop)) continue;
    const Check check = check_of(viewer.account, view, *grant, order);
    if (!answer_check(index, rules, settings, check, now).allowed()) continue;
    sight->add({grant->shop, grant->order}, grant->line, grant->part);
  }
  if (!sight->sees_nothing()) viewer.sight = std::move(sight);
}

}  // namespace consign
