// Texts kept together in large blocks, for structures that are made at once and die at once.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace consign {

/// Owns texts. What it gives out stays where it is, also when the pool is moved, until the pool is
/// cleared or dies. One thread at a time may add.
class TextPool {
 public:
  TextPool() = default;
  TextPool(TextPool&& other) noexcept { *this = std::move(other); }
  TextPool& operator=(TextPool&& other) noexcept;

  /// A copy of `text` that lives as long as the pool.
  std::string_view keep(std::string_view text);
  /// Forgets all texts, keeps one block of memory for the next.
  void clear();
  /// Memory held, in bytes.
  std::size_t bytes() const { return held_; }

 private:
  char* room_for(std::size_t size);

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  std::size_t left_ = 0, held_ = 0, last_ = 0;  ///< last_: size of the newest block
};

}  // namespace consign
