// Random choices from a seed, the same on every machine (the library's distributions are not).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

namespace consign::reference {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// 0 to `sides` - 1.
  std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(engine_() % sides); }
  /// True in `percent` of a hundred cases.
  bool chance(std::size_t percent) { return roll(100) < percent; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[roll(from.size())];
  }
  std::string pick(std::initializer_list<const char*> from) {
    return from.begin()[roll(from.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace consign::reference
