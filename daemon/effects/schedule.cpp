#include "daemon/effects/schedule.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <sstream>
#include <string>

namespace consign {
namespace {

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kDay = 24 * 3600;
constexpr double kSpread = 0.1;

std::optional<Timestamp> parse_http_date(std::string_view text) {
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  std::tm parts{};
  parts.tm_sec = -1;  // read last: a text that ends too soon is no failure to the library
  in >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S GMT");
  if (in.fail() || parts.tm_sec < 0) return std::nullopt;
  return Timestamp{timegm(&parts) * kMicros};
}

}  // namespace

std::vector<std::int64_t> published_retries() {
  constexpr std::int64_t kMinute = 60, kHour = 3600;
  return {5,          5 * kMinute, 30 * kMinute, 2 * kHour, 5 * kHour,
          10 * kHour, 14 * kHour,  20 * kHour,   24 * kHour};
}

std::optional<Timestamp> next_attempt(const std::vector<std::int64_t>& retries,
                                      std::int64_t attempts, Timestamp now, double jitter) {
  const auto place = static_cast<std::size_t>(attempts - 1);
  if (place >= retries.size()) return std::nullopt;
  const double factor = 1 - kSpread + 2 * kSpread * jitter;
  const auto micros = static_cast<double>(retries[place] * kMicros) * factor;
  return Timestamp{now.micros + static_cast<std::int64_t>(micros)};
}

std::optional<Timestamp> retry_after(std::string_view header, Timestamp now) {
  const Timestamp latest{now.micros + kDay * kMicros};
  std::int64_t seconds = 0;
  const auto* end = header.data() + header.size();
  const auto [stop, error] = std::from_chars(header.data(), end, seconds);
  if (error == std::errc() && stop == end) {
    if (seconds < 0) return std::nullopt;
    return std::min(latest, Timestamp{now.micros + std::min(seconds, kDay) * kMicros});
  }
  const auto date = parse_http_date(header);
  if (!date) return std::nullopt;
  return std::clamp(*date, now, latest);
}

}  // namespace consign
