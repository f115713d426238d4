// What the reference knows of a line while the rules run.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/differential/reference.hpp"
#include "tests/differential/reference_conditions.hpp"
#include "tests/differential/reference_suppliers.hpp"

namespace consign::reference {

using Lines = std::vector<std::size_t>;
using MaybeLine = Evaluator::Line;

/// A reason for which a line is held; the earliest one is told.
struct Holding {
  std::size_t moment;  ///< counts up as rules run
  std::string reason;
  RuleIndex because;
  std::optional<Timestamp> until;
};

struct Claim {
  std::size_t moment;
  RuleIndex rule;
  Plan plan;
};

/// A line while the rules run.
struct LineState {
  Decimal quantity;
  std::string not_shippable;  ///< why; empty: it can be shipped
  std::vector<ReferencePart> kept;
  Decimal rest;  ///< what no kept part covers
  std::optional<Claim> claim;
  std::vector<Holding> held;
  RuleIndex waits_because = kNoRule;
  std::set<std::string> waits_for;
  bool waits = false;
  bool stopped = false;
  RuleIndex stopped_by = kNoRule;

  bool shippable() const { return not_shippable.empty(); }
  bool covered() const { return shippable() && rest.is_zero(); }
  bool claimed() const { return claim.has_value() || covered(); }
  RuleIndex claimed_by() const { return claim ? claim->rule : kept.front().because; }
  /// The rule after which others need not look at the line; none where several facts say so.
  RuleIndex taken_care_of_by() const {
    return stopped ? stopped_by : claimed() ? claimed_by() : kNoRule;
  }
  bool free() const { return !claimed() && held.empty() && !waits && !stopped; }
};

template <class T>
bool has_action(const Rule& rule) {
  return std::any_of(rule.actions.begin(), rule.actions.end(),
                     [](const Action& action) { return std::holds_alternative<T>(action.what); });
}

inline std::optional<std::uint32_t> as_index(MaybeLine line) {
  return line ? std::optional(static_cast<std::uint32_t>(*line)) : std::nullopt;
}

}  // namespace consign::reference
