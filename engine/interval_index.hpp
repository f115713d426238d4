// Rules filed under intervals of whole numbers: which of them hold a number?
//
// Half-open ones, the usual case, are sorted by their bound, so that those that hold a number stand
// at the front. Single numbers are sorted, too. For those with two ends the array is an implicit
// balanced tree, with the highest upper end of each subtree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/number_line.hpp"

namespace consign {

class IntervalIndex {
 public:
  /// From `low` to `high`, both included; kLineBegin and kLineEnd: open to that side.
  void add(std::int64_t low, std::int64_t high, std::uint32_t place);
  void build();

  /// How many of the half-open ones were told for earlier numbers of the same event.
  struct Told {
    std::size_t above = 0, below = 0;
  };
  /// Calls `found(places)` with the places of the intervals that hold the number, in no order,
  /// without half-open ones that were told before.
  template <class Found>
  void find(std::int64_t at, Told& told, Found found) const;
  /// Calls `found(places)` with all.
  template <class Found>
  void each(Found found) const {
    for (const Ends* ends : {&above_, &below_, &points_}) {
      if (!ends->places.empty()) found(std::span(ends->places));
    }
    for (const Spread& one : spreads_) found(std::span(&one.place, 1));
  }
  std::size_t bytes() const;

 private:
  /// Bounds in ascending order with the places of their rules.
  struct Ends {
    std::vector<std::int64_t> at;
    std::vector<std::uint32_t> places;
    void sort();
    /// How many bounds are at most `number`.
    std::size_t up_to(std::int64_t number) const;
    std::size_t bytes() const {
      return at.capacity() * sizeof(std::int64_t) + places.capacity() * sizeof(std::uint32_t);
    }
  };
  struct Spread {
    std::int64_t low, high, highest;
    std::uint32_t place;
  };
  std::int64_t raise(std::size_t begin, std::size_t end);
  template <class Found>
  void find(std::int64_t at, std::size_t begin, std::size_t end, Found& found) const;

  Ends above_;   ///< from the bound up
  Ends below_;   ///< up to the bound; bounds are negated, so that they, too, stand at the front
  Ends points_;  ///< just the bound
  std::vector<Spread> spreads_;
};

template <class Found>
void IntervalIndex::find(std::int64_t at, Told& told, Found found) const {
  const auto front = [&](const Ends& ends, std::int64_t number, std::size_t& known) {
    const std::size_t count = ends.up_to(number);
    if (count <= known) return;
    found(std::span(ends.places).subspan(known, count - known));
    known = count;
  };
  front(above_, at, told.above);
  front(below_, ~at, told.below);
  const std::size_t end = points_.up_to(at);
  std::size_t first = end;
  while (first > 0 && points_.at[first - 1] == at) --first;
  if (first < end) found(std::span(points_.places).subspan(first, end - first));
  if (!spreads_.empty()) find(at, 0, spreads_.size(), found);
}

template <class Found>
void IntervalIndex::find(std::int64_t at, std::size_t begin, std::size_t end, Found& found) const {
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    const Spread& one = spreads_[middle];
    if (one.highest < at) return;  // all end before it
    find(at, begin, middle, found);
    if (one.low > at) return;  // this one and all to the right begin behind it
    if (one.high >= at) found(std::span(&one.place, 1));
    begin = middle + 1;
  }
}

}  // namespace consign
