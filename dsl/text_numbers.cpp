#include "dsl/text_numbers.hpp"

#include <bit>
#include <functional>

namespace consign {

void TextNumbers::reserve(std::size_t texts) {
  texts_.reserve(texts);
  slots_.assign(std::bit_ceil(2 * texts + 1), 0);
  for (std::uint32_t number = 0; number < texts_.size(); ++number) {
    slots_[slot_of(texts_[number])] = number + 1;
  }
}

std::size_t TextNumbers::slot_of(std::string_view text) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>{}(text)&mask;
  while (slots_[slot] != 0 && texts_[slots_[slot] - 1] != text) slot = (slot + 1) & mask;
  return slot;
}

std::pair<std::uint32_t, bool> TextNumbers::add(std::string_view text) {
  if (2 * (texts_.size() + 1) > slots_.size()) reserve(2 * texts_.size() + 8);
  std::uint32_t& slot = slots_[slot_of(text)];
  const bool is_new = slot == 0;
  if (is_new) {
    texts_.push_back(text);
    slot = static_cast<std::uint32_t>(texts_.size());
  }
  return {slot - 1, is_new};
}

std::optional<std::uint32_t> TextNumbers::find(std::string_view text) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t slot = slots_[slot_of(text)];
  if (slot == 0) return std::nullopt;
  return slot - 1;
}

}  // namespace consign
