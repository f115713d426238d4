#include "daemon/orders/deciding.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "consign/ruleset.hpp"
#include "daemon/orders/store_facts.hpp"
#include "daemon/store/grant_rows.hpp"
#include "daemon/store/outbox_rows.hpp"
#include "daemon/wire/decision_json.hpp"

namespace consign {
namespace {

using store::GrantRow;
using store::OrderKey;

std::optional<std::string> text_of(const Record& record, Field field) {
  const auto text = record.text(field);
  if (text.empty()) return std::nullopt;
  return std::string(text);
}

bool same_origin(const GrantRow& a, const GrantRow& b) {
  return a.account == b.account && a.on_shop == b.on_shop && a.line == b.line && a.part == b.part &&
         a.rule == b.rule;
}

bool same_grant(const GrantRow& a, const GrantRow& b) {
  return a.permission == b.permission && same_origin(a, b);
}

// The grants that hang on parts which this decision has kept: the engine makes those of new
// assignments only.
std::vector<GrantRow> grants_of_kept_parts(const std::vector<GrantRow>& before,
                                           const Decision& decision,
                                           const std::vector<store::PartRow>& parts) {
  std::vector<GrantRow> kept;
  for (const auto& grant : before) {
    if (!store::is_standing(grant)) continue;
    const bool stays = std::any_of(parts.begin(), parts.end(), [&](const store::PartRow& part) {
      if (part.outcome != "assigned") return false;
      const bool its_own = grant.on_shop ? part.rule == grant.rule
                                         : part.line == grant.line && part.part == grant.part;
      if (!its_own) return false;
      const auto& line = decision.lines[static_cast<std::size_t>(part.place)];
      return std::any_of(line.parts.begin(), line.parts.end(),
                         [&](const Part& each) { return each.kept && each.number == part.part; });
    });
    if (stays) kept.push_back(grant);
  }
  return kept;
}

const GrantRow* find_same(const std::vector<GrantRow>& grants, const GrantRow& wanted) {
  const auto found = std::find_if(grants.begin(), grants.end(),
                                  [&](const GrantRow& each) { return same_grant(each, wanted); });
  return found == grants.end() ? nullptr : &*found;
}

// What is left of a grant that a person has cut down from `whole`.
std::vector<GrantRow> rest_of(const std::vector<GrantRow>& before, const GrantRow& whole) {
  const auto wider = parse_permissions(whole.permission);
  std::vector<GrantRow> rest;
  for (const auto& each : before) {
    const auto narrower = parse_permissions(each.permission);
    if (store::is_standing(each) && same_origin(each, whole) &&
        each.permission != whole.permission && wider && narrower &&
        wider->front().covers(narrower->front())) {
      rest.push_back(each);
    }
  }
  return rest;
}

// Grants live and die with the assignment that made them; one that a new decision makes again keeps
// the end that it had, and what persons have done to it: suspended, cut down or revoked it.
void record_grants(UnitContext& unit, const OrderKey& key, const OrderDocument& order,
                   const Decision& decision, const std::string& decision_id,
                   const std::vector<store::PartRow>& parts) {
  const Program& program = *unit.rules.program;
  const auto before = store::rule_grants_of_order(unit.db, key);
  auto standing = grants_of_kept_parts(before, decision, parts);
  const auto kept = standing;
  for (const GrantMade& made : decision.grants) {
    GrantRow row;
    row.id = grant_id(decision_id, made, order);
    row.account = made.account;
    row.order = key;
    row.on_shop = made.on_shop;
    if (!made.on_shop) row.line = order.event.lines[made.line].text(Field::line_id);
    row.part = made.part;
    row.rule = rules_of(program).rules[made.rule].name;
    row.because = boost::json::serialize(because_to_json(program, made.rule));
    row.made_at = unit.now;
    for (const Permission& permission : made.grant->permissions) {
      row.permission = permission.to_string();
      row.state = store::GrantState::open;
      if (find_same(kept, row) != nullptr) continue;
      row.until = made.until;
      const GrantRow* old = find_same(before, row);
      if (old != nullptr && old->until) {
        row.until = row.until ? std::min(*old->until, *row.until) : *old->until;
      }
      if (old != nullptr) row.state = old->state;
      if (row.state != store::GrantState::revoked) {
        standing.push_back(row);
        continue;
      }
      for (const GrantRow& part_of_it : rest_of(before, row)) {
        GrantRow rest = row;
        rest.permission = part_of_it.permission;
        rest.state = part_of_it.state;
        rest.until = part_of_it.until;
        if (find_same(standing, rest) == nullptr) standing.push_back(std::move(rest));
      }
    }
  }
  if (before.empty() && standing.empty()) return;
  store::end_rule_grants(unit.db, key, unit.now);
  for (const auto& grant : standing) store::put_grant(unit.db, grant);
  unit.db.after_commit([&access = unit.access, before, standing = std::move(standing)] {
    access.replace_grants(before, standing);
  });
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

// A part whose hold is over goes to the supplier that it was held for. As a rule the rules say so
// themselves, with reason and grants; where they have changed meanwhile, it goes there all the
// same.
Prior prior_for(UnitContext& unit, const OrderKey& key, const OrderDocument& order,
                const std::vector<store::PartRow>& before, Occasion occasion, const Facts& facts) {
  const auto holds = store::holds_of(unit.db, key);
  const auto released = occasion == Occasion::again ? released_parts(before, holds, unit.rules)
                                                    : std::vector<const store::PartRow*>{};
  Prior by_rules = prior_of(before, holds, released, order, occasion, Release::by_rules);
  if (released.empty()) return by_rules;
  const Decision trial =
      decide(*unit.rules.program, order.event, facts, unit.now, unit.arena, &by_rules);
  if (keeps_suppliers(trial, released)) return by_rules;
  return prior_of(before, holds, released, order, occasion, Release::to_their_supplier);
}

}  // namespace

Decided decide_and_record(UnitContext& unit, OrderDocument order,
                          const std::optional<store::OrderRow>& standing, Occasion occasion) {
  const Program& program = *unit.rules.program;
  const OrderKey key{order.shop, order.id};
  const Timestamp received_at = standing ? standing->received_at : unit.now;
  receive(order, received_at);

  StoreFacts source(unit.db, unit.settings);
  const Facts facts = join_facts(order.event, facts_needed(program), source);
  std::vector<store::PartRow> before;
  std::optional<Prior> prior;
  if (standing) {
    before = store::parts_of(unit.db, key);
    prior = prior_for(unit, key, order, before, occasion, facts);
  }
  const Prior* prior_or_none = prior ? &*prior : nullptr;
  const Decision decision =
      decide(program, order.event, facts, unit.now, unit.arena, prior_or_none);
  Decided decided;
  decided.id = decision_id(program, order, facts, prior_or_none, unit.now);
  decided.answer = boost::json::serialize(decision_to_json(decision, program, order, decided.id));

  store::DecisionRow row{.id = decided.id,
                         .revision = order.revision(),
                         .rules = unit.rules.hash,
                         .at = unit.now,
                         .received_at = received_at,
                         .answer = decided.answer,
                         .facts = facts_to_json(facts),
                         .prior = std::nullopt,
                         .engine = std::string(kEngineVersion),
                         .time_zones = time_zone_data_version()};
  if (prior) row.prior = prior_to_json(*prior);
  store::insert_decision(unit.db, key, row);

  auto parts = parts_after(decision, program, before);
  const Timestamp limit{unit.now.micros - unit.settings.waiting_limit_seconds * 1'000'000};
  hold_overdue(parts, limit, unit.settings.waiting_limit_seconds);
  const std::int64_t version = standing ? standing->version + 1 : 1;
  store::replace_parts(unit.db, key, version, parts);
  record_grants(unit, key, order, decision, decided.id, parts);
  record_holds_and_waits(unit, key, decision);
  record_notices(unit, key, decision, decided.id);

  auto email = text_of(order.event.order, Field::customer_email);
  store::put_order(unit.db,
                   {.key = key,
                    .revision = order.revision(),
                    .updated_at = order.updated_at,
                    .received_at = received_at,
                    .state = order.event.cancelled ? "cancelled" : std::string(state_of(parts)),
                    .decision = decided.id,
                    .customer_id = text_of(order.event.order, Field::customer_id),
                    .customer_email = std::move(email),
                    .version = version});
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

void decide_again(UnitContext& unit, const OrderKey& key) {
  const auto standing = store::find_order(unit.db, key);
  if (!standing || standing->state == "cancelled") return;
  const auto revision = store::find_revision(unit.db, key, standing->revision);
  if (!revision) throw std::runtime_error("order " + key.id + " lacks its revision");
  decide_and_record(unit, read_stored_order(*revision, standing->received_at), standing,
                    Occasion::again);
}

}  // namespace consign
