// Conditions as the index reads them: what a slot must hold for a comparison to be anything but
// false. The one place where the index looks into nodes.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/number_line.hpp"
#include "engine/program.hpp"

namespace consign {

/// Numbers of texts, in one mode.
class TextIds {
 public:
  TextIds() = default;
  explicit TextIds(std::uint32_t one) : one_(one), count_(1) {}
  explicit TextIds(std::span<const std::uint32_t> many)
      : many_(many.data()), count_(static_cast<std::uint32_t>(many.size())) {}
  std::span<const std::uint32_t> all() const { return {many_ != nullptr ? many_ : &one_, count_}; }

 private:
  std::uint32_t one_ = kNone;
  const std::uint32_t* many_ = nullptr;
  std::uint32_t count_ = 0;
};

/// A comparison, its negation taken into account. All that is said of it is said of the slot.
struct Term {
  enum class Kind : std::uint8_t {
    always,       ///< true, or the index can make nothing of it: see `why`
    never,        ///< false
    texts,        ///< it may hold only if a value is one of `texts`
    none_of,      ///< it is false if a value is one of `texts`
    interval,     ///< it may hold only if a value is from `low` to `high`
    points,       ///< it may hold only if a value is one of several: see each_point()
    truth,        ///< it may hold only if the value is `truth`
    present,      ///< it may hold only if there is a value
    missing,      ///< it may hold only if there is none
    starts_with,  ///< it may hold only if a value begins with the pattern …
    ends_with,    ///< … ends with it …
    contains,     ///< … or has it somewhere
    matches,      ///< it may hold only if a value matches the regular expression
    counted,      ///< it may hold only if `filter` may hold for some line
  };
  Kind kind = Kind::always;
  Unfound why = Unfound::negated;  ///< of kinds always and none_of
  bool or_missing = false;         ///< it may also hold if there is no value
  bool truth = false;
  Row row = Row::order;
  TextMode mode = TextMode::exact;
  std::uint32_t slot = kNone;
  std::uint32_t node = kNone;
  std::uint32_t filter = kNone;
  std::uint32_t pattern = kNone;  ///< in Program::patterns
  TextIds texts;
  std::string_view piece;  ///< of the pattern
  std::int64_t low = kLineBegin, high = kLineEnd;
  std::string_view currency;  ///< of the bounds; empty for all but money
};

/// Where a literal that is no text stands on the line of numbers.
std::int64_t place_on_line(const Program& program, Literal literal);

/// Reads a comparison or constant; `negated`: asks for its opposite.
Term read_term(const Program& program, std::uint32_t node, bool negated);

/// Calls `use(at, currency)` for each value of a term of kind points.
template <class Use>
void each_point(const Program& program, const Term& term, Use use) {
  const Node& node = program.node(term.node);
  for (const std::uint32_t member : program.members_of(node)) {
    const Literal literal{node.type, member};
    use(place_on_line(program, literal), program.currency(literal));
  }
}

/// What stands in a slot.
inline const FieldRow& field_of(const Program& program, Row row, std::uint32_t slot) {
  const auto& slots = row == Row::line ? program.line_slots : program.order_slots;
  return row_of(slots[slot].field);
}

/// Whether the slot is one of those that may be unknown: a product's. If one of a line's is, all of
/// them are.
inline bool may_be_unknown(const Program& program, Row row, std::uint32_t slot) {
  return field_of(program, row, slot).subject == Subject::product;
}

}  // namespace consign
