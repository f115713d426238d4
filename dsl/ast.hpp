// The tree as written: what both readers (grammar and YAML) produce and the resolver takes.
//
// Names are still words and literals still have their own type; nothing is looked up here. Every
// node keeps the span of the bytes that it came from, so that each later message can point at them.
//
// Trees of large rule sets are read as fast as memory comes: all of a file's nodes lie in one pool,
// and texts are views of the file wherever nothing had to be unescaped.
#pragma once

#include <cassert>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "consign/decimal.hpp"
#include "consign/node_family.hpp"
#include "consign/source.hpp"
#include "consign/time.hpp"
#include "consign/tree_pool.hpp"
#include "consign/vocabulary.hpp"

namespace consign::ast {

/// What few nodes have: null where there is none.
template <class T>
using Rare = const T*;

/// A word with its place: a name, a text, a permission.
struct Word {
  std::string_view text;
  Span span;
};

// ---- literals
// ------------------------------------------------------------------------------------

struct TextLiteral {
  std::string_view text;
  bool exactly = false;
};
struct NumberLiteral {
  Decimal number;
};
struct MoneyLiteral {
  Decimal amount;
  std::string_view currency;
};  ///< currency in capitals, as written
struct WeightLiteral {
  Decimal grams;
};
struct DurationLiteral {
  Decimal seconds;
};
struct PercentLiteral {
  Decimal percent;
};
struct DayLiteral {
  Day day;
};
struct TimeLiteral {
  Timestamp time;
};
struct BoolLiteral {
  bool truth;
};
/// `orders:view+fulfill`, one or more resource and actions.
struct PermissionLiteral {
  std::string_view resource;
  std::span<const std::string_view> actions;
};

using Literal =
    std::variant<TextLiteral, NumberLiteral, MoneyLiteral, WeightLiteral, DurationLiteral,
                 PercentLiteral, DayLiteral, TimeLiteral, BoolLiteral, PermissionLiteral>;
struct SpannedLiteral {
  Literal literal;
  Span span;
};

// ---- expressions
// ---------------------------------------------------------------------------------

struct LiteralExpr;
struct NameExpr;
struct IndexExpr;
struct BinaryExpr;
struct NegateExpr;
struct CallExpr;
struct AggregateExpr;
struct CompareExpr;
struct BetweenExpr;
struct MembershipExpr;
struct JunctionExpr;
struct NotExpr;
struct QuantifiedExpr;
using ExprNodes =
    NodeFamily<LiteralExpr, NameExpr, IndexExpr, BinaryExpr, NegateExpr, CallExpr, AggregateExpr,
               CompareExpr, BetweenExpr, MembershipExpr, JunctionExpr, NotExpr, QuantifiedExpr>;

/// The head of every node of a condition or an operand.
struct Expr {
  Span span;
  std::uint8_t kind;  ///< its place in ExprNodes

