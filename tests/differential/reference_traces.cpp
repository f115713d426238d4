// Reasons as text: which rules were looked at for each line, and what became of them.

#include "tests/differential/reference.hpp"

namespace consign::reference {
namespace {

std::string name(const RuleSet& rules, RuleIndex rule) {
  return rule < rules.rules.size() ? std::string(rules.rules[rule].name) : "-";
}

std::string shown(const RuleSet& rules, const ReferenceTraces& traces) {
  std::string out;
  for (const ReferenceTrace& trace : traces) {
    out += "  " + name(rules, trace.rule) + " " + std::string(name_of(trace.verdict));
    if (trace.by != kNoRule) out += " by " + name(rules, trace.by);
    if (!trace.detail.empty()) out += ": " + trace.detail;
    out += "\n";
  }
  return out;
}

ReferenceTraces copy_of(const std::vector<RuleTrace>& traces) {
  ReferenceTraces out;
  for (const RuleTrace& trace : traces) {
    ReferenceTrace& copy =
        out.emplace_back(ReferenceTrace{trace.rule, trace.verdict, trace.by, {}});
    // What else a trace tells (why it was skipped, what a shadow rule would have done, which part
    // failed and what it saw) is not compared.
    if (trace.verdict == Verdict::failed)
      copy.detail = trace.detail.substr(0, trace.detail.find("; would_"));
    for (const std::string& fact : trace.waits_for) {
      copy.detail += (copy.detail.empty() ? "" : ", ") + fact;
    }
  }
  return out;
}

}  // namespace

std::string render_traces(const RuleSet& rules, const ReferenceDecision& decision) {
  std::string out = "order\n" + shown(rules, decision.order_traces);
  for (std::size_t i = 0; i < decision.line_traces.size(); ++i) {
    out += "line " + std::to_string(i) + "\n" + shown(rules, decision.line_traces[i]);
  }
  return out;
}

std::string render_traces(const RuleSet& rules, const Explanation& explanation) {
  ReferenceDecision copy;
  copy.order_traces = copy_of(explanation.order);
  for (const auto& traces : explanation.lines) copy.line_traces.push_back(copy_of(traces));
  return render_traces(rules, copy);
}

}  // namespace consign::reference
