#include "engine/number_line.hpp"

#include <array>

namespace consign {

namespace {

constexpr int kDigits = 4;
constexpr std::array<std::int64_t, kDigits + 1> kFactors = {1, 10, 100, 1'000, 10'000};

}  // namespace

std::int64_t place_on_line(const Decimal& number) {
  const std::int64_t end = number.is_negative() ? kLineBegin : kLineEnd;
  if (const auto units = number.units(); units && number.scale() <= kDigits) {
    std::int64_t steps;
    const std::int64_t factor = kFactors[static_cast<std::size_t>(kDigits - number.scale())];
    return __builtin_mul_overflow(*units, factor, &steps) ? end : steps;
  }
  const auto steps = number.times(Decimal(kFactors[kDigits]));
  return steps ? Decimal::floor(*steps).to_int64().value_or(end) : end;
}

std::int64_t place_on_line(const Value& value) {
  switch (value.type) {
    case Type::time:
      return value.time.micros;
    case Type::day:
      return value.day.days;
    default:
      return place_on_line(value.number);
  }
}

}  // namespace consign
