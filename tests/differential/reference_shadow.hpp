// What shadow rules would have done (language, C14).
#pragma once

#include "tests/differential/reference_state.hpp"

namespace consign::reference {

/// The value of a `set`; nothing where there is none to set, with a cause where it failed.
std::optional<Value> value_of(const RuleSet& rules, const Evaluator& evaluator,
                              const SetAction& action, MaybeLine at, TextPool& texts,
                              std::string& cause);

/// Writes shadow records into a decision; changes nothing else.
class Imagination {
 public:
  Imagination(const RuleSet& rules, const Event& event, const Evaluator& evaluator,
              const Supply& supply, ReferenceDecision& decision)
      : rules_(rules), event_(event), evaluator_(evaluator), supply_(supply), decision_(decision) {}

  /// Records one thing.
  void would(RuleIndex rule, MaybeLine line, std::string what, std::string detail);
  /// Records what a shadow rule whose condition holds would have done now to `lines`.
  void imagine(RuleIndex rule, const Lines& lines, MaybeLine at,
               const std::vector<LineState>& states);
  /// Records what it would have given to lines that it keeps together, when all are known.
  void settle_together(RuleIndex rule, const AssignAction& action);

 private:
  std::optional<Plan> plan(RuleIndex rule, const AssignAction& action, std::size_t i,
                           const LineState& line) const;
  void record(RuleIndex rule, std::size_t i, const Plan& plan);
  void assign(RuleIndex rule, const AssignAction& action, std::size_t i, const LineState& line);
  void grant_to_supplier(RuleIndex rule, std::size_t i, const LineState& line);

  const RuleSet& rules_;
  const Event& event_;
  const Evaluator& evaluator_;
  const Supply& supply_;
  ReferenceDecision& decision_;
  std::vector<Wanted> together_;  ///< of the rule that runs
};

}  // namespace consign::reference
