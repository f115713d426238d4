// After the rules: what each line came to, and what hangs on it.

#include <algorithm>
#include <tuple>

#include "engine/decider.hpp"

namespace consign {

namespace {

void sort_unique(std::pmr::vector<std::string_view>& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

}  // namespace

/// One outcome for every piece of the line, the strongest that applies (language.md C10).
void Decider::finish_line(std::uint32_t line) {
  LineState& state = lines_[line];
  LineDecision& out = decision_.lines[line];
  // The lowest that is free: what is decided anew and comes out as it was gets its number back.
  std::uint32_t number = 0;
  const auto free_number = [&] {
    const auto taken = [&](const Part& part) { return part.number == number; };
    do {
      ++number;
    } while (std::any_of(state.kept.begin(), state.kept.end(), taken));
    return number;
  };
  for (Part part : state.kept) {
    if (state.held && part.outcome == Outcome::assigned && !part.shipped) {
      part.outcome = Outcome::held;
      part.reason = state.hold.reason;
      part.because = state.hold.rule;
      part.until = state.hold.until;
    }
    out.parts.push_back(part);
  }
  if (!state.shippable() && (out.parts.empty() || !state.open.is_zero())) {
    Part part;
    part.number = free_number();
    part.quantity = state.open;
    part.outcome = Outcome::not_shippable;
    part.reason = state.not_shippable;
    out.parts.push_back(part);
  }
  if (!state.shippable() || state.open.is_zero()) return;

  sort_unique(state.waits_for);
  // Told of a held line, too: when the facts come, it may get a supplier for its release.
  out.waits_for = std::move(state.waits_for);

  const auto add = [&](const Share& share) {
    Part part;
    part.number = free_number();
    part.quantity = share.quantity;
    if (!share.reason.empty()) {
      part.outcome = Outcome::held;
      part.reason = share.reason;
      part.because = state.claimed_by;
    } else if (state.held) {
      part.outcome = Outcome::held;
      part.supplier = share.supplier;
      part.reason = state.hold.reason;
      part.because = state.hold.rule;
      part.until = state.hold.until;
    } else if (state.waiting) {
      part.outcome = Outcome::waiting;
      part.reason = join_text({"waits for ", joined(out.waits_for)}, memory_);
      part.because = state.waits_because;
    } else if (state.claimed) {
      part.outcome = Outcome::assigned;
      part.supplier = share.supplier;
      part.because = state.claimed_by;
    } else {
      part.outcome = Outcome::held;
      part.reason = "no rule assigns it";
      part.because = state.stopped_by;
    }
    out.parts.push_back(part);
  };
  if (!state.claimed) {
    add({state.open, {}, {}});
    return;
  }
  for (const Share& share : state.assigned.shares) add(share);
}

/// Grants that go to the supplier: for every part that this very rule has just assigned.
void Decider::finish_grants(std::uint32_t line) {
  for (const Part& part : decision_.lines[line].parts) {
    if (part.outcome != Outcome::assigned || part.kept || part.because == kNoRule) continue;
    const auto& actions = rule(part.because).actions;
    for (std::uint32_t index = 0; index < actions.size(); ++index) {
      const auto* action = std::get_if<GrantAction>(&actions[index].what);
      if (action == nullptr || action->to) continue;
      grant(part.because, index, *action, line, part.supplier, part.number);
    }
  }
}

void Decider::finish() {
  for (std::uint32_t line = 0; line < lines_.size(); ++line) {
    finish_line(line);
    finish_grants(line);
    for (const Part& part : decision_.lines[line].parts) {
      if (part.outcome == Outcome::waiting) decision_.state = DecisionState::waiting;
    }
  }
  if (event_.cancelled) decision_.state = DecisionState::cancelled;
  sort_unique(decision_.tags);
  // Line by line, each in the order of its rule and action: what was made with the rule and what
  // was made at the end together.
  std::sort(decision_.grants.begin(), decision_.grants.end(),
            [](const GrantMade& a, const GrantMade& b) {
              return std::tuple(a.on_shop, a.line, a.part, a.rule, a.action, a.account) <
                     std::tuple(b.on_shop, b.line, b.part, b.rule, b.action, b.account);
            });
}

Decision decide(const Program& program, const Event& event, const Facts& facts, Timestamp now,
                Arena& arena, const Prior* prior) {
  arena.reset();
  return Decider(program, event, facts, now, prior, arena, nullptr).decide();
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::not_shippable:
      return "not_shippable";
    case Outcome::held:
      return "held";
    case Outcome::waiting:
      return "waiting";
    case Outcome::assigned:
      return "assigned";
  }
  return {};
}

std::string_view name_of(DecisionState state) {
  switch (state) {
    case DecisionState::decided:
      return "decided";
    case DecisionState::waiting:
      return "waiting";
    case DecisionState::cancelled:
      return "cancelled";
  }
  return {};
}

}  // namespace consign
