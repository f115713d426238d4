// Who gets a line: the ways of choosing among suppliers (language.md C4).
#pragma once

#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "engine/availability.hpp"

namespace consign {

/// A share of the line for a supplier, or held back for want of one.
struct Share {
  Decimal quantity;
  std::string_view supplier;  ///< empty: nobody can; `reason` says why
  std::string_view reason;
};

/// What an assign came to.
struct Assigned {
  explicit Assigned(std::pmr::memory_resource* memory) : shares(memory), passed_over(memory) {}
  std::pmr::vector<Share> shares;  ///< empty where `or next rule` lets later rules try
  /// Why suppliers that were named did not get it, where another did.
  std::pmr::vector<std::string_view> passed_over;
};

/// An assign of a rule, for one order. All must outlive the choosing.
struct Choosing {
  const RuleSet& rules;
  const Rule& rule;
  const AssignAction& assign;
  const Event& event;
  const Availability& availability;
  std::pmr::memory_resource* memory;  ///< of texts, unless they are the rule set's
};

/// Chooses for `quantity` of a line. Takes nothing.
Assigned choose_suppliers(const Choosing& choosing, std::uint32_t line, const Decimal& quantity);

/// A line, or what is open of it.
struct OpenLine {
  std::uint32_t line;
  Decimal quantity;
};

/// Of `keep together`: chooses for all lines at once. One for each line, in their order. Takes
/// nothing either.
std::pmr::vector<Assigned> choose_together(const Choosing& choosing,
                                           std::span<const OpenLine> lines);

}  // namespace consign
