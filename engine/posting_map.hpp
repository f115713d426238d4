// Rules filed under numbers: open addressing over the keys, eight bytes a key.
//
// A key with one rule, the usual case, holds it in the table itself; others point to their rules,
// which stand side by side. Two things that have the same hash share their rules: whoever looks
// rules up by a hash checks their conditions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace consign {

class PostingMap {
 public:
  void add(std::uint32_t key, std::uint32_t place) { raw_.emplace_back(key, place); }
  /// After the last add; before the first find.
  void build();
  /// The places filed under the key, in ascending order. The same key gives the same span.
  std::span<const std::uint32_t> find(std::uint32_t key) const {
    if (table_.empty()) return {};
    for (std::size_t at = start(key);;) {
      const Entry& entry = table_[at];
      if (entry.places == kEmpty) return {};
      if (entry.key == key) return places_of(entry);
      if (++at == table_.size()) at = 0;
    }
  }
  /// Asks for the memory that find() will look at.
  void prefetch(std::uint32_t key) const {
    if (!table_.empty()) __builtin_prefetch(&table_[start(key)]);
  }
  bool empty() const { return table_.empty(); }
  std::size_t bytes() const;

 private:
  static constexpr std::uint32_t kEmpty = UINT32_MAX;
  static constexpr std::uint32_t kMany = 1u << 31;
  struct Entry {
    std::uint32_t key = 0;
    std::uint32_t places = kEmpty;  ///< the place; or kMany and where in places_ their count stands
  };

  std::size_t start(std::uint32_t key) const {
    const std::uint64_t spread = (key * 0x9E3779B97F4A7C15ull) >> 32;
    return (spread * table_.size()) >> 32;
  }
  std::span<const std::uint32_t> places_of(const Entry& entry) const {
    if ((entry.places & kMany) == 0) return {&entry.places, 1};
    const std::size_t first = entry.places & ~kMany;
    return std::span(places_).subspan(first + 1, places_[first]);
  }

  std::vector<std::pair<std::uint32_t, std::uint32_t>> raw_;
  std::vector<Entry> table_;
  std::vector<std::uint32_t> places_;
};

/// Ascending, no duplicates, no spare room.
void settle(std::vector<std::uint32_t>& places);

/// One key for several numbers, taken in their order.
constexpr std::uint32_t joined_key(std::uint32_t key, std::uint32_t number) {
  const std::uint64_t product = ((std::uint64_t{key} << 32) | number) * 0xD6E8FEB86659FD93ull;
  return static_cast<std::uint32_t>((product ^ (product >> 31)) >> 32);
}

}  // namespace consign
