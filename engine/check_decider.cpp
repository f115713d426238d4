// Rules on check: may this account do this to that, now?
//
// Nothing waits here, and what is not known or fails is no help: an `allow` whose condition is
// anything but true does not count, a `forbid` whose condition is anything but false forbids.

#include "engine/question.hpp"

namespace consign {

namespace {

class CheckDecider {
 public:
  CheckDecider(const Program& program, const Record& question, Timestamp now, Arena& arena)
      : question_(program, question, no_facts_, question.text(Field::check_resource_shop), now,
                  arena.resource()),
        decision_(arena.resource()) {}

  CheckDecision decide() {
    question_.each_rule([&] { return decision_.answer != Answer::nothing; },
                        [&](const CompiledRule& compiled) { run(compiled); });
    return std::move(decision_);
  }

 private:
  using Answer = CheckDecision::Answer;

  void run(const CompiledRule& compiled) {
    const Truth truth = question_.truth(compiled);
    if (truth == Truth::no) return;
    for (const Action& action : question_.program().rule(compiled.rule).actions) {
      if (action.kind() == ActionKind::allow && truth == Truth::yes) {
        say(compiled, Answer::allow, {});
      } else if (const auto* forbid = std::get_if<ForbidAction>(&action.what)) {
        say(compiled, Answer::forbid,
            truth == Truth::yes ? question_.words(forbid->reason) : question_.why(truth));
      }
    }
  }

  void say(const CompiledRule& compiled, Answer answer, std::string_view reason) {
    if (compiled.shadow) {
      decision_.shadows.push_back({compiled.rule, std::nullopt,
                                   answer == Answer::allow ? "would_allow" : "would_forbid",
                                   reason});
      return;
    }
    if (decision_.answer >= answer) return;  // the first of its kind, and forbid beats allow
    decision_.answer = answer;
    decision_.because = compiled.rule;
    decision_.reason = reason;
  }

  const Record no_facts_{};
  Question question_;
  CheckDecision decision_;
};

}  // namespace

CheckDecision decide_check(const Program& program, const Record& question, Timestamp now,
                           Arena& arena) {
  arena.reset();
  return CheckDecider(program, question, now, arena).decide();
}

}  // namespace consign
