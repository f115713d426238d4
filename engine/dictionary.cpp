#include "engine/dictionary.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace consign {

namespace {

constexpr std::size_t kLeastSlots = 16;

std::size_t slots_for(std::size_t count) { return count + count / 2 + 2; }

std::uint32_t hash_of(std::string_view text) {
  const std::size_t hash = std::hash<std::string_view>()(text);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

}  // namespace

void NumberTable::put(Slot slot) {
  std::size_t at = start(slot.hash);
  while (slots_[at].number != kNone) at = next(at);
  slots_[at] = slot;
}

void NumberTable::resize(std::size_t size) {
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(size));
  for (const Slot& slot : before) {
    if (slot.number != kNone) put(slot);
  }
}

void NumberTable::add(std::uint32_t hash, std::uint32_t number) {
  ++count_;
  if (slots_for(count_) > slots_.size()) resize(std::max(slots_.size() * 2, kLeastSlots));
  put({hash, number});
}

void NumberTable::reserve(std::size_t count) {
  if (slots_for(count) > slots_.size()) resize(slots_for(count));
}

void NumberTable::shrink() {
  if (count_ == 0) {
    slots_ = {};
  } else if (slots_for(count_) < slots_.size() - slots_.size() / 16) {
    resize(slots_for(count_));
  }
}

std::uint32_t Dictionary::intern(std::string_view text) {
  const std::uint32_t hash = hash_of(text);
  const std::uint32_t known = find(text, hash);
  if (known != kNone) return known;
  const auto number = static_cast<std::uint32_t>(size());
  characters_ += text;
  begins_.push_back(static_cast<std::uint32_t>(characters_.size()));
  table_.add(hash, number);
  return number;
}

std::uint32_t Dictionary::find(std::string_view text) const {
  return size() == 0 ? kNone : find(text, hash_of(text));
}

void Dictionary::assign(const Dictionary& other, std::size_t more) {
  const std::size_t characters = other.characters_.size();
  characters_.reserve(characters + characters / std::max<std::size_t>(other.size(), 1) * more);
  characters_ = other.characters_;
  begins_.reserve(other.begins_.size() + more);
  begins_ = other.begins_;
  table_ = other.table_;
  table_.reserve(other.size() + more);
}

void Dictionary::shrink() {
  characters_.shrink_to_fit();
  begins_.shrink_to_fit();
  table_.shrink();
}

std::size_t Dictionary::bytes() const {
  return characters_.capacity() + begins_.capacity() * sizeof(std::uint32_t) + table_.bytes();
}

}  // namespace consign
