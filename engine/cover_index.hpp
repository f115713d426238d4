// The index over rules: what an event holds finds the few rules that it can concern.
//
// Every rule is filed under the keys of its cover (engine/cover.hpp). An event is looked up once
// per value that it holds; what is found, plus the rules that have no cover, is looked at, and
// nothing else, however many rules there are.
//
// A program that is compiled as a whole has one layer. One that is made from it shares that layer
// (in which rules may have moved, or be gone) and has a second one, of the rules that are not in
// the first.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <vector>

#include "engine/candidates.hpp"
#include "engine/frame.hpp"
#include "engine/index_layer.hpp"

namespace consign {

class CoverIndex {
 public:
  /// `always`: see CompileOptions.
  CoverIndex(const Program& program, bool always);
  /// For a program that was made from the one that `previous` is of. `moved`: where the rules of
  /// that one are now, or kNone; by place, rising.
  CoverIndex(const Program& program, const CoverIndex& previous,
             std::span<const std::uint32_t> moved);

  /// Puts the rules to look at for an event into `out`, which is empty: in running order, lines in
  /// order within a rule, no duplicates; but for quiet rules about products that are unknown (see
  /// add_waits()). False where nearly all rules would be among them: then all are to be looked at,
  /// and add_waits() is of no concern.
  bool candidates(const Frame& frame, std::pmr::vector<Candidate>& out) const;

  /// Adds the quiet rules that may make the line wait for its product: those that only assign, and
  /// those that hold or stop.
  void add_waits(const Frame& frame, std::size_t line, PlaceCursor& assigning,
                 PlaceCursor& others) const;

  bool always() const { return always_; }
  /// Of all layers, with places in the program.
  IndexLayer::Cost cost() const;

 private:
  struct Layer {
    std::shared_ptr<const IndexLayer> rules;
    std::vector<std::uint32_t> now;  ///< see PlaceMap
    PlaceMap places() const { return PlaceMap(now); }
  };

  bool always_;
  std::size_t rules_;
  std::vector<Layer> layers_;
};

}  // namespace consign
