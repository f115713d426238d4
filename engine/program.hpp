// The program: a rule set compiled into flat nodes over numbered slots.
//
// Every field that some rule reads has a slot: one row of slots for the order (and its customer and
// shop), one row for each line (and its product). Literals are interned after folding, so that
// texts are compared by number. Nodes are kept in one array and refer to each other by index.
//
// Immutable once compiled; shared by all threads.
#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "consign/engine.hpp"

namespace consign {

inline constexpr std::uint32_t kNone = UINT32_MAX;

/// Whether values of the type are texts, which compare by their numbers in a dictionary.
constexpr bool is_text(Type type) {
  return type == Type::text || type == Type::code || type == Type::enumeration ||
         type == Type::permission;
}

/// Numbers the texts of literals. What is not among them has no number and so equals none of them.
class Dictionary {
 public:
  std::uint32_t intern(std::string_view text);
  /// The number of `text`, or kNone.
  std::uint32_t find(std::string_view text) const;

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t id = kNone;  ///< kNone: empty
  };
  /// The text's slot, or the empty one where it would go.
  std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  void grow();

  std::vector<std::string> texts_;  ///< by number
  std::vector<Slot> slots_;         ///< open addressing; a power of two, at most half full
};

/// A text in both ways of comparing it: its view and its number in the program's dictionaries.
struct Text {
  std::string_view exact;
  std::string_view folded;
  std::uint32_t exact_id = kNone;
  std::uint32_t folded_id = kNone;

  std::string_view view(TextMode mode) const { return mode == TextMode::folded ? folded : exact; }
  std::uint32_t id(TextMode mode) const { return mode == TextMode::folded ? folded_id : exact_id; }
};

/// A literal: the value, and its text in both forms.
struct Literal {
  Value value;
  std::string folded;
  Text text;
};

struct SlotSpec {
  Field field;
  std::string key;  ///< of a keyed field
};

enum class NodeKind : std::uint8_t {
  // conditions
  conjunction,
  disjunction,
  negation,
  any_line,
  every_line,
  no_line,
  equal,
  order,
  between,
  member,
  text_test,
  presence,
  truth,
  // operands
  constant,
  slot,
  arithmetic,
  negate,
  call,
  lookup,
  count_lines,
  sum_lines,
};

/// Which row a slot stands in.
enum class Row : std::uint8_t { order, line };

/// One node. Which members count depends on the kind; children are node numbers.
struct Node {
  NodeKind kind;
  Type type = Type::boolean;
  TextMode mode = TextMode::exact;
  Row row = Row::order;  ///< slot
  bool negated = false;  ///< equal (`!=`), between, member, text_test; presence: wants present
  Operator op = Operator::equal;  ///< order, text_test
  Arithmetic arithmetic = Arithmetic::add;
  Function function = Function::hour;
  std::uint32_t a = kNone;             ///< first child; slot: its number; constant: its literal
  std::uint32_t b = kNone;             ///< second child
  std::uint32_t c = kNone;             ///< third child
  std::uint32_t first = 0, count = 0;  ///< junctions: children in Program::links
  std::uint32_t extra =
      kNone;  ///< member: index of sets; text_test: of patterns; lookup: of tables
  const TimeZone* zone = nullptr;  ///< call
  Span span;                       ///< as written
};

/// The members of an `in`: numbers of interned texts, sorted; or literals of other types.
struct MemberSet {
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> literals;
};

struct Pattern {
  std::string text;            ///< in the form that the test compares in
  std::unique_ptr<RE2> regex;  ///< `matches`
};

/// A table as one lookup sees it.
struct CompiledTable {
  std::unordered_map<std::uint32_t, std::uint32_t> by_text;        ///< key's number -> literal
  std::vector<std::pair<std::uint32_t, std::uint32_t>> by_number;  ///< key literal -> literal
};

/// What the decider needs to know of a rule before it looks at its actions.
struct CompiledRule {
  RuleIndex rule = 0;
  std::uint32_t condition = kNone;  ///< kNone: always
  bool assigns = false;
  bool stops_or_holds = false;
};

class CoverIndex;

class Program {
 public:
  Program();
  ~Program();

  std::shared_ptr<const RuleSet> rules;
  std::vector<SlotSpec> order_slots, line_slots;
  Dictionary folded, exact;
  std::deque<Literal> literals;  // deque: Text views point into its strings
  std::vector<Node> nodes;
  std::vector<std::uint32_t> links;
  std::vector<MemberSet> sets;
  std::vector<Pattern> patterns;
  std::vector<CompiledTable> tables;
  std::vector<CompiledRule> run;  ///< in the order in which they run: `otherwise` rules last;
                                  ///< without those switched off
  std::unordered_map<const SetAction*, std::uint32_t> value_nodes;  ///< of `set` with an expression
  FactsNeeded facts;
  std::unique_ptr<const CoverIndex> index;  ///< null: every rule is looked at, one after the other

  const Rule& rule(RuleIndex each) const { return rules->rules[each]; }
  /// The slot of a field, or kNone where no rule reads it.
  std::uint32_t find_slot(Field field, std::string_view key, Row row) const;
};

/// Lines and products are read from the line's row, all else from the order's.
Row row_for(Field field);

}  // namespace consign
