#include "tests/differential/reference.hpp"

#include <algorithm>

#include "tests/differential/reference_shadow.hpp"

namespace consign::reference {
namespace {

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

template <class T>
void add_once(std::vector<T>& list, T item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(std::move(item));
}

Timestamp later(Timestamp time, std::int64_t seconds) {
  return Timestamp{time.micros + seconds * 1'000'000};
}

class Decider {
 public:
  Decider(const RuleSet& rules, const Event& event, const Facts& facts, Timestamp now,
          const Prior* prior)
      : rules_(rules),
        event_(event),
        prior_(prior),
        now_(now),
        evaluator_(rules, event, facts, now),
        supply_(event, facts, prior, now),
        imagination_(rules, event, evaluator_, supply_, decision_) {}

  ReferenceDecision run() {
    decision_.at = now_;
    for (const Record& line : event_.lines) start(line);
    if (event_.cancelled) {
      decision_.state = DecisionState::cancelled;
      for (std::size_t i = 0; i < lines_.size(); ++i) finish(i);
      return std::move(decision_);
    }
    for (const bool otherwise : {false, true}) {
      for (RuleIndex i = 0; i < rules_.rules.size(); ++i) {
        const Rule& rule = rules_.rules[i];
        if (rule.otherwise != otherwise || rule.mode == Mode::off) continue;
        if (in_force(rule)) {
          run_rule(i);
        } else {
          trace(std::nullopt, {i, Verdict::skipped, kNoRule, {}});
        }
      }
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) finish(i);
    grant_to_suppliers();
    std::sort(decision_.tags.begin(), decision_.tags.end());
    return std::move(decision_);
  }

 private:
  // ---- before the rules ----

  bool in_force(const Rule& rule) const {
    const Timestamp received = event_.order.value(Field::order_received_at)->time;
    const auto shop = event_.order.text(Field::order_shop);
    const RuleDetails& only = *rule.details;
    return (!only.from || *only.from <= received) && (!only.until || received < *only.until) &&
           (only.shops.empty() ||
            std::find(only.shops.begin(), only.shops.end(), shop) != only.shops.end());
  }

  RuleIndex rule_named(const std::string& name) const {
    for (RuleIndex i = 0; i < rules_.rules.size(); ++i) {
      if (rules_.rules[i].name == name) return i;
    }
    return kNoRule;
  }

  void start(const Record& line) {
    LineState state;
    const Value* quantity = line.value(Field::line_quantity);
    const Value* gift_card = line.value(Field::line_gift_card);
    const Value* ships = line.value(Field::line_requires_shipping);
    if (quantity != nullptr) state.quantity = quantity->number;
    if (event_.cancelled) {
      state.not_shippable = "the order is cancelled";
    } else if (gift_card != nullptr && gift_card->truth) {
      state.not_shippable = "gift card";
    } else if (ships != nullptr && !ships->truth) {
      state.not_shippable = "needs no shipping";
    } else if (!(Decimal(0) < state.quantity)) {
      state.not_shippable = "nothing left to fulfil";
    }
    state.rest = state.quantity;
    if (prior_ != nullptr) keep_parts(line, state);
    lines_.push_back(std::move(state));
    ReferenceLine out;
    out.id = line.text(Field::line_id);
    decision_.lines.push_back(std::move(out));
    decision_.line_traces.emplace_back();
  }

  /// The parts that stand already. What has shipped stands for what it is; what is left of the
  /// line is covered by the others, cut from the last where it has become less.
  void keep_parts(const Record& line, LineState& state) {
    const auto take = [&](const Decimal& quantity) {
      state.rest = quantity < state.rest ? *state.rest.minus(quantity) : Decimal(0);
    };
    std::vector<const Prior::Part*> parts;
    for (const Prior::Part& part : prior_->parts) {
      if (part.line != line.text(Field::line_id)) continue;
      if (part.shipped) take(*part.quantity.minus(part.gone));
      if (part.shipped || state.shippable()) parts.push_back(&part);
    }
    for (const Prior::Part* part : parts) {
      const Decimal quantity =
          part->shipped ? part->quantity : std::min(part->quantity, state.rest);
      if (quantity.is_zero()) continue;
      if (!part->shipped) take(quantity);
      state.kept.push_back({part->number, quantity, part->outcome, part->supplier, part->reason,
                            rule_named(part->rule), std::nullopt, true, part->shipped});
      if (!part->supplier.empty()) supply_.note_part(part->supplier);
    }
  }

