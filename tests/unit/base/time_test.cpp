#include "consign/time.hpp"

#include <doctest/doctest.h>

using namespace consign;

TEST_CASE("an instant is read with its zone and printed in UTC") {
  CHECK(format_timestamp(*parse_timestamp("2026-11-21T10:00:00+01:00")) == "2026-11-21T09:00:00Z");
  CHECK(format_timestamp(Timestamp{-1}) == "1969-12-31T23:59:59.999999Z");
  CHECK(format_timestamp(*parse_timestamp("0987-06-05T04:03:02.000010Z")) ==
        "0987-06-05T04:03:02.00001Z");
  CHECK(format_timestamp(*parse_timestamp("2026-11-21T10:00:00.250Z")) ==
        "2026-11-21T10:00:00.25Z");
  CHECK(parse_timestamp("2021-12-31T19:00:00-05:00")->micros == 1640995200000000);
}

TEST_CASE("what is no RFC 3339 instant is refused") {
  for (const char* text : {"2026-11-21", "2026-11-21T10:00:00", "2026-02-30T10:00:00Z",
                           "2026-11-21T24:00:00Z", "2026-11-21T10:00Z", "2026-11-21T10:00:00.Z"}) {
    CHECK_MESSAGE(!parse_timestamp(text).has_value(), text);
  }
}

TEST_CASE("a zone's clock follows summer time") {
  const TimeZone* stockholm = find_time_zone("Europe/Stockholm");
  REQUIRE(stockholm != nullptr);
  CHECK(local_time(*parse_timestamp("2026-07-01T22:30:00Z"), *stockholm).hour == 0);
  CHECK(format_day(local_time(*parse_timestamp("2026-07-01T22:30:00Z"), *stockholm).day) ==
        "2026-07-02");
  CHECK(local_time(*parse_timestamp("2026-11-21T10:00:00Z"), *stockholm).weekday == 5);
  CHECK(format_timestamp(start_of_day(*parse_day("2026-07-02"), *stockholm)) ==
        "2026-07-01T22:00:00Z");
  CHECK(find_time_zone("Europe/Stokholm") == nullptr);
}
