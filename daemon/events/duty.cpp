#include "daemon/events/duty.hpp"

#include "daemon/access/accounts.hpp"
#include "daemon/events/handing.hpp"
#include "daemon/store/event_rows.hpp"

namespace consign {

bool put_on_duty(UnitContext& unit, const std::string& account, bool on, const store::Actor& by) {
  if (!is_known_account(unit.db, unit.rules, account)) return false;
  if (!store::set_duty(unit.db, account, on, unit.now)) return true;
  store::record_event(
      unit.db, "account " + account,
      {.at = unit.now, .what = on ? "on duty" : "off duty", .by = by, .detail = "{}"});
  if (on) hand_out(unit);
  return true;
}

}  // namespace consign