  // ---- one rule ----

  void run_rule(RuleIndex index) {
    const Rule& rule = rules_.rules[index];
    Lines lines;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const LineState& line = lines_[i];
      const bool concerned = !line.stopped && (!rule.otherwise || line.free());
      if (concerned && rule.scope == Scope::order) lines.push_back(i);
      if (rule.scope == Scope::order) continue;
      if (concerned) {
        react(index, {i}, i);
      } else {
        trace(i, {index, Verdict::skipped, line.taken_care_of_by(), {}});
      }
    }
    if (rule.scope == Scope::line) return settle_together(index);
    if (order_stopped_ || (rule.otherwise && lines.empty())) {
      trace(std::nullopt, {index, Verdict::skipped, order_stopped_by_, {}});
    } else {
      react(index, lines, std::nullopt);
    }
    settle_together(index);
  }

  /// A rule on order acts on each line, and so stands in each line's reasons, too.
  void trace(MaybeLine at, const ReferenceTrace& trace) {
    if (at) return decision_.line_traces[*at].push_back(trace);
    if (rules_.rules[trace.rule].scope == Scope::order) decision_.order_traces.push_back(trace);
    for (ReferenceTraces& traces : decision_.line_traces) traces.push_back(trace);
  }

  /// Evaluates the rule (for a line, or for the order) and lets it act on `lines`.
  void react(RuleIndex index, const Lines& lines, MaybeLine at) {
    const Rule& rule = rules_.rules[index];
    const bool shadow = rule.mode == Mode::shadow;
    const Answer answer = evaluator_.condition(rule.condition, at);
    trace(at, trace_of(index, shadow, answer));
    switch (answer.truth) {
      case Truth::no:
        return;
      case Truth::yes:
        return shadow ? imagination_.imagine(index, lines, at, lines_) : fire(index, lines, at);
      case Truth::unknown:
        for (const std::size_t i : lines) {
          if (!can_wait(rule, lines_[i])) continue;
          if (shadow) {
            imagination_.would(index, i, "would_wait", joined(answer.facts));
          } else {
            wait(index, lines_[i], answer.facts);
          }
        }
        return;
      case Truth::error:
        if (shadow) return imagination_.would(index, at, "would_fail", answer.cause);
        fail(index, at, answer.cause);
        if (!has_action<AssignAction>(rule) && !has_action<HoldAction>(rule) &&
            !has_action<StopAction>(rule)) {
          return;
        }
        for (const std::size_t i : lines) {
          hold(lines_[i], "rule " + std::string(rule.name) + " failed: " + answer.cause, index,
               std::nullopt);
        }
        return;
    }
  }

  static ReferenceTrace trace_of(RuleIndex index, bool shadow, const Answer& answer) {
    switch (answer.truth) {
      case Truth::yes:
        return {index, shadow ? Verdict::shadow : Verdict::fired, kNoRule, {}};
      case Truth::unknown:
        return {index, Verdict::unknown, kNoRule, joined(answer.facts)};
      case Truth::error:
        return {index, Verdict::failed, kNoRule, answer.cause};
      case Truth::no:
        break;
    }
    return {index, Verdict::not_matched, kNoRule, {}};
  }

  static bool can_wait(const Rule& rule, const LineState& line) {
    if (!line.shippable() || line.covered()) return false;
    return has_action<HoldAction>(rule) || has_action<StopAction>(rule) ||
           (has_action<AssignAction>(rule) && !line.claimed());
  }

  static void wait(RuleIndex index, LineState& line, const FactNames& facts) {
    if (!line.waits) line.waits_because = index;
    line.waits = true;
    line.waits_for.insert(facts.begin(), facts.end());
  }

