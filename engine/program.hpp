// The program: a rule set compiled into flat nodes over numbered slots.
//
// Every field that some rule reads has a slot: one row of slots for the order (and its customer and
// shop), one row for each line (and its product). Texts of literals are interned after folding, so
// that texts are compared by number. Nodes are kept in one array and refer to each other by index;
// each distinct node, set, pattern and literal is there once. A comparison of a field with a
// literal, which most are, is one node.
//
// A program tells no reasons: those are told of the tree as written, by a program that is compiled
// for it (compile_as_written).
//
// Immutable once compiled; shared by all threads.
#pragma once

#include <re2/re2.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "consign/engine.hpp"
#include "engine/dictionary.hpp"

namespace consign {

/// Whether values of the type are texts, which compare by their numbers in a dictionary.
constexpr bool is_text(Type type) {
  return type == Type::text || type == Type::code || type == Type::enumeration ||
         type == Type::permission;
}

/// Whether values of the type are decimals.
constexpr bool is_quantity(Type type) {
  return type == Type::number || type == Type::money || type == Type::weight ||
         type == Type::duration;
}

/// A text in both ways of comparing it: its view and its number in the program's dictionaries.
struct Text {
  std::string_view exact;
  std::string_view folded;
  std::uint32_t exact_id = kNone;
  std::uint32_t folded_id = kNone;

  std::string_view view(TextMode mode) const { return mode == TextMode::folded ? folded : exact; }
  std::uint32_t id(TextMode mode) const { return mode == TextMode::folded ? folded_id : exact_id; }
};

struct SlotSpec {
  Field field;
  std::string key;      ///< of a keyed field
  bool exact = false;   ///< whether its texts are looked up in the dictionary of exact texts,
  bool folded = false;  ///< and of folded ones: as far as some rule compares them so
};

enum class NodeKind : std::uint8_t {
  // conditions
  conjunction,  ///< a: first of `b` parts in Program::links
  disjunction,
  negation,  ///< a: the condition
  any_line,
  every_line,
  no_line,
  // comparisons. a: the left side; b: the right side
  equal,
  order,
  between,    ///< b: the lower bound in Program::links, the upper one behind it
  member,     ///< b: in Program::sets
  text_test,  ///< b: in Program::patterns
  presence,
  truth,
  // operands; a boolean constant is a condition, too
  constant,     ///< a: the literal; texts: b: its number in folded form
  slot,         ///< a: the slot
  arithmetic,   ///< a, b: operands
  negate,       ///< a: the operand
  call,         ///< a: the operand; b: in Program::calls
  lookup,       ///< a: the key; b: in Program::tables
  count_lines,  ///< b: the filter, or kNone
  sum_lines,    ///< a: what is summed; b: the filter, or kNone
  // of conditions and operands
  kept,  ///< a: the node; what it comes to is kept, for the line (kOnLine) or for all of them
};

/// Which row a slot stands in.
enum class Row : std::uint8_t { order, line };

/// One node. What `a` and `b` are depends on the kind; conditions and operands are node numbers.
struct Node {
  enum Flag : std::uint8_t {
    kNegated = 1,     ///< equal (`!=`), between, member, text_test; presence: wants present
    kFolded = 2,      ///< texts are compared folded
    kOnLine = 4,      ///< the slot stands in the line's row
    kOfSlot = 8,      ///< the left side is a slot, not an operand
    kLiteral = 16,    ///< the right side is a literal, the bounds are literals, not operands
    kAboveLow = 32,   ///< between: the lower bound is not included
    kBelowHigh = 64,  ///< between: the upper bound is not included
  };
  NodeKind kind;
  Type type = Type::boolean;  ///< comparisons: of the left side; operands: their own
  std::uint8_t flags = 0;
  std::uint8_t detail = 0;  ///< Operator, Arithmetic or Function
  std::uint32_t a = kNone, b = kNone;

