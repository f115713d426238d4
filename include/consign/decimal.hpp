// Exact decimal numbers: money, quantities, weights and every number that a rule writes.
//
// A Decimal is a 128-bit integer and a count of fraction digits. Nothing is ever rounded
// silently to a binary fraction; what does not fit is an error that the caller sees.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace consign {

__extension__ typedef __int128 Int128;

/// An exact decimal: `coefficient / 10^scale`. A plain value, 32 bytes, safe to copy anywhere.
/// Remembers how many fraction digits it was written with ("512.40" prints as "512.40");
/// comparison does not look at that.
class Decimal {
 public:
  /// Most digits that a coefficient may have, and most of them after the point.
  static constexpr int kMaxDigits = 36;
  static constexpr int kMaxScale = 18;

  constexpr Decimal() = default;
  constexpr Decimal(std::int64_t whole) : coefficient_(whole) {}
  /// `units / 10^scale`; the scale is from 0 to kMaxScale.
  static constexpr Decimal of_units(std::int64_t units, int scale) {
    return {Int128{units}, scale};
  }

  /// The number that a text in the form of a JSON number says ("12", "-0.50", "1e3"), or nothing
  /// where the text has another form or the number does not fit. `1_000` is for rule files,
  /// whose reader takes the underscores out.
  static std::optional<Decimal> parse(std::string_view text);

  /// The exact sum, difference or product (a product's fraction is rounded half-even to
  /// kMaxScale digits); nothing on overflow.
  std::optional<Decimal> plus(const Decimal& other) const;
  std::optional<Decimal> minus(const Decimal& other) const;
  std::optional<Decimal> times(const Decimal& other) const;
  /// The quotient, rounded half-even to kMaxScale fraction digits (fewer where the whole part
  /// leaves no room); nothing on division by zero or overflow.
  std::optional<Decimal> divided_by(const Decimal& other) const;
  Decimal negated() const;
  /// The largest whole number that is not above `number`.
  static Decimal floor(const Decimal& number);

  /// As written: the coefficient with its fraction digits, no exponent.
  std::string to_string() const;
  /// As short as can be: no trailing zeros after the point. Equal numbers give equal texts.
  std::string to_canonical_string() const;

  bool is_zero() const { return coefficient_ == 0; }
  bool is_negative() const { return coefficient_ < 0; }
  bool is_whole() const;
  /// The number as an int64, where it is whole and fits.
  std::optional<std::int64_t> to_int64() const;
  /// The count of fraction digits that it was written with.
  constexpr int scale() const { return scale_; }
  /// The coefficient, where it fits.
  constexpr std::optional<std::int64_t> units() const {
    const auto units = static_cast<std::int64_t>(coefficient_);
    return units == coefficient_ ? std::optional(units) : std::nullopt;
  }

  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
    return a.scale_ == b.scale_ ? order(a.coefficient_, b.coefficient_) : compare_scaled(a, b);
  }
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }

 private:
  constexpr Decimal(Int128 coefficient, int scale) : coefficient_(coefficient), scale_(scale) {}
  static std::optional<Decimal> make(Int128 coefficient, int scale);
  static constexpr std::strong_ordering order(Int128 a, Int128 b) {
    return a < b   ? std::strong_ordering::less
           : a > b ? std::strong_ordering::greater
                   : std::strong_ordering::equal;
  }
  static std::strong_ordering compare_scaled(const Decimal& a, const Decimal& b);

  Int128 coefficient_ = 0;
  int scale_ = 0;
};

}  // namespace consign
