#include "daemon/store/scoped_reads.hpp"

#include <algorithm>

namespace consign::store {
namespace {

constexpr std::string_view kSupplierPrefix = "supplier:";

}  // namespace

std::optional<std::string> Viewer::supplier() const {
  if (!account.starts_with(kSupplierPrefix)) return std::nullopt;
  return account.substr(kSupplierPrefix.size());
}

bool Viewer::may_use(const Permission& permission) const {
  return !permissions ||
         std::any_of(permissions->begin(), permissions->end(),
                     [&](const Permission& each) { return each.covers(permission); });
}

bool Viewer::sees_shop(std::string_view shop) const {
  return !shops || std::find(shops->begin(), shops->end(), shop) != shops->end();
}

std::optional<OrderView> ScopedReads::order(const OrderKey& key, Timestamp now) {
  if (!viewer_.sees_shop(key.shop)) return std::nullopt;
  const auto supplier = viewer_.supplier();
  if (!viewer_.is_administrator() && (!supplier || viewer_.blocked)) return std::nullopt;
  auto row = find_order(db_, key);
  if (!row) return std::nullopt;

  OrderView view{.order = std::move(*row),
                 .revision = {},
                 .decision = {},
                 .parts = parts_of(db_, key),
                 .grants = open_grants_of_order(db_, key),
                 .shipments = shipments_of(db_, key),
                 .whole = viewer_.is_administrator()};
  std::erase_if(view.grants,
                [&](const GrantRow& grant) { return grant.until && *grant.until <= now; });
  if (!view.whole) {
    std::erase_if(view.parts, [&](const PartRow& part) {
      return part.outcome != "assigned" || part.supplier != supplier;
    });
    if (view.parts.empty()) return std::nullopt;
    std::erase_if(view.grants,
                  [&](const GrantRow& grant) { return grant.account != viewer_.account; });
    std::erase_if(view.shipments,
                  [&](const ShipmentRow& each) { return each.supplier != *supplier; });
    // What happens to the lines of others is not for it, nor how often.
    view.order.state = "decided";
    view.order.version = 0;
    for (const auto& part : view.parts) {
      view.order.version = std::max(view.order.version, part.version);
    }
  }
  auto revision = find_revision(db_, key, view.order.revision);
  auto decision = find_decision(db_, view.order.decision);
  if (!revision || !decision) {
    throw StoreError(SQLITE_CORRUPT, "order " + key.id + " lacks its revision or decision");
  }
  view.revision = std::move(*revision);
  view.decision = std::move(*decision);
  return view;
}

std::vector<OrderRow> ScopedReads::orders(std::string_view shop, std::string_view state,
                                          std::string_view wanted, std::int64_t after,
                                          std::int64_t limit) {
  if (viewer_.is_administrator()) {
    const auto of = wanted.empty() ? std::nullopt : std::optional<std::string>(wanted);
    return list_orders(db_, shop, state, of, viewer_.shops, after, limit);
  }
  const auto supplier = viewer_.supplier();
  if (!supplier || viewer_.blocked) return {};
  if (!wanted.empty() && wanted != *supplier) return {};
  // A supplier's view of an order is of decided lines alone; the state of the rest is not for it.
  if (!state.empty() && state != "decided") return {};
  auto orders = list_orders(db_, shop, "", supplier, viewer_.shops, after, limit);
  for (auto& order : orders) order.state = "decided";
  return orders;
}

std::vector<OrderKey> ScopedReads::orders_called(std::string_view shop, std::string_view number) {
  const auto supplier = viewer_.supplier();
  if (!viewer_.is_administrator() && (!supplier || viewer_.blocked)) return {};
  if (!viewer_.sees_shop(shop)) return {};
  return store::orders_called(db_, shop, number, supplier);
}

std::optional<ProductRow> ScopedReads::product(std::string_view shop, std::string_view id) {
  if (!viewer_.is_administrator() || !viewer_.sees_shop(shop)) return std::nullopt;
  return find_product(db_, shop, id);
}

std::vector<EffectRow> ScopedReads::effects(const EffectFilter& filter, std::int64_t after,
                                            std::int64_t limit) {
  if (!viewer_.is_administrator()) return {};
  return list_effects(db_, filter, after, limit);
}

std::optional<EffectView> ScopedReads::effect(std::string_view id) {
  if (!viewer_.is_administrator()) return std::nullopt;
  auto found = find_effect(db_, id);
  if (!found) return std::nullopt;
  auto attempts = attempts_of(db_, found->seq);
  return EffectView{std::move(*found), std::move(attempts)};
}

std::optional<EndpointView> ScopedReads::endpoint(std::string_view name) {
  if (!viewer_.is_administrator()) return std::nullopt;
  return EndpointView{count_effects(db_, name), find_disabled_endpoint(db_, name)};
}

}  // namespace consign::store
