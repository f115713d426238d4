// Taking in an event that the rules declare: checked, decided, recorded and handed to somebody, in
// one unit of the writer.
#pragma once

#include <string>
#include <vector>

#include "daemon/orders/unit_context.hpp"
#include "daemon/store/access_rows.hpp"
#include "daemon/store/event_rows.hpp"
#include "daemon/wire/own_event.hpp"

namespace consign {

enum class EventTaking {
  decided,
  known,       ///< the same event was taken before; `answer` is what was said then
  conflict,    ///< the id is known with another body
  undeclared,  ///< the rules in force declare no such event (any more)
  faulty,      ///< it does not fit what the rules in force declare
};

struct TakenEvent {
  EventTaking how;
  std::string answer = {};  ///< JSON
  std::vector<JsonError> faults = {};
};

/// `read_with`: the hash of the rule set that the event was read by; if another is in force by now,
/// it is read again.
TakenEvent take_event(UnitContext& unit, OwnEventDocument event, const std::string& read_with);

/// What a person does to an event; an error says why it cannot be done as it stands, in words.
enum class EventChange { done, not_found, closed };
/// Gives it to somebody of the group, which has to be declared.
EventChange reassign_to_group(UnitContext& unit, const store::EventKey& key,
                              const std::string& group, const store::Actor& by);
/// Gives it to the account. If that cannot take it, nothing is done and `why` says why.
EventChange reassign_to_account(UnitContext& unit, const store::EventKey& key,
                                const std::string& account, const store::Actor& by,
                                std::string& why);
/// Nobody has to do with it any more. One that is closed stays so. `only`: an account that has to
/// have it, else it is not found; empty: whoever has it.
EventChange close_event(UnitContext& unit, const store::EventKey& key, const std::string& only,
                        const store::Actor& by);

}  // namespace consign
