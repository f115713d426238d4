// Instants, days and time zones.
//
// Time-zone rules are those of the system's tz database (package tzdata), read through Howard
// Hinnant's date library; its version is recorded with each decision.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace consign {

/// An instant: microseconds since 1970-01-01T00:00:00Z. A plain value.
struct Timestamp {
  std::int64_t micros = 0;
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

/// A calendar day: days since 1970-01-01. A plain value.
struct Day {
  std::int32_t days = 0;
  friend auto operator<=>(const Day&, const Day&) = default;
};

/// RFC 3339 with a zone ("2026-11-21T10:00:00Z", "…+01:00", fractions to the microsecond);
/// nothing for any other form or a date that does not exist.
std::optional<Timestamp> parse_timestamp(std::string_view text);
/// In UTC with `Z`, with fraction digits only where there is a fraction.
std::string format_timestamp(Timestamp time);

/// `2026-11-27`; nothing for any other form or a day that does not exist.
std::optional<Day> parse_day(std::string_view text);
std::string format_day(Day day);

/// A zone of the tz database. Found once, lives as long as the program; safe from any thread.
class TimeZone;

/// The zone of that name ("Europe/Stockholm"), or null.
const TimeZone* find_time_zone(std::string_view name);

/// The names of all zones, for suggestions.
std::vector<std::string> time_zone_names();

/// What a clock and a calendar on the wall show at `time` in `zone`.
struct LocalTime {
  Day day;
  int hour = 0;     ///< 0 to 23
  int minute = 0;   ///< 0 to 59
  int weekday = 0;  ///< 0 Monday to 6 Sunday
};
LocalTime local_time(Timestamp time, const TimeZone& zone);

/// The first instant of `day` in `zone`.
Timestamp start_of_day(Day day, const TimeZone& zone);

/// The tz database's version ("2025b"), or "unknown".
const std::string& time_zone_data_version();

}  // namespace consign
