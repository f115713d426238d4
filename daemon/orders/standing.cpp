#include "daemon/orders/standing.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

#include "consign/ruleset.hpp"

namespace consign {
namespace {

using store::PartRow;

// A line of the order as it is now.
struct LineNow {
  std::string_view sku;
  Decimal quantity;   // open, as the channel has it
  Decimal fulfilled;  // what the channel no longer counts as open
};
using LinesNow = std::map<std::string_view, LineNow>;

LinesNow lines_of(const OrderDocument& order) {
  LinesNow lines;
  for (const Record& line : order.event.lines) {
    const Value* quantity = line.value(Field::line_quantity);
    if (quantity == nullptr) continue;
    lines[line.text(Field::line_id)] = {line.text(Field::line_sku), quantity->number, Decimal(0)};
  }
  const JsonNode* documents = order.json.root().find("lines");
  if (documents == nullptr) return lines;
  for (const JsonNode& document : documents->children()) {
    const JsonNode* id = document.find("id");
    const JsonNode* fulfilled = document.find("fulfilled");
    if (id == nullptr || fulfilled == nullptr) continue;
    const auto line = lines.find(id->text);
    if (line != lines.end()) {
      line->second.fulfilled = Decimal::parse(fulfilled->text).value_or(Decimal(0));
    }
  }
  return lines;
}

// What has shipped of a line, as far as the channel does not count it among what is open: its own
// figures lag behind or are ahead of ours.
Decimal gone_of(const std::vector<PartRow>& parts, std::string_view line, const LinesNow& lines) {
  const auto now = lines.find(line);
  if (now == lines.end()) return Decimal(0);
  Decimal shipped;
  for (const auto& part : parts) {
    if (part.line == line && part.has_shipped()) {
      shipped = shipped.plus(quantity_of(part)).value_or(shipped);
    }
  }
  return std::min(shipped, now->second.fulfilled);
}

// Lines whose quantity is what the standing parts add up to.
bool still_there(const std::vector<PartRow>& parts, const std::string& line,
                 const LinesNow& lines) {
  const auto now = lines.find(line);
  if (now == lines.end()) return false;
  std::optional<Decimal> sum = gone_of(parts, line, lines).negated();
  for (const auto& part : parts) {
    if (part.line == line && sum) sum = sum->plus(quantity_of(part));
  }
  return sum && *sum == now->second.quantity;
}

bool is_begun(const PartRow& part) { return part.stage == "sent" || part.stage == "accepted"; }

// A part that its supplier counts by the piece, and whose line has become other goods.
bool has_other_goods(const PartRow& part, const OrderBefore& standing, const LinesNow& lines) {
  const auto line = lines.find(part.line);
  return line != lines.end() && line->second.sku != part.sku && part.supplier &&
         standing.counting.contains(*part.supplier);
}

// Whether a part that has not shipped keeps what it has.
bool stays(const PartRow& part, const OrderBefore& standing, const LinesNow& lines,
           Occasion occasion) {
  const auto line = lines.find(part.line);
  if (line == lines.end() || part.stage == kReleased || part.overdue) return false;
  // A person who holds a part back holds whatever it has become.
  const bool held_by_person = part.by_person && part.outcome == "held";
  if (has_other_goods(part, standing, lines) && !held_by_person) return false;
  const bool cancelled = part.stage == "cancelled";
  const bool assigned = part.outcome == "assigned";
  if (!assigned && !cancelled && part.outcome != "held") return false;
  switch (occasion) {
    case Occasion::new_revision:
      // Whoever edits the order does not take back what a person has set: of a line that has
      // shrunk it loses pieces, of one that has grown the rules get the rest.
      if (part.by_person || (assigned && is_begun(part))) return true;
      return assigned && still_there(standing.parts, part.line, lines);
    case Occasion::again:
      return still_there(standing.parts, part.line, lines) || (assigned && is_begun(part));
    case Occasion::reprocess:
      return part.by_person ||
             (part.stage == "accepted" && !standing.barred.contains(*part.supplier));
    case Occasion::overrule:
      return false;
  }
  return false;
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
  if (!kept) {
    // What was decided anew and came out the same is still what the supplier was told or took on.
    const bool same = row.outcome == old.outcome && row.supplier == old.supplier &&
                      row.quantity == old.quantity && row.sku == old.sku;
    if (same && is_begun(old)) row.stage = old.stage;
    return;
  }
  // A person's choice of supplier outlasts a hold; a person's hold ends with its release.
  row.by_person = old.by_person && (row.outcome == old.outcome || old.outcome == "assigned");
  if (row.outcome != old.outcome) return;
  row.rule = old.rule;
  row.file = old.file;
  row.file_line = old.file_line;
  row.until = old.until;
  row.stage = old.stage;
  if (old.has_shipped()) row.sku = old.sku;
}

}  // namespace

Decimal quantity_of(const PartRow& part) {
  return Decimal::parse(part.quantity).value_or(Decimal(0));
}

std::vector<const PartRow*> released_parts(const std::vector<PartRow>& parts,
                                           const std::vector<store::HoldRow>& holds,
                                           const ActiveRules& rules) {
  std::vector<const PartRow*> released;
  for (const auto& part : parts) {
    if (part.outcome != "held" || !part.supplier) continue;
    const bool ended = part.stage == kReleased ||
                       std::any_of(holds.begin(), holds.end(), [&](const store::HoldRow& hold) {
                         return hold.ended && hold.line == part.line && hold.rule == part.rule;
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

Prior prior_of(const OrderBefore& standing, const std::vector<const PartRow*>& released,
               const OrderDocument& order, Occasion occasion, Release release) {
  const auto lines = lines_of(order);
  Prior prior;
  std::map<std::string_view, Decimal> gone;  // of each line, as it is given to its parts
  for (const auto& part : standing.parts) {
    const bool freed = std::find(released.begin(), released.end(), &part) != released.end();
    if (freed && release == Release::by_rules) continue;
    if (!part.has_shipped() && !freed && !stays(part, standing, lines, occasion)) continue;
    Prior::Part one{.line = part.line,
                    .number = static_cast<std::uint32_t>(part.part),
                    .quantity = quantity_of(part),
                    .outcome = part.outcome == "assigned" || freed ? Outcome::assigned
                               : part.outcome == "held"            ? Outcome::held
                                                                   : Outcome::not_shippable,
                    .supplier = part.supplier.value_or(""),
                    .reason = {},
                    .rule = freed ? "" : part.rule.value_or(""),
                    .by_person = part.by_person,
                    .shipped = part.has_shipped(),
                    .gone = {}};
    if (one.outcome != Outcome::assigned) one.reason = part.reason.value_or("");
    if (!one.shipped && has_other_goods(part, standing, lines)) one.supplier = {};
    if (one.shipped) {
      const auto left = gone.emplace(part.line, gone_of(standing.parts, part.line, lines)).first;
      one.gone = std::min(left->second, one.quantity);
      left->second = left->second.minus(one.gone).value_or(Decimal(0));
    }
    prior.parts.push_back(std::move(one));
  }
  for (const auto& hold : standing.holds) {
    const bool ended = hold.ended && !(hold.by_person && occasion == Occasion::overrule);
    prior.holds.push_back({hold.line, hold.rule, hold.first_fired, ended});
  }
  if (occasion == Occasion::overrule) return prior;
  for (const auto& rejection : standing.rejections) {
    prior.rejections.push_back({rejection.line, rejection.supplier, rejection.reason});
  }
  return prior;
}

std::vector<PartRow> parts_after(const Decision& decision, const Program& program,
                                 const OrderDocument& order, const std::vector<PartRow>& before) {
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
      row.sku = order.event.lines[static_cast<std::size_t>(place)].text(Field::line_sku);
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
  for (const auto& old : before) {
    const bool gone = std::none_of(decision.lines.begin(), decision.lines.end(),
                                   [&](const LineDecision& line) { return line.id == old.line; });
    if (!gone || !old.has_shipped()) continue;
    parts.push_back(old);
    parts.back().place = place++;
  }
  return parts;
}

void number_versions(std::vector<PartRow>& parts, const std::vector<PartRow>& before,
                     std::int64_t version) {
  for (auto& part : parts) {
    const auto old = std::find_if(before.begin(), before.end(), [&](const PartRow& each) {
      return each.line == part.line && each.part == part.part;
    });
    part.version = version;
    if (old == before.end()) continue;
    part.version = old->version;
    if (!(part == *old)) part.version = version;
  }
}

namespace {

constexpr std::array<std::pair<Occasion, std::string_view>, 4> kOccasions{{
    {Occasion::new_revision, "new revision"},
    {Occasion::again, "again"},
    {Occasion::reprocess, "reprocess"},
    {Occasion::overrule, "overrule"},
}};

}  // namespace

std::string_view name_of(Occasion occasion) {
  return kOccasions[static_cast<std::size_t>(occasion)].second;
}

Occasion occasion_of(std::string_view name) {
  for (const auto& [occasion, its_name] : kOccasions) {
    if (its_name == name) return occasion;
  }
  return Occasion::again;
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
