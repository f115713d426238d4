// Conditions and values over a frame: four truths, exact numbers.
//
// `and` is false if a part is false, else an error if a part is one, else unknown if a part is,
// else true; `or` dually (language.md B7, B8). A missing value makes a positive comparison false.
// Sums and counts over lines whose filter is unknown are ranges, and so numbers are ranges
// throughout, mostly of one point.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/frame.hpp"
#include "engine/memo.hpp"

namespace consign {

enum class Truth : std::uint8_t { no, yes, unknown, error };

enum class State : std::uint8_t { present, missing, unknown, error };

/// What an operand comes to. Text belongs to the program, the event or the arena.
struct Operand {
  State state = State::missing;
  Type type = Type::text;
  Text text;                  ///< text, code, enumeration, permission
  Decimal low, high;          ///< number, money, weight, duration: equal but for open sums
  std::string_view currency;  ///< money
  Timestamp time;
  Day day;
  bool truth = false;
  std::string_view cause;  ///< error

  /// Whether facts still to come decide which number it is.
  bool is_open() const { return state == State::present && low != high; }
};

/// What two operands come to together, where one has no value: missing before error before unknown,
/// on whichever side it stands, as false comes before error before unknown (language.md B8).
State weaker(State left, State right);

/// No line: the order as a whole.
inline constexpr std::uint32_t kNoLine = UINT32_MAX;

/// Evaluates nodes of a program over a frame. Cheap to make; for one thread and one event.
class Evaluator {
 public:
  Evaluator(const Program& program, const Frame& frame, std::pmr::memory_resource* memory)
      : program_(program), frame_(frame), memory_(memory), memo_(memory) {}

  Truth truth(std::uint32_t node, std::uint32_t line);
  /// The value of an operand node. A field with many values gives its first.
  Operand operand(std::uint32_t node, std::uint32_t line);
  /// The cause of the error that the last call of truth() or operand() ended in: the first, as
  /// written.
  std::string_view cause() const { return cause_; }

  /// Adds the names of the facts that make an unknown condition unknown. They are those of its
  /// parts that are unknown themselves.
  void collect_unknown(std::uint32_t node, std::uint32_t line,
                       std::pmr::vector<std::string_view>& names);

  /// The first part of a condition that is false, and the operand and line to show what it saw.
  struct FailedPart {
    std::uint32_t node;
    std::uint32_t line;
  };
  FailedPart first_failed(std::uint32_t node, std::uint32_t line);
  /// The value that a part looked at, as a rule would write it.
  std::string saw(const FailedPart& part);

  /// A present operand as a value that owns its text.
  static Value value_of(const Operand& operand);

 private:
  const Node& at(std::uint32_t node) const { return program_.node(node); }
  const Slot& slot(const Node& node, std::uint32_t line) const {
    return node.row() == Row::line ? frame_.line_slot(line, node.a) : frame_.order_slot(node.a);
  }

  Truth kept_truth(const Node& node, std::uint32_t line);
  Operand kept_operand(const Node& node, std::uint32_t line);
  Truth junction(const Node& node, std::uint32_t line, bool conjunction);
  Truth over_lines(const Node& node, bool conjunction);
  /// A comparison before its negation.
  Truth positive(const Node& node, std::uint32_t line);
  /// A slot compared with a literal, without making operands of them, where that can be done: most
  /// of what a program asks.
  std::optional<Truth> slot_with_literal(const Node& node, std::uint32_t line);
  /// Whether a test holds for one value of the left side. Missing is no; the test is given what is
  /// present, or once what is unknown or failed.
  template <class Test>
  Truth any_value(const Node& node, std::uint32_t line, Test test);
  /// The truth of a comparison with an operand that is not present.
  Truth without_value(State state, std::string_view cause);
  /// Compares with what `right` stands for on the comparison's right side, if both are present.
  template <class Compare>
  Truth with_right(const Node& node, const Operand& left, std::uint32_t right, std::uint32_t line,
                   Compare compare);
  template <class Test>
  Truth if_present(const Operand& left, Test test);
  Truth ordered(Operator op, const Operand& left, const Operand& right);
  Truth between(const Node& node, const Operand& left, std::uint32_t line);
  /// One of the two comparisons of a `between`.
  Truth against_bound(const Node& node, const Operand& left, bool upper, std::uint32_t line);
  Truth member(const Node& node, const Operand& left);
  Truth text_test(const Node& node, const Operand& left);
  Truth presence(const Node& node, std::uint32_t line);
  Truth same(const Operand& left, const Operand& right, TextMode mode);

  Operand of_value(const Value& value, const Text& text) const;
  /// A literal, as something to compare with in the mode.
  Operand of_literal(Literal literal, TextMode mode) const;
  Operand of_constant(const Node& node) const;
  Operand arithmetic(const Node& node, std::uint32_t line);
  Operand negated(const Node& node, std::uint32_t line);
  Operand call(const Node& node, std::uint32_t line);
  Operand lookup(const Node& node, std::uint32_t line);
  Operand aggregate(const Node& node);
  void collect_operand(std::uint32_t node, std::uint32_t line,
                       std::pmr::vector<std::string_view>& names);
  void collect_between(const Node& node, std::uint32_t line,
                       std::pmr::vector<std::string_view>& names);
  void collect_left(const Node& node, std::uint32_t line,
                    std::pmr::vector<std::string_view>& names);
  void collect_slot(const Node& node, std::uint32_t line,
                    std::pmr::vector<std::string_view>& names);
  /// What the slot holds, as a rule would write it.
  std::string saw_slot(const Node& node, std::uint32_t line) const;

  /// Brings two amounts of money to the left one's currency; false if there is no rate (cause_ is
  /// set).
  bool same_currency(const Operand& left, Operand& right);
  Truth fail(std::string_view cause) {
    cause_ = cause;
    return Truth::error;
  }
  Operand failed(std::string_view cause);
  std::string_view no_rate(std::string_view from, std::string_view to);

  const Program& program_;
  const Frame& frame_;
  std::pmr::memory_resource* memory_;
  std::string_view cause_;
  Memo memo_;
};

/// A copy of `text` that lives as long as the memory.
std::string_view copy_text(std::string_view text, std::pmr::memory_resource* memory);
/// The pieces one after the other, in one text that lives as long as the memory.
std::string_view join_text(std::initializer_list<std::string_view> pieces,
                           std::pmr::memory_resource* memory);

}  // namespace consign
