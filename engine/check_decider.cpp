// Rules on check: may this account do this to that, now?
//
// Nothing waits here, and what is not known or fails is no help: an `allow` whose condition is
// anything but true does not count, a `forbid` whose condition is anything but false forbids.

#include <algorithm>

#include "engine/evaluator.hpp"

namespace consign {

namespace {

class CheckDecider {
 public:
  CheckDecider(const Program& program, const Record& question, Timestamp now, Arena& arena)
      : program_(program),
        memory_(arena.resource()),
        event_{question, {}, {}, false},
        frame_(program, event_, facts_, now, memory_),
        evaluator_(program, frame_, memory_),
        now_(now),
        decision_(memory_) {}

  CheckDecision decide() {
    // `otherwise` rules come last; of these, too, all are asked, for any of them may forbid.
    std::optional<bool> settled;
    for (const CompiledRule& compiled : program_.run) {
      if (compiled.otherwise) {
        if (!settled) settled = decision_.answer != Answer::nothing;
        if (*settled) break;
      }
      if (in_force(compiled)) run(compiled);
    }
    return std::move(decision_);
  }

 private:
  using Answer = CheckDecision::Answer;

  bool in_force(const CompiledRule& compiled) const {
    if (!compiled.limited) return true;
    const RuleDetails& only = *program_.rule(compiled.rule).details;
    const std::string_view shop = event_.order.text(Field::check_resource_shop);
    const bool concerned = only.shops.empty() || std::find(only.shops.begin(), only.shops.end(),
                                                           shop) != only.shops.end();
    return concerned && (!only.from || now_ >= *only.from) && (!only.until || now_ < *only.until);
  }

  void run(const CompiledRule& compiled) {
    const Truth truth =
        compiled.condition == kNone ? Truth::yes : evaluator_.truth(compiled.condition, kNoLine);
    if (truth == Truth::no) return;
    for (const Action& action : program_.rule(compiled.rule).actions) {
      if (action.kind() == ActionKind::allow && truth == Truth::yes) {
        say(compiled, Answer::allow, {});
      } else if (const auto* forbid = std::get_if<ForbidAction>(&action.what)) {
        say(compiled, Answer::forbid, truth == Truth::yes ? words(*forbid) : why(truth));
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

  std::string_view why(Truth truth) {
    if (truth == Truth::unknown) return "what it asks about is not known";
    return join_text({"it failed: ", evaluator_.cause()}, memory_);
  }

  std::string_view words(const ForbidAction& forbid) {
    std::pmr::string out(memory_);
    for (const auto& piece : forbid.reason.pieces) {
      if (const auto* literal = std::get_if<std::string_view>(&piece)) {
        out += *literal;
        continue;
      }
      const auto& read = std::get<FieldRead>(piece);
      if (read.field == Field::now) out += to_text(Value::of_time(now_));
      bool first = true;
      for (const Value& value : event_.order.values(read.field)) {
        if (!first) out += ", ";
        first = false;
        out += to_text(value);
      }
    }
    return copy_text(out, memory_);
  }

  const Program& program_;
  std::pmr::memory_resource* memory_;
  const Event event_;
  const Facts facts_;
  Frame frame_;
  Evaluator evaluator_;
  Timestamp now_;
  CheckDecision decision_;
};

}  // namespace

CheckDecision decide_check(const Program& program, const Record& question, Timestamp now,
                           Arena& arena) {
  arena.reset();
  return CheckDecider(program, question, now, arena).decide();
}

}  // namespace consign
