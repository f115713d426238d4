#include "engine/memo.hpp"

#include <memory>
#include <utility>

namespace consign {

namespace {

constexpr std::size_t kFirstSize = 16;

}  // namespace

std::size_t Memo::place_of(std::uint64_t key) const {
  const std::size_t mask = entries_.size() - 1;
  std::size_t at = ((key * 0x9E3779B97F4A7C15ull) >> 32) & mask;
  while (entries_[at].key != key && entries_[at].key != kEmpty) at = (at + 1) & mask;
  return at;
}

const std::uint64_t* Memo::find(std::uint32_t node, std::uint32_t line) const {
  if (entries_.empty()) return nullptr;
  const Entry& entry = entries_[place_of(key_of(node, line))];
  return entry.key == kEmpty ? nullptr : &entry.value;
}

void Memo::put(std::uint32_t node, std::uint32_t line, std::uint64_t value) {
  if (++count_ * 2 > entries_.size()) grow();
  const std::uint64_t key = key_of(node, line);
  entries_[place_of(key)] = {key, value};
}

void Memo::grow() {
  const std::size_t size = entries_.empty() ? kFirstSize : entries_.size() * 2;
  auto* room = static_cast<Entry*>(memory_->allocate(size * sizeof(Entry), alignof(Entry)));
  std::uninitialized_fill_n(room, size, Entry{kEmpty, 0});
  const std::span<Entry> before = std::exchange(entries_, {room, size});
  for (const Entry& entry : before) {
    if (entry.key != kEmpty) entries_[place_of(entry.key)] = entry;
  }
}

}  // namespace consign
