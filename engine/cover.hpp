// Covers: for each rule a small set of keys of which every event that can concern it holds one.
//
// A rule whose cover is not touched is certainly false and is not looked at. "Can concern" means
// that the condition is anything but false: also an unknown or a failed one has consequences. An
// `and` takes the cheapest cover among its parts, an `or` the union of theirs; what asks about all
// lines is covered by keys over the lines. Negations have no cover, and a rule without one is
// looked at always.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/program.hpp"

namespace consign {

/// Something that an event may hold. Which members count depends on the kind.
struct Key {
  enum class Kind : std::uint8_t {
    equal,     ///< the slot holds the text of number `text`
    interval,  ///< the slot holds a quantity, a time or a day from `low` to `high`
    starts_with,
    ends_with,  ///< the slot's text has `affix` at that end
    present,    ///< the slot has a value
    missing,    ///< the slot has none
    truth,      ///< the slot holds the boolean `truth`
    no_lines,   ///< the order has no lines
  };
  Kind kind = Kind::equal;
  Row row = Row::order;
  TextMode mode = TextMode::exact;
  bool quantified = false;  ///< a line's slot that may be touched by any of the lines
  bool truth = false;
  std::uint32_t slot = kNone;
  std::uint32_t text = kNone;
  Type type = Type::text;                   ///< of the slot's values
  std::uint32_t low = kNone, high = kNone;  ///< literals of that type; kNone: open to that side
  std::string affix;
};

/// The keys, and roughly what share of events touches one.
struct Cover {
  std::vector<Key> keys;
  double share = 0;
};

/// How many distinct texts the program's conditions look for in each slot: the more, the rarer
/// each.
class Selectivity {
 public:
  explicit Selectivity(const Program& program);
  /// The share of events that hold one given text in the slot, as a guess.
  double of_text(Row row, std::uint32_t slot) const;

 private:
  std::vector<std::uint32_t> order_texts_, line_texts_;
};

/// What a cover may not be made of.
enum class Without : std::uint8_t {
  nothing,
  products,  ///< only texts that equal something, of slots that are known without the product
};

/// The cheapest cover of a condition, or nothing if it has none.
std::optional<Cover> cover_of(const Program& program, const Selectivity& selectivity,
                              std::uint32_t condition, Without without = Without::nothing);

}  // namespace consign
