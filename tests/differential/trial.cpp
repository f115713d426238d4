#include "tests/differential/trial.hpp"

#include <map>

namespace consign::reference {
namespace {

/// The lines of two texts that stand in one of them only.
std::string difference(const std::string& expected, const std::string& seen) {
  std::map<std::string, int> count;
  const auto each_line = [](const std::string& text, auto&& use) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      use(text.substr(at, end - at));
      at = end + 1;
    }
  };
  each_line(expected, [&](const std::string& line) { ++count[line]; });
  each_line(seen, [&](const std::string& line) { --count[line]; });
  std::string out;
  for (const auto& [line, more] : count) {
    if (more != 0) out += (more > 0 ? "reference only: " : "engine only:    ") + line + "\n";
  }
  return out.empty() ? "the order of lines differs\n" : out;
}

std::string told(const char* who, const std::string& expected, const std::string& seen) {
  return std::string(who) + "\n--- reference\n" + expected + "--- engine\n" + seen +
         "--- difference\n" + difference(expected, seen);
}

}  // namespace

CheckResult checked(const RuleText& rules) {
  return check_rules({{"10-world.rules", text_of(rules)}});
}

std::string messages_of(const CheckResult& result) {
  std::string out;
  for (const Diagnostic& diagnostic : result.diagnostics)
    out += render(diagnostic, *result.sources);
  return out;
}

std::string expected(const RuleSet& rules, const Case& one) {
  const Inputs inputs = inputs_of(one);
  return render(rules, decide(rules, inputs.event, inputs.facts, one.now, one.standing()));
}

std::string decided(const Program& program, const Case& one, Arena& arena) {
  const Inputs inputs = inputs_of(one);
  const Decision decision =
      decide(program, inputs.event, inputs.facts, one.now, arena, one.standing());
  return render(rules_of(program), copy_of(decision));
}

Trial::Trial(std::shared_ptr<const RuleSet> rules) : rules_(std::move(rules)) {
  CompileOptions always, without;
  always.always = true;  // also for a few rules, as most random sets have
  indexed_ = compile(rules_, always);
  without.index = false;
  plain_ = compile(rules_, without);
}

Trial::Verdict Trial::decide(const Case& one) {
  const Inputs inputs = inputs_of(one);
  Verdict verdict{reference::decide(*rules_, inputs.event, inputs.facts, one.now, one.standing()),
                  {}};
  verdict.disagreement = disagreement(one, inputs, verdict.expected);
  return verdict;
}

std::string Trial::disagreement(const Case& one, const Inputs& inputs,
                                const ReferenceDecision& expected) {
  const std::string wanted = render(*rules_, expected);
  const auto seen = [&](const Program& program) {
    return render(*rules_, copy_of(consign::decide(program, inputs.event, inputs.facts, one.now,
                                                   arena_, one.standing())));
  };
  if (const std::string plain = seen(*plain_); plain != wanted) {
    return told("the engine without its index", wanted, plain);
  }
  if (const std::string indexed = seen(*indexed_); indexed != wanted) {
    return told("the engine with its index", wanted, indexed);
  }
  const std::string wanted_reasons = render_traces(*rules_, expected);
  const std::string reasons = render_traces(
      *rules_, explain(*indexed_, inputs.event, inputs.facts, one.now, arena_, one.standing()));
  if (reasons != wanted_reasons) return told("the engine's reasons", wanted_reasons, reasons);
  return {};
}

std::string disagreement(const RuleText& rules, const Case& one) {
  const CheckResult result = checked(rules);
  return result.ok() ? Trial(result.rules).decide(one).disagreement : std::string();
}

}  // namespace consign::reference
