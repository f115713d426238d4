#include "daemon/events/handing.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <utility>

#include "daemon/access/account_name.hpp"
#include "daemon/access/checking.hpp"

namespace consign {
namespace {

using store::Awaited;
using store::StandingEvent;

constexpr std::int64_t kHandedAtOnce = 200;
const store::Actor kConsignd{"consignd", ""};

void assign(StandingEvent& event, const std::string& account) {
  event.state = "assigned";
  event.account = account;
  event.reason.clear();
}

// Of those who can take it, the first after `last` in the order in which the group is written.
std::string next_after(const Group& group, const std::vector<std::string>& able,
                       const std::string& last) {
  const auto place = std::ranges::find(group.members, last);
  const auto from = place == group.members.end() ? group.members.begin() : place + 1;
  const auto is_able = [&](const std::string& member) {
    return std::ranges::find(able, member) != able.end();
  };
  const auto next = std::find_if(from, group.members.end(), is_able);
  return next != group.members.end() ? *next : able.front();
}

std::string nobody(UnitContext& unit, const Group& group, const std::string& shop) {
  const bool some = std::ranges::any_of(group.members, [&](const std::string& member) {
    return store::on_duty_since(unit.db, member).has_value();
  });
  if (!some) return "nobody of " + group.name + " is on duty";
  return "nobody of " + group.name + " who is on duty can take it" +
         (shop.empty() ? "" : " in shop " + shop);
}

// The oldest of what waits for a group in any of its shops where somebody can take it.
void hand_out_of_group(UnitContext& unit, const Group& group, const std::vector<std::string>& shops,
                       std::int64_t& left) {
  std::vector<StandingEvent> events;
  for (const auto& shop : shops) {
    if (able_members(unit, group, shop).empty()) continue;
    auto waiting = store::events_awaiting(unit.db, {group.name, "", shop}, left);
    std::ranges::move(waiting, std::back_inserter(events));
  }
  std::ranges::sort(events, {}, &StandingEvent::seq);
  if (events.size() > static_cast<std::size_t>(left)) {
    events.resize(static_cast<std::size_t>(left));
  }
  for (auto& event : events) {
    give_to_group(unit, group, event);
    store_standing(unit, event, "assigned", kConsignd);
  }
  left -= static_cast<std::int64_t>(events.size());
}

void hand_out_to_account(UnitContext& unit, const Awaited& awaited, std::int64_t& left) {
  if (!why_cannot_take(unit, awaited.account, awaited.shop).empty()) return;
  for (auto& event : store::events_awaiting(unit.db, awaited, left)) {
    assign(event, awaited.account);
    store_standing(unit, event, "assigned", kConsignd);
    --left;
  }
}

void give_back(UnitContext& unit, StandingEvent& event, const std::string& why) {
  event.state = "held";
  event.reason = why;
  if (!event.group.empty()) event.account.clear();
  store_standing(unit, event, "given back", kConsignd, why);
}

}  // namespace

const Group* find_group(const RuleSet& rules, std::string_view name) {
  const auto found = std::ranges::find(rules.groups, name, &Group::name);
  return found == rules.groups.end() ? nullptr : &*found;
}

// Asked of the store, not of the index: what this unit, or one before it in the same transaction,
// has changed counts already.
std::string why_cannot_take(UnitContext& unit, const std::string& account,
                            const std::string& shop) {
  if (!rules_let_act(unit.rules, account)) return account + " is suspended by the rules";
  const auto row = store::find_account(unit.db, account);
  if (!row) {
    // Suppliers that the rules declare need no account.
    const bool declared = account.starts_with(kSupplierPrefix);
    return declared ? "" : "there is no account " + account;
  }
  switch (row->state) {
    case store::AccountState::active:
      break;
    case store::AccountState::suspended:
      return account + " is suspended";
    case store::AccountState::removed:
      return "there is no account " + account;
  }
  if (!shop.empty() && !row->belongs_to(shop)) return account + " does not belong to shop " + shop;
  return row->is_suspended_in(shop) ? account + " is suspended in shop " + shop : "";
}

std::vector<std::string> able_members(UnitContext& unit, const Group& group,
                                      const std::string& shop) {
  std::vector<std::string> able;
  for (const auto& member : group.members) {
    if (store::on_duty_since(unit.db, member) && why_cannot_take(unit, member, shop).empty()) {
      able.push_back(member);
    }
  }
  return able;
}

void give_to_group(UnitContext& unit, const Group& group, StandingEvent& event) {
  event.group = group.name;
  const auto able = able_members(unit, group, event.shop);
  if (able.empty()) {
    event.state = "held";
    event.account.clear();
    event.reason = nobody(unit, group, event.shop);
    return;
  }
  assign(event, next_after(group, able, store::last_turn(unit.db, group.name)));
  store::set_last_turn(unit.db, group.name, event.account);
}

void give_to_account(UnitContext& unit, const std::string& account, StandingEvent& event) {
  assign(event, account);
  event.reason = why_cannot_take(unit, account, event.shop);
  if (!event.reason.empty()) event.state = "held";
}

void store_standing(UnitContext& unit, StandingEvent& event, const std::string& what,
                    const store::Actor& by, const std::string& reason) {
  event.changed_at = unit.now;
  store::put_standing(unit.db, event);
  boost::json::object detail;
  if (event.state == "assigned") detail["to"] = event.account;
  if (!event.group.empty()) detail["group"] = event.group;
  if (!reason.empty()) detail["reason"] = reason;
  store::record_event(
      unit.db, store::subject_of(event.key),
      {.at = unit.now, .what = what, .by = by, .detail = boost::json::serialize(detail)});
}

bool hand_out(UnitContext& unit) {
  std::map<std::string, std::vector<std::string>> shops_of_groups;
  std::vector<Awaited> accounts;
  Awaited at;
  while (auto awaited = store::next_awaited(unit.db, at)) {
    at = *awaited;
    if (at.group.empty()) {
      accounts.push_back(at);
    } else {
      shops_of_groups[at.group].push_back(at.shop);
    }
  }
  std::int64_t left = kHandedAtOnce;
  for (const auto& awaited : accounts) {
    if (left > 0) hand_out_to_account(unit, awaited, left);
  }
  for (const auto& [name, shops] : shops_of_groups) {
    const Group* group = find_group(unit.rules.rules(), name);
    if (group != nullptr && left > 0) hand_out_of_group(unit, *group, shops, left);
  }
  return left == 0;
}

void account_has_changed(UnitContext& unit, const std::string& account) {
  const auto row = store::find_account(unit.db, account);
  if (row && row->state == store::AccountState::removed) {
    store::set_duty(unit.db, account, false, unit.now);
  }
  store::look_at_account(unit.db, account);
  look_at_changed_accounts(unit);
  hand_out(unit);
}

bool look_at_changed_accounts(UnitContext& unit) {
  const auto due = store::next_account_to_look_at(unit.db);
  if (!due) return false;
  auto events = store::events_with(unit.db, due->account, due->after, kHandedAtOnce);
  for (auto& event : events) {
    const auto why = why_cannot_take(unit, due->account, event.shop);
    if (!why.empty()) give_back(unit, event, why);
  }
  if (static_cast<std::int64_t>(events.size()) == kHandedAtOnce) {
    store::looked_up_to(unit.db, due->account, events.back().seq);
    return true;
  }
  store::looked_at_all(unit.db, due->account);
  return store::next_account_to_look_at(unit.db).has_value();
}

}  // namespace consign
