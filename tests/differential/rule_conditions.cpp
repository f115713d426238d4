// Random conditions: junctions, negations, quantifiers, and what a simplifier would take out.

#include "tests/differential/rule_writer.hpp"

namespace consign::reference {

std::string RuleWriter::condition(Place place, int depth) {
  if (depth > 0) {
    if (dice_.chance(flavour_.redundancies)) return redundancy(place, depth);
    if (dice_.chance(50)) return junction(place, depth);
    if (dice_.chance(15)) return "not (" + condition(place, depth - 1) + ")";
    if (place.quantifier && dice_.chance(20)) {
      return dice_.pick({"any line (", "every line (", "no line ("}) +
             condition({true, false}, depth - 1) + ")";
    }
  }
  if (dice_.chance(6)) return define_use(place);
  if (dice_.chance(3)) return dice_.pick({"true", "false"});
  return comparison(place, depth);
}

std::string RuleWriter::junction(Place place, int depth) {
  const std::string word = dice_.pick({" and ", " or "});
  std::string out;
  for (std::size_t i = 0, parts = 2 + dice_.roll(2); i < parts; ++i) {
    const std::string part =
        dice_.chance(60) ? "(" + condition(place, depth - 1) + ")" : comparison(place, depth - 1);
    out += (i == 0 ? "" : word) + part;
  }
  return out;
}

std::string RuleWriter::define_use(Place place) {
  const auto& names = place.line ? line_defines_ : order_defines_;
  return names.empty() ? "true" : dice_.pick(names);
}

/// Equalities over some of the world's few fields, which its other rules ask for, too.
std::string RuleWriter::compound() {
  std::string out;
  for (std::size_t i = 0, parts = 2 + dice_.roll(3); i < parts; ++i) {
    const FieldRow& row = row_of(flavour_.compound_fields[i]);
    if (row.subject == Subject::line || row.subject == Subject::product || dice_.chance(90)) {
      out += (i == 0 ? "" : " and ") + equality(row);
    } else {
      out +=
          (i == 0 ? "" : " and ") + std::string("(") + equality(row) + " or " + equality(row) + ")";
    }
  }
  return out;
}

std::string RuleWriter::equality(const FieldRow& row) {
  const std::string left = reading(row);
  if (dice_.chance(20)) return left + " in " + members([&] { return literal(row); });
  return left + " = " + literal(row);
}

// ---- parts that say nothing new, or that no order can fulfil -----------------------------------

std::string RuleWriter::redundancy(Place place, int depth) {
  switch (dice_.roll(7)) {
    case 0:
      return "not (not (" + condition(place, depth - 1) + "))";
    case 1:
      return equalities(place);
    case 2:
    case 3:
      return intervals(place);
    case 4:
      return "(" + condition(place, depth - 1) + ")" +
             dice_.pick({" and true", " or false", " and false", " or true"});
    default:
      return repeated(condition(place, depth - 1), comparison(place, 0));
  }
}

std::string RuleWriter::repeated(const std::string& part, const std::string& other) {
  const std::string a = "(" + part + ")", b = "(" + other + ")";
  switch (dice_.roll(5)) {
    case 0:
      return a + dice_.pick({" and ", " or "}) + a;
    case 1:
      return "not " + a + dice_.pick({" and ", " or "}) + a;
    case 2:
      return a + " and (" + a + " or " + b + ")";
    case 3:
      return a + " or (" + b + " and " + a + ")";
    default:
      return "(" + a + " or " + b + ") and (" + a + " or not " + b + ")";
  }
}

/// Several equalities, lists and presence tests of one field.
std::string RuleWriter::equalities(Place place) {
  const FieldRow& row = dice_.chance(70) ? text_field(place, true) : code_field(place);
  const std::string left = reading(row);
  const std::string word = dice_.pick({" and ", " or ", " or "});
  std::string out;
  for (std::size_t i = 0, parts = 2 + dice_.roll(4); i < parts; ++i) {
    out += i == 0 ? "" : word;
    switch (dice_.roll(6)) {
      case 0:
        out += left + " " + maybe_not() + "in " + members([&] { return literal(row); });
        break;
      case 1:
        out += left + dice_.pick({" is missing", " is present"});
        break;
      case 2:
        out += left + " != " + literal(row);
        break;
      default:
        out += left + " = " + literal(row);
    }
  }
  return out;
}

/// Several bounds of one operand: overlapping, touching, empty.
std::string RuleWriter::intervals(Place place) {
  const Measure measure = some_measure();
  const std::string left = operand(measure, place, dice_.chance(25) ? 1 : 0);
  const std::string word = dice_.pick({" and ", " and ", " or "});
  std::string out = ordered(left, measure);
  for (std::size_t i = 0, more = 1 + dice_.roll(3); i < more; ++i) {
    out += word + ordered(left, measure);
  }
  return out;
}

}  // namespace consign::reference
