#include "consign/tree_pool.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>

namespace consign {

namespace {

constexpr std::size_t kFirstBlock = 4 << 10;
/// A huge page of x86-64 and of most ARM systems: trees of large rule sets are built as fast as
/// memory comes, and it comes faster in these.
constexpr std::size_t kHugePage = 2 << 20;
constexpr std::size_t kLargestBlock = 4 * kHugePage;

}  // namespace

void TreePool::Free::operator()(std::byte* block) const { std::free(block); }

TreePool& TreePool::operator=(TreePool&& other) noexcept {
  blocks_ = std::exchange(other.blocks_, {});
  free_ = std::exchange(other.free_, 0);
  end_ = std::exchange(other.end_, 0);
  held_ = std::exchange(other.held_, 0);
  last_ = std::exchange(other.last_, 0);
  return *this;
}

void TreePool::reset() {
  if (blocks_.empty()) return;
  std::swap(blocks_.front(), blocks_.back());
  blocks_.resize(1);
  held_ = last_;
  free_ = reinterpret_cast<std::uintptr_t>(blocks_.front().get());
  end_ = free_ + last_;
}

void* TreePool::new_block(std::size_t size, std::size_t alignment) {
  std::size_t wanted = std::clamp(last_ * 2, kFirstBlock, kLargestBlock);
  wanted = std::max(wanted, size + alignment);
  const bool huge = wanted >= kHugePage;
  const std::size_t unit = huge ? kHugePage : alignof(std::max_align_t);
  last_ = (wanted + unit - 1) / unit * unit;
  auto* block = static_cast<std::byte*>(std::aligned_alloc(unit, last_));
  if (block == nullptr) throw std::bad_alloc();
  blocks_.emplace_back(block);
  if (huge) madvise(block, last_, MADV_HUGEPAGE);  // a wish: nothing hangs on it
  held_ += last_;
  free_ = reinterpret_cast<std::uintptr_t>(block);
  end_ = free_ + last_;
  return room(size, alignment);
}

}  // namespace consign
