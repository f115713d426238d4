#include "daemon/orders/deciding.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "consign/ruleset.hpp"
#include "daemon/orders/grants_of_parts.hpp"
#include "daemon/orders/reserving.hpp"
#include "daemon/orders/store_facts.hpp"
#include "daemon/orders/telling.hpp"
#include "daemon/store/outbox_rows.hpp"
#include "daemon/wire/decision_json.hpp"

namespace consign {
namespace {

using store::OrderKey;

std::optional<std::string> text_of(const Record& record, Field field) {
  const auto text = record.text(field);
  if (text.empty()) return std::nullopt;
  return std::string(text);
}

void record_holds_and_waits(UnitContext& unit, const OrderKey& key, const Decision& decision) {
  const RuleSet& rules = unit.rules.rules();
  std::vector<std::pair<std::string, std::string>> waits;
  for (const LineDecision& line : decision.lines) {
    for (const HoldMade& hold : line.holds) {
      store::put_hold(unit.db, key,
                      {.line = std::string(line.id),
                       .rule = std::string(rules.rules[hold.rule].name),
                       .first_fired = hold.first_fired,
                       .until = hold.until});
    }
    for (const auto fact : line.waits_for) waits.emplace_back(fact, line.id);
  }
  store::replace_waits(unit.db, key, waits);
}

// A notice is made once per order for the same rule and text (language.md C3, D2).
void record_notices(UnitContext& unit, const OrderKey& key, const Decision& decision,
                    const std::string& decision_id) {
  const RuleSet& rules = unit.rules.rules();
  for (const Noticed& notice : decision.notices) {
    boost::json::object body{{"type", "order.notice"},
                             {"timestamp", format_timestamp(unit.now)},
                             {"data",
                              {{"order", {{"shop", key.shop}, {"id", key.id}}},
                               {"decision", decision_id},
                               {"rule", std::string(rules.rules[notice.rule].name)},
                               {"text", std::string(notice.text)}}}};
    store::queue_effect(
        unit.db, key,
        {.part = "",
         .rule = std::string(rules.rules[notice.rule].name),
         .action = "notify " + std::string(notice.endpoint) + " " + std::string(notice.text),
         .endpoint = std::string(notice.endpoint),
         .body = boost::json::serialize(body)},
        decision_id, unit.now);
  }
}

// The facts for an order that keeps what `prior` says, and gives back the rest.
Facts facts_for(const DecidingContext& context, const OrderKey& key, const OrderBefore& standing,
                const Prior& prior, const Facts& joined) {
  Facts facts = joined;
  give_back(context, key, standing.parts, prior, facts);
  return facts;
}

// A part whose hold is over goes to the supplier that it was held for. As a rule the rules say so
// themselves, with reason and grants; where they have changed meanwhile, it goes there all the
// same.
Prior prior_for(const DecidingContext& context, const OrderKey& key, const OrderDocument& order,
                const OrderBefore& standing, Occasion occasion, const Facts& joined) {
  const auto released = occasion == Occasion::again
                            ? released_parts(standing.parts, standing.holds, context.rules)
                            : std::vector<const store::PartRow*>{};
  Prior by_rules = prior_of(standing, released, order, occasion, Release::by_rules);
  if (released.empty()) return by_rules;
  const Facts facts = facts_for(context, key, standing, by_rules, joined);
  const Decision trial =
      decide(*context.rules.program, order.event, facts, context.now, context.arena, &by_rules);
  if (keeps_suppliers(trial, released)) return by_rules;
  return prior_of(standing, released, order, occasion, Release::to_their_supplier);
}

}  // namespace

DecidedNow decide_now(const DecidingContext& context, OrderDocument& order,
                      const std::optional<store::OrderRow>& standing, Occasion occasion) {
  const Program& program = *context.rules.program;
  const OrderKey key{order.shop, order.id};
  receive(order, standing ? standing->received_at : context.now);
  StoreFacts source(context.db, context.settings, context.now);
  Facts facts = join_facts(order.event, facts_needed(program), context.rules.rules().suppliers,
                           source, context.now);
  std::vector<store::PartRow> before;
  std::optional<Prior> prior;
  if (standing) {
    OrderBefore stood{.parts = store::parts_of(context.db, key),
                      .holds = store::holds_of(context.db, key),
                      .rejections = store::rejections_of(context.db, key),
                      .barred = {},
                      .counting = {}};
    for (const auto& part : stood.parts) {
      if (part.supplier && !supplier_may_act(context.rules, *part.supplier)) {
        stood.barred.insert(*part.supplier);
      }
    }
    for (const Supplier& each : context.rules.rules().suppliers) {
      if (each.stock_tracked) stood.counting.insert(each.name);
    }
    for (const Facts::Stock& each : facts.stock) stood.counting.insert(each.supplier);
    prior = prior_for(context, key, order, stood, occasion, facts);
    give_back(context, key, stood.parts, *prior, facts);
    before = std::move(stood.parts);
  }
  Decision decision =
      decide(program, order.event, facts, context.now, context.arena, prior ? &*prior : nullptr);
  auto after = parts_after(decision, program, order, before);
  const std::int64_t waiting_limit = context.settings.waiting_limit_seconds;
  hold_overdue(after, Timestamp{context.now.micros - waiting_limit * 1'000'000}, waiting_limit);
  return {std::move(facts), std::move(prior), std::move(decision), std::move(before),
          std::move(after)};
}

Decided decide_and_record(UnitContext& unit, OrderDocument order,
                          const std::optional<store::OrderRow>& standing, Occasion occasion) {
  const Program& program = *unit.rules.program;
  const OrderKey key{order.shop, order.id};
  auto now = decide_now(unit, order, standing, occasion);
  const Timestamp received_at = standing ? standing->received_at : unit.now;
  Decided decided;
  decided.id = decision_id(program, order, now.facts, now.prior ? &*now.prior : nullptr, unit.now);
  decided.answer =
      boost::json::serialize(decision_to_json(now.decision, program, order, decided.id));

  store::DecisionRow row{.id = decided.id,
                         .revision = order.revision(),
                         .rules = unit.rules.hash,
                         .at = unit.now,
                         .received_at = received_at,
                         .answer = decided.answer,
                         .facts = facts_to_json(now.facts),
                         .prior = std::nullopt,
                         .engine = std::string(kEngineVersion),
                         .time_zones = time_zone_data_version()};
  if (now.prior) row.prior = prior_to_json(*now.prior);
  store::insert_decision(unit.db, key, row);

  const std::int64_t version = standing ? standing->version + 1 : 1;
  number_versions(now.after, now.before, version);
  store::replace_parts(unit.db, key, now.after);
  reserve(unit, key, now.before, now.after);
  record_grants(unit, key, order, now.decision, decided.id, now.after);
  record_holds_and_waits(unit, key, now.decision);
  record_notices(unit, key, now.decision, decided.id);
  tell_suppliers(unit, key, order.json.root(), now.before, now.after, decided.id);

  auto email = text_of(order.event.order, Field::customer_email);
  store::put_order(unit.db,
                   {.key = key,
                    .revision = order.revision(),
                    .updated_at = order.updated_at,
                    .received_at = received_at,
                    .state = order.event.cancelled ? "cancelled" : std::string(state_of(now.after)),
                    .decision = decided.id,
                    .customer_id = text_of(order.event.order, Field::customer_id),
                    .customer_email = std::move(email),
                    .version = version,
                    .silent = now.decision.silent,
                    .name = text_of(order.event.order, Field::order_name)});
  return decided;
}

OrderDocument read_stored_order(const store::RevisionRow& revision, Timestamp received_at) {
  auto document = parse_json(revision.body);
  if (!document) throw std::runtime_error("a stored order: " + document.error().message);
  // Whatever was let in is read back: the limits were those of the day it came.
  constexpr std::size_t kNoLimit = SIZE_MAX;
  auto order = read_order(
      std::move(document.value()),
      {.lines = kNoLimit, .text_bytes = kNoLimit, .values = kNoLimit, .allow_zero_quantity = true});
  if (!order) throw std::runtime_error("a stored order: " + order.error().front().message);
  order->set_revision(revision.revision);
  receive(*order, received_at);
  return std::move(order.value());
}

void decide_again(UnitContext& unit, const OrderKey& key, Occasion occasion) {
  const auto standing = store::find_order(unit.db, key);
  if (!standing || standing->state == "cancelled") return;
  const auto revision = store::find_revision(unit.db, key, standing->revision);
  if (!revision) throw std::runtime_error("order " + key.id + " lacks its revision");
  if (occasion == Occasion::overrule) {
    store::forget_rejections(unit.db, key);
    store::revive_holds(unit.db, key);
  }
  decide_and_record(unit, read_stored_order(*revision, standing->received_at), standing, occasion);
}

}  // namespace consign
