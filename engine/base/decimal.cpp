#include "consign/decimal.hpp"

#include <algorithm>
#include <array>

namespace consign {

namespace {

constexpr Int128 kMaxCoefficient = [] {
  Int128 power = 1;
  for (int i = 0; i < Decimal::kMaxDigits; ++i) power *= 10;
  return power - 1;
}();

bool multiply(Int128 a, Int128 b, Int128& product) {
  return !__builtin_mul_overflow(a, b, &product);
}

constexpr auto kPowersOfTen = [] {
  std::array<Int128, Decimal::kMaxDigits + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

/// 10^exponent; exponent from 0 to kMaxDigits.
Int128 power_of_ten(int exponent) { return kPowersOfTen[static_cast<std::size_t>(exponent)]; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `dividend / divisor` to the nearest whole, halves to the even one. `divisor` is positive.
Int128 divide_half_even(Int128 dividend, Int128 divisor) {
  Int128 quotient = dividend / divisor;
  const Int128 remainder = dividend % divisor;
  const Int128 magnitude = remainder < 0 ? -remainder : remainder;
  const Int128 left = divisor - magnitude;
  const bool up = magnitude > left || (magnitude == left && quotient % 2 != 0);
  if (up) quotient += dividend < 0 ? -1 : 1;
  return quotient;
}

std::string digits_of(Int128 magnitude) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(magnitude % 10)));
    magnitude /= 10;
  } while (magnitude != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string print(Int128 coefficient, int scale) {
  const bool negative = coefficient < 0;
  std::string digits = digits_of(negative ? -coefficient : coefficient);
  if (scale > 0) {
    const auto width = static_cast<std::size_t>(scale);
    if (digits.size() <= width) digits.insert(0, width + 1 - digits.size(), '0');
    digits.insert(digits.size() - width, ".");
  }
  return negative ? "-" + digits : digits;
}

}  // namespace

std::optional<Decimal> Decimal::make(Int128 coefficient, int scale) {
  // Zeros at the end of the fraction are the first to go where room is short.
  while (scale > 0 && coefficient % 10 == 0 &&
         (scale > kMaxScale || coefficient > kMaxCoefficient || coefficient < -kMaxCoefficient)) {
    coefficient /= 10;
    --scale;
  }
  if (scale > kMaxScale) {
    const int surplus = scale - kMaxScale;
    if (surplus > kMaxDigits) return Decimal(0);
    coefficient = divide_half_even(coefficient, power_of_ten(surplus));
    scale = kMaxScale;
  }
  if (coefficient > kMaxCoefficient || coefficient < -kMaxCoefficient) return std::nullopt;
  return Decimal(coefficient, scale);
}

namespace {

struct Plain {
  std::int64_t units;
  int scale;
};

/// What nearly all numbers are: few digits, perhaps a point among them. Nothing for any other text,
/// which parse() looks at closely.
std::optional<Plain> parse_plain(std::string_view text) {
  constexpr std::size_t kMostCharacters = 18;
  const std::size_t first = !text.empty() && text.front() == '-' ? 1 : 0;
  if (text.size() == first || text.size() > kMostCharacters || !is_digit(text[first]) ||
      !is_digit(text.back())) {
    return std::nullopt;
  }
  if (text[first] == '0' && text.size() > first + 1 && text[first + 1] != '.') return std::nullopt;
  std::int64_t units = 0;
  std::size_t point = text.size() - 1;
  for (std::size_t at = first; at < text.size(); ++at) {
    if (is_digit(text[at])) {
      units = units * 10 + (text[at] - '0');
    } else if (text[at] == '.' && point == text.size() - 1) {
      point = at;
    } else {
      return std::nullopt;
    }
  }
  return Plain{first == 1 ? -units : units, static_cast<int>(text.size() - 1 - point)};
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  if (const auto plain = parse_plain(text)) return Decimal(plain->units, plain->scale);
  std::size_t at = 0;
  const auto peek = [&] { return at < text.size() ? text[at] : '\0'; };
  const bool negative = peek() == '-';
  if (negative) ++at;
  if (!is_digit(peek())) return std::nullopt;
  if (peek() == '0' && at + 1 < text.size() && is_digit(text[at + 1])) return std::nullopt;

  Int128 coefficient = 0;
  int scale = 0;
  bool overflow = false;
  const auto take = [&](char digit) {
    if (coefficient > kMaxCoefficient / 10) {
      overflow = true;
    } else {
      coefficient = coefficient * 10 + (digit - '0');
    }
  };
  while (is_digit(peek())) take(text[at++]);
  if (peek() == '.') {
    ++at;
    if (!is_digit(peek())) return std::nullopt;
    while (is_digit(peek())) {
      take(text[at++]);
      ++scale;
    }
  }
  int exponent = 0;
  if (peek() == 'e' || peek() == 'E') {
    ++at;
    const bool down = peek() == '-';
    if (down || peek() == '+') ++at;
    if (!is_digit(peek())) return std::nullopt;
    while (is_digit(peek())) exponent = std::min(exponent * 10 + (text[at++] - '0'), 100'000);
    if (down) exponent = -exponent;
  }
  if (at != text.size() || overflow) return std::nullopt;

  scale -= exponent;
  while (scale < 0) {
    if (coefficient == 0) {
      scale = 0;
    } else if (coefficient > kMaxCoefficient / 10) {
      return std::nullopt;
    } else {
      coefficient *= 10;
      ++scale;
    }
  }
  while (scale > kMaxScale && coefficient % 10 == 0 && coefficient != 0) {
    coefficient /= 10;
    --scale;
  }
  if (coefficient == 0) scale = std::min(scale, kMaxScale);
  // A number is taken exactly or not at all.
  if (scale > kMaxScale || coefficient > kMaxCoefficient) return std::nullopt;
  return Decimal(negative ? -coefficient : coefficient, scale);
}

std::optional<Decimal> Decimal::plus(const Decimal& other) const {
  const int scale = std::max(scale_, other.scale_);
  Int128 a, b, sum;
  if (!multiply(coefficient_, power_of_ten(scale - scale_), a) ||
      !multiply(other.coefficient_, power_of_ten(scale - other.scale_), b) ||
      __builtin_add_overflow(a, b, &sum)) {
    return std::nullopt;
  }
  return make(sum, scale);
}

std::optional<Decimal> Decimal::minus(const Decimal& other) const { return plus(other.negated()); }

std::optional<Decimal> Decimal::times(const Decimal& other) const {
  Int128 product;
  if (!multiply(coefficient_, other.coefficient_, product)) return std::nullopt;
  return make(product, scale_ + other.scale_);
}

std::optional<Decimal> Decimal::divided_by(const Decimal& other) const {
  if (other.is_zero()) return std::nullopt;
  Int128 dividend = coefficient_;
  Int128 divisor = other.coefficient_;
  if (divisor < 0) {
    dividend = -dividend;
    divisor = -divisor;
  }
  // dividend / divisor has the scale `scale`; widen it while there is room.
  int scale = scale_ - other.scale_;
  while (scale < kMaxScale) {
    Int128 wider;
    if (!multiply(dividend, 10, wider)) break;
    dividend = wider;
    ++scale;
  }
  if (scale < 0) return std::nullopt;
  auto quotient = make(divide_half_even(dividend, divisor), scale);
  if (!quotient) return std::nullopt;
  while (quotient->scale_ > 0 && quotient->coefficient_ % 10 == 0) {
    quotient->coefficient_ /= 10;
    --quotient->scale_;
  }
  return quotient;
}

Decimal Decimal::negated() const { return Decimal(-coefficient_, scale_); }

Decimal Decimal::floor(const Decimal& number) {
  const Int128 unit = power_of_ten(number.scale_);
  Int128 whole = number.coefficient_ / unit;
  if (number.coefficient_ % unit < 0) --whole;
  return Decimal(whole, 0);
}

std::string Decimal::to_string() const { return print(coefficient_, scale_); }

std::string Decimal::to_canonical_string() const {
  Int128 coefficient = coefficient_;
  int scale = scale_;
  while (scale > 0 && coefficient % 10 == 0) {
    coefficient /= 10;
    --scale;
  }
  return print(coefficient, scale);
}

bool Decimal::is_whole() const { return coefficient_ % power_of_ten(scale_) == 0; }

std::optional<std::int64_t> Decimal::to_int64() const {
  if (!is_whole()) return std::nullopt;
  const Int128 whole = coefficient_ / power_of_ten(scale_);
  if (whole > INT64_MAX || whole < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

std::strong_ordering Decimal::compare_scaled(const Decimal& a, const Decimal& b) {
  if (a.scale_ > b.scale_) return 0 <=> compare_scaled(b, a);
  const Int128 power = power_of_ten(b.scale_ - a.scale_);
  // 64 bits by a power of up to 10^18 stay within 128.
  if (const auto units = a.units()) return order(*units * power, b.coefficient_);
  Int128 widened;
  if (!multiply(a.coefficient_, power, widened)) {
    // Too large for 128 bits, so larger in magnitude than b can be.
    return order(a.coefficient_, 0);
  }
  return order(widened, b.coefficient_);
}

}  // namespace consign
