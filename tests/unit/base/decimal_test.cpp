#include "consign/decimal.hpp"

#include <doctest/doctest.h>

using consign::Decimal;

namespace {

Decimal number(std::string_view text) {
  const auto parsed = Decimal::parse(text);
  REQUIRE_MESSAGE(parsed.has_value(), text);
  return *parsed;
}

}  // namespace

TEST_CASE("a decimal prints as it was written") {
  for (const char* text : {"0", "12", "-0.50", "512.40", "9007199254740993", "0.000000000000000001",
                           "999999999999999999999999999999999999"}) {
    CHECK(number(text).to_string() == text);
  }
}

TEST_CASE("equal numbers are equal however they were written") {
  CHECK(number("1.50") == number("1.5"));
  CHECK(number("-0") == number("0.00"));
  CHECK(number("1e3") == number("1000"));
  CHECK(number("12e-2") == number("0.12"));
  CHECK(number("1.50").to_canonical_string() == "1.5");
}

TEST_CASE("what is no number in JSON's form is refused") {
  for (const char* text :
       {"", "-", "+1", ".5", "1.", "01", "1e", "0x1", "1 ", " 1", "1,5", "NaN"}) {
    CHECK_MESSAGE(!Decimal::parse(text).has_value(), text);
  }
}

TEST_CASE("a number that does not fit is refused rather than rounded") {
  CHECK(!Decimal::parse("1000000000000000000000000000000000000").has_value());
  CHECK(!Decimal::parse("0.0000000000000000001").has_value());
  CHECK(!Decimal::parse("1e99999999999").has_value());
}

TEST_CASE("order holds where scales differ by more than 128 bits can hold") {
  CHECK(number("999999999999999999999999999999999999") > number("0.000000000000000001"));
  CHECK(number("-999999999999999999999999999999999999") < number("-0.000000000000000001"));
  CHECK(number("0.1") < number("0.11"));
  CHECK(number("-1.5") < number("-1.49"));
}

TEST_CASE("sums, differences and products are exact") {
  CHECK(*number("0.1").plus(number("0.2")) == number("0.3"));
  CHECK(*number("5").minus(number("7.25")) == number("-2.25"));
  CHECK(*number("19.90").times(number("3")) == number("59.7"));
  CHECK(!number("999999999999999999999999999999999999").plus(number("1")).has_value());
  CHECK(!number("999999999999999999").times(number("9999999999999999999")).has_value());
}

TEST_CASE("a quotient is rounded half-even and never by zero") {
  CHECK(number("1").divided_by(number("3"))->to_string() == "0.333333333333333333");
  CHECK(number("2").divided_by(number("3"))->to_string() == "0.666666666666666667");
  CHECK(number("10").divided_by(number("4"))->to_string() == "2.5");
  CHECK(!number("1").divided_by(number("0.00")).has_value());
}
