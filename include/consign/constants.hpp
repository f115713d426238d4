// Operands that are made of literals alone, and comparisons turned round for their sake.
#pragma once

#include "consign/ruleset.hpp"

namespace consign {

/// The value of an operand in which no field is read: a literal, also behind a minus, or arithmetic
/// on such. Null for other operands, and where working it out fails (a division by zero, a number
/// too large) or needs a rate. What is worked out is put into `room`; texts stay the tree's.
const Value* constant_of(const Expr& operand, Value& room);

/// The operator that says the same with its sides exchanged.
Operator mirrored(Operator op);

}  // namespace consign
