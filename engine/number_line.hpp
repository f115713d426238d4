// Where values stand on a line of whole numbers, so that ranges are found by comparing integers.
//
// Rounded down to four fraction digits and cut at the ends of 64 bits: what is larger never stands
// before what is smaller. Values that differ by less may share a place; the condition tells them
// apart.
#pragma once

#include <cstdint>

#include "consign/value.hpp"

namespace consign {

inline constexpr std::int64_t kLineBegin = INT64_MIN;
inline constexpr std::int64_t kLineEnd = INT64_MAX;

std::int64_t place_on_line(const Decimal& number);
/// For quantities, times (in microseconds) and days.
std::int64_t place_on_line(const Value& value);

}  // namespace consign
