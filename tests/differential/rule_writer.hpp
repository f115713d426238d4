// Random rule sets as text: every operator, type, quantifier and action, so that parser, checker
// and formatter are exercised on the way. What comes out type-checks.
#pragma once

#include <string>
#include <vector>

#include "tests/differential/dice.hpp"

namespace consign::reference {

/// The words that rules and events share, so that they meet: plain, folded alike, empty, composed
/// and decomposed, and with the letters whose case is difficult.
const std::vector<std::string>& words();
/// Codes, countries, numbers that both sides draw from.
const std::vector<std::string>& codes();
const std::vector<std::string>& numbers();

struct RuleText {
  std::vector<std::string> declarations;
  std::vector<std::string> rules;
};

class RuleWriter {
 public:
  explicit RuleWriter(Dice& dice) : dice_(dice) {}
  RuleText rule_set(std::size_t rule_count);

 private:
  /// Whether `line` and `product` fields may be read, and whether a quantifier may.
  struct Place {
    bool line = false;
    bool quantifier = true;
  };

  std::vector<std::string> declarations();
  std::string supplier(const std::string& name);
  std::string rule(std::size_t number);

  std::string condition(Place place, int depth);
  std::string junction(Place place, int depth);
  std::string comparison(Place place, int depth);
  std::string text_comparison(Place place);
  std::string code_comparison(Place place);
  std::string enum_comparison(Place place);
  std::string ordered_comparison(Place place, int depth);
  std::string presence(Place place);
  std::string truth(Place place);

  std::string text_field(Place place, bool many);
  std::string code_field(Place place);
  std::string number(Place place, int depth);
  std::string money(Place place, int depth);
  std::string weight(Place place, int depth);
  std::string duration(Place place, int depth);
  std::string time(Place place);
  std::string aggregate(int depth);
  std::string filter(int depth);

  std::string actions(Place place);
  std::string assign();
  std::string targets(bool shares);
  std::string grant(bool to_supplier_allowed);
  std::string set(Place place);
  std::string template_text(Place place);

  Dice& dice_;
  bool declared_ = false;  ///< whether defines may be used
};

}  // namespace consign::reference
