// Memory for trees that are built once and die as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace consign {

/// Hands out room from large blocks. What is made in it needs no destructor, stays where it is,
/// also when the pool is moved, and lives until the pool dies. One thread at a time may add.
class TreePool {
 public:
  TreePool() = default;
  TreePool(TreePool&& other) noexcept { *this = std::move(other); }
  TreePool& operator=(TreePool&& other) noexcept;

  /// A new `T`, made of `parts` in braces.
  template <class T, class... Parts>
  T* make(Parts&&... parts) {
    static_assert(std::is_trivially_destructible_v<T>);
    return ::new (room(sizeof(T), alignof(T))) T{std::forward<Parts>(parts)...};
  }

  /// So many new ones, side by side.
  template <class T>
  std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    T* first = static_cast<T*>(room(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

  /// A copy of the items, side by side.
  template <class T>
  std::span<T> copy(std::span<const T> items) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (items.empty()) return {};
    T* first = static_cast<T*>(room(items.size_bytes(), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), first);
    return {first, items.size()};
  }
  template <class T>
  std::span<T> copy(const std::vector<T>& items) {
    return copy(std::span<const T>(items));
  }
  std::string_view copy(std::string_view text) {
    const auto kept = copy(std::span<const char>(text));
    return {kept.data(), kept.size()};
  }

  /// Forgets all that was made in it and keeps the newest block of memory.
  void reset();

  /// Memory held, in bytes.
  std::size_t bytes() const { return held_; }

 private:
  void* room(std::size_t size, std::size_t alignment) {
    const std::uintptr_t begin = (free_ + alignment - 1) & ~std::uintptr_t{alignment - 1};
    if (begin + size > end_) return new_block(size, alignment);
    free_ = begin + size;
    return reinterpret_cast<void*>(begin);
  }
  void* new_block(std::size_t size, std::size_t alignment);

  struct Free {
    void operator()(std::byte* block) const;
  };
  std::vector<std::unique_ptr<std::byte, Free>> blocks_;
  std::uintptr_t free_ = 0, end_ = 0;
  std::size_t held_ = 0, last_ = 0;  ///< last_: size of the newest block
};

}  // namespace consign
