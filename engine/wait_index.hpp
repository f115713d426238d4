// What an unknown product makes wait, found without looking at every rule that asks about products.
//
// A rule whose keys are all about the product is neither true nor false while the product is
// unknown, and a shop has many such rules. Most of them are *quiet*: about one line, not in shadow,
// unable to fail. All that a quiet rule can do to such a line is make it wait for that one product,
// so the first that does so settles the matter for all. Quiet rules are filed under what else they
// ask for (the country, say), and looked at in running order until one is found.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string>
#include <vector>

#include "engine/equality_files.hpp"
#include "engine/frame.hpp"
#include "engine/place_map.hpp"

namespace consign {

/// Places of rules in running order, drawn from several sorted lists.
class PlaceCursor {
 public:
  explicit PlaceCursor(std::pmr::memory_resource* memory) : lists_(memory) {}
  void add(std::span<const std::uint32_t> places, PlaceMap layer);
  /// The next place, or kNone at the end.
  std::uint32_t next() const;
  /// Goes past `place`.
  void pass(std::uint32_t place);
  void clear() { lists_.clear(); }

 private:
  struct List {
    std::span<const std::uint32_t> places;
    PlaceMap layer;
    std::uint32_t first;  ///< in the program; kNone at the end
    void settle();
  };
  std::pmr::vector<List> lists_;
};

class WaitIndex {
 public:
  /// Whether the rule may be left to this index. `money` gets the currencies that its condition
  /// names.
  static bool is_quiet(const Program& program, const CompiledRule& compiled,
                       std::vector<std::string>& money);

  void file(const CompiledRule& compiled, Coverer& coverer, std::uint32_t place);
  void build();

  /// The quiet rules that may make the line wait: those that only assign, and those that hold or
  /// stop.
  void look_up(const Frame& frame, std::size_t line, PlaceMap layer, PlaceCursor& assigning,
               PlaceCursor& others) const;
  std::size_t bytes() const;

 private:
  struct Files {
    EqualityFiles equalities;
    std::vector<std::uint32_t> unfiled;
  };
  static void look_up(const Files& files, const Frame& frame, std::size_t line, PlaceMap layer,
                      PlaceCursor& cursor);

  Files assigning_, others_;
};

}  // namespace consign
