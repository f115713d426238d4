#include "daemon/orders/standing.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "consign/ruleset.hpp"

namespace consign {
namespace {

using store::PartRow;

// The open quantity of every line of the order.
std::map<std::string, Decimal, std::less<>> quantities_of(const OrderDocument& order) {
  std::map<std::string, Decimal, std::less<>> quantities;
  for (const Record& line : order.event.lines) {
    const Value* quantity = line.value(Field::line_quantity);
    if (quantity != nullptr) {
      quantities.emplace(std::string(line.text(Field::line_id)), quantity->number);
    }
  }
  return quantities;
}

// Lines whose quantity is what the standing parts add up to.
bool still_there(const std::vector<PartRow>& parts, const std::string& line,
                 const std::map<std::string, Decimal, std::less<>>& quantities) {
  const auto wanted = quantities.find(line);
  if (wanted == quantities.end()) return false;
  std::optional<Decimal> sum = Decimal(0);
  for (const auto& part : parts) {
    if (part.line != line || !sum) continue;
    const auto quantity = Decimal::parse(part.quantity);
    sum = quantity ? sum->plus(*quantity) : std::nullopt;
  }
  return sum && *sum == wanted->second;
}

std::string for_people(std::int64_t seconds) {
  if (seconds % 3600 == 0) return std::to_string(seconds / 3600) + "h";
  if (seconds % 60 == 0) return std::to_string(seconds / 60) + "min";
  return std::to_string(seconds) + "s";
}

std::optional<std::string> unless_empty(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return std::string(text);
}

// A part that goes on waiting keeps its clock; one that was kept keeps where it came from, which
// the rule set in force may no longer know.
void carry_over(const PartRow& old, bool kept, PartRow& row) {
  const bool waited = old.outcome == "waiting" || old.overdue;
  if (row.outcome == (waited ? "waiting" : old.outcome)) row.since = old.since;
  if (!kept) return;
  row.by_person = old.by_person;
  if (row.outcome != old.outcome) return;
  row.rule = old.rule;
  row.file = old.file;
  row.file_line = old.file_line;
  row.until = old.until;
}

}  // namespace

std::vector<const PartRow*> released_parts(const std::vector<PartRow>& parts,
                                           const std::vector<store::HoldRow>& holds,
                                           const ActiveRules& rules) {
  std::vector<const PartRow*> released;
  for (const auto& part : parts) {
    if (part.outcome != "held" || !part.supplier || !part.rule) continue;
    const bool ended = std::any_of(holds.begin(), holds.end(), [&](const store::HoldRow& hold) {
      return hold.ended && hold.line == part.line && hold.rule == *part.rule;
    });
    if (ended && supplier_may_act(rules, *part.supplier)) released.push_back(&part);
  }
  return released;
}

bool keeps_suppliers(const Decision& decision, const std::vector<const PartRow*>& released) {
  return std::all_of(released.begin(), released.end(), [&](const PartRow* part) {
    for (const LineDecision& line : decision.lines) {
      if (line.id != part->line) continue;
      return std::any_of(line.parts.begin(), line.parts.end(), [&](const Part& now) {
        return now.supplier == *part->supplier && now.quantity.to_string() == part->quantity;
      });
    }
    return true;
  });
}

Prior prior_of(const std::vector<PartRow>& parts, const std::vector<store::HoldRow>& holds,
               const std::vector<const PartRow*>& released, const OrderDocument& order,
               Occasion occasion, Release release) {
  const auto quantities = quantities_of(order);
  Prior prior;
  for (const auto& part : parts) {
    const bool freed = std::find(released.begin(), released.end(), &part) != released.end();
    if (freed && release == Release::by_rules) continue;
    const bool assigned = part.outcome == "assigned" || freed;
    const bool held = part.outcome == "held" && !part.overdue;
    if (!assigned && !(held && occasion == Occasion::again)) continue;
    if (!still_there(parts, part.line, quantities)) continue;
    prior.parts.push_back({.line = part.line,
                           .number = static_cast<std::uint32_t>(part.part),
                           .quantity = *Decimal::parse(part.quantity),
                           .outcome = assigned ? Outcome::assigned : Outcome::held,
                           .supplier = part.supplier.value_or(""),
                           .reason = assigned ? "" : part.reason.value_or(""),
                           .rule = freed ? "" : part.rule.value_or(""),
                           .by_person = part.by_person});
  }
  for (const auto& hold : holds) {
    prior.holds.push_back({hold.line, hold.rule, hold.first_fired, hold.ended});
  }
  return prior;
}

std::vector<PartRow> parts_after(const Decision& decision, const Program& program,
                                 const std::vector<PartRow>& before) {
  const RuleSet& rules = rules_of(program);
  std::vector<PartRow> parts;
  std::int64_t place = 0;
  for (const LineDecision& line : decision.lines) {
    for (const Part& part : line.parts) {
      PartRow row;
      row.line = line.id;
      row.part = part.number;
      row.place = place;
      row.quantity = part.quantity.to_string();
      row.outcome = name_of(part.outcome);
      row.supplier = unless_empty(part.supplier);
      row.reason = unless_empty(part.reason);
      row.until = part.until;
      row.since = decision.at;
      if (part.because != kNoRule) {
        const Rule& rule = rules.rules[part.because];
        row.rule = rule.name;
        row.file = rules.sources->get(rule.name_span.source).path;
        row.file_line = rules.sources->position(rule.name_span.source, rule.name_span.begin).line;
      }
      if (part.outcome == Outcome::waiting) {
        row.waits_for.assign(line.waits_for.begin(), line.waits_for.end());
      }
      const auto old = std::find_if(before.begin(), before.end(), [&](const PartRow& candidate) {
        return candidate.line == row.line && candidate.part == row.part;
      });
      if (old != before.end()) carry_over(*old, part.kept, row);
      parts.push_back(std::move(row));
    }
    ++place;
  }
  return parts;
}

bool hold_overdue(std::vector<PartRow>& parts, Timestamp limit,
                  std::int64_t waiting_limit_seconds) {
  bool any = false;
  for (auto& part : parts) {
    if (part.outcome != "waiting" || part.since > limit) continue;
    any = true;
    part.outcome = "held";
    part.overdue = true;
    std::string facts;
    for (const auto& fact : part.waits_for) facts += (facts.empty() ? "" : ", ") + fact;
    part.reason = "waited " + for_people(waiting_limit_seconds) + " for " + facts;
  }
  return any;
}

std::string_view state_of(const std::vector<PartRow>& parts) {
  const bool waiting = std::any_of(parts.begin(), parts.end(),
                                   [](const PartRow& part) { return part.outcome == "waiting"; });
  return waiting ? "waiting" : "decided";
}

}  // namespace consign
