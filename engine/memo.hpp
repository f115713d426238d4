// What shared parts of conditions came to, for one event.
//
// Small, in the event's arena, and empty until something is put in: a program of a million shared
// parts costs an event nothing but for those that it asks for.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>

namespace consign {

class Memo {
 public:
  explicit Memo(std::pmr::memory_resource* memory) : memory_(memory) {}

  /// What was put in for the node and line, or null.
  const std::uint64_t* find(std::uint32_t node, std::uint32_t line) const;
  /// Puts in what find() does not find.
  void put(std::uint32_t node, std::uint32_t line, std::uint64_t value);

 private:
  struct Entry {
    std::uint64_t key;
    std::uint64_t value;
  };
  static constexpr std::uint64_t kEmpty = UINT64_MAX;  ///< no node has the number kNone
  static std::uint64_t key_of(std::uint32_t node, std::uint32_t line) {
    return std::uint64_t{node} << 32 | line;
  }
  std::size_t place_of(std::uint64_t key) const;
  void grow();

  std::pmr::memory_resource* memory_;
  std::span<Entry> entries_;  ///< a power of two, at most half full
  std::size_t count_ = 0;
};

}  // namespace consign
