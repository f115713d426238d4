// Pairs of rules that can claim one line for different suppliers (language.md C16).
#pragma once

#include "consign/diagnostic.hpp"
#include "consign/ruleset.hpp"
#include "dsl/satisfiable.hpp"

namespace consign::check {

/// Compares at most `pair_budget` pairs; says how many it found beyond those that it shows, and how
/// many it left.
void warn_of_overlaps(const RuleSet& rules, Satisfiability& satisfiability, std::size_t pair_budget,
                      DiagnosticSink& sink);

/// The rule's assign, or null.
const AssignAction* assign_of(const Rule& rule);

}  // namespace consign::check
