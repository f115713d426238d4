// Suppliers and their properties.
#pragma once

#include "dsl/world.hpp"

namespace consign::check {

/// Call it when the rule set's lists and time zone are known: the zone is the supplier's where it
/// has no other.
void resolve_supplier(World& world, const ast::Supplier& written, Supplier& supplier);

}  // namespace consign::check