  void fail(RuleIndex index, MaybeLine at, const std::string& cause) {
    decision_.failures.push_back({index, as_index(at), cause});
  }

  void hold(LineState& line, std::string reason, RuleIndex because,
            std::optional<Timestamp> until) {
    if (line.shippable()) line.held.push_back({moment_++, std::move(reason), because, until});
  }

  // ---- firing ----

  void fire(RuleIndex index, const Lines& lines, MaybeLine at) {
    const Rule& rule = rules_.rules[index];
    for (std::uint32_t i = 0; i < rule.actions.size(); ++i) {
      const Action& action = rule.actions[i];
      switch (action.kind()) {
        case ActionKind::assign:
          for (const std::size_t line : lines) {
            assign(index, std::get<AssignAction>(action.what), line);
          }
          break;
        case ActionKind::hold:
          for (const std::size_t line : lines)
            hold_by(index, std::get<HoldAction>(action.what), line);
          break;
        case ActionKind::tag:
          add_once(decision_.tags, evaluator_.text(std::get<TagAction>(action.what).tag, at));
          break;
        case ActionKind::note:
          add_once(decision_.notes,
                   {index, "", evaluator_.text(std::get<NoteAction>(action.what).text, at)});
          break;
        case ActionKind::notify: {
          const auto& notify = std::get<NotifyAction>(action.what);
          add_once(decision_.notices,
                   {index, std::string(notify.endpoint), evaluator_.text(notify.text, at)});
          break;
        }
        case ActionKind::set:
          set_by(index, std::get<SetAction>(action.what), at);
          break;
        case ActionKind::grant:
          grant_by(index, i, lines);
          break;
        case ActionKind::allow:
        case ActionKind::forbid:
        case ActionKind::approve:
        case ActionKind::deny:
        case ActionKind::review:
        case ActionKind::at_most:
        case ActionKind::require:
        case ActionKind::hand:
          break;
        case ActionKind::silence:
          decision_.silent = true;
          break;
        case ActionKind::stop:
          break;
      }
    }
    if (has_action<StopAction>(rule)) stop(index, lines);
  }

  void assign(RuleIndex index, const AssignAction& action, std::size_t i) {
    LineState& line = lines_[i];
    if (!line.shippable()) return;
    const Rule& rule = rules_.rules[index];
    if (!line.claimed()) {
      if (line.waits) return;
      if (action.keep_together) return together_.push_back({i, line.rest});
      return claim(index, action, i, plan_of(assigning(index, action, supply_), i, line.rest));
    }
    if (!line.claim && std::any_of(line.kept.begin(), line.kept.end(),
                                   [&](const auto& part) { return part.because == index; })) {
      return;
    }
    const RuleIndex by = line.claimed_by();
    decision_.lines[i].superseded.push_back({index, by});
    for (ReferenceTrace& trace : decision_.line_traces[i]) {
      if (trace.rule == index) trace.verdict = Verdict::superseded, trace.by = by;
    }
    if (!rules_.overlaps_hold || !line.claim || by == index) return;
    Supply instead = supply_;
    for (const Share& share : line.claim->plan.shares) {
      if (!share.supplier.empty()) instead.take_back(share.supplier, i, share.quantity);
    }
    auto theirs = line.claim->plan.suppliers();
    auto ours = plan_of(assigning(index, action, instead), i, line.rest).suppliers();
    std::sort(theirs.begin(), theirs.end());
    std::sort(ours.begin(), ours.end());
    if (theirs.empty() || ours.empty() || theirs == ours) return;
    hold(line,
         "rules " + std::string(rules_.rules[by].name) + " and " + std::string(rule.name) +
             " claim it for different suppliers",
         index, std::nullopt);
  }

  Assigning assigning(RuleIndex index, const AssignAction& action, const Supply& supply) const {
    return {rules_, rules_.rules[index], action, event_, supply};
  }

