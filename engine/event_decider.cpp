// Rules on an event that the rule set declares: who gets it, and what is noted about it.
//
// As for the lines of an order, the first rule that gives it to somebody wins, `stop` ends the
// work, and `otherwise` rules look only at what is left over. Nothing waits: a rule that asks about
// what is not known has failed. One that would have given it to somebody, or stopped, holds the
// event: who should have had it is for a person to say.

#include <algorithm>

#include "engine/question.hpp"

namespace consign {

namespace {

class EventDecider {
 public:
  EventDecider(const Program& program, const Record& event, const Record& shop_facts, Timestamp now,
               Arena& arena)
      : question_(program, event, shop_facts, shop_facts.text(Field::shop_id), now,
                  arena.resource()),
        decision_(arena.resource()) {}

  EventDecision decide() {
    for (const CompiledRule& compiled : question_.program().run) {
      if (stopped_ || (compiled.otherwise && !left_over())) break;
      if (question_.in_force(compiled)) run(compiled);
    }
    return std::move(decision_);
  }

 private:
  using State = EventDecision::State;

  bool left_over() const { return decision_.hand == nullptr && decision_.state != State::held; }

  const Rule& rule(RuleIndex index) const { return question_.program().rule(index); }

  void run(const CompiledRule& compiled) {
    const Truth truth = question_.truth(compiled);
    if (truth == Truth::no) return;
    if (truth != Truth::yes) return fail(compiled, truth);
    for (const Action& action : rule(compiled.rule).actions) {
      if (compiled.shadow) {
        shadow(compiled.rule, action);
      } else {
        act(compiled.rule, action);
      }
    }
  }

  void fail(const CompiledRule& compiled, Truth truth) {
    const std::string_view cause = question_.why(truth);
    if (compiled.shadow) return record(compiled.rule, "would_fail", cause);
    decision_.failures.push_back({compiled.rule, std::nullopt, cause});
    const auto& actions = rule(compiled.rule).actions;
    const bool matters = std::ranges::any_of(actions, [](const Action& action) {
      return action.kind() == ActionKind::hand || action.kind() == ActionKind::stop;
    });
    if (!matters || decision_.state == State::held) return;
    decision_.state = State::held;
    decision_.because = compiled.rule;
    decision_.reason =
        join_text({"rule ", rule(compiled.rule).name, ": ", cause}, question_.memory());
  }

  void act(RuleIndex index, const Action& action) {
    if (const auto* hand = std::get_if<HandAction>(&action.what)) {
      give(index, *hand);
    } else if (const auto* tag = std::get_if<TagAction>(&action.what)) {
      add_tag(question_.words(tag->tag));
    } else if (const auto* note = std::get_if<NoteAction>(&action.what)) {
      add_note(index, question_.words(note->text));
    } else if (const auto* notify = std::get_if<NotifyAction>(&action.what)) {
      add_notice(index, notify->endpoint, question_.words(notify->text));
    } else if (action.kind() == ActionKind::stop) {
      stopped_ = true;
    }
  }

  void give(RuleIndex index, const HandAction& hand) {
    if (decision_.hand != nullptr) {
      decision_.superseded.push_back({index, given_by_});
      return;
    }
    decision_.hand = &hand;
    given_by_ = index;
    if (decision_.state == State::held) return;
    decision_.state = State::assigned;
    decision_.because = index;
  }

  void add_tag(std::string_view tag) {
    const auto place = std::ranges::lower_bound(decision_.tags, tag);
    if (place == decision_.tags.end() || *place != tag) decision_.tags.insert(place, tag);
  }

  void add_note(RuleIndex index, std::string_view text) {
    const bool known = std::ranges::any_of(decision_.notes, [&](const Noted& each) {
      return each.rule == index && each.text == text;
    });
    if (!known) decision_.notes.push_back({index, text});
  }

  void add_notice(RuleIndex index, std::string_view endpoint, std::string_view text) {
    const bool known = std::ranges::any_of(decision_.notices, [&](const Noticed& each) {
      return each.rule == index && each.endpoint == endpoint && each.text == text;
    });
    if (!known) decision_.notices.push_back({index, endpoint, text});
  }

  void record(RuleIndex index, std::string_view would, std::string_view detail = {}) {
    decision_.shadows.push_back({index, std::nullopt, would, detail});
  }

  void shadow(RuleIndex index, const Action& action) {
    if (const auto* hand = std::get_if<HandAction>(&action.what)) {
      record(index, decision_.hand == nullptr ? "would_assign" : "would_be_superseded",
             told(*hand));
    } else if (const auto* tag = std::get_if<TagAction>(&action.what)) {
      record(index, "would_tag", question_.words(tag->tag));
    } else if (const auto* note = std::get_if<NoteAction>(&action.what)) {
      record(index, "would_note", question_.words(note->text));
    } else if (const auto* notify = std::get_if<NotifyAction>(&action.what)) {
      record(index, "would_notify", notify->endpoint);
    } else if (action.kind() == ActionKind::stop) {
      record(index, "would_stop");
    }
  }

  std::string_view told(const HandAction& hand) const {
    if (hand.group) {
      const Group& group = rules_of(question_.program()).groups[*hand.group];
      return join_text({"group ", group.name}, question_.memory());
    }
    return join_text({hand.account->kind, ":", hand.account->id}, question_.memory());
  }

  Question question_;
  EventDecision decision_;
  RuleIndex given_by_ = kNoRule;
  bool stopped_ = false;
};

}  // namespace

EventDecision decide_event(const Program& program, const Record& event, const Record& shop_facts,
                           Timestamp now, Arena& arena) {
  arena.reset();
  return EventDecider(program, event, shop_facts, now, arena).decide();
}

}  // namespace consign
