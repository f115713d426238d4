#include "consign/text_pool.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace consign {

namespace {

constexpr std::size_t kFirstBlock = 256;
constexpr std::size_t kLargestBlock = 1 << 20;

}  // namespace

TextPool& TextPool::operator=(TextPool&& other) noexcept {
  blocks_ = std::exchange(other.blocks_, {});
  free_ = std::exchange(other.free_, nullptr);
  left_ = std::exchange(other.left_, 0);
  held_ = std::exchange(other.held_, 0);
  last_ = std::exchange(other.last_, 0);
  return *this;
}

std::string_view TextPool::keep(std::string_view text) {
  if (text.empty()) return {};
  char* copy = text.size() <= left_ ? free_ : room_for(text.size());
  std::memcpy(copy, text.data(), text.size());
  free_ = copy + text.size();
  left_ -= text.size();
  return {copy, text.size()};
}

char* TextPool::room_for(std::size_t size) {
  last_ = std::max(size, std::clamp(last_ * 2, kFirstBlock, kLargestBlock));
  blocks_.push_back(std::make_unique_for_overwrite<char[]>(last_));
  held_ += last_;
  left_ = last_;
  return blocks_.back().get();
}

void TextPool::clear() {
  if (blocks_.empty()) return;
  std::swap(blocks_.front(), blocks_.back());
  blocks_.resize(1);
  held_ = left_ = last_;
  free_ = blocks_.front().get();
}

}  // namespace consign
