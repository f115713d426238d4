// All conditions of up to three logical operators over two parts, each of which may be true, false,
// missing, unknown or an error: four-valued logic, tabulated here once more and compared with both
// reference and engine.

#include <doctest/doctest.h>

#include <array>

#include "consign/dsl.hpp"
#include "tests/differential/reference.hpp"

namespace consign::reference {
namespace {

enum class Truth { no, unknown, error, yes };

struct Tree {
  std::string text;
  /// What it says, given what the two parts say.
  std::array<std::array<Truth, 4>, 4> table;
};

template <class Combine>
Tree combined(const std::string& text, Combine&& combine) {
  Tree tree{text, {}};
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 4; ++b) tree.table[a][b] = combine(a, b);
  }
  return tree;
}

Truth negation(Truth truth) {
  if (truth == Truth::yes) return Truth::no;
  return truth == Truth::no ? Truth::yes : truth;
}
/// False, else error, else unknown, else true.
Truth both(Truth a, Truth b) {
  for (const Truth truth : {Truth::no, Truth::error, Truth::unknown}) {
    if (a == truth || b == truth) return truth;
  }
  return Truth::yes;
}

/// All trees with exactly that many operators.
std::vector<Tree> trees(int operators) {
  if (operators == 0) {
    return {combined("a", [](int a, int) { return static_cast<Truth>(a); }),
            combined("b", [](int, int b) { return static_cast<Truth>(b); })};
  }
  std::vector<Tree> out;
  for (const Tree& inner : trees(operators - 1)) {
    out.push_back(combined("not (" + inner.text + ")",
                           [&](int a, int b) { return negation(inner.table[a][b]); }));
  }
  for (int left_size = 0; left_size < operators; ++left_size) {
    const auto lefts = trees(left_size), rights = trees(operators - 1 - left_size);
    for (const Tree& left : lefts) {
      for (const Tree& right : rights) {
        out.push_back(combined("(" + left.text + ") and (" + right.text + ")", [&](int a, int b) {
          return both(left.table[a][b], right.table[a][b]);
        }));
        out.push_back(combined("(" + left.text + ") or (" + right.text + ")", [&](int a, int b) {
          return negation(both(negation(left.table[a][b]), negation(right.table[a][b])));
        }));
      }
    }
  }
  return out;
}

/// `a` compares on line 1, `b` (negated, so that missing makes it true) on line 2; a row in GBP has
/// no rate.
constexpr const char* kDeclarations =
    "table fee = { \"dear\": 5 EUR, \"cheap\": 1 EUR, \"odd\": 1 GBP }\n"
    "define a = any line (line.id = \"1\" and fee[product.vendor] > 1 EUR)\n"
    "define b = any line (line.id = \"2\" and fee[product.vendor] != 1 EUR)\n";

struct PartValue {
  Known known;
  const char* vendor;
  Truth a, b;
};
constexpr PartValue kValues[] = {{Known::known, "dear", Truth::yes, Truth::yes},
                                 {Known::known, "cheap", Truth::no, Truth::no},
                                 {Known::missing, "", Truth::no, Truth::yes},
                                 {Known::unknown, "", Truth::unknown, Truth::unknown},
                                 {Known::known, "odd", Truth::error, Truth::error}};

struct Given {
  Event event;
  Facts facts;
};

Given given(const PartValue& first, const PartValue& second) {
  Given out;
  out.event.order.set(Field::order_id, Value::of_code("1001"));
  out.event.order.set(Field::order_shop, Value::of_code("nordic"));
  out.event.order.set(Field::order_currency, Value::of_enum("EUR"));
  out.event.order.set(Field::order_received_at, Value::of_time(Timestamp{0}));
  for (const auto& [id, value] : {std::pair{"1", &first}, std::pair{"2", &second}}) {
    Record line;
    line.set(Field::line_id, Value::of_code(id));
    line.set(Field::line_quantity, Value::of_number(Decimal(1)));
    out.event.lines.push_back(std::move(line));
    out.event.line_products.push_back(std::string("p-") + id);
    Facts::Product product{value->known, std::string("product p-") + id, {}};
    if (value->known == Known::known) {
      auto record = std::make_shared<Record>();
      record->set(Field::product_vendor, Value::of_text(value->vendor));
      product.record = std::move(record);
    }
    out.facts.products.push_back(std::move(product));
  }
  return out;
}

/// What a shadow rule that would hold says of its condition, for the first line.
std::string shadow_of(Truth truth) {
  switch (truth) {
    case Truth::yes:
      return "would_hold";
    case Truth::unknown:
      return "would_wait";
    case Truth::error:
      return "would_fail";
    case Truth::no:
      break;
  }
  return "nothing";
}

std::vector<std::string> said(const ReferenceDecision& decision, std::size_t rules) {
  std::vector<std::string> out(rules, "nothing");
  for (const ReferenceShadow& shadow : decision.shadows) {
    if (shadow.line.value_or(0) == 0) out.at(shadow.rule) = shadow.would;
  }
  return out;
}

}  // namespace

TEST_CASE("conditions of up to three operators have the truth of the table") {
  std::vector<Tree> all;
  for (int operators = 0; operators <= 3; ++operators) {
    for (Tree& tree : trees(operators)) all.push_back(std::move(tree));
  }
  std::string text = kDeclarations;
  for (std::size_t i = 0; i < all.size(); ++i) {
    text += "rule r" + std::to_string(i) + " on order { mode shadow when " + all[i].text +
            " then hold \"x\" }\n";
  }
  const CheckResult result = check_rules({{"logic.rules", text}});
  REQUIRE(result.ok());
  const auto program = compile(result.rules);

  for (const PartValue& first : kValues) {
    for (const PartValue& second : kValues) {
      const Given one = given(first, second);
      std::vector<std::string> expected;
      for (const Tree& tree : all) {
        expected.push_back(
            shadow_of(tree.table[static_cast<int>(first.a)][static_cast<int>(second.b)]));
      }
      const Timestamp now{0};
      Arena arena;
      const auto by_reference = said(decide(*result.rules, one.event, one.facts, now), all.size());
      const auto by_engine =
          said(copy_of(decide(*program, one.event, one.facts, now, arena)), all.size());
      for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(all[i].text);
        REQUIRE(by_reference[i] == expected[i]);
        REQUIRE(by_engine[i] == expected[i]);
      }
    }
  }
}

}  // namespace consign::reference
