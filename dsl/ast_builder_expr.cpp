// Words, literals, conditions and operands: from the grammar's nodes to those of the tree.

#include <algorithm>
#include <cassert>
#include <string>

#include "dsl/ast_builder.hpp"
#include "dsl/recovery.hpp"

namespace consign {

// ---- words and literals
// --------------------------------------------------------------------------

/// A name, a word or a text; a name in quotes holds a text node.
ast::Word AstBuilder::word(Index i) {
  const auto& at = node(i);
  if (text_[at.begin] == '"') return {literals_.unquote(at.begin, at.end), span(i)};
  return {slice(i), span(i)};
}

/// The node's own words, with single blanks between them whatever stands there.
ast::Word AstBuilder::keyword(Index i, std::size_t words) {
  const auto& at = node(i);
  std::size_t end = word_end(text_, at.begin);
  std::string_view spelled = text_.substr(at.begin, end - at.begin);
  for (std::size_t n = 1; n < words; ++n) {
    const std::size_t begin = skip_blank(text_, end);
    if (begin >= at.end) break;
    end = word_end(text_, begin);
    spelled =
        pool_.copy(std::string(spelled) + ' ' + std::string(text_.substr(begin, end - begin)));
  }
  return {spelled, places_.span(at.begin, end)};
}

ast::TemplateText AstBuilder::template_text(Index i) {
  return literals_.unquote_template(node(i).begin, node(i).end);
}

ast::PermissionLiteral AstBuilder::permission(Index i) {
  const auto written = slice(i);
  const auto colon = written.find(':');
  std::string_view listed = written.substr(colon + 1);
  const auto count = static_cast<std::size_t>(std::count(listed.begin(), listed.end(), '+')) + 1;
  const auto actions = pool_.array<std::string_view>(count);
  for (std::string_view& action : actions) {
    action = listed.substr(0, listed.find('+'));
    listed.remove_prefix(std::min(action.size() + 1, listed.size()));
  }
  return {written.substr(0, colon), actions};
}

ast::Literal AstBuilder::literal_value(Index i) {
  const auto& at = node(i);
  switch (at.shape) {
    case Shape::text:
      return ast::TextLiteral{literals_.unquote(at.begin, at.end)};
    case Shape::exact_text: {
      const auto& inner = node(first(i));
      return ast::TextLiteral{literals_.unquote(inner.begin, inner.end), true};
    }
    case Shape::minus_quantity:
    case Shape::quantity: {
      const bool negative = at.shape == Shape::minus_quantity;
      const Index quantity = negative ? first(i) : i;
      const auto& digits = node(first(quantity));
      std::size_t unit_begin = digits.end;
      std::size_t unit_end = digits.end;
      for (const Index part : nodes_of(quantity)) {
        if (shape(part) == Shape::number) continue;
        unit_begin = node(part).begin;
        unit_end = node(part).end;
      }
      return literals_.quantity(digits.begin, digits.end, unit_begin, unit_end, negative);
    }
    case Shape::date_like:
      return literals_.day_or_time(at.begin, at.end);
    case Shape::truth:
      return ast::BoolLiteral{slice(i) == "true"};
    case Shape::permission:
      return permission(i);
    default:
      assert(false && "not a literal");
      return ast::BoolLiteral{false};
  }
}

ast::PermissionItem AstBuilder::item(Index i) {
  if (shape(i) == Shape::permission) return {{slice(i), span(i)}, permission(i)};
  return {word(i), std::nullopt};
}

// ---- conditions and operands
// ---------------------------------------------------------------------

ast::Expr* AstBuilder::changeable_expr(Index i) {
  switch (shape(i)) {
    case Shape::disjunction:
      return junction(i, false);
    case Shape::conjunction:
      return junction(i, true);
    case Shape::logical_not:
      return make<ast::NotExpr>(span(i), expr(first(i)));
    case Shape::comparison:
      return comparison(i);
    case Shape::sum:
    case Shape::product:
      return arithmetic(i);
    case Shape::negated:
      return make<ast::NegateExpr>(span(i), expr(first(i)));
    case Shape::parenthesised: {
      ast::Expr* inner = changeable_expr(first(i));
      inner->span = span(i);
      return inner;
    }
    case Shape::filter:
      return changeable_expr(first(i));
    case Shape::count_of:
    case Shape::sum_of:
      return aggregate(i);
    case Shape::quantified: {
      const auto quantifier = slice(first(i));
      const auto which = quantifier == "any"     ? ast::Quantifier::any
                         : quantifier == "every" ? ast::Quantifier::every
                                                 : ast::Quantifier::no;
      return make<ast::QuantifiedExpr>(span(i), which, expr(node(first(i)).next));
    }
    case Shape::reference:
    case Shape::summed_field:
      return reference(i);
    default:
      return make<ast::LiteralExpr>(span(i), literal_value(i));
  }
}

ast::Expr* AstBuilder::junction(Index i, bool is_and) {
  if (is_only_child(first(i), i)) return changeable_expr(first(i));
  const auto parts = each<ast::ExprPtr>(nodes_of(i), [&](Index child) { return expr(child); });
  return make<ast::JunctionExpr>(span(i), is_and, parts);
}

/// Operands with signs between them, to the left. Such a chain makes a tree as deep as it is long,
/// so its length counts as nesting.
ast::Expr* AstBuilder::arithmetic(Index i) {
  if (is_only_child(first(i), i)) return changeable_expr(first(i));
  std::size_t signs = 0;
  for (const Index child : nodes_of(i)) {
    signs += shape(child) == Shape::sum_sign || shape(child) == Shape::product_sign;
  }
  if (chain_ + signs > limits_.nesting) {
    literals_.set_faulty();
    sink_.report(Code::nested_too_deep, "this calculation is too long")
        .primary(span(i))
        .help("give a part of the condition a name: `define NAME = …`");
    return make<ast::LiteralExpr>(span(i), ast::NumberLiteral{});
  }
  chain_ += signs;
  ast::Expr* left = nullptr;
  ast::BinaryOp op = ast::BinaryOp::add;
  Span op_span;
  for (const Index child : nodes_of(i)) {
    if (shape(child) == Shape::sum_sign || shape(child) == Shape::product_sign) {
      const char sign = text_[node(child).begin];
      op = sign == '+'   ? ast::BinaryOp::add
           : sign == '-' ? ast::BinaryOp::subtract
           : sign == '*' ? ast::BinaryOp::multiply
                         : ast::BinaryOp::divide;
      op_span = span(child);
      continue;
    }
    ast::Expr* operand = changeable_expr(child);
    if (left == nullptr) {
      left = operand;
    } else {
      const Span whole = places_.span(node(i).begin, node(child).end);
      left = make<ast::BinaryExpr>(whole, op, op_span, left, operand);
    }
  }
  chain_ -= signs;
  return left;
}

ast::Expr* AstBuilder::comparison(Index i) {
  ast::Expr* left = changeable_expr(first(i));
  const Index tail = node(first(i)).next;
  if (tail == node(i).next) return left;
  return comparison_tail(tail, left, span(i));
}

ast::Expr* AstBuilder::comparison_tail(Index i, ast::ExprPtr left, Span whole) {
  bool negated = false;
  Index part = first(i);
  if (shape(part) == Shape::negator) {
    negated = true;
    part = node(part).next;
  }
  switch (shape(part)) {
    case Shape::symbol_tail: {
      const Index op = first(part);
      return make<ast::CompareExpr>(whole, negated, ast::Word{slice(op), span(op)}, left,
                                    expr(node(op).next));
    }
    case Shape::presence_tail: {
      Index what = first(part);
      if (shape(what) == Shape::negator) {
        negated = true;
        what = node(what).next;
      }
      const std::string_view spelling = slice(what) == "missing" ? "is missing" : "is present";
      return make<ast::CompareExpr>(whole, negated, ast::Word{spelling, span(part)}, left, nullptr);
    }
    case Shape::between_tail: {
      const Index op = first(part);
      const Index low = node(op).next;
      const ast::ExprPtr lower = expr(low);
      return make<ast::BetweenExpr>(whole, negated, span(op), left, lower, expr(node(low).next));
    }
    case Shape::member_tail:
      return membership(part, negated, left, whole);
    default: {  // word_operator, foreign_operator
      const ast::ExprPtr right = expr(node(part).next);
      return make<ast::CompareExpr>(whole, negated, keyword(part, 2), left, right);
    }
  }
}

ast::Expr* AstBuilder::membership(Index i, bool negated, ast::ExprPtr left, Span whole) {
  const Index op = first(i);
  const Index set = node(op).next;
  ast::Rare<ast::Word> list_name = nullptr;
  std::span<const ast::SpannedLiteral> members;
  if (shape(set) == Shape::members) {
    members =
        each<ast::SpannedLiteral>(nodes_of(set), [&](Index member) { return literal(member); });
  } else {
    list_name = rare(word(set));
  }
  return make<ast::MembershipExpr>(whole, negated, span(op), left, list_name, members);
}

ast::Expr* AstBuilder::reference(Index i) {
  const Index name = first(i);
  const Index tail = node(name).next;
  if (tail == node(i).next) return make<ast::NameExpr>(span(i), slice(name));
  const ast::Word spelled{slice(name), span(name)};
  if (shape(tail) == Shape::index) {
    return make<ast::IndexExpr>(span(i), spelled, expr(first(tail)));
  }
  const auto arguments =
      each<ast::ExprPtr>(nodes_of(tail), [&](Index argument) { return expr(argument); });
  return make<ast::CallExpr>(span(i), spelled, arguments);
}

ast::Expr* AstBuilder::aggregate(Index i) {
  ast::ExprPtr summed = nullptr;
  ast::ExprPtr filter = nullptr;
  for (const Index child : nodes_of(i)) {
    (shape(child) == Shape::filter ? filter : summed) = expr(child);
  }
  return make<ast::AggregateExpr>(span(i), shape(i) == Shape::sum_of, summed, filter);
}

}  // namespace consign
