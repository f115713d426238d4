#include "daemon/access/viewing.hpp"

#include <memory>
#include <utility>

#include "daemon/access/checking.hpp"

namespace consign {

void look_again(store::Viewer& viewer, const AccessIndex& index, const ActiveRules& rules,
                const Settings& settings, const std::optional<store::OrderKey>& order,
                Timestamp now) {
  const Permission view{"orders", "view"};
  viewer.blocked = !rules_let_act(rules, viewer.account);
  viewer.sight = nullptr;
  if (viewer.is_administrator() || viewer.supplier() || viewer.blocked) return;
  if (!viewer.may_use(view) || is_banned(rules, settings, view)) return;
  auto sight = std::make_shared<store::Sight>();
  const auto held = order ? index.held_by(viewer.account, Place{order->shop, order->id}, now)
                          : index.held_by(viewer.account, now);
  for (const auto& grant : held) {
    if (!grant->permission.covers(view) || !viewer.sees_shop(grant->shop)) continue;
    sight->add({grant->shop, grant->order}, grant->line, grant->part);
    note_use(grant->last_used, now);
  }
  if (!sight->sees_nothing()) viewer.sight = std::move(sight);
}

}  // namespace consign
