// From the grammar's nodes to the tree of ast.hpp.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/ast.hpp"
#include "dsl/literals.hpp"
#include "dsl/syntax_tree.hpp"

namespace consign {

/// Builds from one syntax tree, which the caller fills anew before each call, into a pool. Keeps
/// references to what it is made with. What it builds views the text, too.
class AstBuilder {
 public:
  AstBuilder(std::string_view text, const SyntaxTree& tree, const Places& places, TreePool& pool,
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
  std::span<const ast::Action> actions();
  ast::SpannedLiteral literal() { return literal(0); }
  ast::Rated rated();
  std::span<const ast::PermissionItem> items();

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
  /// The children of `i` that come behind its child `before`.
  Children nodes_behind(Index i, Index before) const {
    return {tree_, node(before).next, node(i).next};
  }
  Children all_nodes() const { return {tree_, 0, tree_.size()}; }
  Index first(Index i) const { return i + 1; }
  bool is_only_child(Index child, Index i) const { return node(child).next == node(i).next; }

  /// What `make` gives for each of the nodes.
  template <class T, class Make>
  std::span<const T> each(const Children& nodes, Make make) {
    const std::span<T> made = pool_.array<T>(nodes.size());
    std::size_t count = 0;
    for (const Index child : nodes) made[count++] = make(child);
    return made;
  }
  template <class T>
  const T* rare(T value) {
    return pool_.make<T>(std::move(value));
  }

  // words, literals, conditions and operands (ast_builder_expr.cpp)
  ast::Word word(Index i);
  ast::Word keyword(Index i, std::size_t words = 1);
  ast::TemplateText template_text(Index i);
  ast::Literal literal_value(Index i);
  ast::SpannedLiteral literal(Index i) { return {literal_value(i), span(i)}; }
  ast::PermissionLiteral permission(Index i);
  ast::PermissionItem item(Index i);

  ast::ExprPtr expr(Index i) { return changeable_expr(i); }
  ast::Expr* changeable_expr(Index i);
  template <class Node, class... Parts>
  ast::Expr* make(Span at, Parts&&... parts) {
    return pool_.make<Node>(ast::Expr{at, ast::ExprNodes::kind_of<Node>()},
                            std::forward<Parts>(parts)...);
  }
  ast::Expr* junction(Index i, bool is_and);
  ast::Expr* arithmetic(Index i);
  ast::Expr* comparison(Index i);
  ast::Expr* comparison_tail(Index i, ast::ExprPtr left, Span whole);
  ast::Expr* membership(Index i, bool negated, ast::ExprPtr left, Span whole);
  ast::Expr* reference(Index i);
  ast::Expr* aggregate(Index i);

  // actions, rules and other declarations (ast_builder.cpp)
  ast::Action action(Index i);
  ast::Assign assign(Index i);
  std::string words_of(Index i);
  void suffixes(const std::vector<Index>& written, ast::Assign& assign);
  ast::Grant grant(Index i);
  ast::Account account(Index kind);
  /// Whether it is a part of the term, which it then has.
  bool in_term(Index i, ast::Term& term);
  void once(bool already, Index i, std::string_view what);
  ast::AccountPolicy policy(Index i);

  std::span<const ast::PermissionItem> items_of(const Children& nodes);
  ast::Supplier supplier(Index i);
  ast::Property property(Index i);

  std::string_view text_;
  const SyntaxTree& tree_;
  const Places& places_;
  TreePool& pool_;
  const Limits& limits_;
  DiagnosticSink& sink_;
  LiteralReader literals_;
  std::size_t chain_ = 0;  ///< operators of the sums and products around the operand being built
  std::array<std::optional<Span>, 9> clauses_;  ///< of the rule being read, by kind
};

}  // namespace consign
