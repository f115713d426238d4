// One rule set before all who decide by it: the reference, the engine with its index and without,
// and the engine telling its reasons. They must agree.
#pragma once

#include <memory>
#include <string>

#include "consign/dsl.hpp"
#include "tests/differential/given.hpp"
#include "tests/differential/reference.hpp"
#include "tests/differential/rule_writer.hpp"

namespace consign::reference {

CheckResult checked(const RuleText& rules);

/// All messages, as the terminal shows them.
std::string messages_of(const CheckResult& result);

class Trial {
 public:
  explicit Trial(std::shared_ptr<const RuleSet> rules);

  const RuleSet& rules() const { return *rules_; }
  const Program& program() const { return *indexed_; }

  struct Verdict {
    ReferenceDecision expected;
    std::string disagreement;  ///< who says otherwise, and what; empty where all agree
  };
  Verdict decide(const Case& one);

 private:
  std::string disagreement(const Case& one, const Inputs& inputs,
                           const ReferenceDecision& expected);

  std::shared_ptr<const RuleSet> rules_;
  std::shared_ptr<const Program> indexed_, plain_;
  Arena arena_;
};

/// What reference and engine decide, as `render` shows it.
std::string expected(const RuleSet& rules, const Case& one);
std::string decided(const Program& program, const Case& one, Arena& arena);

/// A disagreement over the rule set, if it loads; else nothing.
std::string disagreement(const RuleText& rules, const Case& one);

}  // namespace consign::reference
