// Rules that allow more than they seem to (language.md C13).
#pragma once

#include "consign/diagnostic.hpp"
#include "consign/ruleset.hpp"
#include "dsl/satisfiable.hpp"

namespace consign::check {

/// Warns of comparisons in the condition of an `allow` that hold where a field is missing; whether
/// there are any.
bool warn_of_negations(const RuleSet& rules, const Rule& rule, Satisfiability& satisfiability,
                       DiagnosticSink& sink);

}  // namespace consign::check
