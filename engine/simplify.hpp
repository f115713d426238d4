// Conditions made simpler on their way into the program, without changing what they say: not their
// truth, whatever is missing, unknown or fails, nor the cause of a failure, nor what is waited for
// (language.md B5 to B8, D1).
//
// - Constants are folded: a part that is always true or always false, arithmetic on literals.
// - Negations sink to the comparisons. By the rules of four-valued logic that changes nothing; a
//   comparison keeps its operator and is negated as a whole, so a missing field stays what it was.
// - What compares one field with texts several times is one set: `or` of `=` and `in`, `and` of
//   `!=` and `not in`; under `and`, where the field has one value, also what `=` and `in` leave.
// - What bounds one field of one value under `and` is one interval.
// - A part written twice counts once.
//
// Parts stay in the order written, and a part made of several stands where the first of them stood.
// A part that can fail is merged only with parts that fail alike. What may be unknown is never
// decided from the text alone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "consign/constants.hpp"
#include "engine/builder.hpp"

namespace consign {

class Simplifier {
 public:
  explicit Simplifier(Builder& builder) : builder_(builder) {}

  /// Brings a comparison into the form that others of the same meaning have.
  void comparison(Node& node);
  /// Simplifies the parts of an `and` or `or`: those from `begin` on, of which as many may go as
  /// want. True if they decide the junction: an `and` is false, an `or` is true, whatever the
  /// event.
  bool decide(NodeKind junction, std::vector<Draft>& parts, std::size_t begin);

 private:
  struct Interval;
  struct Leader {
    std::size_t part;
    bool followed;
  };
  template <class Eligible, class Alike, class Merge>
  void each_group(std::vector<Draft>& parts, std::size_t begin, Eligible eligible, Alike alike,
                  Merge merge);
  static void replace(std::span<Draft* const> parts, const Node& made, bool conjunction);
  void merge_sets(bool conjunction, std::vector<Draft>& parts, std::size_t begin);
  void merge_intervals(std::vector<Draft>& parts, std::size_t begin);
  bool narrow(Interval& interval, const Node& node) const;
  bool is_empty(const Interval& interval, Type type) const;
  bool denied(const std::vector<Draft>& parts, std::size_t begin) const;

  const FieldRow& field_of(const Node& node) const;
  bool may_be_unknown(const Node& node) const;
  bool converts_safely(Literal amount) const;

  Builder& builder_;
  std::vector<Leader> leaders_;  // for their room
  std::vector<Draft*> group_;
  std::vector<std::uint32_t> seen_;  ///< by node: the last junction that it was a part of
  std::uint32_t round_ = 0;
};

/// What a comparison of two operands made of literals comes to, if they are numbers of one kind.
std::optional<bool> compared(Operator op, const Expr& left, const Expr& right);

/// The test that a glob comes to, with the text that is then looked for. `like` where it is none
/// simpler.
std::pair<Operator, std::string_view> plain_test(std::string_view glob);

}  // namespace consign
