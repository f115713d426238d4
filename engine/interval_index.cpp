#include "engine/interval_index.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace consign {

void IntervalIndex::add(std::int64_t low, std::int64_t high, std::uint32_t place) {
  const auto add_to = [&](Ends& ends, std::int64_t bound) {
    ends.at.push_back(bound);
    ends.places.push_back(place);
  };
  if (high == kLineEnd) {
    add_to(above_, low);
  } else if (low == kLineBegin) {
    add_to(below_, ~high);  // reverses the order, and no number is without its complement
  } else if (low == high) {
    add_to(points_, low);
  } else {
    spreads_.push_back({low, high, high, place});
  }
}

void IntervalIndex::Ends::sort() {
  std::vector<std::pair<std::int64_t, std::uint32_t>> both(at.size());
  for (std::size_t i = 0; i < at.size(); ++i) both[i] = {at[i], places[i]};
  std::sort(both.begin(), both.end());
  for (std::size_t i = 0; i < at.size(); ++i) std::tie(at[i], places[i]) = both[i];
  at.shrink_to_fit();
  places.shrink_to_fit();
}

std::size_t IntervalIndex::Ends::up_to(std::int64_t number) const {
  return static_cast<std::size_t>(std::upper_bound(at.begin(), at.end(), number) - at.begin());
}

void IntervalIndex::build() {
  for (Ends* ends : {&above_, &below_, &points_}) ends->sort();
  std::sort(spreads_.begin(), spreads_.end(), [](const Spread& a, const Spread& b) {
    return std::pair(a.low, a.place) < std::pair(b.low, b.place);
  });
  spreads_.shrink_to_fit();
  if (!spreads_.empty()) raise(0, spreads_.size());
}

std::int64_t IntervalIndex::raise(std::size_t begin, std::size_t end) {
  const std::size_t middle = begin + (end - begin) / 2;
  std::int64_t highest = spreads_[middle].high;
  if (begin < middle) highest = std::max(highest, raise(begin, middle));
  if (middle + 1 < end) highest = std::max(highest, raise(middle + 1, end));
  spreads_[middle].highest = highest;
  return highest;
}

std::size_t IntervalIndex::bytes() const {
  return above_.bytes() + below_.bytes() + points_.bytes() + spreads_.capacity() * sizeof(Spread);
}

}  // namespace consign
