// What a run has been through: operators, nodes, actions, outcomes, verdicts, index keys. Random
// tests rot in silence; a run that no longer writes some operator must say so.
#pragma once

#include <map>
#include <string>

#include "tests/differential/given.hpp"
#include "tests/differential/reference.hpp"

namespace consign::reference {

class Coverage {
 public:
  void note(const RuleSet& rules);
  void note(const Case& one);
  void note(const ReferenceDecision& decision);
  void note(const Program& program);

  /// What should have been met at least `times` times and was not, with how often it was, a line
  /// each.
  std::string missed(std::size_t times) const;

 private:
  void note(const Rule& rule);
  void note(const Expr* expr, int depth);
  void note_shipped(const ReferenceLine& line);
  void saw(const std::string& what) { ++seen_[what]; }

  std::map<std::string, std::size_t> seen_;
};

}  // namespace consign::reference
