// When suppliers begin with an order, and the day or hour that it is counted into.

#include <doctest/doctest.h>

#include "consign/ruleset.hpp"

using namespace consign;

namespace {

constexpr std::uint8_t kMondayToFriday = 0x1f;

Timestamp at(const char* time) { return *parse_timestamp(time); }

/// A supplier in Stockholm: UTC+1, UTC+2 from 29 March to 25 October 2026.
Supplier in_stockholm(std::uint8_t days = 0x7f, std::optional<std::int32_t> cut_off = {}) {
  Supplier supplier;
  supplier.working.zone = find_time_zone("Europe/Stockholm");
  supplier.working.days = days;
  supplier.working.cut_off_minutes = cut_off;
  return supplier;
}

std::string starts(const Supplier& supplier, const char* now) {
  return format_timestamp(work_start(supplier, at(now)));
}

std::string counted(Supplier supplier, CapacityPeriod per, const char* now) {
  supplier.capacity = Capacity{40, per};
  const auto period = capacity_period(supplier, at(now));
  return period ? format_timestamp(*period) : "nowhere";
}

}  // namespace

TEST_CASE("a supplier without working time begins at once") {
  CHECK(starts(Supplier(), "2026-11-28T03:04:05Z") == "2026-11-28T03:04:05Z");
  CHECK(starts(in_stockholm(), "2026-11-28T03:04:05Z") == "2026-11-28T03:04:05Z");
}

TEST_CASE("from the minute of the cut-off on it is too late for the day") {
  const Supplier supplier = in_stockholm(0x7f, 16 * 60);
  CHECK(starts(supplier, "2026-11-26T14:59:59.999999Z") == "2026-11-26T14:59:59.999999Z");
  CHECK(starts(supplier, "2026-11-26T15:00:00Z") == "2026-11-26T23:00:00Z");
  CHECK(starts(supplier, "2026-11-26T15:00:59Z") == "2026-11-26T23:00:00Z");
}

TEST_CASE("with a cut-off at midnight every day is over when it begins") {
  const Supplier supplier = in_stockholm(0x7f, 0);
  CHECK(starts(supplier, "2026-11-25T23:00:00Z") == "2026-11-26T23:00:00Z");
  CHECK(starts(supplier, "2026-11-26T22:59:59Z") == "2026-11-26T23:00:00Z");
}

TEST_CASE("what comes at the weekend is for Monday") {
  const Supplier supplier = in_stockholm(kMondayToFriday, 16 * 60);
  CHECK(starts(supplier, "2026-11-27T14:59:00Z") == "2026-11-27T14:59:00Z");  // Friday
  CHECK(starts(supplier, "2026-11-27T15:00:00Z") == "2026-11-29T23:00:00Z");  // too late on it
  CHECK(starts(supplier, "2026-11-27T23:00:00Z") == "2026-11-29T23:00:00Z");  // Saturday, local
  CHECK(starts(supplier, "2026-11-29T22:59:59Z") == "2026-11-29T23:00:00Z");  // Sunday's end
  CHECK(starts(supplier, "2026-11-29T23:00:00Z") == "2026-11-29T23:00:00Z");  // Monday
}

TEST_CASE("who works one day a week is a week late after the cut-off") {
  const Supplier supplier = in_stockholm(1 << 2, 9 * 60 + 30);  // Wednesday
  CHECK(starts(supplier, "2026-11-25T08:29:59Z") == "2026-11-25T08:29:59Z");
  CHECK(starts(supplier, "2026-11-25T08:30:00Z") == "2026-12-01T23:00:00Z");
  CHECK(starts(supplier, "2026-11-26T12:00:00Z") == "2026-12-01T23:00:00Z");
  CHECK(starts(supplier, "2026-12-01T22:59:59Z") == "2026-12-01T23:00:00Z");
}

TEST_CASE("the cut-off is on the clock of the zone, summer and winter") {
  const Supplier supplier = in_stockholm(0x7f, 16 * 60);
  CHECK(starts(supplier, "2026-07-01T13:59:59Z") == "2026-07-01T13:59:59Z");
  CHECK(starts(supplier, "2026-07-01T14:00:00Z") == "2026-07-01T22:00:00Z");
  // The night in which the clock changes lies between the two.
  CHECK(starts(supplier, "2026-03-28T15:00:00Z") == "2026-03-28T23:00:00Z");
  CHECK(starts(supplier, "2026-03-29T14:00:00Z") == "2026-03-29T22:00:00Z");
  CHECK(starts(supplier, "2026-10-24T14:00:00Z") == "2026-10-24T22:00:00Z");
  CHECK(starts(supplier, "2026-10-25T15:00:00Z") == "2026-10-25T23:00:00Z");
}

