// Decisions as text, so that two of them can be compared and their difference read.

#include <algorithm>

#include "tests/differential/reference.hpp"

namespace consign::reference {
namespace {

std::string name(const RuleSet& rules, RuleIndex rule) {
  return rule < rules.rules.size() ? std::string(rules.rules[rule].name) : "-";
}
/// As seconds: calendars would be the costliest part of comparing two decisions.
std::string shown(Timestamp time) {
  const std::string micros = std::to_string(time.micros % 1'000'000 + 1'000'000);
  return std::to_string(time.micros / 1'000'000) + "." + micros.substr(1);
}
std::string shown(const std::optional<Timestamp>& time) { return time ? shown(*time) : "-"; }
std::string shown(const std::optional<std::uint32_t>& line) {
  return line ? "line " + std::to_string(*line) : "order";
}
/// Equal values give equal texts, however many zeros they were written with.
std::string shown(Value value) {
  value.number = *Decimal::parse(value.number.to_canonical_string());
  return to_literal(value);
}

void add_sorted(std::string& out, std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  for (const std::string& line : lines) out += line + "\n";
}

std::string render_line(const RuleSet& rules, const ReferenceLine& line) {
  std::string out = "line " + line.id + "\n";
  for (const ReferencePart& part : line.parts) {
    out += "  part " + std::to_string(part.number) + " " + part.quantity.to_canonical_string() +
           " " + std::string(name_of(part.outcome)) + " supplier=" + part.supplier +
           " reason=" + quote(part.reason) + " because=" + name(rules, part.because) +
           " until=" + shown(part.until) + (part.kept ? " kept" : "") +
           (part.shipped ? " shipped" : "") + "\n";
  }
  for (const ReferenceHold& hold : line.holds) {
    out += "  hold by " + name(rules, hold.rule) + " " + quote(hold.reason) + " since " +
           shown(hold.first_fired) + " until " + shown(hold.until) + "\n";
  }
  for (const Superseded& superseded : line.superseded) {
    out +=
        "  superseded " + name(rules, superseded.rule) + " by " + name(rules, superseded.by) + "\n";
  }
  for (const ReferencePassedOver& passed : line.passed_over) {
    out += "  passed over by " + name(rules, passed.rule) + " " + quote(passed.reason) + "\n";
  }
  for (const std::string& fact : line.waits_for) out += "  waits for " + fact + "\n";
  return out;
}

}  // namespace

ReferenceDecision copy_of(const Decision& decision) {
  ReferenceDecision copy;
  copy.state = decision.state;
  copy.at = decision.at;
  copy.silent = decision.silent;
  for (const LineDecision& line : decision.lines) {
    ReferenceLine out;
    out.id = line.id;
    for (const Part& part : line.parts) {
      out.parts.push_back({part.number, part.quantity, part.outcome, std::string(part.supplier),
                           std::string(part.reason), part.because, part.until, part.kept,
                           part.shipped});
    }
    for (const HoldMade& hold : line.holds) {
      out.holds.push_back({hold.rule, std::string(hold.reason), hold.first_fired, hold.until});
    }
    out.superseded.assign(line.superseded.begin(), line.superseded.end());
    for (const PassedOver& passed : line.passed_over) {
      out.passed_over.push_back({passed.rule, std::string(passed.reason)});
    }
    out.waits_for.assign(line.waits_for.begin(), line.waits_for.end());
    copy.lines.push_back(std::move(out));
  }
  copy.tags.assign(decision.tags.begin(), decision.tags.end());
  for (const Noted& note : decision.notes)
    copy.notes.push_back({note.rule, "", std::string(note.text)});
  for (const Noticed& notice : decision.notices) {
    copy.notices.push_back({notice.rule, std::string(notice.endpoint), std::string(notice.text)});
  }
  copy.fields.assign(decision.fields.begin(), decision.fields.end());
  for (const GrantMade& grant : decision.grants) {
    copy.grants.push_back({grant.rule, grant.action, std::string(grant.account), grant.on_shop,
                           grant.line, grant.part, grant.until});
  }
  for (const Failure& failure : decision.failures) {
    copy.failures.push_back({failure.rule, failure.line, std::string(failure.cause)});
  }
  for (const ShadowRecord& shadow : decision.shadows) {
    copy.shadows.push_back(
        {shadow.rule, shadow.line, std::string(shadow.would), std::string(shadow.detail)});
  }
  return copy;
}

std::string render(const RuleSet& rules, const ReferenceDecision& decision) {
  std::string out = std::string(name_of(decision.state)) + " at " + shown(decision.at) +
                    (decision.silent ? ", silent\n" : "\n");
  for (const ReferenceLine& line : decision.lines) out += render_line(rules, line);
  for (const std::string& tag : decision.tags) out += "tag " + quote(tag) + "\n";
  std::vector<std::string> lines;
  const auto flush = [&] {
    add_sorted(out, std::move(lines));
    lines.clear();
  };
  for (const auto& note : decision.notes) {
    lines.push_back("note " + name(rules, note.rule) + " " + quote(note.text));
  }
  flush();
  for (const auto& notice : decision.notices) {
    lines.push_back("notice " + name(rules, notice.rule) + " " + notice.endpoint + " " +
                    quote(notice.text));
  }
  flush();
  for (const FieldSet& set : decision.fields) {
    lines.push_back("set " + rules.fields[set.field].name + " = " + shown(set.value) + " by " +
                    name(rules, set.rule));
  }
  flush();
  for (const auto& grant : decision.grants) {
    lines.push_back("grant " + name(rules, grant.rule) + "/" + std::to_string(grant.action) +
                    " to " + grant.account +
                    (grant.on_shop ? " on shop"
                                   : " line " + std::to_string(grant.line) + " part " +
                                         std::to_string(grant.part)) +
                    " until " + shown(grant.until));
  }
  flush();
  for (const auto& failure : decision.failures) {
    lines.push_back("failure " + name(rules, failure.rule) + " " + shown(failure.line) + ": " +
                    failure.cause);
  }
  flush();
  for (const auto& shadow : decision.shadows) {
    lines.push_back("shadow " + name(rules, shadow.rule) + " " + shown(shadow.line) + " " +
                    shadow.would + " " + quote(shadow.detail));
  }
  flush();
  return out;
}

}  // namespace consign::reference
