#include "daemon/store/scoped_reads.hpp"

#include <algorithm>
#include <iterator>

namespace consign::store {
namespace {

constexpr std::string_view kSupplierPrefix = "supplier:";

bool contains(const std::vector<std::string>& shops, std::string_view shop) {
  return std::find(shops.begin(), shops.end(), shop) != shops.end();
}

}  // namespace

std::optional<std::string> Viewer::supplier() const {
  if (login) return login->supplier;
  if (!account.starts_with(kSupplierPrefix)) return std::nullopt;
  return account.substr(kSupplierPrefix.size());
}

bool Viewer::sees_assigned_in(std::string_view shop) const {
  return !blocked && supplier() && (!login || contains(login->sees_in, shop));
}

bool Viewer::acts_in(std::string_view shop) const {
  if (is_administrator()) return true;
  return sees_assigned_in(shop) && (!login || contains(login->acts_in, shop));
}

bool Viewer::may_use(const Permission& permission) const {
  return !permissions ||
         std::any_of(permissions->begin(), permissions->end(),
                     [&](const Permission& each) { return each.covers(permission); });
}

bool Viewer::sees_shop(std::string_view shop) const { return !shops || contains(*shops, shop); }

bool Viewer::sees_whole(const OrderKey& key) const {
  return sees_shop(key.shop) && (is_administrator() || (sight && sight->sees_whole(key)));
}

std::optional<OrderView> ScopedReads::order(const OrderKey& key, Timestamp now) {
  if (!viewer_.sees_shop(key.shop)) return std::nullopt;
  if (!viewer_.is_administrator() && !viewer_.sees_assigned_in(key.shop) &&
      !(viewer_.sight && viewer_.sight->sees_some(key))) {
    return std::nullopt;
  }
  auto row = find_order(db_, key);
  if (!row) return std::nullopt;

  OrderView view{.order = std::move(*row),
                 .revision = {},
                 .decision = {},
                 .parts = parts_of(db_, key),
                 .grants = open_grants_of_order(db_, key),
                 .shipments = shipments_of(db_, key),
                 .whole = viewer_.sees_whole(key)};
  std::erase_if(view.grants,
                [&](const GrantRow& grant) { return grant.until && *grant.until <= now; });
  if (!view.whole) {
    leave_own(view);
    if (view.parts.empty()) return std::nullopt;
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

std::optional<OrderView> ScopedReads::order_to_change(const OrderKey& key, Timestamp now) {
  return viewer_.acts_in(key.shop) ? order(key, now) : std::nullopt;
}

bool ScopedReads::is_own(const OrderKey& key, const PartRow& part) const {
  if (const auto supplier = viewer_.supplier()) {
    return part.outcome == "assigned" && part.supplier == supplier;
  }
  return viewer_.sight && viewer_.sight->sees_part(key, part.line, part.part);
}

// What happens to the lines of others is not for the viewer, nor how often. Who works for a
// supplier sees what the supplier sees.
void ScopedReads::leave_own(OrderView& view) const {
  const OrderKey& key = view.order.key;
  std::erase_if(view.parts, [&](const PartRow& part) { return !is_own(key, part); });
  const auto supplier = viewer_.supplier();
  const std::string holder = supplier ? std::string(kSupplierPrefix) + *supplier : viewer_.account;
  std::erase_if(view.grants, [&](const GrantRow& grant) { return grant.account != holder; });
  if (supplier) {
    std::erase_if(view.shipments,
                  [&](const ShipmentRow& each) { return each.supplier != *supplier; });
  } else {
    for (auto& shipment : view.shipments) {
      std::erase_if(shipment.parts, [&](const auto& packed) {
        return !viewer_.sight->sees_part(key, packed.line, packed.part);
      });
    }
    std::erase_if(view.shipments, [](const ShipmentRow& each) { return each.parts.empty(); });
  }
  view.order.state = "decided";
  view.order.version = 0;
  for (const auto& part : view.parts) {
    view.order.version = std::max(view.order.version, part.version);
  }
}

std::vector<OrderEventRow> ScopedReads::events(const OrderView& view) {
  auto events = order_events_of(db_, view.order.key);
  if (view.whole) return events;
  const auto supplier = viewer_.supplier();
  std::erase_if(events, [&](const OrderEventRow& event) {
    if (supplier) return event.supplier != *supplier;
    return event.line.empty() || !viewer_.sight->sees_part(view.order.key, event.line, event.part);
  });
  return events;
}

std::vector<OrderRow> ScopedReads::orders(std::string_view shop, std::string_view state,
                                          std::string_view wanted, std::int64_t after,
                                          std::int64_t limit) {
  const auto of = wanted.empty() ? std::nullopt : std::optional<std::string>(wanted);
  if (viewer_.is_administrator()) {
    return list_orders(db_, shop, state, of, viewer_.shops, after, limit);
  }
  if (viewer_.sight) return orders_in_sight(shop, state, of, after, limit);
  const auto supplier = viewer_.supplier();
  if (!supplier || viewer_.blocked) return {};
  if (!wanted.empty() && wanted != *supplier) return {};
  // A supplier's view of an order is of decided lines alone; the state of the rest is not for it.
  if (!state.empty() && state != "decided") return {};
  const auto shops = viewer_.login ? std::optional(viewer_.login->sees_in) : viewer_.shops;
  auto orders = list_orders(db_, shop, "", supplier, shops, after, limit);
  for (auto& order : orders) order.state = "decided";
  return orders;
}

// Whole shops along the orders as they came, single orders by their keys; no order is in both.
std::vector<OrderRow> ScopedReads::orders_in_sight(std::string_view shop, std::string_view state,
                                                   const std::optional<std::string>& supplier,
                                                   std::int64_t after, std::int64_t limit) {
  auto orders =
      list_orders_among(db_, viewer_.sight->pieces(), shop, state, supplier, after, limit);
  if (const auto shops = viewer_.sight->shops(); !shops.empty()) {
    auto more = list_orders(db_, shop, state, supplier, shops, after, limit);
    orders.insert(orders.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
    std::sort(orders.begin(), orders.end(),
              [](const OrderRow& a, const OrderRow& b) { return a.seq < b.seq; });
    orders.resize(std::min(orders.size(), static_cast<std::size_t>(limit)));
  }
  return orders;
}

std::vector<OrderKey> ScopedReads::orders_to_change(std::string_view shop,
                                                    std::string_view number) {
  if (!viewer_.acts_in(shop) || !viewer_.sees_shop(shop)) return {};
  return orders_called(db_, shop, number, viewer_.supplier());
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

std::vector<ActivityRow> ScopedReads::activity(ActivityFilter filter,
                                               const std::optional<ActivityPlace>& before,
                                               std::int64_t limit) {
  if (!viewer_.is_administrator()) {
    const bool asks_for_others = !filter.by.empty() && filter.by != viewer_.account;
    if (viewer_.blocked || asks_for_others) return {};
    filter.by = viewer_.account;
  }
  return list_activity(db_, filter, before, limit);
}

}  // namespace consign::store
