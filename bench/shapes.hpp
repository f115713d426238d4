// Rule sets of many shapes, with orders for them: those that are awkward for an index, too.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/workload.hpp"

namespace consign::bench {

struct Shape {
  std::string_view name;
  /// Rule number `number` of `rules`.
  std::string (*rule)(std::size_t number, std::size_t rules);
  std::size_t lines = 5;            ///< of an order
  std::size_t most_rules = 10'000;  ///< where every rule is looked at
};

std::span<const Shape> all_shapes();

/// The rule set of a shape, checked; ends the program where it is not in order.
std::shared_ptr<const RuleSet> rule_set(const Shape& shape, std::size_t rules);

/// Orders that few of a shape's rules concern, unless the shape is one where many do.
std::vector<Sample> samples(const Shape& shape, std::size_t rules, std::size_t count);

}  // namespace consign::bench
