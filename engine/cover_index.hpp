// The index over rules: what an event holds finds the few rules that it can concern.
//
// Every rule is filed under the keys of its cover (engine/cover.hpp), one table for each slot and
// kind of key. An event is looked up once per value that it holds; what is found, plus the rules
// that have no cover, is looked at, and nothing else, however many rules there are.
#pragma once

#include <cstdint>
#include <map>
#include <memory_resource>
#include <span>
#include <string>
#include <vector>

#include "engine/cover.hpp"
#include "engine/frame.hpp"
#include "engine/posting_map.hpp"
#include "engine/wait_index.hpp"

namespace consign {

/// A rule to look at: its place in Program::run, and the line, or kEveryLine.
struct Candidate {
  std::uint32_t place;
  std::uint32_t line;
  friend auto operator<=>(const Candidate&, const Candidate&) = default;
};
inline constexpr std::uint32_t kEveryLine = UINT32_MAX;

/// Rules filed under intervals of one slot and currency. A stabbing query: sorted by the lower end,
/// with the highest upper end of each subtree of the implicit balanced tree over the array.
class IntervalIndex {
 public:
  /// Ends that are not there are open.
  void add(const std::optional<Decimal>& low, const std::optional<Decimal>& high,
           std::uint32_t place);
  void build();
  /// Calls `found(place)` for every interval that holds the value.
  template <class Found>
  void find(const Value& value, Found found) const;
  /// Calls `found(place)` for every interval.
  template <class Found>
  void each(Found found) const {
    for (const Entry& entry : entries_) found(entry.place);
  }
  std::size_t bytes() const { return entries_.size() * sizeof(Entry); }

 private:
  struct Bound {
    bool open = true;
    Decimal at;
  };
  struct Entry {
    Bound low, high, highest;
    std::uint32_t place;
  };
  static Decimal number_of(const Value& value);
  Bound build(std::size_t begin, std::size_t end);
  template <class Found>
  void find(const Decimal& at, std::size_t begin, std::size_t end, Found& found) const;

  std::vector<Entry> entries_;
};

class CoverIndex {
 public:
  explicit CoverIndex(const Program& program);

  /// The rules to look at for an event, in running order, lines in order within a rule, no
  /// duplicates; but for quiet rules about products that are unknown (see waits()).
  void candidates(const Frame& frame, std::pmr::vector<Candidate>& out) const;

  /// Quiet rules about products, or null where the order's currency lets even those fail: then they
  /// are among the candidates.
  const WaitIndex* waits(const Frame& frame) const;

  struct Cost {
    std::size_t groups = 0;                ///< tables
    std::vector<std::uint32_t> unindexed;  ///< places of rules without a cover
    std::size_t bytes = 0;
  };
  Cost cost() const;

 private:
  /// What is filed for one slot.
  struct SlotIndex {
    bool used = false;
    PostingMap exact, folded;
    std::map<std::string, IntervalIndex, std::less<>> intervals;  ///< by currency, "" where none
    PostingMap starts, ends;                                      ///< by the affix's number
    std::vector<std::uint32_t> start_lengths, end_lengths;        ///< distinct, in bytes, × mode
    std::vector<std::uint32_t> present, missing, is_true, is_false;
    std::vector<std::uint32_t> all;  ///< every rule filed here that is not quiet: looked at where
                                     ///< the slot is unknown
  };
  /// The rules of one way of reading slots: the order's, a line's own, or any line's.
  struct RowIndex {
    std::vector<SlotIndex> slots;
  };

  void file(std::uint32_t place, const Key& key, bool quiet);
  bool about_products(const Cover& cover) const;
  void build(RowIndex& row);
  template <class Found>
  void look_up(const SlotIndex& index, const Frame& frame, const Slot& slot, Found found) const;

  const Program& program_;
  RowIndex order_, line_, any_line_;
  WaitIndex waits_;
  std::vector<std::string> quiet_currencies_;  ///< that quiet rules compare amounts with
  std::vector<std::uint32_t> quiet_;           ///< places of quiet rules
  Dictionary affixes_;
  std::vector<std::uint32_t> no_lines_;   ///< looked at where the order has none
  std::vector<std::uint32_t> uncovered_;  ///< looked at always
};

}  // namespace consign
