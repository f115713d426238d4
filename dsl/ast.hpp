// The tree as written: what both readers (grammar and YAML) produce and the resolver takes.
//
// Names are still words and literals still have their own type; nothing is looked up here. Every
// node keeps the span of the bytes that it came from, so that each later message can point at them.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "consign/decimal.hpp"
#include "consign/source.hpp"
#include "consign/time.hpp"
#include "consign/vocabulary.hpp"

namespace consign::ast {

/// An optional that takes a pointer's room while it is empty: for what few nodes have. Trees of
/// large rule sets are read as fast as memory comes, so their nodes are kept small.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Rare(std::nullopt_t) {}
  Rare(std::optional<T> value) {
    if (value) value_ = std::make_unique<T>(std::move(*value));
  }

  explicit operator bool() const { return value_ != nullptr; }
  bool has_value() const { return value_ != nullptr; }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }

 private:
  std::unique_ptr<T> value_;
};

/// A word with its place: a name, a text, a permission.
struct Word {
  std::string text;
  Span span;
};

// ---- literals
// ------------------------------------------------------------------------------------

struct TextLiteral {
  std::string text;
  bool exactly = false;
};
struct NumberLiteral {
  Decimal number;
};
struct MoneyLiteral {
  Decimal amount;
  std::string currency;
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
  std::string resource;
  std::vector<std::string> actions;
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

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// A dotted name (`order.ship_to.country`), or a single word: a field, a define, `now`.
struct NameExpr {
  std::string name;
};
/// `name["key"]` or `name[operand]`: a keyed field or a table.
struct IndexExpr {
  Word name;
  ExprPtr key;
};
enum class BinaryOp { add, subtract, multiply, divide };
struct BinaryExpr {
  BinaryOp op;
  Span op_span;
  ExprPtr left, right;
};
struct NegateExpr {
  ExprPtr operand;
};
struct CallExpr {
  Word function;
  std::vector<ExprPtr> arguments;
};
struct AggregateExpr {
  bool is_sum;
  ExprPtr summed;
  ExprPtr filter;
};  ///< filter may be null

/// Any operator of operators.def but `in` and `between`; `right` is null for `is missing` and
/// `is present`. The operator is kept as a word where the table does not know it, so that the
/// checker can suggest one.
struct CompareExpr {
  Word op;               ///< spelling with single blanks, without `not`
  bool negated = false;  ///< `not contains`, …
  ExprPtr left, right;
};
struct BetweenExpr {
  bool negated = false;
  Span op_span;
  ExprPtr operand, low, high;
};
/// `in NAME` (list_name) or `in { … }` (members).
struct MembershipExpr {
  bool negated = false;
  Span op_span;
  ExprPtr operand;
  Rare<Word> list_name;
  std::vector<SpannedLiteral> members;
};
struct JunctionExpr {
  bool is_and;
  std::vector<ExprPtr> parts;
};  ///< two or more; flattened only as written
struct NotExpr {
  ExprPtr operand;
};
enum class Quantifier { any, every, no };
struct QuantifiedExpr {
  Quantifier quantifier;
  ExprPtr condition;
};

struct Expr {
  Span span;
  std::variant<SpannedLiteral, NameExpr, IndexExpr, BinaryExpr, NegateExpr, CallExpr, AggregateExpr,
               CompareExpr, BetweenExpr, MembershipExpr, JunctionExpr, NotExpr, QuantifiedExpr>
      node;
};

// ---- actions
// -------------------------------------------------------------------------------------

/// A literal that may hold fields: raw text after unescaping, with the file offset of every byte.
struct TemplateText {
  std::string text;                    ///< `{line.sku}` and `{{` still in it
  std::vector<std::uint32_t> offsets;  ///< file offset of each byte of `text`
  Span span;
};

enum class Choice { only, first, cheapest, fastest, split, divide };
struct Target {
  Word supplier;
  Rare<SpannedLiteral> share;
};
struct Assign {
  Choice choice;
  std::vector<Target> targets;
  bool or_next_rule = false;
};
struct Hold {
  TemplateText reason;
  Rare<SpannedLiteral> duration;
};
struct Tag {
  TemplateText tag;
};
struct Note {
  TemplateText text;
};
struct Notify {
  Word endpoint;
  Rare<TemplateText> text;
};
/// Exactly one of `text` (a text literal) and `value` is set.
struct SetField {
  Word field;
  Rare<TemplateText> text;
  ExprPtr value;
};
/// A permission or a role's name, as items of a role, a grant or a ban.
struct PermissionItem {
  Word word;
  std::optional<PermissionLiteral> permission;
};  ///< none: a role
struct Grant {
  std::vector<PermissionItem> items;
  Rare<std::pair<Word, Word>> to;  ///< kind, id
  bool on_shop = false;
  Rare<SpannedLiteral> duration;
  Rare<SpannedLiteral> until;
};
struct Stop {};

struct Action {
  Span span;
  std::variant<Assign, Hold, Tag, Note, Grant, SetField, Notify, Stop> what;  ///< as actions.def
};

// ---- declarations
// --------------------------------------------------------------------------------

/// One property of a supplier: `name "…"`, `countries { … }`, `countries nordics`, `shops { … }`,
/// `suspended`, `handling cost 2.50 EUR`, `lead time 2 days`. Which ones there are is the
/// resolver's matter.
struct Property {
  Word name;                           ///< words joined by one blank
  std::vector<SpannedLiteral> values;  ///< literals, also those in braces
  std::vector<Word> words;             ///< bare names among the values; quoted ones are values
  Span span;
};
struct Supplier {
  Word name;
  std::vector<Property> properties;
};
struct List {
  Word name;
  std::vector<SpannedLiteral> members;
};
struct Table {
  Word name;
  std::vector<std::pair<SpannedLiteral, SpannedLiteral>> rows;
};
struct Role {
  Word name;
  std::vector<PermissionItem> items;
};
struct Define {
  Word name;
  ExprPtr condition;
};
struct Permissions {
  std::vector<PermissionItem> items;
};
struct NeverGrant {
  std::vector<PermissionItem> items;
};
struct OwnField {
  Word name;
  Word type;
};
struct OwnEvent {
  Word name;
  std::vector<std::pair<Word, Word>> fields;
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
  Rare<Word> scope;  ///< after `on`
  Rare<Word> mode;
  Rare<Word> about, owner;
  Rare<SpannedLiteral> from, until;
  std::vector<Word> shops;
  std::optional<Span> otherwise;
  ExprPtr condition;  ///< may be null: no `when`
  std::vector<Action> actions;
  std::optional<Span> then;  ///< where `then` stands; nothing: the rule has none
};

struct Declaration {
  Span span;
  Span keyword;  ///< the word that opens it
  std::variant<Supplier, List, Table, Role, Define, Permissions, NeverGrant, OwnField, OwnEvent,
               RateDecl, TimeZoneDecl, Overlaps, Rule>
      what;
  /// A fault inside it was reported, so that only its name counts (a supplier, list, table, role or
  /// define, whose condition is then `true`): what refers to it is not at fault.
  bool broken = false;
};

struct File {
  SourceId source = 0;
  std::deque<Declaration> declarations;  // deque: they are large and many, so not moved about
};

}  // namespace consign::ast
