// Seats: how many accounts of a kind a shop's plan allows (`accounts staff { seats { … } }`).
//
// Who is active in the shop has a seat, and so has a pending invitation. Everything that would take
// one asks here, inside the writer's unit, so two who race for the last one cannot both have it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "consign/event.hpp"
#include "daemon/orders/unit_context.hpp"
#include "daemon/store/access_rows.hpp"

namespace consign {

/// The plan that the shop is on now: told last, else of the settings; may be empty.
std::string plan_of(store::Connection& db, const Settings& settings, const std::string& shop);

/// What rules read of a shop (shop.*), with the staff accounts that have a seat. A record without
/// values for a shop that is not configured.
Record shop_facts(store::Connection& db, const Settings& settings, const std::string& shop,
                  Timestamp now);

/// How the seats of a shop stand.
struct Seats {
  std::optional<std::int64_t> limit;  ///< nothing: there is none
  std::int64_t people = 0, invited = 0;
};
Seats seats_of(const DecidingContext& context, std::string_view kind, const std::string& shop);

/// What somebody is told who would take a seat and cannot; nothing: there is one, or no limit.
/// `kind`: of accounts. `but_for`: an account, or a request, whose own seat does not count.
std::optional<std::string> no_seat(const DecidingContext& context, std::string_view kind,
                                   const std::string& shop, std::string_view but_for);
/// An organization has one main account. What somebody is told who would be a second one; nothing:
/// it is the first, is of no organization, or is no main account.
std::optional<std::string> no_second_main(const DecidingContext& context, std::string_view account,
                                          std::string_view organization);
/// Both for an account as it is to be, over all shops where it would have a seat and `before`
/// (null: it is new) had none.
std::optional<std::string> no_seat_for(const DecidingContext& context,
                                       const store::AccountRow* before,
                                       const store::AccountRow& after);

/// Suspends in each shop those who have more seats than there are: first invitations, the newest
/// first, then people, the one longest inactive first.
void fit_seats(UnitContext& unit);
/// The same if rules or plans have changed since it was done last.
void fit_seats_if_changed(UnitContext& unit);

/// What a change of plan did.
void change_plan(UnitContext& unit, const std::string& shop, const std::string& plan,
                 const store::Actor& by);

}  // namespace consign
