#include "dsl/instants.hpp"

#include "dsl/checker.hpp"

namespace consign::check {

std::optional<std::int64_t> positive_seconds(World& world, const ast::SpannedLiteral& written,
                                             std::string_view what) {
  const auto* duration = std::get_if<ast::DurationLiteral>(&written.literal);
  if (!duration) {
    world.sink
        .report(Code::type_mismatch, world.quoted(written.span) + " is " +
                                         std::string(describe(written.literal)) +
                                         ", not a duration")
        .primary(written.span)
        .help("for example `24h` or `3 days`");
    return std::nullopt;
  }
  const auto seconds = duration->seconds.to_int64();
  // Far beyond any hold, and small enough that adding it to an instant cannot overflow.
  constexpr std::int64_t kLongest = std::int64_t{100'000} * 24 * 3600;
  if (seconds && *seconds > 0 && *seconds <= kLongest) return seconds;
  world.sink
      .report(Code::bad_duration,
              std::string(what) + " lasts whole seconds, at least one and at most 100000 days")
      .primary(written.span);
  return std::nullopt;
}

std::optional<Timestamp> instant(World& world, const ast::SpannedLiteral& written,
                                 bool end_of_day) {
  if (const auto* time = std::get_if<ast::TimeLiteral>(&written.literal)) return time->time;
  const auto* day = std::get_if<ast::DayLiteral>(&written.literal);
  if (!day) {
    world.sink
        .report(Code::type_mismatch, world.quoted(written.span) + " is " +
                                         std::string(describe(written.literal)) +
                                         ", neither a day nor a time")
        .primary(written.span)
        .help("for example `2026-11-27` or `2026-11-27T10:00:00Z`");
    return std::nullopt;
  }
  if (!world.zone) {
    if (!world.zone_declared) {
      world.sink.report(Code::needs_time_zone, "when a day begins depends on the time zone")
          .primary(written.span, "in which time zone?")
          .help("declare `timezone \"Europe/Stockholm\"` once in the rule set");
    }
    return std::nullopt;
  }
  return start_of_day(Day{day->day.days + (end_of_day ? 1 : 0)}, *world.zone);
}

}  // namespace consign::check
