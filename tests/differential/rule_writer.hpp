// Random rule sets as text: every operator, type, quantifier and action, so that parser, checker
// and formatter are exercised on the way. What comes out type-checks.
#pragma once

#include <string>
#include <vector>

#include "tests/differential/flavour.hpp"

namespace consign::reference {

struct RuleText {
  std::vector<std::string> declarations;
  std::vector<std::string> rules;
};

/// The rule set as one file.
std::string text_of(const RuleText& rules);

class RuleWriter {
 public:
  RuleWriter(Dice& dice, const Flavour& flavour) : dice_(dice), flavour_(flavour) {}
  RuleText rule_set();
  /// One rule; its name tells its number.
  std::string rule(std::size_t number);

 private:
  /// Whether `line` and `product` fields may be read, and whether a quantifier may.
  struct Place {
    bool line = false;
    bool quantifier = true;
  };
  /// What can be less and greater.
  enum class Measure { number, money, weight, duration, time, day, hour };

  std::vector<std::string> declarations();
  void declare_define(std::vector<std::string>& into, const char* name, Place place);
  std::string supplier(const std::string& name);

  std::string condition(Place place, int depth);
  std::string junction(Place place, int depth);
  std::string define_use(Place place);
  std::string compound();

  std::string redundancy(Place place, int depth);
  std::string repeated(const std::string& part, const std::string& other);
  std::string equalities(Place place);
  std::string intervals(Place place);

  std::string comparison(Place place, int depth);
  std::string text_comparison(Place place);
  std::string text_test(const std::string& left);
  std::string code_comparison(Place place);
  std::string enum_comparison(Place place);
  std::string ordered_comparison(Place place, int depth);
  std::string ordered(const std::string& left, Measure measure);
  std::string bounds(Measure measure);
  std::string member(Measure measure);
  std::string presence(Place place);
  std::string truth(Place place);
  std::string equality(const FieldRow& row);

  /// A literal that the field can be compared with.
  std::string literal(const FieldRow& row);
  std::string literal(Measure measure);
  /// `{ … }` with members that `make` makes.
  template <class Make>
  std::string members(Make make) {
    const std::size_t count = 1 + dice_.roll(flavour_.long_lists ? 20 : 3);
    std::string out = "{ ";
    for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "" : ", ") + make();
    return out + " }";
  }
  std::string maybe_not();
  std::string is_or_is_not();

  const FieldRow& text_field(Place place, bool many);
  const FieldRow& code_field(Place place);
  /// As a rule reads it: with a key, where it needs one.
  std::string reading(const FieldRow& row);
  std::string text_operand(Place place) { return reading(text_field(place, false)); }
  Measure some_measure();
  std::string operand(Measure measure, Place place, int depth);
  std::string number(Place place, int depth);
  std::string money(Place place, int depth);
  std::string weight(Place place, int depth);
  std::string duration(Place place, int depth);
  std::string time(Place place, int depth);
  std::string aggregate(int depth);
  std::string filter(int depth);

  std::string actions(Place place);
  std::string assign();
  std::string targets(bool shares);
  std::string grant(bool to_supplier_allowed);
  std::string set(Place place);
  std::string template_text(Place place);

  Dice& dice_;
  const Flavour& flavour_;
  std::vector<std::string> line_defines_, order_defines_;  ///< that may be used so far
};

}  // namespace consign::reference
