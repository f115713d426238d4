// Who may take a line, and who gets it: availability and the ways of choosing (language, C4 and
// C5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consign/event.hpp"
#include "consign/ruleset.hpp"

namespace consign::reference {

/// A share of a line, as an assign would give it.
struct Share {
  Decimal quantity;
  std::string supplier;  ///< empty: nobody is available
  std::string reason;    ///< where nobody is
};

/// What an assign would do with `quantity` pieces of a line.
struct Plan {
  std::vector<Share> shares;
  /// Whether none of the targets is available, also of those whose share comes to nothing.
  bool nobody = false;
  /// The suppliers that get something, in the order written.
  std::vector<std::string> suppliers() const;
};

Plan plan_of(const RuleSet& rules, const Rule& rule, const AssignAction& action, const Event& event,
             const Decimal& quantity);

}  // namespace consign::reference
