#include "daemon/events/taking.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <utility>

#include "consign/hash.hpp"
#include "daemon/events/handing.hpp"
#include "daemon/orders/store_facts.hpp"
#include "daemon/store/outbox_rows.hpp"

namespace consign {
namespace {

using store::EventKey;
using store::StandingEvent;

std::string bytes_of(const Sha256Digest& digest) { return {digest.begin(), digest.end()}; }

// What the rules were decided with, and whose turn it was, so that it can be told again why.
std::string facts_used(UnitContext& unit, const Record& shop, const EventDecision& decision,
                       const std::string& of_shop) {
  Facts facts;
  facts.shared = shop;
  boost::json::object used{{"facts", boost::json::parse(facts_to_json(facts))}};
  if (decision.state == EventDecision::State::assigned && decision.hand->group) {
    const Group& group = unit.rules.rules().groups[*decision.hand->group];
    boost::json::array able;
    for (const auto& member : able_members(unit, group, of_shop)) {
      able.push_back(boost::json::string(member));
    }
    used["turn"] = {{"last", store::last_turn(unit.db, group.name)}, {"on_duty", std::move(able)}};
  }
  return boost::json::serialize(used);
}

// A notice is made once for the same rule and text, and leaves like those of orders. No order has
// an action of that name, so the two never meet.
void queue_notices(UnitContext& unit, const OwnEventDocument& event, const EventDecision& decision,
                   const std::string& decision_id) {
  const RuleSet& rules = unit.rules.rules();
  const store::OrderKey about{event.shop, store::subject_of({event.name, event.id})};
  for (const Noticed& notice : decision.notices) {
    const std::string rule(rules.rules[notice.rule].name);
    const boost::json::object body{{"type", "event.notice"},
                                   {"timestamp", format_timestamp(unit.now)},
                                   {"data",
                                    {{"event", {{"name", event.name}, {"id", event.id}}},
                                     {"shop", event.shop},
                                     {"decision", decision_id},
                                     {"rule", rule},
                                     {"text", std::string(notice.text)}}}};
    store::queue_effect(
        unit.db, about,
        {.part = "",
         .rule = rule,
         .action = "event.notice " + std::string(notice.endpoint) + " " + std::string(notice.text),
         .endpoint = std::string(notice.endpoint),
         .body = boost::json::serialize(body)},
        decision_id, unit.now);
  }
}

void hand_to(UnitContext& unit, const EventDecision& decision, StandingEvent& event) {
  switch (decision.state) {
    case EventDecision::State::recorded:
      event.state = "recorded";
      return;
    case EventDecision::State::held:
      event.state = "held";
      event.reason = decision.reason;
      return;
    case EventDecision::State::assigned:
      break;
  }
  if (decision.hand->group) {
    give_to_group(unit, unit.rules.rules().groups[*decision.hand->group], event);
  } else {
    give_to_account(unit, decision.hand->account->to_string(), event);
  }
}

TakenEvent decide_and_record(UnitContext& unit, const OwnEventDocument& event, std::size_t index,
                             std::string body_hash) {
  const RuleSet& rules = unit.rules.rules();
  StoreFacts source(unit.db, unit.settings, unit.now);
  const Record shop = event.shop.empty() ? Record() : join_shop(event.shop, source);
  const auto& program = unit.rules.events[index];
  const EventDecision decision =
      program == nullptr ? no_rule_decides(unit.arena)
                         : decide_event(*program, event.record, shop, unit.now, unit.arena);
  const std::string facts = facts_used(unit, shop, decision, event.shop);
  const std::string id = event_decision_id(rules, event, facts, unit.now);

  StandingEvent standing{.key = {event.name, event.id}, .shop = event.shop};
  hand_to(unit, decision, standing);
  auto answer = event_decision_to_json(decision, rules, event, id, unit.now);
  answer["state"] = standing.state;
  answer.erase("assigned_to");
  if (!standing.account.empty()) {
    answer[standing.state == "assigned" ? "assigned_to" : "waits_for"] = standing.account;
  }
  if (!standing.reason.empty()) answer["reason"] = standing.reason;

  store::OwnEventRow row{.key = standing.key,
                         .shop = event.shop,
                         .body = event.canonical,
                         .body_hash = std::move(body_hash),
                         .received_at = unit.now,
                         .rules = unit.rules.hash,
                         .facts = facts,
                         .answer = boost::json::serialize(answer),
                         .engine = std::string(kEngineVersion),
                         .time_zones = time_zone_data_version()};
  standing.seq = store::insert_event(unit.db, row);
  store_standing(unit, standing, standing.state, {"consignd", ""}, standing.reason);
  queue_notices(unit, event, decision, id);
  return {EventTaking::decided, std::move(row.answer)};
}

OwnEventDocument read_again(const OwnEventDocument& event, const OwnEvent& declared,
                            std::vector<JsonError>& faults) {
  const auto document = parse_json(event.canonical);
  if (!document) throw std::runtime_error("an event that was read does not read again");
  auto read = read_own_event(document->root(), declared);
  if (read) return std::move(*read);
  faults = read.error();
  return event;
}

}  // namespace

TakenEvent take_event(UnitContext& unit, OwnEventDocument event, const std::string& read_with) {
  std::string body_hash = bytes_of(sha256(event.canonical));
  if (const auto known = store::find_event(unit.db, {event.name, event.id})) {
    if (known->body_hash != body_hash) return {EventTaking::conflict};
    return {EventTaking::known, known->answer};
  }
  const auto index = find_event_index(unit.rules.rules(), event.name);
  if (!index) return {EventTaking::undeclared};
  if (unit.rules.hash != read_with) {
    std::vector<JsonError> faults;
    event = read_again(event, unit.rules.rules().events[*index], faults);
    if (!faults.empty()) return {EventTaking::faulty, "", std::move(faults)};
  }
  return decide_and_record(unit, event, *index, std::move(body_hash));
}

EventChange reassign_to_group(UnitContext& unit, const EventKey& key, const std::string& group,
                              const store::Actor& by) {
  auto event = store::find_standing(unit.db, key);
  if (!event) return EventChange::not_found;
  if (event->state == "closed") return EventChange::closed;
  give_to_group(unit, *find_group(unit.rules.rules(), group), *event);
  store_standing(unit, *event, "reassigned", by, event->reason);
  return EventChange::done;
}

EventChange reassign_to_account(UnitContext& unit, const EventKey& key, const std::string& account,
                                const store::Actor& by, std::string& why) {
  auto event = store::find_standing(unit.db, key);
  if (!event) return EventChange::not_found;
  if (event->state == "closed") return EventChange::closed;
  why = why_cannot_take(unit, account, event->shop);
  if (!why.empty()) return EventChange::done;
  give_to_account(unit, account, *event);
  store_standing(unit, *event, "reassigned", by);
  return EventChange::done;
}

EventChange close_event(UnitContext& unit, const EventKey& key, const std::string& only,
                        const store::Actor& by) {
  auto event = store::find_standing(unit.db, key);
  if (!event || (!only.empty() && (event->account != only || event->state == "held"))) {
    return EventChange::not_found;
  }
  if (event->state == "closed") return EventChange::done;
  if (event->state == "held") event->account.clear();
  event->state = "closed";
  event->reason.clear();
  store_standing(unit, *event, "closed", by);
  return EventChange::done;
}

}  // namespace consign
