// When a supplier works: the beginning of what it can do about an order, and the day or hour that
// the order is counted into.

#include "consign/ruleset.hpp"

namespace consign {

namespace {

constexpr std::int64_t kHourMicros = 3'600'000'000;

bool works_on(const WorkingTime& working, int weekday) {
  return (working.days >> weekday & 1) != 0;
}

}  // namespace

Timestamp work_start(const Supplier& supplier, Timestamp now) {
  const WorkingTime& working = supplier.working;
  if (working.zone == nullptr) return now;
  const LocalTime local = local_time(now, *working.zone);
  const bool too_late =
      working.cut_off_minutes && local.hour * 60 + local.minute >= *working.cut_off_minutes;
  if (works_on(working, local.weekday) && !too_late) return now;
  int ahead = 1;
  while (ahead < 7 && !works_on(working, (local.weekday + ahead) % 7)) ++ahead;
  return start_of_day(Day{local.day.days + ahead}, *working.zone);
}

std::optional<Timestamp> capacity_period(const Supplier& supplier, Timestamp now) {
  if (!supplier.capacity || supplier.working.zone == nullptr) return std::nullopt;
  const TimeZone& zone = *supplier.working.zone;
  const Timestamp start = work_start(supplier, now);
  const Timestamp day = start_of_day(local_time(start, zone).day, zone);
  if (supplier.capacity->per == CapacityPeriod::day) return day;
  return Timestamp{start.micros - (start.micros - day.micros) % kHourMicros};
}

}  // namespace consign
