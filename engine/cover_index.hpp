// The index over rules: what an event holds finds the few rules that it can concern.
//
// Every rule is filed under the keys of its cover (engine/cover.hpp). An event is looked up once
// per value that it holds; what is found, plus the rules that have no cover, is looked at, and
// nothing else, however many rules there are.
//
// Rules whose keys are about products are filed once more, for lines whose product is unknown:
// under what else they ask for. Most of those are for the WaitIndex to look after.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string>
#include <vector>

#include "engine/candidates.hpp"
#include "engine/exclusion_index.hpp"
#include "engine/frame.hpp"
#include "engine/key_files.hpp"
#include "engine/wait_index.hpp"

namespace consign {

class CoverIndex {
 public:
  /// `always`: see CompileOptions.
  CoverIndex(const Program& program, bool always);

  /// Puts the rules to look at for an event into `out`, which is empty: in running order, lines in
  /// order within a rule, no duplicates; but for quiet rules about products that are unknown (see
  /// waits()). False where nearly all rules would be among them: then all are to be looked at, and
  /// waits() is of no concern.
  bool candidates(const Frame& frame, std::pmr::vector<Candidate>& out) const;

  /// Quiet rules about products, or null where the order's currency lets even those fail: then they
  /// are among the candidates.
  const WaitIndex* waits(const Frame& frame) const;

  /// A rule without a cover.
  struct Uncovered {
    std::uint32_t place;
    Unfound why;
  };
  struct Cost {
    std::size_t groups = 0;  ///< tables
    std::vector<Uncovered> unindexed;
    std::size_t bytes = 0;
  };
  Cost cost() const;

 private:
  /// Rules filed for events with unknown products.
  struct Open {
    KeyFiles files;
    std::vector<std::uint32_t> always;  ///< under nothing
  };
  void file(Coverer& coverer, std::uint32_t place);

  const Program& program_;
  const bool always_;
  double spared_ = 0;  ///< how many looks at rules it is likely to spare for an event
  KeyFiles known_;
  Open open_lines_;   ///< about the line with the unknown product alone
  Open open_orders_;  ///< about other lines, too
  WaitIndex waits_;
  std::vector<std::string> quiet_currencies_;  ///< that quiet rules compare amounts with
  std::vector<std::uint32_t> quiet_;           ///< places of quiet rules
  std::vector<Uncovered> uncovered_;
  ExclusionIndex excluded_;  ///< the same, by what makes them false
};

}  // namespace consign
