#include "daemon/access/viewing.hpp"

#include <algorithm>
#include <memory>
#include <utility>

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

bool holds(const store::Viewer& viewer, const AccessIndex& index, const ActiveRules& rules,
           const Settings& settings, const Permission& permission, const std::string& shop,
           Timestamp now, Use use) {
  if (!viewer.sees_shop(shop)) return false;
  const Check check{
      .account = viewer.account, .action = permission, .resource = {.kind = "shop", .shop = shop}};
  const auto answer = answer_check(index, rules, settings, check, now, Use::asked);
  // A rule that allows shows nothing by itself.
  const auto& grant = answer.grant != nullptr ? answer.grant : answer.if_assigned;
  if (grant == nullptr) return false;
  if (use == Use::noted) note_use(grant->last_used, now);
  return true;
}

// What is true of the shop may still be forbidden for one of its orders.
bool is_forbidden(const store::Viewer& viewer, const AccessIndex& index, const ActiveRules& rules,
                  const Settings& settings, const Permission& permission,
                  const store::OrderKey& order, Timestamp now) {
  const Check check{.account = viewer.account,
                    .action = permission,
                    .resource = {.kind = "order", .shop = order.shop, .id = order.id}};
  const auto answer = answer_check(index, rules, settings, check, now, Use::asked);
  return !answer.allowed() && !answer.if_assigned;
}

void look_for_login(store::Viewer& viewer, const AccessIndex& index, const ActiveRules& rules,
                    const Settings& settings, const std::optional<store::OrderKey>& order,
                    Timestamp now, Use acting) {
  const auto where = [&](const Permission& permission, Use use) {
    if (!order) return shops_where(viewer, index, rules, settings, permission, now, use);
    std::vector<std::string> shops;
    if (holds(viewer, index, rules, settings, permission, order->shop, now, use) &&
        !is_forbidden(viewer, index, rules, settings, permission, *order, now)) {
      shops.push_back(order->shop);
    }
    return shops;
  };
  auto sees_in = where({"orders", "view"}, Use::noted);
  auto acts_in = where({"orders", "fulfill"}, acting);
  // What is not seen is not acted upon.
  std::erase_if(acts_in, [&](const std::string& shop) {
    return std::find(sees_in.begin(), sees_in.end(), shop) == sees_in.end();
  });
  viewer.login->sees_in = std::move(sees_in);
  viewer.login->acts_in = std::move(acts_in);
}

}  // namespace

void recognize(store::Viewer& viewer, const AccessIndex& index, const ActiveRules& rules) {
  viewer.login.reset();
  if (auto employer = index.employer_of(viewer.account)) {
    viewer.login = store::SupplierLogin{.supplier = std::move(*employer)};
  }
  viewer.blocked = viewer.login ? !may_work_for(index, rules, viewer.login->supplier)
                                : !rules_let_act(rules, viewer.account);
}

std::vector<std::string> shops_where(const store::Viewer& viewer, const AccessIndex& index,
                                     const ActiveRules& rules, const Settings& settings,
                                     const Permission& permission, Timestamp now, Use use) {
  std::vector<std::string> shops;
  if (!viewer.login || viewer.blocked) return shops;
  for (const auto& [shop, configured] : settings.shops) {
    if (holds(viewer, index, rules, settings, permission, shop, now, use)) shops.push_back(shop);
  }
  return shops;
}

void look_again(store::Viewer& viewer, const AccessIndex& index, const ActiveRules& rules,
                const Settings& settings, const std::optional<store::OrderKey>& order,
                Timestamp now, Use acting) {
  const Permission view{"orders", "view"};
  recognize(viewer, index, rules);
  viewer.sight = nullptr;
  if (viewer.blocked) return;
  if (viewer.login) {
    return look_for_login(viewer, index, rules, settings, order, now, acting);
  }
  if (viewer.is_administrator() || viewer.supplier()) return;
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
