// Reasons: the decision made once more, by the rules as they are written, with a recorder that
// writes down what became of every rule.

#include <algorithm>

#include "engine/decider.hpp"

namespace consign {

namespace {

class Tracer : public Recorder {
 public:
  Tracer(const Program& program, std::size_t lines) : program_(program) {
    explanation.lines.resize(lines);
  }

  void saw(const CompiledRule& rule, std::uint32_t line, Truth truth,
           Evaluator& evaluator) override {
    RuleTrace trace;
    trace.rule = rule.rule;
    const bool shadow = program_.rule(rule.rule).mode == Mode::shadow;
    switch (truth) {
      case Truth::yes:
        trace.verdict = shadow ? Verdict::shadow : Verdict::fired;
        break;
      case Truth::no: {
        const auto part = evaluator.first_failed(rule.condition, line);
        trace.verdict = Verdict::not_matched;
        trace.part = program_.spans[part.node];
        trace.has_part = true;
        trace.saw = evaluator.saw(part);
        break;
      }
      case Truth::unknown: {
        std::pmr::vector<std::string_view> names;
        evaluator.collect_unknown(rule.condition, line, names);
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        trace.verdict = Verdict::unknown;
        trace.waits_for.assign(names.begin(), names.end());
        break;
      }
      case Truth::error:
        trace.verdict = Verdict::failed;
        trace.detail = evaluator.cause();
        break;
    }
    add(line, trace);
  }

  void skipped(RuleIndex rule, std::uint32_t line, RuleIndex by, std::string_view why) override {
    RuleTrace trace;
    trace.rule = rule;
    trace.verdict = Verdict::skipped;
    trace.by = by;
    trace.detail = why;
    add(line, trace);
  }

  void superseded(RuleIndex rule, std::uint32_t line, RuleIndex by) override {
    for (auto& trace : explanation.lines[line]) {
      if (trace.rule != rule || trace.verdict != Verdict::fired) continue;
      trace.verdict = Verdict::superseded;
      trace.by = by;
    }
  }

  Explanation explanation;

 private:
  /// A rule on order stands in the order's list and, since it acts on each line, in each line's.
  void add(std::uint32_t line, const RuleTrace& trace) {
    if (line != kNoLine) {
      explanation.lines[line].push_back(trace);
      return;
    }
    if (program_.rule(trace.rule).scope == Scope::order) explanation.order.push_back(trace);
    for (auto& traces : explanation.lines) traces.push_back(trace);
  }

  const Program& program_;
};

}  // namespace

Explanation explain(const Program& program, const Event& event, const Facts& facts, Timestamp now,
                    Arena& arena, const Prior* prior) {
  arena.reset();
  const auto as_written = compile_as_written(program.rules);
  Tracer tracer(*as_written, event.lines.size());
  const Decision decision = Decider(*as_written, event, facts, now, prior, arena, &tracer).decide();
  // What shadow rules would have done was written down by the decision itself.
  for (const ShadowRecord& record : decision.shadows) {
    const auto note = [&](std::vector<RuleTrace>& traces) {
      for (RuleTrace& trace : traces) {
        if (trace.rule != record.rule) continue;
        if (!trace.detail.empty()) trace.detail += "; ";
        trace.detail += record.would;
        if (!record.detail.empty()) trace.detail += " " + std::string(record.detail);
      }
    };
    note(record.line ? tracer.explanation.lines[*record.line] : tracer.explanation.order);
  }
  return std::move(tracer.explanation);
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::fired:
      return "fired";
    case Verdict::superseded:
      return "superseded";
    case Verdict::not_matched:
      return "not_matched";
    case Verdict::unknown:
      return "unknown";
    case Verdict::failed:
      return "failed";
    case Verdict::skipped:
      return "skipped";
    case Verdict::shadow:
      return "shadow";
  }
  return {};
}

}  // namespace consign
