// The tree as written, as text: what the reader's tests compare.
#pragma once

#include <string>

#include "dsl/ast.hpp"

namespace consign {

/// One expression on one line, fully in parentheses: `(and (= order.total 5EUR) bulky)`.
std::string outline(const ast::Expr& expr);
std::string outline(const ast::SpannedLiteral& literal);
std::string outline(const ast::Action& action);
/// A declaration on one line.
std::string outline(const ast::Declaration& declaration);
/// A line for each declaration. Places are not part of it, so that a text and its formatted form
/// give the same.
std::string outline(const ast::File& file);

}  // namespace consign
