// How rare what a rule asks for is likely to be, judged from the rules themselves: a text that many
// rules name is taken to be common in orders, one of thousands that are named once to be rare.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/program.hpp"
#include "engine/terms.hpp"

namespace consign {

class Selectivity {
 public:
  Selectivity(const Program& program, std::span<const CompiledRule> rules);
  /// The share of orders or lines that hold one of the texts in the slot, as a guess.
  double share_of(Row row, std::uint32_t slot, TextMode mode, const TextIds& texts) const;

 private:
  /// What is looked for in a slot, in one mode.
  struct Asked {
    std::vector<std::uint32_t> times;  ///< by the text's number
    double total = 1;
  };
  static std::size_t number_of(std::uint32_t slot, TextMode mode) {
    return slot * 2 + (mode == TextMode::folded ? 1 : 0);
  }
  void count(const Program& program, std::uint32_t condition);

  std::vector<Asked> order_, line_;
};

}  // namespace consign
