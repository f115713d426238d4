// What rules and events of one world draw from, so that they meet; and what is particular to the
// world, so that worlds differ from one another and not only rules.
#pragma once

#include <string>
#include <vector>

#include "consign/schema.hpp"
#include "tests/differential/dice.hpp"

namespace consign::reference {

/// Texts and numbers where comparing goes wrong most easily: empty, folded alike, composed and
/// decomposed, letters whose case is difficult; beyond a double's digits, minus zero, one apart.
const std::vector<std::string>& words();
const std::vector<std::string>& codes();
const std::vector<std::string>& numbers();

struct Flavour {
  std::vector<std::string> words, codes, numbers;  ///< all there are, or only a few of them
  std::size_t rules = 1;
  int depth = 2;                 ///< of conditions, at most
  std::size_t negations = 10;    ///< percent of comparisons that are negated
  std::size_t redundancies = 5;  ///< percent of nested conditions with parts that say nothing new
  std::size_t compounds = 10;    ///< percent of rules that ask for several fields' values at once
  std::vector<Field> compound_fields;  ///< which
  bool long_lists = false;
  std::size_t most_lines = 5;
  bool choosy = true;        ///< suppliers serve some countries or shops only, or are suspended
  std::size_t scarcity = 0;  ///< percent of suppliers' properties that limit what they take
};
Flavour flavour_of(Dice& dice);
/// Thousands of short rules, as orders of any size meet them.
Flavour large_flavour_of(Dice& dice);

/// A text that events hold in the field, and now and then one that none of them holds.
std::string some_text(Dice& dice, const Flavour& flavour, const FieldRow& row);

}  // namespace consign::reference