  template <class Node>
  bool is() const {
    return kind == ExprNodes::kind_of<Node>();
  }
  /// The node as what it is; null for any other type.
  template <class Node>
  const Node* get_if() const {
    return is<Node>() ? static_cast<const Node*>(this) : nullptr;
  }
  /// The node as what it is known to be.
  template <class Node>
  const Node& as() const {
    assert(is<Node>());
    return static_cast<const Node&>(*this);
  }
};
using ExprPtr = const Expr*;

/// Calls `visitor` with the node as what it is.
template <class Visitor>
decltype(auto) visit(Visitor&& visitor, const Expr& expr) {
  return ExprNodes::visit(std::forward<Visitor>(visitor), expr);
}

struct LiteralExpr : Expr {
  Literal literal;
};
/// A dotted name (`order.ship_to.country`), or a single word: a field, a define, `now`.
struct NameExpr : Expr {
  std::string_view name;
};
/// `name["key"]` or `name[operand]`: a keyed field or a table.
struct IndexExpr : Expr {
  Word name;
  ExprPtr key;
};
enum class BinaryOp { add, subtract, multiply, divide };
struct BinaryExpr : Expr {
  BinaryOp op;
  Span op_span;
  ExprPtr left, right;
};
struct NegateExpr : Expr {
  ExprPtr operand;
};
struct CallExpr : Expr {
  Word function;
  std::span<const ExprPtr> arguments;
};
struct AggregateExpr : Expr {
  bool is_sum;
  ExprPtr summed;
  ExprPtr filter;  ///< may be null
};

/// Any operator of operators.def but `in` and `between`; `right` is null for `is missing` and
/// `is present`. The operator is kept as a word where the table does not know it, so that the
/// checker can suggest one.
struct CompareExpr : Expr {
  bool negated;  ///< `not contains`, …
  Word op;       ///< spelling with single blanks, without `not`
  ExprPtr left, right;
};
struct BetweenExpr : Expr {
  bool negated;
  Span op_span;
  ExprPtr operand, low, high;
};
/// `in NAME` (list_name) or `in { … }` (members).
struct MembershipExpr : Expr {
  bool negated;
  Span op_span;
  ExprPtr operand;
  Rare<Word> list_name = nullptr;
  std::span<const SpannedLiteral> members;
};
struct JunctionExpr : Expr {
  bool is_and;
  std::span<const ExprPtr> parts;  ///< two or more; flattened only as written
};
struct NotExpr : Expr {
  ExprPtr operand;
};
enum class Quantifier { any, every, no };
struct QuantifiedExpr : Expr {
  Quantifier quantifier;
  ExprPtr condition;
};

// ---- actions
// -------------------------------------------------------------------------------------

/// A literal that may hold fields: raw text after unescaping, with the file offset of every byte.
struct TemplateText {
  std::string_view text;  ///< `{line.sku}` and `{{` still in it
  /// File offset of each byte of `text`; empty where it stands in the file as it is, behind the
  /// quote at the span's begin.
  std::span<const std::uint32_t> offsets;
  Span span;