  void claim(RuleIndex index, const AssignAction& action, std::size_t i, Plan plan) {
    ReferenceLine& out = decision_.lines[i];
    out.ways.insert(out.ways.end(), plan.ways.begin(), plan.ways.end());
    if (action.or_next_rule && plan.nobody) return out.ways.push_back("left to the next rule");
    for (const Share& share : plan.shares) {
      if (!share.supplier.empty()) supply_.give(share.supplier, i, share.quantity);
    }
    for (const std::string& reason : plan.passed_over) out.passed_over.push_back({index, reason});
    lines_[i].claim = Claim{moment_++, index, std::move(plan)};
  }

  /// The lines that the rule claims and wants to keep together, when all of them are known.
  void settle_together(RuleIndex index) {
    const Rule& rule = rules_.rules[index];
    const auto action =
        std::find_if(rule.actions.begin(), rule.actions.end(),
                     [](const auto& each) { return each.kind() == ActionKind::assign; });
    if (action == rule.actions.end()) return;
    const auto& assign = std::get<AssignAction>(action->what);
    if (rule.mode == Mode::shadow) return imagination_.settle_together(index, assign);
    if (together_.empty()) return;
    const std::vector<Plan> plans = plan_together(assigning(index, assign, supply_), together_);
    for (std::size_t k = 0; k < plans.size(); ++k) {
      claim(index, assign, together_[k].line, plans[k]);
    }
    together_.clear();
  }

  void hold_by(RuleIndex index, const HoldAction& action, std::size_t i) {
    LineState& line = lines_[i];
    if (!line.shippable()) return;
    ReferenceHold made{index, evaluator_.text(action.reason, i), now_, std::nullopt};
    if (prior_ != nullptr) {
      for (const Prior::Hold& before : prior_->holds) {
        if (before.line != decision_.lines[i].id || before.rule != rules_.rules[index].name)
          continue;
        if (before.ended) return;
        made.first_fired = before.first_fired;
      }
    }
    if (action.seconds) made.until = later(made.first_fired, *action.seconds);
    if (made.until && *made.until <= now_) return;  // it holds once
    hold(line, made.reason, index, made.until);
    decision_.lines[i].holds.push_back(std::move(made));
  }

  void set_by(RuleIndex index, const SetAction& action, MaybeLine at) {
    for (const FieldSet& set : decision_.fields) {
      if (set.field == action.field) return;
    }
    std::string cause;
    const auto value = value_of(rules_, evaluator_, action, at, decision_.texts, cause);
    if (!cause.empty()) fail(index, at, cause);
    if (value) decision_.fields.push_back({action.field, index, *value});
  }

  /// Grants to an account that the rule names; those to the supplier follow when all is settled.
  void grant_by(RuleIndex index, std::uint32_t action_index, const Lines& lines) {
    const auto& grant = std::get<GrantAction>(rules_.rules[index].actions[action_index].what);
    if (!grant.to) return;
    const std::string account = grant.to->to_string();
    if (grant.on_shop) return grant_on_shop(index, action_index, account);
    for (const std::size_t i : lines) {
      if (!lines_[i].shippable()) continue;
      decision_.grants.push_back(
          {index, action_index, account, false, static_cast<std::uint32_t>(i), 0, end_of(grant)});
    }
  }

  void grant_on_shop(RuleIndex index, std::uint32_t action_index, const std::string& account) {
    for (const ReferenceGrant& made : decision_.grants) {
      if (made.rule == index && made.action == action_index && made.account == account) return;
    }
    const auto& grant = std::get<GrantAction>(rules_.rules[index].actions[action_index].what);
    decision_.grants.push_back({index, action_index, account, true, 0, 0, end_of(grant)});
  }

  std::optional<Timestamp> end_of(const GrantAction& grant) const {
    if (grant.term.seconds) return later(now_, *grant.term.seconds);
    return grant.term.until;
  }

  void stop(RuleIndex index, const Lines& lines) {
    const bool whole_order = rules_.rules[index].scope == Scope::order;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const bool ours = whole_order || std::find(lines.begin(), lines.end(), i) != lines.end();
      if (!ours || lines_[i].stopped) continue;
      lines_[i].stopped = true;
      lines_[i].stopped_by = index;
    }
    if (whole_order && !order_stopped_) order_stopped_by_ = index;
    order_stopped_ = order_stopped_ || whole_order;
  }

