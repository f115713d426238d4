// Rows of events that rule sets declare, of who has them, and of who is on duty.
//
// What was done to an event stands among the access events, under the subject that `subject_of`
// gives.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/time.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign::store {

struct EventKey {
  std::string name = {}, id = {};
};

/// "event conversation/c-1"; no two events share one.
std::string subject_of(const EventKey& key);

/// An event and what was decided about it. Immutable.
struct OwnEventRow {
  std::int64_t seq = 0;
  EventKey key = {};
  std::string shop = {};  ///< empty: it names none
  std::string body = {}, body_hash = {};
  Timestamp received_at = {};
  std::string rules = {}, facts = {}, answer = {}, engine = {}, time_zones = {};
};

/// How an event stands.
struct StandingEvent {
  std::int64_t seq = 0;
  EventKey key = {};
  std::string shop = {};
  std::string state = {};    ///< assigned, held, recorded, closed
  std::string account = {};  ///< assigned: who has it; held: who gets it as soon as that can be
  std::string group = {};    ///< the group whose members it goes round in; empty: none
  std::string reason = {};   ///< of held
  Timestamp received_at = {}, changed_at = {};

  bool is_open() const { return state == "assigned" || state == "held"; }
};

/// Gives it the next `seq`, which it returns.
std::int64_t insert_event(Connection& db, const OwnEventRow& row);
std::optional<OwnEventRow> find_event(Connection& db, const EventKey& key);

std::optional<StandingEvent> find_standing(Connection& db, const EventKey& key);
/// Makes it, or brings it to what is given.
void put_standing(Connection& db, const StandingEvent& event);

struct EventFilter {
  std::string account = {}, state = {};  ///< empty: any
};
/// A page of events of that name after `after`, oldest first.
std::vector<StandingEvent> list_events(Connection& db, std::string_view name,
                                       const EventFilter& filter, std::int64_t after,
                                       std::int64_t limit);
/// What the account has, after the event `after`, oldest first.
std::vector<StandingEvent> events_with(Connection& db, std::string_view account, std::int64_t after,
                                       std::int64_t limit);

/// Whom held events wait for, in which shop. Either the group or the account is empty, or it is
/// the group that counts.
struct Awaited {
  std::string group = {}, account = {}, shop = {};
};
/// The first of them after `after`, in an order of their own.
std::optional<Awaited> next_awaited(Connection& db, const Awaited& after);
/// Held events that wait for it, oldest first.
std::vector<StandingEvent> events_awaiting(Connection& db, const Awaited& awaited,
                                           std::int64_t limit);
std::int64_t count_held(Connection& db, std::string_view group);

/// Whom the group gave something to last; empty: nobody yet.
std::string last_turn(Connection& db, std::string_view group);
void set_last_turn(Connection& db, std::string_view group, std::string_view account);

/// Since when the account is on duty; nothing: it is not.
std::optional<Timestamp> on_duty_since(Connection& db, std::string_view account);
/// Whether that changed anything.
bool set_duty(Connection& db, std::string_view account, bool on, Timestamp now);

/// The account's events have to be looked at anew, from the first on.
void look_at_account(Connection& db, std::string_view account);
struct AccountToLookAt {
  std::string account = {};
  std::int64_t after = 0;
};
std::optional<AccountToLookAt> next_account_to_look_at(Connection& db);
void looked_up_to(Connection& db, std::string_view account, std::int64_t event);
void looked_at_all(Connection& db, std::string_view account);

}  // namespace consign::store
