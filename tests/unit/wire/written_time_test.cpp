#include "daemon/wire/written_time.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace consign;

namespace {

std::string read(std::string_view text, const char* zone = "UTC") {
  const auto time = parse_written_time(text, *find_time_zone(zone));
  return time ? format_timestamp(*time) : "none";
}

}  // namespace

TEST_CASE("times of spreadsheets are read in the zone that is given") {
  CHECK(read("2026-11-21T10:00:00+01:00", "America/New_York") == "2026-11-21T09:00:00Z");
  CHECK(read("2026-11-21 10:00", "Europe/Stockholm") == "2026-11-21T09:00:00Z");
  CHECK(read("2026-07-21T10:00:05", "Europe/Stockholm") == "2026-07-21T08:00:05Z");
  CHECK(read("2026-7-1", "Europe/Stockholm") == "2026-06-30T22:00:00Z");
  CHECK(read("11/21/2026") == "2026-11-21T00:00:00Z");
  CHECK(read("1/2/2026 9:05 PM") == "2026-01-02T21:05:00Z");
  CHECK(read("1/2/2026 12:00:59 am") == "2026-01-02T00:00:59Z");
  CHECK(read("1/2/2026 12:30pm") == "2026-01-02T12:30:00Z");
}

TEST_CASE("days on which clocks are set keep the time that they show") {
  CHECK(read("2026-03-29 10:00", "Europe/Stockholm") == "2026-03-29T08:00:00Z");
  CHECK(read("2026-10-25 10:00", "Europe/Stockholm") == "2026-10-25T09:00:00Z");
  CHECK(read("2026-10-25 02:30", "Europe/Stockholm") == "2026-10-25T00:30:00Z");
  CHECK(read("2026-10-25 23:59:59", "Europe/Stockholm") == "2026-10-25T22:59:59Z");
  // The clocks of Beirut skip midnight.
  CHECK(read("2026-03-29 10:00", "Asia/Beirut") == "2026-03-29T07:00:00Z");
}

TEST_CASE("what is no time is none") {
  for (const auto* text : {"", "yesterday", "21/11/2026", "2026-02-30", "2026-11-21 24:00",
                           "2026-11-21 10:60", "1/2/2026 13:00 PM", "1/2/2026 0:30 AM", "1/2/26",
                           "2026-11-21 10:00 CET", "2026-11-21 10:00\n"}) {
    CAPTURE(text);
    CHECK(read(text) == "none");
  }
}
