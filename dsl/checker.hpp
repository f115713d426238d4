// Types of expressions: from conditions and operands as written to typed ones.
//
// A literal takes its type from what it is compared with, so an operand carries what is known about
// it until its partner has been seen. A part that cannot be typed is reported once and comes back
// as null; whoever holds it stays silent about it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "dsl/permissions_resolver.hpp"
#include "dsl/world.hpp"

namespace consign::check {

/// An operand whose type is known, or a literal or lookup that still bends to its partner.
struct Operand {
  Expr* expr = nullptr;  ///< null: could not be resolved, and that is reported
  Type type = Type::text;
  bool many = false;
  Domain domain = Domain::none;
  bool lower_case = false;
  bool literal = false;   ///< written as a literal
  bool exactly = false;   ///< … after `exactly`
  bool flexible = false;  ///< a text that may become a code or a word: a literal, or a table's text
  /// Of a permission that is written out: the single ones that it stands for, at least one.
  std::span<const Value> any_of;
  Span span;

  explicit operator bool() const { return expr != nullptr; }
};

class Checker {
 public:
  Checker(World& world, PermissionsResolver& permissions)
      : world_(world), permissions_(permissions) {}

  /// A condition; notes in `reach` what it reads.
  ExprPtr condition(const ast::Expr& expr, Reach& reach);
  /// A value, as `set` takes it.
  Operand value(const ast::Expr& expr, Reach& reach);
  /// A field as a text of an action names it (`line.sku`, `order.attribute["gift"]`).
  std::optional<FieldRead> field_in_text(std::string_view name, std::optional<std::string_view> key,
                                         Span span, Reach& reach);

  /// Gives a flexible operand the type of `toward`; reports and answers false where it has no such
  /// value.
  bool bend(Operand& operand, const Operand& toward);
  /// Reports that two operands do not compare.
  void mismatch(const Operand& left, std::string_view op, const Operand& right);
  /// What a label says of an operand: "money", "country (ISO 3166-1 alpha-2)".
  std::string label_of(const Operand& operand) const;
  /// The same with its article, as a sentence needs it: "a country (ISO 3166-1 alpha-2)".
  std::string kind_of(const Operand& operand) const;
  /// What to write instead of `partner`, which does not compare with `operand`: "500 EUR".
  std::string example_for(const Operand& operand, const Operand& partner) const;

  /// Resolves the define of that index if it is not yet; whether it is good. `use` is where it is
  /// named.
  bool resolve_define(std::uint32_t index, Span use);
  /// Whether `operand` has a single value; reports where not.
  bool single(const Operand& operand, std::string_view where);
  bool same_type(const Operand& left, const Operand& right) const;

 private:
  // conditions (checker_conditions.cpp)
  template <class Node, class... Parts>
  Expr* condition_made(Span span, Parts&&... parts) {
    return world_.make<Node>(span, Type::boolean, std::forward<Parts>(parts)...);
  }
  Expr* condition_node(const ast::Expr& expr);
  Expr* compare(const ast::Expr& expr, const ast::CompareExpr& written);
  Expr* compare_values(Span span, const OperatorRow& row, Operand left, Operand right);
  Expr* text_test(const ast::Expr& expr, const ast::CompareExpr& written, const OperatorRow& row);
  Expr* presence(const ast::Expr& expr, const ast::CompareExpr& written, bool missing);
  Expr* between(const ast::Expr& expr, const ast::BetweenExpr& written);
  Expr* membership(const ast::Expr& expr, const ast::MembershipExpr& written);
  Expr* junction(const ast::Expr& expr, const ast::JunctionExpr& written);
  Expr* quantified(const ast::Expr& expr, const ast::QuantifiedExpr& written);
  Expr* define_use(const ast::Expr& expr, const NameTable::Entry& define);
  Expr* truth(const ast::Expr& expr);
  Expr* inner(const ast::Expr& expr);
  bool is_faulty(std::string_view list, const Operand& value) const {
    return !faulty_lists_.empty() && faulty_lists_.contains({list, value.type, value.domain});
  }
  bool order_allowed(const Operand& left, std::string_view op);
  bool valid_expression(std::string_view pattern, Span span);
  bool currencies_compare(const Operand& left, const Operand& right);

