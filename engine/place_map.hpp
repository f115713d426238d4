// Where the rules of a part of the index stand in Program::run.
#pragma once

#include <cstdint>
#include <span>

#include "engine/dictionary.hpp"

namespace consign {

/// From the places that a layer of the index gave its rules to those that they have in the program.
/// Places that are there rise with those of the layer.
class PlaceMap {
 public:
  PlaceMap() = default;
  /// kNone: the rule is gone. Empty: the places are the same.
  explicit PlaceMap(std::span<const std::uint32_t> now) : now_(now) {}
  std::uint32_t operator()(std::uint32_t place) const { return now_.empty() ? place : now_[place]; }
  bool is_identity() const { return now_.empty(); }

 private:
  std::span<const std::uint32_t> now_;
};

}  // namespace consign
