#include <vector>

#include "consign/engine.hpp"

namespace consign {

namespace {

/// Counts what goes to the system: a warm arena asks for nothing.
class CountingUpstream : public std::pmr::memory_resource {
 public:
  std::size_t count = 0;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    ++count;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* pointer, std::size_t bytes, std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(pointer, bytes, alignment);
  }
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

}  // namespace

/// A bump allocator over one block. What does not fit goes to further blocks; the next reset makes
/// one block that is large enough for all of it, so that memory settles after the largest event.
struct Arena::Blocks : public std::pmr::memory_resource {
  explicit Blocks(std::size_t bytes) : first(bytes) {}

  void reset() {
    extra_blocks.release();
    if (needed > first.size()) {
      ++growths;
      first.resize(needed + needed / 2);
    }
    used = 0;
    needed = 0;
  }

  std::vector<std::byte> first;
  CountingUpstream system;
  std::pmr::monotonic_buffer_resource extra_blocks{&system};
  std::size_t used = 0;
  std::size_t needed = 0;
  std::size_t growths = 0;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    needed += bytes + alignment;
    const auto base = reinterpret_cast<std::uintptr_t>(first.data());
    const std::uintptr_t aligned = (base + used + alignment - 1) & ~(std::uintptr_t{alignment} - 1);
    const std::size_t begin = aligned - base;
    if (begin + bytes <= first.size()) {
      used = begin + bytes;
      return first.data() + begin;
    }
    return extra_blocks.allocate(bytes, alignment);
  }
  void do_deallocate(void*, std::size_t, std::size_t) override {}
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

Arena::Arena(std::size_t first_block) : blocks_(std::make_unique<Blocks>(first_block)) {}
Arena::~Arena() = default;

std::pmr::memory_resource* Arena::resource() { return blocks_.get(); }
void Arena::reset() { blocks_->reset(); }
std::size_t Arena::growths() const { return blocks_->growths + blocks_->system.count; }

}  // namespace consign