  // operands (checker_operands.cpp)
  Operand operand(const ast::Expr& expr);
  Operand operand_node(const ast::Expr& expr);
  /// The literal, in `room`.
  Operand literal(const ast::Literal& written, Span span, Constant& room);
  Operand permission(const ast::PermissionLiteral& written, Span span, Constant& room);
  Operand arithmetic(const ast::Expr& expr, const ast::BinaryExpr& written);
  Operand negation(const ast::Expr& expr, const ast::NegateExpr& written);
  Operand call(const ast::Expr& expr, const ast::CallExpr& written);
  Operand aggregate(const ast::Expr& expr, const ast::AggregateExpr& written);
  bool enter_quantifier(Span span);
  const TimeZone* declared_zone(Span span, std::string_view because);
  const TimeZone* named_zone(const ast::Expr& written);
  /// A time compared with a bare day means its day in the declared zone.
  bool as_day(Operand& time);

  // names (checker_names.cpp)
  Operand name(const ast::Expr& expr, const ast::NameExpr& written);
  Operand index(const ast::Expr& expr, const ast::IndexExpr& written);
  Operand lookup(const ast::Expr& expr, const NameTable::Entry& table,
                 const ast::IndexExpr& written);
  Operand field(Span span, const FieldRow& row, std::string_view key);
  /// `conversation.stage`, where an event of that name is declared; nothing for any other name.
  struct EventField {
    const FieldRow* row;  ///< null: the event has no such field, and that is reported
    std::string_view member;
  };
  std::optional<EventField> event_field(std::string_view name, Span span);
  /// Notes that the condition reads that event; reports where it reads another one already.
  bool note_event(const Reach::Read& read, std::uint32_t event);
  void unknown_name(Span span, std::string_view name);
  void note_read(const FieldRow& row, Span span);

  // literals and tables that bend to their partner (checker_bend.cpp)
  /// Makes a text the value that `toward` compares with; whether it could.
  static bool bend_text(Value& text, const Operand& toward, TreePool& pool);
  void unknown_word(std::string_view text, Span span, const Operand& toward);
  std::optional<std::uint32_t> typed_table(std::uint32_t table, const Operand& toward, bool keys);
  bool keys_differ(const Table& table, bool folded, Span use);

  World& world_;
  PermissionsResolver& permissions_;
  Reach* reach_ = nullptr;
  std::vector<Value> members_;  ///< of the membership being resolved
  bool in_quantifier_ = false;
  std::size_t nesting_ = 0;                  ///< of calls into operand() and condition_node()
  std::size_t level_ = 0;                    ///< of parentheses, `not` and quantifiers
  std::vector<std::uint32_t> open_defines_;  ///< being resolved, each inside the one before
  std::set<std::tuple<std::string_view, Type, Domain>> faulty_lists_;  ///< reported already
  /// Tables with their keys, or values, brought to the spelling of an enumeration or a lower-case
  /// code. No index: the table does not fit, which is reported.
  std::map<std::tuple<std::uint32_t, Type, Domain, bool, bool>, std::optional<std::uint32_t>>
      typed_tables_;
  std::map<std::uint32_t, bool> foldable_tables_;  ///< whether keys differ in more than letter case
};

/// The word of a domain that was probably meant.
std::optional<std::string_view> likely_word(Domain domain, std::string_view word);
/// A literal's own type and value; a text is a text. Nothing for a percentage or a permission.
std::optional<Value> value_of(const ast::Literal& literal);
/// "`x` is a percentage"-like name for literals that have no value.
std::string_view describe(const ast::Literal& literal);

}  // namespace consign::check
