#include "engine/posting_map.hpp"

#include <algorithm>

namespace consign {

void settle(std::vector<std::uint32_t>& places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  places.shrink_to_fit();
}

void PostingMap::build() {
  // Rules come in running order and mostly bring new texts, whose numbers rise with them.
  if (!std::is_sorted(raw_.begin(), raw_.end())) std::sort(raw_.begin(), raw_.end());
  raw_.erase(std::unique(raw_.begin(), raw_.end()), raw_.end());
  std::size_t keys = 0, listed = 0;
  const auto each_key = [&](auto&& use) {
    for (std::size_t first = 0, end = 0; first < raw_.size(); first = end) {
      while (end < raw_.size() && raw_[end].first == raw_[first].first) ++end;
      use(first, end);
    }
  };
  each_key([&](std::size_t first, std::size_t end) {
    ++keys;
    if (end - first > 1) listed += 1 + end - first;
  });
  if (keys == 0) return;
  table_.assign(keys + keys / 3 + 1, Entry{});
  places_.reserve(listed);
  each_key([&](std::size_t first, std::size_t end) {
    std::uint32_t places = raw_[first].second;
    if (end - first > 1) {
      places = kMany | static_cast<std::uint32_t>(places_.size());
      places_.push_back(static_cast<std::uint32_t>(end - first));
      for (std::size_t i = first; i < end; ++i) places_.push_back(raw_[i].second);
    }
    std::size_t at = start(raw_[first].first);
    while (table_[at].places != kEmpty) at = at + 1 == table_.size() ? 0 : at + 1;
    table_[at] = {raw_[first].first, places};
  });
  raw_ = {};
}

std::size_t PostingMap::bytes() const {
  return table_.capacity() * sizeof(Entry) + places_.capacity() * sizeof(std::uint32_t);
}

}  // namespace consign
