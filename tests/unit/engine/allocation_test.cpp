// The engine asks the system for no memory once its arena has grown: counted at operator new.

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "bench/workload.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes); }
void* operator new[](std::size_t bytes) { return counted(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(bytes == 0 ? 1 : bytes);
}
void* operator new[](std::size_t bytes, const std::nothrow_t& tag) noexcept {
  return operator new(bytes, tag);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("a decision allocates nothing once the arena is warm") {
  using namespace consign;
  constexpr Timestamp kNow{1795255152000000};
  CheckResult result = check_rules({{"test.rules", bench::rule_text(100) + R"(
    supplier bravo { countries { "SE" } }
    rule choosing { when product.tag like "t*" then assign to first available of { bravo, acme }, grant orders:view }
    rule shared { when line.sku contains "7" then assign to divide { acme 60%, bravo 40% } }
    rule dear { when order.total / 2 > 200 EUR then hold "dear: {order.total}" for 2h, tag "dear" }
    rule many { when sum of line.quantity (line.sku matches "^SKU-") > 3 then note "many" }
    rule tried { mode shadow when order.note is present then tag "noted" })"}});
  REQUIRE(result.ok());
  const auto program = compile(result.rules);
  const auto orders = bench::samples(100, 50, true);
  Arena arena;
  const auto decide_all = [&] {
    std::size_t parts = 0;
    for (const auto& sample : orders) {
      const Decision decision = decide(*program, sample.order.event, sample.facts, kNow, arena);
      for (const LineDecision& line : decision.lines) parts += line.parts.size();
    }
    return parts;
  };
  for (int warm = 0; warm < 3; ++warm) decide_all();
  const std::size_t before = allocations;
  const std::size_t parts = decide_all();
  CHECK(allocations - before == 0);
  CHECK(parts >= 250);
}