  bool has(Flag flag) const { return (flags & flag) != 0; }
  bool negated() const { return has(kNegated); }
  TextMode mode() const { return has(kFolded) ? TextMode::folded : TextMode::exact; }
  Row row() const { return has(kOnLine) ? Row::line : Row::order; }
  /// Whether `a` is a slot of row().
  bool reads_slot() const { return kind == NodeKind::slot || has(kOfSlot); }
  /// Whether the right side, or both bounds, are literals.
  bool with_literal() const { return has(kLiteral); }
  Operator op() const { return static_cast<Operator>(detail); }
  Arithmetic arithmetic() const { return static_cast<Arithmetic>(detail); }
  Function function() const { return static_cast<Function>(detail); }
  friend bool operator==(const Node&, const Node&) = default;
};
static_assert(sizeof(Node) == 12);

/// The number of a literal depends on its type: texts have theirs in a dictionary, quantities and
/// times stand in arrays, days and booleans are their own number.
struct Literal {
  Type type;
  std::uint32_t number;
};

/// A decimal with its currency. Those that are too large stand in Program::large.
struct Quantity {
  static constexpr std::uint8_t kLarge = UINT8_MAX;
  std::int64_t units = 0;           ///< times 10^-scale
  std::uint32_t currency : 24 = 0;  ///< in Program::currencies; 0: none
  std::uint32_t scale : 8 = 0;      ///< kLarge: `units` is an index into Program::large
};

/// The members of an `in`: in Program::members, numbers of texts in ascending order, or of literals
/// of other types in the order written.
struct MemberSet {
  std::uint32_t first = 0, count = 0;
};

struct Pattern {
  std::string text;                  ///< in the form that the test compares in
  std::shared_ptr<const RE2> regex;  ///< `matches`
};

struct Call {
  const TimeZone* zone;
  std::uint32_t weekdays;  ///< the first of seven constants
};

/// A table as one lookup sees it; the values are constants.
struct CompiledTable {
  std::unordered_map<std::uint32_t, std::uint32_t> by_text;  ///< key's number -> value
  std::vector<std::pair<Literal, std::uint32_t>> by_number;
};

/// What the decider needs to know of a rule before it looks at its actions.
struct CompiledRule {
  RuleIndex rule : 26 = 0;
  std::uint32_t on_order : 1 = 0;
  std::uint32_t otherwise : 1 = 0;
  std::uint32_t shadow : 1 = 0;
  std::uint32_t limited : 1 = 0;  ///< in force for some shops or for some time only
  std::uint32_t assigns : 1 = 0;
  std::uint32_t stops_or_holds : 1 = 0;
  std::uint32_t condition = kNone;  ///< kNone: always
};
static_assert(sizeof(CompiledRule) == 8);

/// The facts that a field names (FactsNeeded), as bits.
enum Need : std::uint8_t {
  kNeedsNothing = 0,
  kNeedsProducts = 1,
  kNeedsShop = 2,
  kNeedsCustomerOrders = 4,
  kNeedsCustomerTags = 8,
  kNeedsStock = 16,
};
std::uint8_t need_of(Field field);

class CoverIndex;

/// How a program came about that was made from another one (compile() with `previous`): counted
/// from the last one that was compiled as a whole.
struct Growth {
  std::size_t added = 0;    ///< rules that were compiled since, whether they are still there or not
  std::size_t dropped = 0;  ///< rules whose parts are still there
  std::size_t parts = 0;    ///< that it had then, see part_count()
};

class Program {
 public:
  std::shared_ptr<const RuleSet> rules;
  std::vector<SlotSpec> order_slots, line_slots;
  Dictionary folded, exact;
  std::vector<std::string> currencies = {""};
  std::vector<Quantity> quantities;
  std::vector<Decimal> large;
  std::vector<Timestamp> times;
  std::vector<Node> nodes;
  std::vector<std::uint32_t> links;
  std::vector<std::uint32_t> members;
  std::vector<MemberSet> sets;
  std::vector<Pattern> patterns;
  std::vector<Call> calls;
  std::vector<std::shared_ptr<const CompiledTable>> tables;
  std::vector<CompiledRule> run;    ///< in the order in which they run: `otherwise` rules last;
                                    ///< without those switched off
  std::vector<std::uint8_t> needs;  ///< of each rule in `run`: bits of Need
  /// Of `set` with an expression. Those of dropped rules may be among them, which nobody asks for.
  std::unordered_map<const SetAction*, std::uint32_t> value_nodes;
  std::vector<Span> spans;  ///< of nodes, as written; only for reasons
  FactsNeeded facts;
  Growth growth;
  std::shared_ptr<const CoverIndex> index;  ///< null: every rule is looked at, one after the other

  const Rule& rule(RuleIndex each) const { return rules->rules[each]; }
  /// The slot of a field, or kNone where no rule reads it.
  std::uint32_t find_slot(Field field, std::string_view key, Row row) const;

  /// The node of that number, itself where it is kept.
  const Node& node(std::uint32_t number) const {
    const Node& found = nodes[number];
    return found.kind == NodeKind::kept ? nodes[found.a] : found;
  }
  /// The parts of an `and` or `or`, in the order written.
  std::span<const std::uint32_t> parts(const Node& junction) const {
    return std::span(links).subspan(junction.a, junction.b);
  }
  /// Lower and upper bound of a `between`: literals' or nodes' numbers.
  std::array<std::uint32_t, 2> bounds(const Node& between) const {
    return {links[between.b], links[between.b + 1]};
  }
  std::span<const std::uint32_t> members_of(const Node& member) const {
    const MemberSet& set = sets[member.b];
    return std::span(members).subspan(set.first, set.count);
  }
  const Pattern& pattern(const Node& test) const { return patterns[test.b]; }

  Dictionary& dictionary(TextMode mode) { return mode == TextMode::folded ? folded : exact; }
  const Dictionary& dictionary(TextMode mode) const {
    return mode == TextMode::folded ? folded : exact;
  }
  /// The number of a quantity.
  Decimal decimal(std::uint32_t quantity) const {
    const Quantity& found = quantities[quantity];
    return found.scale == Quantity::kLarge
               ? large[static_cast<std::size_t>(found.units)]
               : Decimal::of_units(found.units, static_cast<int>(found.scale));
  }
  /// A literal's currency; empty for all but money.
  std::string_view currency(Literal literal) const {
    if (literal.type != Type::money) return {};
    return currencies[quantities[literal.number].currency];
  }
  /// The place of a literal on the line of its type: a quantity's number, microseconds, days.
  Decimal place_of(Literal literal) const;
  /// How much it is made of, roughly.
  std::size_t part_count() const;
};

/// Lines and products are read from the line's row, all else from the order's.
Row row_for(Field field);

/// Marks those nodes from `first` on whose outcome is worth keeping for an event (NodeKind::kept).
/// Once, when all nodes are there; nodes before `first` are no parts of those behind it.
void mark_kept(Program& program, std::uint32_t first);

/// The rule set compiled node for node, each with its span, without an index: what reasons are told
/// from. Decides like the other one.
std::shared_ptr<const Program> compile_as_written(std::shared_ptr<const RuleSet> rules);

}  // namespace consign
