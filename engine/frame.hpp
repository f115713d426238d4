// A frame: one event and its facts as the slots of one program.
//
// Lives in an arena. Every slot says present, missing or unknown and, where present, has one cell
// for each of its values.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "consign/event.hpp"
#include "engine/program.hpp"

namespace consign {

/// One value in a slot.
struct Cell {
  const Value* value = nullptr;
  Text text;
};

struct Slot {
  Known state = Known::missing;
  std::uint32_t first = 0, count = 0;  ///< cells
};

/// Whether there always is such a fact.
inline bool must_be_known(const FieldRow& row) {
  return row.fact() && !row.optional() && !row.many();
}

class Frame {
 public:
  /// What a fact that there always is counts as where nobody has said it: orders are decided with
  /// all that the daemon knows of the shop; questions are asked where a guess would let somebody
  /// in.
  enum class Unsaid { missing, unknown };
  Frame(const Program& program, const Event& event, const Facts& facts, Timestamp now,
        std::pmr::memory_resource* memory, Unsaid unsaid = Unsaid::missing);

  std::size_t line_count() const { return event_.lines.size(); }
  const Event& event() const { return event_; }
  Timestamp now() const { return now_.time; }

  const Slot& order_slot(std::uint32_t slot) const { return order_[slot]; }
  const Slot& line_slot(std::size_t line, std::uint32_t slot) const {
    return lines_[line * line_width_ + slot];
  }
  std::span<const Cell> cells(const Slot& slot) const {
    return std::span<const Cell>(cells_).subspan(slot.first, slot.count);
  }
  /// What `waits_for` calls the line's product.
  std::string_view product_name(std::size_t line) const { return facts_.products[line].name; }
  bool product_unknown(std::size_t line) const {
    return !facts_.products.empty() && facts_.products[line].state == Known::unknown;
  }
  /// The order's currency.
  std::string_view currency() const { return event_.order.text(Field::order_currency); }

 private:
  Slot fill(std::span<const Value> values, const SlotSpec& slot);
  Text text_of(const Value& value, const SlotSpec& slot);

  const Program& program_;
  const Event& event_;
  const Facts& facts_;
  std::pmr::memory_resource* memory_;
  Value now_;
  std::size_t line_width_;
  std::pmr::vector<Slot> order_, lines_;
  std::pmr::vector<Cell> cells_;
};

}  // namespace consign
