// From the grammar's nodes to the tree of ast.hpp.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/ast.hpp"
#include "dsl/literals.hpp"
#include "dsl/syntax_tree.hpp"

namespace consign {

/// Builds from one syntax tree, which the caller fills anew before each call. Keeps references to
/// what it is made with.
class AstBuilder {
 public:
  AstBuilder(std::string_view text, const SyntaxTree& tree, const Places& places,
             const Limits& limits, DiagnosticSink& sink);

  /// Each of these reads the node at index 0: a declaration (`rule_opening` gives a rule without
  /// clauses yet), or a clause, which goes into `rule`.
  ast::Declaration declaration();
  void clause(ast::Rule& rule);
  /// A declaration that broke off, with its name and nothing more; nothing if not even that is
  /// known.
  std::optional<ast::Declaration> broken_declaration();

  // The nodes of a scalar, from index 0 on.
  ast::ExprPtr condition() { return expr(0); }
  std::vector<ast::Action> actions();
  ast::SpannedLiteral literal() { return literal(0); }
  std::vector<ast::PermissionItem> items();

  /// Whether it reported something since `forget_faults`.
  bool faulty() const { return literals_.faulty(); }
  void forget_faults() { literals_.forget_faults(); }

 private:
  using Index = std::size_t;

  const SyntaxNode& node(Index i) const { return tree_[i]; }
  Shape shape(Index i) const { return tree_[i].shape; }
  Span span(Index i) const { return places_.span(node(i).begin, node(i).end); }
  std::string_view slice(Index i) const {
    return text_.substr(node(i).begin, node(i).end - node(i).begin);
  }
  Children nodes_of(Index i) const { return children(tree_, i); }
  Index first(Index i) const { return i + 1; }

  ast::Word word(Index i);
  ast::Word keyword(Index i, std::size_t words = 1) const;
  ast::TemplateText template_text(Index i);
  ast::SpannedLiteral literal(Index i);
  ast::PermissionLiteral permission(Index i) const;
  ast::PermissionItem item(Index i);
  std::vector<ast::PermissionItem> items_of(Index i, Index skip);

  ast::ExprPtr expr(Index i);
  template <class Node>
  static ast::ExprPtr make(Span at, Node node) {
    return ast::ExprPtr(new ast::Expr{at, std::move(node)});
  }
  ast::ExprPtr junction(Index i, bool is_and);
  ast::ExprPtr arithmetic(Index i);
  ast::ExprPtr comparison(Index i);
  ast::ExprPtr comparison_tail(Index i, ast::ExprPtr left, Span whole);
  ast::ExprPtr membership(Index i, bool negated, ast::ExprPtr left, Span whole);
  ast::ExprPtr reference(Index i);
  ast::ExprPtr aggregate(Index i);

  ast::Action action(Index i);
  ast::Assign assign(Index i);
  ast::Grant grant(Index i);
  void once(bool already, Index i, std::string_view what);

  ast::Supplier supplier(Index i);
  ast::Property property(Index i);

  std::string_view text_;
  const SyntaxTree& tree_;
  const Places& places_;
  const Limits& limits_;
  DiagnosticSink& sink_;
  LiteralReader literals_;
  std::size_t chain_ = 0;  ///< operators of the sums and products around the operand being built
  std::array<std::optional<Span>, 9> clauses_;  ///< of the rule being read, by kind
};

}  // namespace consign
