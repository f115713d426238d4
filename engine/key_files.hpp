// Rules filed under the keys of their covers: for each slot, and each way in which a key asks about
// it, one table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/affix_index.hpp"
#include "engine/candidates.hpp"
#include "engine/cover.hpp"
#include "engine/equality_files.hpp"
#include "engine/frame.hpp"
#include "engine/interval_index.hpp"
#include "engine/literal_matcher.hpp"

namespace consign {

class KeyFiles {
 public:
  void add(const Key& key, std::uint32_t place);
  void build();

  /// Which lines' own slots count.
  enum class Lines : std::uint8_t { all, with_unknown_product };
  /// The rules that have a key which the event holds.
  void find(const Frame& frame, Lines lines, Candidates& out) const;

  struct Cost {
    std::size_t groups = 0;  ///< tables
    std::size_t bytes = 0;
  };
  Cost cost() const;

 private:
  /// Rules that ask for more than the slot's text being one of those that they name.
  struct SlotFile {
    explicit SlotFile(std::uint32_t number) : slot(number) {}
    struct Money {
      std::string currency;  ///< empty for all but money
      IntervalIndex index;
    };
    /// In one mode.
    struct Texts {
      AffixIndex starts{AffixIndex::End::front}, ends{AffixIndex::End::back};
      LiteralMatcher inside;
      bool empty() const { return starts.empty() && ends.empty() && inside.empty(); }
    };
    std::uint32_t slot;
    std::vector<Money> intervals;
    Texts exact, folded;
    LiteralMatcher lower;
    std::vector<std::uint32_t> present, missing, is_true, is_false;
  };
  /// What is filed for one reach.
  struct Reached {
    EqualityFiles equalities;
    std::vector<SlotFile> slots;
  };

  SlotFile& file_of(const Key& key);
  static IntervalIndex& intervals_of(SlotFile& file, std::string_view currency);
  template <class Found>
  static void look_up(const SlotFile& file, const Frame& frame, const Slot& slot,
                      std::vector<IntervalIndex::Told>& told, Found found);

  Reached order_, own_line_, any_line_;
  std::vector<std::uint32_t> no_lines_;  ///< where the order has none
};

}  // namespace consign
