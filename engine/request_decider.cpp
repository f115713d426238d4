// Rules on request: may who asks be given this, and how much of it?
//
// All rules are asked, wherever they stand: deny beats review, review beats approve, and what cuts
// down (`at most`, `require mfa`) counts from every rule that fires. Nothing waits here: a rule
// that asks about what is not known, or fails, gives nothing and has a person look at the request.

#include "engine/question.hpp"

namespace consign {

namespace {

class RequestDecider {
 public:
  RequestDecider(const Program& program, const Record& question, const Record& shop, Timestamp now,
                 Arena& arena)
      : question_(program, question, shop, shop.text(Field::shop_id), now, arena.resource()),
        decision_(arena.resource()) {}

  RequestDecision decide() {
    question_.each_rule([&] { return decision_.answer != Answer::nothing; },
                        [&](const CompiledRule& compiled) { run(compiled); });
    return std::move(decision_);
  }

 private:
  using Answer = RequestDecision::Answer;

  void run(const CompiledRule& compiled) {
    const Truth truth = question_.truth(compiled);
    if (truth == Truth::no) return;
    if (truth != Truth::yes) return fail(compiled, truth);
    for (const Action& action : question_.program().rule(compiled.rule).actions) {
      if (compiled.shadow) {
        shadow(compiled.rule, action);
      } else {
        act(compiled.rule, action);
      }
    }
  }

  void fail(const CompiledRule& compiled, Truth truth) {
    const std::string_view cause = question_.why(truth);
    if (compiled.shadow) {
      decision_.shadows.push_back({compiled.rule, std::nullopt, "would_fail", cause});
      return;
    }
    decision_.failures.push_back({compiled.rule, std::nullopt, cause});
    for (const Action& action : question_.program().rule(compiled.rule).actions) {
      if (action.kind() != ActionKind::notify) say(compiled.rule, Answer::review, cause);
    }
  }

  void act(RuleIndex rule, const Action& action) {
    if (const auto* approve = std::get_if<ApproveAction>(&action.what)) {
      if (!decision_.term) decision_.term = approve->term;
      say(rule, Answer::approve, {});
    } else if (const auto* grant = std::get_if<GrantAction>(&action.what)) {
      decision_.grants.push_back({rule, grant});
      say(rule, Answer::approve, {});
    } else if (const auto* review = std::get_if<ReviewAction>(&action.what)) {
      if (decision_.reviewer == nullptr) decision_.reviewer = review;
      say(rule, Answer::review, {});
    } else if (const auto* deny = std::get_if<DenyAction>(&action.what)) {
      say(rule, Answer::deny, question_.words(deny->reason));
    } else if (const auto* limit = std::get_if<AtMostAction>(&action.what)) {
      decision_.limits.push_back({rule, limit->permissions});
    } else if (action.kind() == ActionKind::require) {
      decision_.require_mfa = true;
    } else if (const auto* notify = std::get_if<NotifyAction>(&action.what)) {
      decision_.notices.push_back({rule, notify->endpoint, question_.words(notify->text)});
    }
  }

  /// The first of the strongest.
  void say(RuleIndex rule, Answer answer, std::string_view reason) {
    if (decision_.answer >= answer) return;
    decision_.answer = answer;
    decision_.because = rule;
    decision_.reason = reason;
  }

  void shadow(RuleIndex rule, const Action& action) {
    const auto record = [&](std::string_view would, std::string_view detail = {}) {
      decision_.shadows.push_back({rule, std::nullopt, would, detail});
    };
    switch (action.kind()) {
      case ActionKind::approve:
        return record("would_approve");
      case ActionKind::grant:
        return record("would_grant");
      case ActionKind::review:
        return record("would_review");
      case ActionKind::deny:
        return record("would_deny", question_.words(std::get<DenyAction>(action.what).reason));
      case ActionKind::at_most:
        return record("would_limit");
      case ActionKind::require:
        return record("would_require_mfa");
      case ActionKind::notify:
        return record("would_notify", std::get<NotifyAction>(action.what).endpoint);
      default:
        return;  // no other belongs to rules on request
    }
  }

  Question question_;
  RequestDecision decision_;
};

}  // namespace

RequestDecision decide_request(const Program& program, const Record& question, const Record& shop,
                               Timestamp now, Arena& arena) {
  arena.reset();
  return RequestDecider(program, question, shop, now, arena).decide();
}

}  // namespace consign
