#include "tests/differential/reference_shadow.hpp"

namespace consign::reference {

std::optional<Value> value_of(const RuleSet& rules, const Evaluator& evaluator,
                              const SetAction& action, MaybeLine at, TextPool& texts,
                              std::string& cause) {
  if (const auto* text = std::get_if<TextTemplate>(&action.value)) {
    Value value = Value::of_text(texts.keep(evaluator.text(*text, at)));
    value.type = rules.fields[action.field].type;
    return value;
  }
  const Worth worth = evaluator.operand(*std::get<ExprPtr>(action.value), at);
  cause = worth.cause;
  if (worth.values.empty() || worth.high) return std::nullopt;
  return worth.values.front();
}

void Imagination::would(RuleIndex index, MaybeLine line, std::string what, std::string detail) {
  decision_.shadows.push_back({index, as_index(line), std::move(what), std::move(detail)});
}

void Imagination::imagine(RuleIndex index, const Lines& lines, MaybeLine at,
                          const std::vector<LineState>& states) {
  const Rule& rule = rules_.rules[index];
  for (const Action& action : rule.actions) {
    switch (action.kind()) {
      case ActionKind::assign:
        for (const std::size_t i : lines) {
          assign(index, std::get<AssignAction>(action.what), i, states[i]);
        }
        break;
      case ActionKind::hold:
        for (const std::size_t i : lines) {
          if (!states[i].shippable()) continue;
          would(index, i, "would_hold",
                evaluator_.text(std::get<HoldAction>(action.what).reason, i));
        }
        break;
      case ActionKind::tag:
        would(index, at, "would_tag", evaluator_.text(std::get<TagAction>(action.what).tag, at));
        break;
      case ActionKind::note:
        would(index, at, "would_note", evaluator_.text(std::get<NoteAction>(action.what).text, at));
        break;
      case ActionKind::notify:
        would(index, at, "would_notify", std::string(std::get<NotifyAction>(action.what).endpoint));
        break;
      case ActionKind::set: {
        const auto& set = std::get<SetAction>(action.what);
        std::string cause;
        if (value_of(rules_, evaluator_, set, at, decision_.texts, cause))
          would(index, at, "would_set", rules_.fields[set.field].name);
        if (!cause.empty()) would(index, at, "would_fail", cause);
        break;
      }
      case ActionKind::grant: {
        const auto& grant = std::get<GrantAction>(action.what);
        for (const std::size_t i : lines) {
          if (!states[i].shippable()) continue;
          if (grant.to) would(index, i, "would_grant", grant.to->to_string());
          if (!grant.to) grant_to_supplier(index, i, states[i]);
        }
        break;
      }
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
        would(index, at, "would_silence", "");
        break;
      case ActionKind::stop:
        for (const std::size_t i : lines) would(index, i, "would_stop", "");
        break;
    }
  }
}

/// What the shadow rule's assign would give the line; nothing where it would come to nothing.
std::optional<Plan> Imagination::plan(RuleIndex index, const AssignAction& action, std::size_t i,
                                      const LineState& line) const {
  if (!line.shippable() || line.claimed() || line.waits) return std::nullopt;
  Plan out = plan_of({rules_, rules_.rules[index], action, event_, supply_}, i, line.rest);
  if (action.or_next_rule && out.nobody) return std::nullopt;
  return out;
}

void Imagination::assign(RuleIndex index, const AssignAction& action, std::size_t i,
                         const LineState& line) {
  if (line.shippable() && line.claimed()) {
    const RuleIndex by = line.claimed_by();
    return would(index, i, "would_be_superseded",
                 by == kNoRule ? "" : std::string(rules_.rules[by].name));
  }
  if (!line.shippable() || line.waits) return;
  if (action.keep_together) return together_.push_back({i, line.rest});
  if (const auto planned = plan(index, action, i, line)) record(index, i, *planned);
}

void Imagination::settle_together(RuleIndex index, const AssignAction& action) {
  const Rule& rule = rules_.rules[index];
  const auto plans = plan_together({rules_, rule, action, event_, supply_}, together_);
  for (std::size_t k = 0; k < plans.size(); ++k) {
    if (action.or_next_rule && plans[k].nobody) continue;
    record(index, together_[k].line, plans[k]);
    for (const Action& other : rule.actions) {
      const auto* grant = std::get_if<GrantAction>(&other.what);
      if (grant == nullptr || grant->to) continue;
      for (const std::string& supplier : plans[k].suppliers()) {
        would(index, together_[k].line, "would_grant", "supplier:" + supplier);
      }
    }
  }
  together_.clear();
}

void Imagination::record(RuleIndex index, std::size_t i, const Plan& plan) {
  for (const Share& share : plan.shares) {
    if (share.supplier.empty()) {
      would(index, i, "would_hold", share.reason);
    } else {
      would(index, i, "would_assign", share.supplier);
    }
  }
}

void Imagination::grant_to_supplier(RuleIndex index, std::size_t i, const LineState& line) {
  for (const Action& action : rules_.rules[index].actions) {
    const auto* assigning = std::get_if<AssignAction>(&action.what);
    if (assigning == nullptr || assigning->keep_together) continue;
    const auto planned = plan(index, *assigning, i, line);
    if (!planned) continue;
    for (const std::string& supplier : planned->suppliers()) {
      would(index, i, "would_grant", "supplier:" + supplier);
    }
    return;
  }
}

}  // namespace consign::reference
