// The rules that an event can concern, gathered from the lists of many keys and put in order.
//
// Mostly there are none to ten. Where there are many, they are put in order without comparing them
// one with the other; and where nearly all rules are found, gathering ends, since looking at each
// rule in turn is cheaper.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "engine/place_map.hpp"

namespace consign {

/// A rule to look at: its place in Program::run, and the line, or kEveryLine.
struct Candidate {
  std::uint32_t place;
  std::uint32_t line;
  friend auto operator<=>(const Candidate&, const Candidate&) = default;
};
inline constexpr std::uint32_t kEveryLine = UINT32_MAX;

class Candidates {
 public:
  /// Appends to `out`, which is empty; `rules` and `lines`: how many there are. `always`: there are
  /// never too many.
  Candidates(std::pmr::vector<Candidate>& out, std::size_t rules, std::size_t lines, bool always)
      : out_(out),
        rules_(rules),
        lines_(lines == 0 ? 1 : lines),
        limit_(always ? SIZE_MAX : rules * lines_ / 4 * 3 + lines_) {
    out_.reserve(kRoom);
  }

  /// What is added from now on has the places of that layer.
  void in(PlaceMap layer) { layer_ = layer; }
  void add(std::span<const std::uint32_t> places, std::uint32_t line) {
    weight_ += places.size() * (line == kEveryLine ? lines_ : 1);
    if (too_many()) return;
    if (layer_.is_identity()) {
      for (const std::uint32_t place : places) out_.push_back({place, line});
      return;
    }
    for (const std::uint32_t place : places) {
      if (layer_(place) != kNone) out_.push_back({layer_(place), line});
    }
  }
  /// For lists that may be found again and again, by each of many lines.
  void add_once(std::span<const std::uint32_t> places) {
    if (lines_ <= kFewLines || first_time(places.data())) add(places, kEveryLine);
  }
  /// For whatever is needed as long as the event is looked at.
  std::pmr::memory_resource* memory() const { return out_.get_allocator().resource(); }
  /// Nearly all rules: what was gathered is of no use.
  bool too_many() const { return weight_ > limit_; }
  /// Puts them in running order, lines in order within a rule and kEveryLine last, no duplicates.
  void settle();

 private:
  static constexpr std::size_t kFewLines = 8;
  static constexpr std::size_t kRoom = 64;  ///< more than is mostly needed
  bool first_time(const std::uint32_t* list);
  void sort_by_bits(std::size_t ranks);
  void sort_by_digits(std::size_t ranks);

  std::pmr::vector<Candidate>& out_;
  PlaceMap layer_;
  std::size_t rules_, lines_;
  std::size_t weight_ = 0, limit_;
  std::pmr::vector<const std::uint32_t*> lists_{out_.get_allocator()};  ///< a hash set
  std::size_t list_count_ = 0;
};

}  // namespace consign
