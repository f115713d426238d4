#include "daemon/wire/written_time.hpp"

#include <re2/re2.h>

#include <string>

#include "consign/text.hpp"

namespace consign {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDaySeconds = 24 * 3600;

/// Half past nine in the evening, as seconds since midnight; nothing where there is no such time.
std::optional<int> seconds_of_day(int hour, int minute, int second, const std::string& half) {
  if (!half.empty()) {
    if (hour < 1 || hour > 12) return std::nullopt;
    hour = hour % 12 + (ascii_lower(half).front() == 'p' ? 12 : 0);
  }
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return hour * 3600 + minute * 60 + second;
}

/// The instant at which clocks in the zone show that time of that day.
Timestamp instant_of(Day day, int seconds, const TimeZone& zone) {
  Timestamp time{start_of_day(day, zone).micros + seconds * kSecond};
  // The day may have begun late, or have had an hour more or less before that time.
  const LocalTime shown = local_time(time, zone);
  const std::int64_t difference =
      (day.days - shown.day.days) * kDaySeconds +
      (seconds / 60 - shown.hour * 60 - shown.minute) * std::int64_t{60};
  time.micros += difference * kSecond;
  return time;
}

}  // namespace

std::optional<Timestamp> parse_written_time(std::string_view text, const TimeZone& zone) {
  static const RE2 kForm(R"((?i)(?:(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)/(\d\d?)/(\d{4})))"
                         R"((?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)? *(am|pm)?)?)");
  if (const auto time = parse_timestamp(text)) return time;
  std::string iso_year, iso_month, iso_day, month, day, year, hour, minute, second, half;
  if (!RE2::FullMatch(re2::StringPiece(text.data(), text.size()), kForm, &iso_year, &iso_month,
                      &iso_day, &month, &day, &year, &hour, &minute, &second, &half)) {
    return std::nullopt;
  }
  const auto two = [](const std::string& digits) {
    return digits.size() == 1 ? '0' + digits : digits;
  };
  const auto found =
      parse_day(iso_year.empty() ? year + '-' + two(month) + '-' + two(day)
                                 : iso_year + '-' + two(iso_month) + '-' + two(iso_day));
  if (!found) return std::nullopt;
  const auto number = [](const std::string& digits) {
    return digits.empty() ? 0 : std::stoi(digits);
  };
  const auto seconds = seconds_of_day(number(hour), number(minute), number(second), half);
  if (!seconds) return std::nullopt;
  return instant_of(*found, *seconds, zone);
}

}  // namespace consign
