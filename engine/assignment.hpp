// Who gets a line: availability and the ways of choosing (language.md C4, C5).
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

#include "engine/evaluator.hpp"

namespace consign {

/// A share of the line for a supplier, or held back for want of one.
struct Share {
  Decimal quantity;
  std::string_view supplier;  ///< empty: nobody can; `reason` says why
  std::string_view reason;
};

/// What an assign came to.
struct Assigned {
  explicit Assigned(std::pmr::memory_resource* memory) : shares(memory) {}
  std::pmr::vector<Share> shares;  ///< empty where `or next rule` lets later rules try
};

/// Chooses for `quantity` of a line. Pure; text lives in `memory` or the rule set.
Assigned choose_suppliers(const RuleSet& rules, const Rule& rule, const AssignAction& assign,
                          const Event& event, const Decimal& quantity,
                          std::pmr::memory_resource* memory);

}  // namespace consign