TEST_CASE("a cut-off in the hour that comes twice is met by both") {
  const Supplier supplier = in_stockholm(0x7f, 2 * 60 + 30);
  CHECK(starts(supplier, "2026-10-25T00:29:00Z") == "2026-10-25T00:29:00Z");  // 02:29, the first
  CHECK(starts(supplier, "2026-10-25T00:30:00Z") == "2026-10-25T23:00:00Z");
  CHECK(starts(supplier, "2026-10-25T01:29:00Z") == "2026-10-25T01:29:00Z");  // 02:29, the second
  CHECK(starts(supplier, "2026-10-25T01:30:00Z") == "2026-10-25T23:00:00Z");
}

TEST_CASE("a supplier without capacity counts nothing") {
  CHECK(!capacity_period(in_stockholm(), at("2026-11-26T12:00:00Z")));
}

TEST_CASE("orders are counted into the day of the supplier's clock") {
  const auto day = CapacityPeriod::day;
  CHECK(counted(in_stockholm(), day, "2026-11-26T12:00:00Z") == "2026-11-25T23:00:00Z");
  CHECK(counted(in_stockholm(), day, "2026-11-26T22:59:59Z") == "2026-11-25T23:00:00Z");
  CHECK(counted(in_stockholm(), day, "2026-11-26T23:00:00Z") == "2026-11-26T23:00:00Z");
}

TEST_CASE("what comes too late takes from the next working day's capacity") {
  const Supplier supplier = in_stockholm(kMondayToFriday, 16 * 60);
  const auto day = CapacityPeriod::day;
  const std::string monday = "2026-11-29T23:00:00Z";
  CHECK(counted(supplier, day, "2026-11-27T14:59:59Z") == "2026-11-26T23:00:00Z");
  CHECK(counted(supplier, day, "2026-11-27T15:00:00Z") == monday);
  CHECK(counted(supplier, day, "2026-11-28T12:00:00Z") == monday);
  CHECK(counted(supplier, day, "2026-11-30T12:00:00Z") == monday);
}

TEST_CASE("days on which the clock changes are one day each") {
  const auto day = CapacityPeriod::day;
  for (const char* now : {"2026-03-28T23:00:00Z", "2026-03-29T12:00:00Z", "2026-03-29T21:59:59Z"}) {
    CHECK_MESSAGE(counted(in_stockholm(), day, now) == "2026-03-28T23:00:00Z", now);
  }
  CHECK(counted(in_stockholm(), day, "2026-03-29T22:00:00Z") == "2026-03-29T22:00:00Z");
  for (const char* now : {"2026-10-24T22:00:00Z", "2026-10-25T12:00:00Z", "2026-10-25T22:59:59Z"}) {
    CHECK_MESSAGE(counted(in_stockholm(), day, now) == "2026-10-24T22:00:00Z", now);
  }
  CHECK(counted(in_stockholm(), day, "2026-10-25T23:00:00Z") == "2026-10-25T23:00:00Z");
}

TEST_CASE("orders are counted into the hour of the supplier's clock") {
  const auto hour = CapacityPeriod::hour;
  CHECK(counted(in_stockholm(), hour, "2026-11-26T12:00:00Z") == "2026-11-26T12:00:00Z");
  CHECK(counted(in_stockholm(), hour, "2026-11-26T12:59:59.999999Z") == "2026-11-26T12:00:00Z");
  CHECK(counted(in_stockholm(), hour, "2026-11-26T13:00:00Z") == "2026-11-26T13:00:00Z");
  Supplier in_kolkata = in_stockholm();
  in_kolkata.working.zone = find_time_zone("Asia/Kolkata");  // UTC+5:30
  CHECK(counted(in_kolkata, hour, "2026-11-26T12:29:59Z") == "2026-11-26T11:30:00Z");
  CHECK(counted(in_kolkata, hour, "2026-11-26T12:30:00Z") == "2026-11-26T12:30:00Z");
}

TEST_CASE("what comes too late takes from the first hour of the next working day") {
  const Supplier supplier = in_stockholm(kMondayToFriday, 16 * 60);
  const auto hour = CapacityPeriod::hour;
  CHECK(counted(supplier, hour, "2026-11-27T14:59:59Z") == "2026-11-27T14:00:00Z");
  CHECK(counted(supplier, hour, "2026-11-27T15:00:00Z") == "2026-11-29T23:00:00Z");
}

TEST_CASE("of the hour that comes twice each is an hour of its own") {
  const auto hour = CapacityPeriod::hour;
  CHECK(counted(in_stockholm(), hour, "2026-10-25T00:30:00Z") == "2026-10-25T00:00:00Z");
  CHECK(counted(in_stockholm(), hour, "2026-10-25T01:30:00Z") == "2026-10-25T01:00:00Z");
}
