// Finds which of many literals stand somewhere in a text, in one pass over it (Aho and Corasick).
//
// One state for each distinct beginning of a literal. A state's ways on are filed in one table over
// (state, byte), and all bytes at the root in an array, since that is where most of a text is read.
// Where a state has no way on, reading goes on from the longest ending of what was read that begins
// a literal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace consign {

class LiteralMatcher {
 public:
  /// The literal has at least one byte.
  void add(std::string_view literal, std::uint32_t place);
  void build();
  /// Calls `found(places)` for literals that the text holds; more than once for one that it holds
  /// more than once.
  template <class Found>
  void find(std::string_view text, Found found) const {
    std::uint32_t state = kRoot;
    for (const char c : text) {
      state = next(state, static_cast<unsigned char>(c));
      for (std::uint32_t end = states_[state].told; end != kRoot; end = states_[end].further) {
        found(std::span(places_).subspan(states_[end].first, states_[end].count));
      }
    }
  }
  bool empty() const { return states_.empty(); }
  std::size_t bytes() const;

 private:
  static constexpr std::uint32_t kRoot = 0;

  struct State {
    std::uint32_t fallback = kRoot;
    std::uint32_t told = kRoot;          ///< itself or the nearest fallback at which a literal ends
    std::uint32_t further = kRoot;       ///< the next such one behind it
    std::uint32_t first = 0, count = 0;  ///< rules whose literal ends here
  };
  struct Way {
    std::uint32_t from = kRoot;  ///< kRoot: empty; the root's own stand in root_
    std::uint32_t to = 0;
    unsigned char byte = 0;
  };

  std::uint32_t next(std::uint32_t state, unsigned char byte) const {
    for (; state != kRoot; state = states_[state].fallback) {
      const std::uint32_t to = way(state, byte);
      if (to != kRoot) return to;
    }
    return root_[byte];
  }
  /// The state that the byte leads to, or kRoot.
  std::uint32_t way(std::uint32_t state, unsigned char byte) const {
    for (std::size_t at = start(state, byte);; at = (at + 1) & (ways_.size() - 1)) {
      const Way& each = ways_[at];
      if (each.from == kRoot) return kRoot;
      if (each.from == state && each.byte == byte) return each.to;
    }
  }
  std::size_t start(std::uint32_t state, unsigned char byte) const {
    const std::uint64_t spread = ((std::uint64_t{state} << 8) | byte) * 0x9E3779B97F4A7C15ull;
    return (spread >> 32) & (ways_.size() - 1);
  }

  std::map<std::string, std::vector<std::uint32_t>, std::less<>> raw_;
  std::array<std::uint32_t, 256> root_{};
  std::vector<State> states_;
  std::vector<Way> ways_;  ///< a power of two, at most half full
  std::vector<std::uint32_t> places_;
};

}  // namespace consign
