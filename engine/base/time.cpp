#include "consign/time.hpp"

#include <date/date.h>
#include <date/tz.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

namespace consign {

class TimeZone {
 public:
  explicit TimeZone(const date::time_zone* found) : zone(found) {}
  const date::time_zone* zone;
};

namespace {

using std::chrono::microseconds;

/// Reads exactly `count` digits at the front and takes them off; -1 if there are fewer.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<date::sys_days> take_date(std::string_view& text) {
  const int year = take_digits(text, 4);
  if (year < 0 || !take(text, '-')) return std::nullopt;
  const int month = take_digits(text, 2);
  if (month < 0 || !take(text, '-')) return std::nullopt;
  const int day = take_digits(text, 2);
  if (day < 0) return std::nullopt;
  const date::year_month_day date{date::year(year), date::month(static_cast<unsigned>(month)),
                                  date::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return date::sys_days(date);
}

date::sys_time<microseconds> to_sys(Timestamp time) {
  return date::sys_time<microseconds>(microseconds(time.micros));
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  const auto day = take_date(text);
  if (!day || text.empty() || (text.front() != 'T' && text.front() != 't' && text.front() != ' ')) {
    return std::nullopt;
  }
  text.remove_prefix(1);
  const int hour = take_digits(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':')) return std::nullopt;
  const int minute = take_digits(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ':')) return std::nullopt;
  const int second = take_digits(text, 2);
  if (second < 0 || second > 60)
    return std::nullopt;  // 60: a leap second is the next minute's first
  std::int64_t fraction = 0;
  if (take(text, '.')) {
    std::int64_t weight = 100'000;
    bool any = false;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      fraction += (text.front() - '0') * weight;
      weight /= 10;
      any = true;
      text.remove_prefix(1);
    }
    if (!any) return std::nullopt;
  }
  std::chrono::minutes offset{0};
  if (!take(text, 'Z') && !take(text, 'z')) {
    const bool west = !text.empty() && text.front() == '-';
    if (!take(text, '+') && !take(text, '-')) return std::nullopt;
    const int hours = take_digits(text, 2);
    if (hours < 0 || hours > 23 || !take(text, ':')) return std::nullopt;
    const int minutes = take_digits(text, 2);
    if (minutes < 0 || minutes > 59) return std::nullopt;
    offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    if (west) offset = -offset;
  }
  if (!text.empty()) return std::nullopt;
  const auto time = date::sys_time<microseconds>(*day) + std::chrono::hours(hour) +
                    std::chrono::minutes(minute) + std::chrono::seconds(second) +
                    microseconds(fraction) - offset;
  return Timestamp{time.time_since_epoch().count()};
}

namespace {

/// The number with zeros before it, in `width` digits or more.
void put_digits(std::string& out, unsigned number, std::size_t width) {
  char digits[16];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  const auto size = static_cast<std::size_t>(end - digits);
  if (size < width) out.append(width - size, '0');
  out.append(digits, size);
}

}  // namespace

// Without streams, which cost more than all else that is written of a decision.
std::string format_timestamp(Timestamp time) {
  const auto day = date::floor<date::days>(to_sys(time));
  const date::year_month_day date(day);
  const date::hh_mm_ss<std::chrono::microseconds> clock(to_sys(time) - day);
  const auto unsigned_of = [](auto count) { return static_cast<unsigned>(count); };
  std::string text;
  const int year = static_cast<int>(date.year());
  if (year < 0) text += '-';
  put_digits(text, unsigned_of(std::abs(year)), 4);
  text += '-';
  put_digits(text, unsigned_of(date.month()), 2);
  text += '-';
  put_digits(text, unsigned_of(date.day()), 2);
  text += 'T';
  put_digits(text, unsigned_of(clock.hours().count()), 2);
  text += ':';
  put_digits(text, unsigned_of(clock.minutes().count()), 2);
  text += ':';
  put_digits(text, unsigned_of(clock.seconds().count()), 2);
  if (const auto fraction = clock.subseconds().count(); fraction != 0) {
    text += '.';
    put_digits(text, unsigned_of(fraction), 6);
    while (text.back() == '0') text.pop_back();
  }
  return text + "Z";
}

std::optional<Day> parse_day(std::string_view text) {
  const auto day = take_date(text);
  if (!day || !text.empty()) return std::nullopt;
  return Day{static_cast<std::int32_t>(day->time_since_epoch().count())};
}

std::string format_day(Day day) { return date::format("%F", date::sys_days(date::days(day.days))); }

const TimeZone* find_time_zone(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, TimeZone, std::less<>> found;
  const std::lock_guard lock(mutex);
  if (const auto it = found.find(name); it != found.end()) return &it->second;
  try {
    const auto* zone = date::locate_zone(std::string(name));
    return &found.emplace(name, TimeZone(zone)).first->second;
  } catch (const std::runtime_error&) {  // the library's way of saying that there is none
    return nullptr;
  }
}

std::vector<std::string> time_zone_names() {
  std::vector<std::string> names;
  for (const date::time_zone& zone : date::get_tzdb().zones) names.push_back(zone.name());
  return names;
}

LocalTime local_time(Timestamp time, const TimeZone& zone) {
  const auto local = zone.zone->to_local(to_sys(time));
  const auto day = date::floor<date::days>(local);
  LocalTime result;
  result.day = Day{static_cast<std::int32_t>(day.time_since_epoch().count())};
  result.hour =
      static_cast<int>(std::chrono::duration_cast<std::chrono::hours>(local - day).count());
  result.minute =
      static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(local - day).count() % 60);
  result.weekday = static_cast<int>(date::weekday(day).iso_encoding()) - 1;
  return result;
}

Timestamp start_of_day(Day day, const TimeZone& zone) {
  const date::local_days local{date::days(day.days)};
  // Where the clock skips or repeats midnight, the day starts at the earliest instant that there
  // is.
  const auto time = zone.zone->to_sys(local, date::choose::earliest);
  return Timestamp{std::chrono::duration_cast<microseconds>(time.time_since_epoch()).count()};
}

const std::string& time_zone_data_version() {
  static const std::string version = [] {
    // The system's tzdata says its release in the first line of its compact source.
    std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
    std::string hash, word, release;
    if (file >> hash >> word >> release && word == "version") return release;
    return std::string("unknown");
  }();
  return version;
}

}  // namespace consign
