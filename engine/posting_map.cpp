#include "engine/posting_map.hpp"

#include <algorithm>
#include <bit>

namespace consign {

namespace {

std::uint64_t spread(std::uint64_t key) {
  key *= 0x9E3779B97F4A7C15ull;
  return key ^ (key >> 32);
}

}  // namespace

void settle(std::vector<std::uint32_t>& places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  places.shrink_to_fit();
}

void PostingMap::build() {
  std::sort(raw_.begin(), raw_.end());
  raw_.erase(std::unique(raw_.begin(), raw_.end()), raw_.end());
  std::size_t keys = 0;
  for (std::size_t i = 0; i < raw_.size(); ++i)
    keys += i == 0 || raw_[i].first != raw_[i - 1].first;
  if (keys == 0) return;
  table_.assign(std::bit_ceil(keys + keys / 3 + 1), Entry{});
  places_.reserve(raw_.size());
  for (std::size_t i = 0; i < raw_.size();) {
    Entry entry{raw_[i].first, static_cast<std::uint32_t>(places_.size()), 0};
    for (; i < raw_.size() && raw_[i].first == entry.key; ++i) {
      places_.push_back(raw_[i].second);
      ++entry.count;
    }
    std::size_t at = spread(entry.key) & (table_.size() - 1);
    while (table_[at].count != 0) at = (at + 1) & (table_.size() - 1);
    table_[at] = entry;
  }
  raw_ = {};
}

std::span<const std::uint32_t> PostingMap::find(std::uint64_t key) const {
  if (table_.empty()) return {};
  std::size_t at = spread(key) & (table_.size() - 1);
  for (; table_[at].count != 0; at = (at + 1) & (table_.size() - 1)) {
    const Entry& entry = table_[at];
    if (entry.key == key) return std::span(places_).subspan(entry.first, entry.count);
  }
  return {};
}

std::size_t PostingMap::bytes() const {
  return table_.capacity() * sizeof(Entry) + places_.capacity() * sizeof(std::uint32_t);
}

}  // namespace consign
