// When a delivery that failed is tried again.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "consign/time.hpp"

namespace consign {

/// The schedule that Standard Webhooks publishes, in seconds after each failed attempt: 5 s, 5 min,
/// 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. The first attempt is made at once.
std::vector<std::int64_t> published_retries();

/// When to try again after `attempts` failed ones (at least one); nothing when that was the last.
/// `jitter`, from 0 up to 1, spreads it over ten percent to either side, so that the many who were
/// let down at one moment do not all come back at one moment.
std::optional<Timestamp> next_attempt(const std::vector<std::int64_t>& retries,
                                      std::int64_t attempts, Timestamp now, double jitter);

/// The instant that a `Retry-After` header names, in seconds or as an HTTP date, but no later than
/// a day from now; nothing where it is neither.
std::optional<Timestamp> retry_after(std::string_view header, Timestamp now);

}  // namespace consign
