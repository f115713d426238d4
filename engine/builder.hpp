// Puts a program together: each distinct node, literal, set and pattern goes in once.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/program.hpp"

namespace consign {

class Builder {
 public:
  /// `as_written`: nodes are kept apart, each with its span.
  Builder(std::shared_ptr<const RuleSet> rules, bool as_written);

  Program& program() { return *program_; }
  /// What has been built, without spare room. The builder is of no use afterwards.
  std::shared_ptr<Program> finish();

  std::uint32_t slot(const FieldRead& read);

  /// Adds a node, or finds it.
  std::uint32_t add(const Node& node, const Span& span);
  std::uint32_t junction(NodeKind kind, std::span<const std::uint32_t> parts, const Span& span);
  /// The value as an operand.
  std::uint32_t constant(const Value& value, const Span& span);

  /// The number of a literal that is compared in the mode.
  std::uint32_t literal(const Value& value, TextMode mode);
  /// A pair in Program::links.
  std::uint32_t pair(std::uint32_t first, std::uint32_t second);
  /// The set of literals that are compared in the mode; of texts in any order.
  std::uint32_t set(Type type, std::vector<std::uint32_t> members);
  std::uint32_t pattern(Operator op, const std::string& pattern, TextMode mode);
  std::uint32_t call(const CallExpr& expr, const Span& span);
  std::uint32_t table(const LookupExpr& expr, const Span& span);

 private:
  std::uint32_t text(std::string_view text, TextMode mode);
  std::uint32_t quantity(const Value& value);
  std::uint32_t time(Timestamp time);
  std::uint32_t currency(std::string_view code);
  std::uint32_t keep(const Node& node, const Span& span);

  std::shared_ptr<Program> program_;
  const bool as_written_;
  NumberTable known_nodes_, known_junctions_, known_pairs_, known_sets_, known_quantities_,
      known_times_, known_patterns_;
  std::vector<std::uint32_t> field_slots_;                  ///< of fields without a key, by field
  std::vector<std::array<std::uint32_t, 2>> known_tables_;  ///< by table and mode
  std::string folded_;                                      ///< of one text, for its room
};

}  // namespace consign