  std::uint32_t offset(std::size_t at) const {
    return offsets.empty() ? span.begin + 1 + static_cast<std::uint32_t>(at) : offsets[at];
  }
};

enum class Choice { only, first, cheapest, fastest, split, divide };
struct Target {
  Word supplier;
  Rare<SpannedLiteral> share = nullptr;
};
struct Assign {
  Choice choice;
  std::span<const Target> targets;
  bool or_next_rule = false;
  bool keep_together = false;
  bool in_parts = false;
  Rare<SpannedLiteral> most_parts = nullptr;  ///< the number of `in at most N parts`
};
struct Hold {
  TemplateText reason;
  Rare<SpannedLiteral> duration = nullptr;
};
struct Tag {
  TemplateText tag;
};
struct Note {
  TemplateText text;
};
struct Notify {
  Word endpoint;
  Rare<TemplateText> text = nullptr;
};
/// Exactly one of `text` (a text literal) and `value` is set.
struct SetField {
  Word field;
  Rare<TemplateText> text = nullptr;
  ExprPtr value = nullptr;
};
/// A permission or a role's name, as items of a role, a grant or a ban.
struct PermissionItem {
  Word word;
  std::optional<PermissionLiteral> permission;
};  ///< none: a role
/// `for 90 days`, `until 2027-01-01`, `idle 30 days`.
struct Term {
  Rare<SpannedLiteral> duration = nullptr;
  Rare<SpannedLiteral> until = nullptr;
  Rare<SpannedLiteral> idle = nullptr;
};
/// `sub:anna`: kind and id.
struct Account {
  Word kind, id;
};
struct Grant {
  std::span<const PermissionItem> items;
  Rare<Account> to = nullptr;
  bool on_shop = false;
  Term term;
};
struct Stop {};
struct Silence {};
struct Allow {};
struct Forbid {
  Rare<TemplateText> reason = nullptr;
};
struct Approve {
  Term term;
};
struct Deny {
  Rare<TemplateText> reason = nullptr;
};
/// Neither: anyone who may.
struct Review {
  Rare<Word> role = nullptr;
  Rare<Account> account = nullptr;
};
struct AtMost {
  std::span<const PermissionItem> items;
};
struct Require {};
/// `assign to group presales`, `assign to sub:anna`: exactly one of the two.
struct Hand {
  Rare<Word> group = nullptr;
  Rare<Account> account = nullptr;
};

struct Action {
  Span span;
  std::variant<Assign, Hold, Tag, Note, Grant, SetField, Notify, Stop, Silence, Allow, Forbid,
               Approve, Deny, Review, AtMost, Require, Hand>
      what;  ///< in the order of actions.def
  ActionKind kind() const { return static_cast<ActionKind>(what.index()); }
};

// ---- declarations
// --------------------------------------------------------------------------------

/// A literal, also of so much in a time: `40 per day`.
struct Rated {
  SpannedLiteral literal;
  Rare<Word> per = nullptr;
};

/// One property of a supplier: `name "…"`, `countries { … }`, `countries nordics`, `suspended`,
/// `lead time 2 days`, `capacity 40 per day`. Which ones there are is the resolver's matter.
struct Property {
  Word name;                               ///< words joined by one blank
  std::span<const SpannedLiteral> values;  ///< literals, also those in braces
  std::span<const Word> words;             ///< bare names among the values; quoted ones are values
  Rare<Word> per = nullptr;                ///< behind the one value
  Span span;
};
struct Supplier {
  Word name;
  std::span<const Property> properties;
};
struct List {
  Word name;
  std::span<const SpannedLiteral> members;
};
struct Table {
  Word name;
  std::span<const std::pair<SpannedLiteral, SpannedLiteral>> rows;
};
struct Role {
  Word name;
  std::span<const PermissionItem> items;
};
struct Define {
  Word name;
  ExprPtr condition;
};
struct Permissions {
  std::span<const PermissionItem> items;
};
struct NeverGrant {
  std::span<const PermissionItem> items;
};
struct OwnField {
  Word name;
  Word type;
};
struct OwnEvent {
  Word name;
  std::span<const std::pair<Word, Word>> fields;
};
struct Group {
  Word name;
  std::span<const Account> members;
};
/// Each may be written once; the readers report a second one.
struct AccountPolicy {
  Word kind;
  std::span<const std::pair<Word, SpannedLiteral>> seats;  ///< plan and number
  Rare<SpannedLiteral> invitation = nullptr, idle = nullptr;
  Rare<Word> per = nullptr;  ///< behind `idle`: `organization`
};
struct RateDecl {
  Word from;
  SpannedLiteral factor;
};  ///< factor is a money literal
struct TimeZoneDecl {
  Word zone;
};
struct Overlaps {
  Word what;
};  ///< "hold"

/// A rule's clauses. Each may be written once; the readers report a second one.
struct Rule {
  Word name;
  Rare<Word> scope = nullptr;  ///< after `on`
  Rare<Word> mode = nullptr;
  Rare<Word> about = nullptr, owner = nullptr;
  Rare<SpannedLiteral> from = nullptr, until = nullptr;
  std::span<const Word> shops;
  std::optional<Span> otherwise;
  ExprPtr condition = nullptr;  ///< may be null: no `when`
  std::span<const Action> actions;
  std::optional<Span> then;  ///< where `then` stands; nothing: the rule has none
};

struct Declaration {
  Span span;
  Span keyword;  ///< the word that opens it
  std::variant<Supplier, List, Table, Role, Define, Permissions, NeverGrant, OwnField, OwnEvent,
               Group, AccountPolicy, RateDecl, TimeZoneDecl, Overlaps, Rule>
      what;
  /// A fault inside it was reported, so that only its name counts (a supplier, list, table, role or
  /// define, whose condition is then `true`): what refers to it is not at fault.
  bool broken = false;
};

/// Where a rule stands that was not read yet.
struct UnreadRule {
  std::uint32_t begin, end;
};

/// The declarations of a file. Its rules are among them, or they are unread, all of them: rules are
/// many, nothing refers to them, and so they are best read when they are resolved.
struct File {
  SourceId source = 0;
  TreePool pool;  ///< of all that the declarations refer to, but the file's own text
  std::deque<Declaration> declarations;  // deque: they are large and many, so not moved about
  std::vector<UnreadRule> unread;
};

}  // namespace consign::ast
