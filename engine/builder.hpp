// Puts a program together: each distinct node, literal, set and pattern goes in once.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/program.hpp"

namespace consign {

/// A condition or an operand on its way into the program.
struct Draft {
  Node node;
  Span span;
  std::uint32_t number = kNone;  ///< once it is in the program
};

class Builder {
 public:
  /// `as_written`: nodes are kept apart, each with its span.
  Builder(std::shared_ptr<const RuleSet> rules, bool as_written);
  /// Goes on from a program, but for its rules, which may have other parts from then on: `more` of
  /// them are expected. Both rule sets declare the same. The program's nodes, sets and quantities
  /// are not looked for anew: what is added is told apart from them.
  Builder(std::shared_ptr<const RuleSet> rules, const Program& previous, std::size_t more);

  Program& program() { return *program_; }
  const Program& program() const { return *program_; }
  /// The number of the first node that is not of the program it went on from.
  std::uint32_t first_node() const { return first_node_; }
  /// What has been built, without much spare room. The builder is of no use afterwards.
  std::shared_ptr<Program> finish();

  std::uint32_t slot(const FieldRead& read);

  /// The facts named by the fields that were given a slot, or found one, since this was asked last:
  /// bits of Need.
  std::uint8_t take_needs() { return std::exchange(needs_, std::uint8_t{kNeedsNothing}); }
  void add_needs(std::uint8_t needs) { needs_ |= needs; }

  /// Adds a node, or finds it, and gives the draft its number.
  std::uint32_t add(Draft& draft);
  /// An `and` or `or` of parts that are in the program.
  Draft junction(NodeKind kind, std::span<const Draft> parts, const Span& span);
  /// A node that is in the program.
  Draft known(std::uint32_t number) const { return {program_->nodes[number], {}, number}; }
  /// The value as an operand.
  Node constant(const Value& value);

  /// The number of a literal that is compared in the mode.
  std::uint32_t literal(const Value& value, TextMode mode);
  /// The number of a text that is folded already where the mode says so.
  std::uint32_t text(std::string_view text, TextMode mode) {
    return program_->dictionary(mode).intern(text);
  }
  /// The text in the form that it is compared in; until the next call.
  std::string_view in_mode(std::string_view text, TextMode mode);
  /// A pair in Program::links.
  std::uint32_t pair(std::uint32_t first, std::uint32_t second);
  /// The set of literals that are compared in the mode. Texts may come in any order, and are
  /// sorted.
  std::uint32_t set(Type type, std::vector<std::uint32_t>& members);
  /// A pattern in the form that it is compared in.
  std::uint32_t pattern(std::string_view pattern, bool is_regex);
  std::uint32_t call(const CallExpr& expr, const Span& span);
  std::uint32_t table(const LookupExpr& expr, const Span& span);

 private:
  /// Notes for each slot how its texts are compared.
  void note_text_modes();
  std::uint32_t quantity(const Value& value);
  std::uint32_t time(Timestamp time);
  std::uint32_t currency(std::string_view code);
  std::uint32_t keep(const Node& node, const Span& span);
  static std::uint32_t& first_of(std::vector<std::uint32_t>& firsts, std::uint32_t number);

  std::shared_ptr<Program> program_;
  std::uint8_t needs_ = kNeedsNothing;
  const bool as_written_;
  // Where that begins which is not of the program it went on from:
  const std::uint32_t first_node_ = 0;
  const std::array<std::uint32_t, 2> first_text_{};  ///< by mode
  NumberTable known_nodes_, known_junctions_, known_pairs_, known_sets_, known_quantities_,
      known_times_, known_patterns_;
  // Most texts are compared with in one place, and most junctions have a part that no other has:
  // the first node of a text and the first junction whose latest part is a given node are found
  // without a hash table, and do not stand in one.
  std::array<std::vector<std::uint32_t>, 2> first_equal_;   ///< by mode and text from the first on
  std::vector<std::uint32_t> first_junction_;               ///< by node from the first on
  std::vector<std::uint32_t> field_slots_;                  ///< of fields without a key, by field
  std::vector<std::array<std::uint32_t, 2>> known_tables_;  ///< by table and mode
  std::vector<std::uint32_t> numbers_;  ///< of one junction's parts, for its room
  std::string folded_;                  ///< of one text, for its room
};

}  // namespace consign
