#include "tests/differential/flavour.hpp"

#include <algorithm>

namespace consign::reference {
namespace {

/// Some of them, or (half of the time) all.
std::vector<std::string> some_of(Dice& dice, const std::vector<std::string>& all) {
  if (dice.chance(50)) return all;
  std::vector<std::string> out;
  for (std::size_t i = 0, count = 2 + dice.roll(4); i < count; ++i) out.push_back(dice.pick(all));
  return out;
}

std::size_t rule_count(Dice& dice) {
  const std::size_t roll = dice.roll(1000);
  if (roll < 600) return 1 + dice.roll(6);
  if (roll < 930) return 7 + dice.roll(14);
  if (roll < 985) return 21 + dice.roll(40);
  return 61 + dice.roll(140);
}

std::size_t most_lines(Dice& dice, std::size_t rules) {
  const std::size_t roll = dice.roll(100);
  if (roll < 70 || rules > 20) return 5;
  return roll < 97 ? 3 : 40;
}

}  // namespace

const std::vector<std::string>& words() {
  static const std::vector<std::string> list = {"acme",
                                                "ACME",
                                                " acme ",
                                                "bulky",
                                                "north",
                                                "south",
                                                "Ünïcøde words",
                                                "say \"hi\"\\n",
                                                "a*b",
                                                "",
                                                "  ",
                                                "Straße",
                                                "STRASSE",
                                                "straẞe",
                                                "ss",
                                                "SS",
                                                "ß",
                                                "ẞ",
                                                "İzmir",
                                                "i\u0307zmir",
                                                "izmir",
                                                "İ",
                                                "I",
                                                "ı",
                                                "café",
                                                "cafe\u0301",
                                                "e\u0323\u0301",
                                                "e\u0301\u0323",
                                                "ﬀ",
                                                "Ⅷ",
                                                "\u212bngstrom",
                                                "a\u030angstrom",
                                                "α\u0345",
                                                "ᾳ"};
  return list;
}

const std::vector<std::string>& codes() {
  static const std::vector<std::string> list = {"ACM-1",
                                                "acm-1",
                                                "ACM-2",
                                                "BLK-4",
                                                "007",
                                                "7",
                                                "a@b.example",
                                                "A@B.Example",
                                                "ß",
                                                "ẞ",
                                                "ss",
                                                "İ",
                                                "i\u0307",
                                                "é",
                                                "",
                                                "9007199254740993",
                                                "e\u0301ACM-1",
                                                " ACM-1"};
  return list;
}

const std::vector<std::string>& numbers() {
  static const std::vector<std::string> list = {"0",
                                                "-0",
                                                "1",
                                                "1.0",
                                                "2",
                                                "3",
                                                "5",
                                                "0.5",
                                                "2.25",
                                                "2.2500000001",
                                                "2.2499999999",
                                                "-5",
                                                "10",
                                                "100.00",
                                                "9007199254740992",
                                                "9007199254740993",
                                                "9007199254740994",
                                                "1234567890.123456789",
                                                "9999999999.999999999",
                                                "9999999999999999999",
                                                "9999999999999999998"};
  return list;
}

Flavour flavour_of(Dice& dice) {
  Flavour flavour;
  flavour.words = some_of(dice, words());
  flavour.codes = some_of(dice, codes());
  flavour.numbers = some_of(dice, numbers());
  flavour.rules = rule_count(dice);
  const int depths[] = {0, 1, 1, 2, 2, 3, 3, 4, 5, 5};
  flavour.depth = depths[dice.roll(flavour.rules > 20 ? 4 : 10)];
  flavour.negations = dice.chance(30) ? 30 : 10;
  flavour.redundancies = dice.chance(25) ? 40 : 8;
  flavour.compounds = dice.chance(25) ? 70 : 10;
  const std::vector<Field> candidates = {
      Field::order_ship_to_country, Field::order_shop,   Field::order_payment,
      Field::order_source,          Field::order_tag,    Field::line_sku,
      Field::line_vendor,           Field::product_tag,  Field::product_vendor,
      Field::product_type,          Field::customer_tag, Field::order_currency};
  for (std::size_t i = 0; i < 4; ++i) flavour.compound_fields.push_back(dice.pick(candidates));
  flavour.long_lists = dice.chance(15);
  flavour.most_lines = most_lines(dice, flavour.rules);
  flavour.choosy = dice.chance(65);
  const std::size_t scarcities[] = {0, 25, 25, 50};
  flavour.scarcity = scarcities[dice.roll(4)];
  return flavour;
}

Flavour large_flavour_of(Dice& dice) {
  Flavour flavour = flavour_of(dice);
  flavour.rules = 500 + dice.roll(3'000);
  flavour.depth = static_cast<int>(dice.roll(2));
  flavour.most_lines = dice.chance(50) ? 5 : 40;
  return flavour;
}

std::string some_text(Dice& dice, const Flavour& flavour, const FieldRow& row) {
  switch (row.field) {
    case Field::line_id:
      return dice.pick({"1", "2", "3", "41"});
    case Field::product_id:
      return dice.pick({"p-0", "p-1", "p-2", "p-9"});
    case Field::order_shop:
    case Field::shop_id:
      return dice.pick({"nordic", "nordic", "outlet"});
    default:
      break;
  }
  switch (row.domain) {
    case Domain::country:
      return dice.pick({"SE", "NO", "DE", "US"});
    case Domain::currency:
      return dice.pick({"EUR", "EUR", "EUR", "USD", "USD", "GBP"});
    case Domain::payment:
      return dice.pick({"paid", "pending", "authorized"});
    case Domain::channel:
      return dice.pick({"shopify", "own"});
    case Domain::plan:
      return dice.pick({"basic", "plus"});
    case Domain::product_status:
      return dice.pick({"active", "draft"});
    case Domain::weekday:
      return dice.pick({"friday", "sat", "Sunday", "wednesday"});
    default:
      return dice.pick(row.type == Type::code ? flavour.codes : flavour.words);
  }
}

}  // namespace consign::reference
