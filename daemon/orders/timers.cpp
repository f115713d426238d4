#include "daemon/orders/timers.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "daemon/access/lapsing.hpp"
#include "daemon/events/handing.hpp"
#include "daemon/orders/deciding.hpp"
#include "daemon/store/ledger_rows.hpp"
#include "daemon/store/outbox_rows.hpp"

namespace consign {
namespace {

bool end_timed_holds(UnitContext& unit) {
  const auto keys = store::end_holds(unit.db, unit.now, kDueAtOnce);
  for (const auto& key : keys) store::make_order_due(unit.db, key);
  const auto by_persons = store::release_held_parts(unit.db, kReleased, unit.now, kDueAtOnce);
  for (const auto& key : by_persons) store::make_order_due(unit.db, key);
  return static_cast<std::int64_t>(std::max(keys.size(), by_persons.size())) == kDueAtOnce;
}

// No rule set says this, so it is no decision: the lines change, the decision stays. What they wait
// for is still noted, so the fact lifts the hold when it comes after all.
bool hold_what_waited_too_long(UnitContext& unit) {
  const auto seconds = unit.settings.waiting_limit_seconds;
  const Timestamp limit{unit.now.micros - seconds * 1'000'000};
  const auto keys = store::orders_waiting_since(unit.db, limit, kDueAtOnce);
  for (const auto& key : keys) {
    const auto before = store::parts_of(unit.db, key);
    auto parts = before;
    hold_overdue(parts, limit, seconds);
    auto order = store::find_order(unit.db, key);
    if (!order) continue;
    order->version += 1;
    order->state = state_of(parts);
    number_versions(parts, before, order->version);
    store::replace_parts(unit.db, key, parts);
    store::put_order(unit.db, *order);
  }
  return static_cast<std::int64_t>(keys.size()) == kDueAtOnce;
}

// An effect for a name that is not configured (any more) would wait for ever. It is given up
// instead, and says why; it can be sent by hand when the name means something.
bool give_up_effects_without_endpoint(UnitContext& unit) {
  for (const auto& name : store::endpoints_with_work(unit.db)) {
    if (unit.settings.endpoints.contains(name)) continue;
    const auto effects = store::queued_for(unit.db, name, kDueAtOnce);
    spdlog::error("no endpoint {} is configured; gave up {} effects for it", name, effects.size());
    for (const auto effect : effects) {
      store::record_attempt(
          unit.db, effect, {.at = unit.now, .problem = "no endpoint `" + name + "` is configured"});
      store::end_effect(unit.db, effect, "failed", unit.now);
    }
    if (static_cast<std::int64_t>(effects.size()) == kDueAtOnce) return true;
  }
  return false;
}

}  // namespace

bool decide_due(UnitContext& unit) {
  const auto due = store::take_due(unit.db, kDueAtOnce);
  // One order that cannot be decided must not keep the others from it, nor be tried for ever.
  for (const auto& [key, how] : due) {
    const bool decided =
        store::try_nested(unit.db, [&] { decide_again(unit, key, occasion_of(how)); });
    if (!decided) spdlog::error("order {} of shop {} could not be decided again", key.id, key.shop);
  }
  return static_cast<std::int64_t>(due.size()) == kDueAtOnce;
}

bool tick(UnitContext& unit) {
  const bool more_holds = end_timed_holds(unit);
  const bool more_waits = hold_what_waited_too_long(unit);
  const bool more_due = decide_due(unit);
  const bool more_accounts = look_at_changed_accounts(unit);
  const bool more_events = hand_out(unit);
  const bool more_effects = give_up_effects_without_endpoint(unit);
  store::prune_ledger(unit.db, unit.now);
  const Timestamp kept{unit.now.micros - unit.settings.keep_deliveries_seconds * 1'000'000};
  const bool more_old = store::prune_delivered(unit.db, kept, kDueAtOnce) == kDueAtOnce;
  unit.access.flush_uses_now_and_then(unit.db, unit.now);
  const bool more_lapsed = end_what_lapsed(unit);
  return more_lapsed || more_holds || more_waits || more_due || more_accounts || more_events ||
         more_effects || more_old;
}

}  // namespace consign
