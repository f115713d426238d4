// Rules in `mode shadow`: looked at where they stand, against what the live rules have made of the
// order so far, and only written down (language.md C14).

#include <algorithm>

#include "engine/decider.hpp"

namespace consign {

void Decider::shadow(RuleIndex index, std::uint32_t line, std::string_view would,
                     std::string_view detail) {
  decision_.shadows.push_back(
      {index, line == kNoLine ? std::nullopt : std::optional(line), would, detail});
}

/// What the rule would have done to one line, and (for a rule on line) with it.
void Decider::shadow_on_line(const CompiledRule& compiled, std::uint32_t condition_line,
                             Truth truth, std::uint32_t line) {
  const Rule& each = rule(compiled.rule);
  const LineState& state = lines_[line];
  const bool on_line = each.scope == Scope::line;
  if (truth == Truth::no) return;
  if (truth == Truth::error) {
    if (on_line) shadow(compiled.rule, line, "would_fail", copy(evaluator_.cause()));
    return;
  }
  if (truth == Truth::unknown) {
    if (!would_wait(compiled, state)) return;
    std::pmr::vector<std::string_view> names(memory_);
    evaluator_.collect_unknown(compiled.condition, condition_line, names);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    shadow(compiled.rule, line, "would_wait", joined(names));
    return;
  }
  for (const Action& action : each.actions) {
    switch (action.kind()) {
      case ActionKind::assign:
        shadow_assign(each, compiled.rule, std::get<AssignAction>(action.what), line);
        break;
      case ActionKind::hold:
        if (state.shippable()) {
          shadow(compiled.rule, line, "would_hold",
                 render(std::get<HoldAction>(action.what).reason, on_line ? line : kNoLine));
        }
        break;
      case ActionKind::grant:
        shadow_grant(each, compiled.rule, std::get<GrantAction>(action.what), line);
        break;
      case ActionKind::stop:
        shadow(compiled.rule, line, "would_stop", {});
        break;
      case ActionKind::tag:
        if (on_line) {
          shadow(compiled.rule, line, "would_tag",
                 render(std::get<TagAction>(action.what).tag, line));
        }
        break;
      case ActionKind::note:
        if (on_line) {
          shadow(compiled.rule, line, "would_note",
                 render(std::get<NoteAction>(action.what).text, line));
        }
        break;
      case ActionKind::set:
        if (on_line) shadow_set(compiled.rule, std::get<SetAction>(action.what), line);
        break;
      case ActionKind::notify:
        if (on_line) {
          shadow(compiled.rule, line, "would_notify", std::get<NotifyAction>(action.what).endpoint);
        }
        break;
      case ActionKind::allow:
      case ActionKind::forbid:
      case ActionKind::approve:
      case ActionKind::deny:
      case ActionKind::review:
      case ActionKind::at_most:
      case ActionKind::require:
      case ActionKind::hand:
        break;  // these are of other scopes
      case ActionKind::silence:
        if (on_line) shadow(compiled.rule, line, "would_silence", {});
        break;
    }
  }
}

void Decider::shadow_assign(const Rule& each, RuleIndex index, const AssignAction& action,
                            std::uint32_t line) {
  const LineState& state = lines_[line];
  if (!state.shippable()) return;
  if (state.claimed) {
    shadow(index, line, "would_be_superseded",
           state.claimed_by == kNoRule ? std::string_view()
                                       : std::string_view(rule(state.claimed_by).name));
    return;
  }
  if (state.waiting) return;
  if (action.keep_together) {
    together_.push_back({line, state.open});
  } else {
    shadow_shares(index, choose_suppliers(choosing(each, action), line, state.open), line);
  }
}

void Decider::shadow_shares(RuleIndex index, const Assigned& chosen, std::uint32_t line) {
  for (const Share& share : chosen.shares) {
    if (share.supplier.empty()) {
      shadow(index, line, "would_hold", share.reason);
    } else {
      shadow(index, line, "would_assign", share.supplier);
    }
  }
}

void Decider::shadow_together(RuleIndex index, const AssignAction& action) {
  const auto chosen = choose_together(choosing(rule(index), action), together_);
  for (std::size_t i = 0; i < together_.size(); ++i) {
    const std::uint32_t line = together_[i].line;
    shadow_shares(index, chosen[i], line);
    for (const Action& other : rule(index).actions) {
      const auto* grant = std::get_if<GrantAction>(&other.what);
      if (grant == nullptr || grant->to) continue;
      for (const Share& share : chosen[i].shares) {
        if (share.supplier.empty()) continue;
        shadow(index, line, "would_grant", account_of(*grant, share.supplier));
      }
    }
  }
}

/// To the account named, or to whom the rule's own assign would give the line.
void Decider::shadow_grant(const Rule& each, RuleIndex index, const GrantAction& action,
                           std::uint32_t line) {
  const LineState& state = lines_[line];
  if (!state.shippable()) return;
  if (action.to) {
    shadow(index, line, "would_grant", account_of(action, {}));
    return;
  }
  if (state.claimed || state.waiting) return;
  for (const Action& other : each.actions) {
    const auto* assign = std::get_if<AssignAction>(&other.what);
    if (assign == nullptr || assign->keep_together) continue;
    const Assigned chosen = choose_suppliers(choosing(each, *assign), line, state.open);
    for (const Share& share : chosen.shares) {
      if (share.supplier.empty()) continue;
      shadow(index, line, "would_grant", account_of(action, share.supplier));
    }
  }
}

void Decider::shadow_set(RuleIndex index, const SetAction& action, std::uint32_t line) {
  std::string_view cause;
  if (value_to_set(action, line, cause)) {
    shadow(index, line, "would_set", program_.rules->fields[action.field].name);
  }
  if (!cause.empty()) shadow(index, line, "would_fail", cause);
}

void Decider::shadow_on_order(const CompiledRule& compiled, Truth truth) {
  const Rule& each = rule(compiled.rule);
  if (truth == Truth::error) {
    shadow(compiled.rule, kNoLine, "would_fail", copy(evaluator_.cause()));
    return;
  }
  if (truth == Truth::yes) {
    for (const Action& action : each.actions) {
      if (const auto* tag = std::get_if<TagAction>(&action.what)) {
        shadow(compiled.rule, kNoLine, "would_tag", render(tag->tag, kNoLine));
      } else if (const auto* note = std::get_if<NoteAction>(&action.what)) {
        shadow(compiled.rule, kNoLine, "would_note", render(note->text, kNoLine));
      } else if (const auto* set = std::get_if<SetAction>(&action.what)) {
        shadow_set(compiled.rule, *set, kNoLine);
      } else if (const auto* notify = std::get_if<NotifyAction>(&action.what)) {
        shadow(compiled.rule, kNoLine, "would_notify", notify->endpoint);
      } else if (action.kind() == ActionKind::silence) {
        shadow(compiled.rule, kNoLine, "would_silence", {});
      }
    }
  }
  for (std::uint32_t line = 0; line < lines_.size(); ++line) {
    if (concerns(compiled, lines_[line])) shadow_on_line(compiled, kNoLine, truth, line);
  }
}

}  // namespace consign
