#include "engine/frame.hpp"

#include "consign/text.hpp"

namespace consign {

namespace {

std::span<const Value> find_values(const Record& record, const SlotSpec& slot) {
  return row_of(slot.field).keyed() ? record.keyed(slot.field, slot.key)
                                    : record.values(slot.field);
}

}  // namespace

Frame::Frame(const Program& program, const Event& event, const Facts& facts, Timestamp now,
             std::pmr::memory_resource* memory, Unsaid unsaid)
    : program_(program),
      event_(event),
      facts_(facts),
      memory_(memory),
      now_(Value::of_time(now)),
      line_width_(program.line_slots.size()),
      order_(memory),
      lines_(memory),
      cells_(memory) {
  order_.reserve(program.order_slots.size());
  cells_.reserve(program.order_slots.size() + 2 * event.lines.size() * line_width_);
  for (const SlotSpec& slot : program.order_slots) {
    auto values = slot.field == Field::now ? std::span<const Value>(&now_, 1)
                                           : find_values(event.order, slot);
    // shop.*, and what the event leaves open of its customer, stand among the facts.
    if (values.empty()) values = find_values(facts.shared, slot);
    order_.push_back(fill(values, slot));
    if (unsaid == Unsaid::unknown && values.empty() && must_be_known(row_of(slot.field))) {
      order_.back().state = Known::unknown;
    }
  }
  lines_.reserve(event.lines.size() * line_width_);
  for (std::size_t line = 0; line < event.lines.size(); ++line) {
    for (const SlotSpec& slot : program.line_slots) {
      if (row_of(slot.field).subject != Subject::product) {
        lines_.push_back(fill(find_values(event.lines[line], slot), slot));
        continue;
      }
      // Without products, nothing that is left of the rules asks for them.
      if (facts.products.empty()) {
        lines_.push_back(Slot{});
        continue;
      }
      const Facts::Product& product = facts.products[line];
      if (product.state == Known::known) {
        lines_.push_back(fill(product.record->values(slot.field), slot));
      } else {
        lines_.push_back(Slot{product.state, 0, 0});
      }
    }
  }
}

Slot Frame::fill(std::span<const Value> values, const SlotSpec& slot) {
  if (values.empty()) return Slot{};
  Slot filled{Known::known, static_cast<std::uint32_t>(cells_.size()),
              static_cast<std::uint32_t>(values.size())};
  for (const Value& value : values) cells_.push_back({&value, text_of(value, slot)});
  return filled;
}

Text Frame::text_of(const Value& value, const SlotSpec& slot) {
  Text text;
  if (!is_text(value.type)) return text;
  text.exact = value.text;
  if (slot.exact) text.exact_id = program_.exact.find(text.exact);
  if (slot.folded && value.type == Type::text) {
    text.folded = fold_into(value.text, *memory_);
    text.folded_id = program_.folded.find(text.folded);
  }
  return text;
}

}  // namespace consign
