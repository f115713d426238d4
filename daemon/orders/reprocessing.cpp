#include "daemon/orders/reprocessing.hpp"

#include <algorithm>
#include <stdexcept>

#include "daemon/store/shipment_rows.hpp"

namespace consign {
namespace {

using store::PartRow;

constexpr std::int64_t kOrdersAtOnce = 500;

bool looks_the_same(const PartRow& a, const PartRow& b) {
  return a.quantity == b.quantity && a.outcome == b.outcome && a.supplier == b.supplier &&
         a.reason == b.reason && a.stage == b.stage;
}

const PartRow* find(const std::vector<PartRow>& parts, const PartRow& like) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const PartRow& each) {
    return each.line == like.line && each.part == like.part;
  });
  return found == parts.end() ? nullptr : &*found;
}

// Parts that are decided anew may get other numbers; one that is otherwise what another was has not
// changed.
void drop_alike(std::vector<PartRow>& before, std::vector<PartRow>& after) {
  std::erase_if(before, [&](const PartRow& part) {
    const auto same = std::find_if(after.begin(), after.end(), [&](const PartRow& each) {
      return each.line == part.line && looks_the_same(each, part);
    });
    if (same == after.end()) return false;
    after.erase(same);
    return true;
  });
}

std::vector<PartChange> changes_between(std::vector<PartRow> before, std::vector<PartRow> after) {
  drop_alike(before, after);
  std::vector<PartChange> changes;
  for (auto& part : before) {
    const PartRow* now = find(after, part);
    changes.push_back({part, now == nullptr ? std::nullopt : std::optional(*now)});
  }
  for (auto& part : after) {
    if (find(before, part) == nullptr) changes.push_back({std::nullopt, part});
  }
  return changes;
}

void note(UnitContext& unit, const store::OrderKey& key, Occasion occasion,
          const store::Actor& by) {
  store::add_order_event(unit.db, key,
                         {.at = unit.now,
                          .what = occasion == Occasion::overrule ? "overruled" : "reprocessed",
                          .by = by});
}

}  // namespace

std::optional<std::vector<PartChange>> would_change(const DecidingContext& context,
                                                    const store::OrderKey& key, Occasion occasion) {
  const auto standing = store::find_order(context.db, key);
  if (!standing || standing->state == "cancelled") return std::nullopt;
  const auto revision = store::find_revision(context.db, key, standing->revision);
  if (!revision) throw std::runtime_error("order " + key.id + " lacks its revision");
  auto order = read_stored_order(*revision, standing->received_at);
  const auto decided = decide_now(context, order, standing, occasion);
  return changes_between(decided.before, decided.after);
}

std::optional<std::vector<PartChange>> reprocess(UnitContext& unit, const store::OrderKey& key,
                                                 Occasion occasion, const store::Actor& by) {
  const auto standing = store::find_order(unit.db, key);
  if (!standing || standing->state == "cancelled") return std::nullopt;
  const auto before = store::parts_of(unit.db, key);
  note(unit, key, occasion, by);
  decide_again(unit, key, occasion);
  return changes_between(before, store::parts_of(unit.db, key));
}

bool next_orders(store::Connection& db, const OrderFilter& filter, std::int64_t& after,
                 std::vector<store::OrderKey>& keys) {
  keys.clear();
  const std::optional<std::string> supplier =
      filter.supplier.empty() ? std::nullopt : std::optional(filter.supplier);
  const auto orders = store::list_orders(db, filter.shop, filter.state, supplier, std::nullopt,
                                         after, kOrdersAtOnce);
  for (const auto& order : orders) {
    after = order.seq;
    if (order.state == "cancelled") continue;
    if (filter.from && order.received_at < *filter.from) continue;
    if (filter.until && order.received_at >= *filter.until) continue;
    if (!filter.outcome.empty()) {
      const auto parts = store::parts_of(db, order.key);
      const bool some = std::any_of(parts.begin(), parts.end(), [&](const PartRow& part) {
        return part.outcome == filter.outcome;
      });
      if (!some) continue;
    }
    keys.push_back(order.key);
  }
  return static_cast<std::int64_t>(orders.size()) == kOrdersAtOnce;
}

std::int64_t reprocess_all(UnitContext& unit, const OrderFilter& filter, Occasion occasion,
                           const store::Actor& by) {
  std::int64_t count = 0, after = 0;
  std::vector<store::OrderKey> keys;
  for (bool more = true; more;) {
    more = next_orders(unit.db, filter, after, keys);
    for (const auto& key : keys) {
      note(unit, key, occasion, by);
      store::make_order_due(unit.db, key, name_of(occasion));
    }
    count += static_cast<std::int64_t>(keys.size());
  }
  return count;
}

}  // namespace consign
