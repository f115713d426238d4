// Random orders with their facts.
#pragma once

#include "tests/differential/flavour.hpp"
#include "tests/differential/given.hpp"
#include "tests/differential/reference.hpp"

namespace consign::reference {

Case random_case(Dice& dice, const Flavour& flavour);

/// The case of later, once it was decided so: facts have come, some parts stand, some were freed.
Case decided_again(const Case& before, const RuleSet& rules, const ReferenceDecision& decision,
                   Dice& dice, const Flavour& flavour);

}  // namespace consign::reference
