// Numbers for texts, in the order in which they come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace consign {

/// A hash table in two flat arrays: rule sets have millions of names. Keeps views; whose texts they
/// are must outlive it.
class TextNumbers {
 public:
  void reserve(std::size_t texts);
  /// The text's number, and whether it is new.
  std::pair<std::uint32_t, bool> add(std::string_view text);
  std::optional<std::uint32_t> find(std::string_view text) const;
  /// By number.
  std::span<const std::string_view> texts() const { return texts_; }

 private:
  /// The text's slot, or the empty one where it would go.
  std::size_t slot_of(std::string_view text) const;

  std::vector<std::string_view> texts_;
  std::vector<std::uint32_t> slots_;  ///< numbers from 1 on; 0: empty; at most half full
};

}  // namespace consign