  // ---- after the rules ----

  void finish(std::size_t i) {
    const LineState& line = lines_[i];
    ReferenceLine& out = decision_.lines[i];
    std::set<std::uint32_t> taken;
    const auto number = [&] {
      std::uint32_t free = 1;
      while (!taken.insert(free).second) ++free;
      return free;
    };
    for (ReferencePart part : line.kept) {
      if (part.outcome == Outcome::assigned && !part.shipped && !line.held.empty()) {
        hold_part(part, line.held.front());
      }
      taken.insert(part.number);
      out.parts.push_back(std::move(part));
    }
    if (!line.shippable()) {
      if (!out.parts.empty() && line.rest.is_zero()) return;
      ReferencePart part;
      part.number = number();
      part.quantity = line.rest;
      part.outcome = Outcome::not_shippable;
      part.reason = line.not_shippable;
      out.parts.push_back(part);
      return;
    }
    out.waits_for.assign(line.waits_for.begin(), line.waits_for.end());
    if (line.covered()) return;
    if (!line.claim) {
      out.parts.push_back(fresh_part(line, number(), Share{line.rest, "", ""}));
      return;
    }
    for (const Share& share : line.claim->plan.shares) {
      out.parts.push_back(fresh_part(line, number(), share));
    }
  }

  static void hold_part(ReferencePart& part, const Holding& holding) {
    part.outcome = Outcome::held;
    part.reason = holding.reason;
    part.because = holding.because;
    part.until = holding.until;
  }

  ReferencePart fresh_part(const LineState& line, std::uint32_t number, const Share& share) {
    ReferencePart part;
    part.number = number;
    part.quantity = share.quantity;
    part.supplier = share.supplier;
    std::vector<Holding> held = line.held;
    if (line.claim && share.supplier.empty()) {
      held.push_back({line.claim->moment, share.reason, line.claim->rule, std::nullopt});
    }
    if (!held.empty()) {
      hold_part(part, *std::min_element(held.begin(), held.end(), [](const auto& a, const auto& b) {
                  return a.moment < b.moment;
                }));
    } else if (line.waits) {
      part.outcome = Outcome::waiting;
      part.supplier.clear();
      part.reason = "waits for " + joined(line.waits_for);
      part.because = line.waits_because;
      decision_.state = DecisionState::waiting;
    } else if (line.claim) {
      part.outcome = Outcome::assigned;
      part.because = line.claim->rule;
    } else {
      part.reason = "no rule assigns it";
      part.because = line.stopped_by;
    }
    return part;
  }

  void grant_to_suppliers() {
    for (std::uint32_t i = 0; i < decision_.lines.size(); ++i) {
      for (const ReferencePart& part : decision_.lines[i].parts) {
        if (part.outcome != Outcome::assigned || part.kept) continue;
        const Rule& rule = rules_.rules[part.because];
        for (std::uint32_t k = 0; k < rule.actions.size(); ++k) {
          const auto* grant = std::get_if<GrantAction>(&rule.actions[k].what);
          if (grant == nullptr || grant->to) continue;
          const std::string account = "supplier:" + part.supplier;
          if (grant->on_shop) {
            grant_on_shop(part.because, k, account);
          } else {
            decision_.grants.push_back(
                {part.because, k, account, false, i, part.number, end_of(*grant)});
          }
        }
      }
    }
  }

  const RuleSet& rules_;
  const Event& event_;
  const Prior* prior_;
  Timestamp now_;
  Evaluator evaluator_;
  Supply supply_;
  std::vector<LineState> lines_;
  std::vector<Wanted> together_;  ///< of the rule that runs
  bool order_stopped_ = false;
  RuleIndex order_stopped_by_ = kNoRule;
  std::size_t moment_ = 0;
  ReferenceDecision decision_;
  Imagination imagination_;
};

}  // namespace

ReferenceDecision decide(const RuleSet& rules, const Event& event, const Facts& facts,
                         Timestamp now, const Prior* prior) {
  return Decider(rules, event, facts, now, prior).run();
}

}  // namespace consign::reference
