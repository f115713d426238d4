#include "engine/frame.hpp"

#include <cstring>

#include "consign/text.hpp"

namespace consign {

namespace {

std::span<const Value> find_values(const Record& record, const SlotSpec& slot) {
  return row_of(slot.field).keyed() ? record.keyed(slot.field, slot.key)
                                    : record.values(slot.field);
}

}  // namespace

Frame::Frame(const Program& program, const Event& event, const Facts& facts, Timestamp now,
             std::pmr::memory_resource* memory)
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
  for (const SlotSpec& slot : program.order_slots) {
    auto values = slot.field == Field::now ? std::span<const Value>(&now_, 1)
                                           : find_values(event.order, slot);
    // shop.*, and what the event leaves open of its customer, stand among the facts.
    if (values.empty()) values = find_values(facts.shared, slot);
    order_.push_back(fill(values, row_of(slot.field)));
  }
  lines_.reserve(event.lines.size() * line_width_);
  for (std::size_t line = 0; line < event.lines.size(); ++line) {
    for (const SlotSpec& slot : program.line_slots) {
      const FieldRow& row = row_of(slot.field);
      if (row.subject != Subject::product) {
        lines_.push_back(fill(find_values(event.lines[line], slot), row));
        continue;
      }
      const Facts::Product& product = facts.products[line];
      if (product.state == Known::known) {
        lines_.push_back(fill(product.record->values(slot.field), row));
      } else {
        lines_.push_back(Slot{product.state, 0, 0});
      }
    }
  }
}

Slot Frame::fill(std::span<const Value> values, const FieldRow& row) {
  if (values.empty()) return Slot{};
  Slot slot{Known::known, static_cast<std::uint32_t>(cells_.size()),
            static_cast<std::uint32_t>(values.size())};
  for (const Value& value : values) cells_.push_back({&value, text_of(value, row)});
  return slot;
}

Text Frame::text_of(const Value& value, const FieldRow& row) {
  Text text;
  switch (row.type) {
    case Type::text: {
      thread_local std::string folded;
      fold_into(value.text, folded);
      auto* copy = static_cast<char*>(memory_->allocate(folded.size() + 1, 1));
      std::memcpy(copy, folded.data(), folded.size());
      text.folded = std::string_view(copy, folded.size());
      text.folded_id = program_.folded.find(text.folded);
      [[fallthrough]];
    }
    case Type::code:
    case Type::enumeration:
    case Type::permission:
      text.exact = value.text;
      text.exact_id = program_.exact.find(text.exact);
      break;
    default:
      break;
  }
  return text;
}

}  // namespace consign
