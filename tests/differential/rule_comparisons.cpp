// Random comparisons: every operator on every type that an order has.

#include "consign/text.hpp"
#include "tests/differential/rule_writer.hpp"

namespace consign::reference {

std::string RuleWriter::maybe_not() { return dice_.chance(flavour_.negations) ? "not " : ""; }

std::string RuleWriter::is_or_is_not() { return dice_.chance(flavour_.negations) ? " != " : " = "; }

std::string RuleWriter::literal(const FieldRow& row) {
  std::string text = some_text(dice_, flavour_, row);
  if (row.type == Type::enumeration) {
    if (dice_.chance(20)) text = ascii_lower(text);
    if (dice_.chance(10)) text = words_of(row.domain).front();
  }
  return quote(text);
}

std::string RuleWriter::comparison(Place place, int depth) {
  const std::string out = [&] {
    switch (dice_.roll(12)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return text_comparison(place);
      case 4:
        return code_comparison(place);
      case 5:
        return enum_comparison(place);
      case 6:
        return presence(place);
      case 7:
        return truth(place);
      default:
        return ordered_comparison(place, depth);
    }
  }();
  return dice_.chance(flavour_.negations / 3) ? "not (" + out + ")" : out;
}

std::string RuleWriter::text_comparison(Place place) {
  const FieldRow& row = text_field(place, true);
  const std::string left = dice_.chance(10) ? "zone-of[" + text_operand(place) + "]" : reading(row);
  switch (dice_.roll(10)) {
    case 0:
      return left + is_or_is_not() + "exactly " + literal(row);
    case 1:
      return left + is_or_is_not() + text_operand(place);
    case 2:
      return left + " " + maybe_not() + "in words";
    case 3:
      return left + " " + maybe_not() + "in " + members([&] { return literal(row); });
    case 4:
    case 5:
    case 6:
      return text_test(left);
    default:
      return left + is_or_is_not() + literal(row);
  }
}

std::string RuleWriter::text_test(const std::string& left) {
  const std::string test = left + " " + maybe_not();
  switch (dice_.roll(5)) {
    case 0:
    case 1:
      return test + dice_.pick({"contains ", "starts with ", "ends with "}) +
             (dice_.chance(25) ? "exactly " : "") +
             quote(dice_.pick({"ac", "AC", "ss", "ß", "ẞ", "i", "İ", "\u0307", "e", "ME", "", " ",
                               "zz", "acme"}));
    case 2:
    case 3:
      return test + "like " +
             quote(dice_.pick({"a*", "*me", "A?ME", "*", "a\\*b", "stra*e", "caf?", "*\u0301", "",
                               "?", "*c*", "*ß*", "a*m*e", "??"}));
    default:
      return test + "matches " +
             quote(dice_.pick({"^a", "(?i)^ACME$", "[sß]", "\\bhi\\b", "^$", ".", "acme|bulky",
                               "c.?f", "(?i)straß"}));
  }
}

std::string RuleWriter::code_comparison(Place place) {
  const FieldRow& row = code_field(place);
  const std::string left = reading(row);
  const std::string test = left + " " + maybe_not();
  switch (dice_.roll(6)) {
    case 0:
      return test + "in " + members([&] { return literal(row); });
    case 1:
      return test + dice_.pick({"contains ", "starts with ", "ends with "}) +
             quote(dice_.pick({"ACM", "acm", "-1", "A@", "7", "ß", "", "p-"}));
    case 2:
      return test + "like " + quote(dice_.pick({"ACM-*", "*-?", "a@*", "??7", "*", "*ß", "p-*"}));
    case 3:
      return test + "matches " + quote(dice_.pick({"^ACM", "(?i)acm", "[0-9]$"}));
    default:
      return left + is_or_is_not() + literal(row);
  }
}

std::string RuleWriter::enum_comparison(Place place) {
  if (dice_.chance(15)) return "order.ship_to.country " + maybe_not() + "in nordics";
  if (dice_.chance(15)) {
    static const std::vector<std::string> days = {"\"friday\"", "\"sat\"", "\"Sunday\"",
                                                  "\"wednesday\""};
    const std::string day = "weekday(" + time(place, 0) + ")";
    if (dice_.chance(30))
      return day + " " + maybe_not() + "in " + members([&] { return dice_.pick(days); });
    return day + is_or_is_not() + dice_.pick(days);
  }
  static const std::vector<Field> fields = {
      Field::order_ship_to_country, Field::order_currency, Field::order_payment,
      Field::order_channel,         Field::shop_plan,      Field::shop_channel,
      Field::product_status};
  const FieldRow& row = row_of(fields[dice_.roll(fields.size() - (place.line ? 0 : 1))]);
  if (dice_.chance(25)) {
    return reading(row) + " " + maybe_not() + "in " + members([&] { return literal(row); });
  }
  return reading(row) + is_or_is_not() + literal(row);
}

std::string RuleWriter::literal(Measure measure) {
  switch (measure) {
    case Measure::number:
      return dice_.pick(flavour_.numbers);
    case Measure::money:
      return dice_.pick(flavour_.numbers) + dice_.pick({" EUR", " EUR", " EUR", " USD", " GBP"});
    case Measure::weight:
      return dice_.pick({"300 g", "0.5 kg", "2 lb", "1 oz", "20 kg", "0 g"});
    case Measure::duration:
      return dice_.pick({"1h", "2 days", "90s", "1 week", "0s"});
    case Measure::time:
      return dice_.pick({"2026-11-27", "2026-11-28", "2026-11-27T10:00:00Z",
                         "2026-11-26T23:30:00+01:00", "2026-11-26T12:00:00.499999Z"});
    case Measure::day:
      return dice_.pick({"2026-11-26", "2026-11-27", "2026-11-28"});
    case Measure::hour:
      return dice_.pick({"0", "9", "12", "17", "23"});
  }
  return {};
}

/// Days stand for instants beside operators, not in lists.
std::string RuleWriter::member(Measure measure) {
  const std::string out = literal(measure);
  return measure == Measure::time && out.size() == 10 ? "2026-11-27T10:00:00Z" : out;
}

/// Both of one kind: a day and a time, or two currencies without a rate, do not load.
std::string RuleWriter::bounds(Measure measure) {
  const std::string low = literal(measure);
  std::string high = literal(measure);
  if (measure == Measure::money) high = dice_.pick(flavour_.numbers) + low.substr(low.size() - 4);
  if (measure == Measure::time && (low.size() == 10) != (high.size() == 10)) high = low;
  return low + " and " + high;
}

RuleWriter::Measure RuleWriter::some_measure() {
  const Measure measures[] = {Measure::number, Measure::number, Measure::number,   Measure::money,
                              Measure::money,  Measure::money,  Measure::weight,   Measure::time,
                              Measure::time,   Measure::day,    Measure::duration, Measure::hour};
  return measures[dice_.roll(std::size(measures))];
}

std::string RuleWriter::ordered(const std::string& left, Measure measure) {
  const std::size_t roll = dice_.roll(10);
  if (roll < 2) {
    return left + " " + maybe_not() + "between " + bounds(measure);
  }
  if (roll < 4) {
    return left + " " + maybe_not() + "in " + members([&] { return member(measure); });
  }
  if (roll == 4) return left + is_or_is_not() + literal(measure);
  return left + dice_.pick({" < ", " <= ", " > ", " >= "}) + literal(measure);
}

std::string RuleWriter::ordered_comparison(Place place, int depth) {
  const Measure measure = some_measure();
  const std::string left = operand(measure, place, depth);
  if (measure == Measure::number && dice_.chance(8)) return left + " " + maybe_not() + "in amounts";
  if (measure == Measure::money && dice_.chance(8)) return left + " " + maybe_not() + "in prices";
  const bool bare = measure == Measure::day || measure == Measure::hour;
  if (bare || dice_.chance(75)) return ordered(left, measure);
  const std::string right = operand(measure, place, depth);
  if (dice_.chance(20))
    return left + " " + maybe_not() + "between " + right + " and " + operand(measure, place, 0);
  if (dice_.chance(10)) return literal(measure) + " <= " + left;
  return left + dice_.pick({" = ", " != ", " < ", " <= ", " > ", " >= "}) + right;
}

std::string RuleWriter::presence(Place place) {
  const std::string field = [&] {
    switch (dice_.roll(5)) {
      case 0:
        return reading(text_field(place, true));
      case 1:
        return place.line ? dice_.pick({"line.sku", "line.weight", "product.vendor", "product.tag"})
                          : dice_.pick({"order.name", "customer.email", "order.weight"});
      case 2:
        return dice_.pick({"order.discount", "order.ship_to.country", "order.subtotal"});
      case 3:
        return "fee[" + text_operand(place) + "]";
      default:
        return text_operand(place);
    }
  }();
  return field + dice_.pick({" is missing", " is present", " is not missing", " is not present"});
}

std::string RuleWriter::truth(Place place) {
  const std::string field = place.line && dice_.chance(60)
                                ? dice_.pick({"line.gift_card", "line.requires_shipping"})
                                : "order.test";
  switch (dice_.roll(5)) {
    case 0:
      return "not " + field;
    case 1:
      return field + is_or_is_not() + dice_.pick({"true", "false"});
    case 2:
      return field + " " + maybe_not() + "in " + dice_.pick({"{ true }", "{ false, true }"});
    default:
      return field;
  }
}

}  // namespace consign::reference
