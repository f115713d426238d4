// Literals in places of their own: durations of holds and grants, ends of periods.
#pragma once

#include "dsl/world.hpp"

namespace consign::check {

/// A duration as whole seconds, more than none; reports what is not. `what` lasts so long: "a
/// hold".
std::optional<std::int64_t> positive_seconds(World& world, const ast::SpannedLiteral& written,
                                             std::string_view what);
/// A time, or a day in the declared zone: its start, or (`end_of_day`) the end of it, exclusive.
std::optional<Timestamp> instant(World& world, const ast::SpannedLiteral& written, bool end_of_day);

}  // namespace consign::check
