// A layer of the index: some of a program's rules, filed under the keys of their covers.
//
// Rules whose keys are about products are filed once more, for lines whose product is unknown:
// under what else they ask for. Most of those are for the WaitIndex to look after.
//
// A layer knows its rules by their place among them, and refers to no program, so that programs
// that have these rules can share it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/candidates.hpp"
#include "engine/exclusion_index.hpp"
#include "engine/frame.hpp"
#include "engine/key_files.hpp"
#include "engine/wait_index.hpp"

namespace consign {

class IndexLayer {
 public:
  /// Of those of the program's rules, in running order. `always`: see CompileOptions.
  IndexLayer(const Program& program, std::span<const CompiledRule> rules, bool always);

  /// Adds the rules to look at, but for quiet ones that waits() gives.
  void find(const Frame& frame, Candidates& out) const;

  /// Quiet rules about products, or null where the order's currency lets even those fail: then they
  /// are among the candidates.
  const WaitIndex* waits(const Frame& frame) const;

  /// How many looks at rules it is likely to spare for an event.
  double spared() const { return spared_; }
  std::size_t rules() const { return rules_; }

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
  void file(const Program& program, const CompiledRule& rule, Coverer& coverer,
            std::uint32_t place);

  std::size_t rules_;
  double spared_ = 0;
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
