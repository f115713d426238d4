// Rules filed under numbers: open addressing over the keys, the places of each key side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace consign {

class PostingMap {
 public:
  void add(std::uint64_t key, std::uint32_t place) { raw_.emplace_back(key, place); }
  /// After the last add; before the first find.
  void build();
  /// The places filed under the key, in ascending order.
  std::span<const std::uint32_t> find(std::uint64_t key) const;
  std::size_t bytes() const;

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t first = 0, count = 0;
  };
  std::vector<std::pair<std::uint64_t, std::uint32_t>> raw_;
  std::vector<Entry> table_;  ///< a power of two; count 0: empty
  std::vector<std::uint32_t> places_;
};

/// Ascending, no duplicates, no spare room.
void settle(std::vector<std::uint32_t>& places);

}  // namespace consign
