// Times as they stand in spreadsheets: mostly without a zone.
#pragma once

#include <optional>
#include <string_view>

#include "consign/time.hpp"

namespace consign {

inline constexpr const char* kWrittenTimeHelp =
    "a time is written as `2026-11-21 09:59:12`, as `11/21/2026 9:59 AM` (the month first), or "
    "with its zone as `2026-11-21T09:59:12Z`";

/// RFC 3339; or a day, `2026-11-21` or `11/21/2026`, with a time of day behind it or none (then it
/// is midnight), in `zone`. Seconds, fractions of them, and `AM` or `PM` may follow. Of a time that
/// the clocks go through twice the first is meant. Nothing for any other form.
std::optional<Timestamp> parse_written_time(std::string_view text, const TimeZone& zone);

}  // namespace consign
