// Who gets an event of one's own: an account that was named, or the members of a group in turn.
//
// A group's turn goes round its members in the order written: next is who comes after the one that
// something was given to last, leaving out who is off duty or cannot take it. Whom it came to last
// is stored, so that a restart changes nothing. What nobody can take is held, and handed out as
// soon as somebody can: when an account comes on duty or changes, and by the ticker, which also
// sees to what rules have changed. Oldest first, a bounded number in one unit.
#pragma once

#include <boost/json/array.hpp>
#include <string>

#include "consign/ruleset.hpp"
#include "daemon/orders/unit_context.hpp"
#include "daemon/store/access_rows.hpp"
#include "daemon/store/event_rows.hpp"

namespace consign {

/// The group of that name that the rules declare, or null.
const Group* find_group(const RuleSet& rules, std::string_view name);

/// Why the account cannot take things of the shop (empty: of none); empty where it can. On duty or
/// not does not matter here.
std::string why_cannot_take(UnitContext& unit, const std::string& account, const std::string& shop);

/// Members who are on duty and can take things of the shop, in the order written.
std::vector<std::string> able_members(UnitContext& unit, const Group& group,
                                      const std::string& shop);

/// Gives the event to whose turn it is, or holds it for the group. Changes `event` only.
void give_to_group(UnitContext& unit, const Group& group, store::StandingEvent& event);
/// Gives the event to the account, or holds it until the account can take it. Likewise.
void give_to_account(UnitContext& unit, const std::string& account, store::StandingEvent& event);

/// Stores how the event stands now, and that `by` has done it.
void store_standing(UnitContext& unit, store::StandingEvent& event, const std::string& what,
                    const store::Actor& by, const std::string& reason = "");

/// Hands out what is held and can be taken; whether there may be more.
bool hand_out(UnitContext& unit);

/// What an account has that it cannot keep goes back to its group, or is held; what waits for it is
/// handed out. To be called when an account was stored.
void account_has_changed(UnitContext& unit, const std::string& account);
/// Goes on with that where it was too much for one unit; whether there may be more.
bool look_at_changed_accounts(UnitContext& unit);

}  // namespace consign
