// The engine asks the system for no memory once its arena has grown: counted at operator new.

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <tuple>

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

namespace {

using namespace consign;

constexpr Timestamp kNow{1795255152000000};

/// How many parts all the orders' lines come to.
std::size_t decide_all(const Program& program, const std::vector<bench::Sample>& orders,
                       Arena& arena, const Prior* prior = nullptr) {
  std::size_t parts = 0;
  for (const auto& sample : orders) {
    const Decision decision = decide(program, sample.order.event, sample.facts, kNow, arena, prior);
    for (const LineDecision& line : decision.lines) parts += line.parts.size();
  }
  return parts;
}

}  // namespace

TEST_CASE("a decision allocates nothing once the arena is warm") {
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
  for (int warm = 0; warm < 3; ++warm) decide_all(*program, orders, arena);
  const std::size_t before = allocations;
  const std::size_t parts = decide_all(*program, orders, arena);
  CHECK(allocations - before == 0);
  CHECK(parts >= 250);
}

TEST_CASE("nor does one over stock, capacity, working time and lines kept together") {
  CheckResult result = check_rules({{"test.rules", R"(
    timezone "Europe/Stockholm"
    overlaps hold
    supplier a-supplier-with-a-long-name {
      stock tracked
      lead time 1 day
      cut-off "09:00"
      capacity 40 per day
    }
    supplier another-with-a-long-name {
      safety stock 1
      lead time 30h
      working days { monday, sunday }
    }
    supplier a-third-with-a-long-name {
      capacity 2 per hour
      lead time 2 days
    }
    rule together on line { when line.sku contains "7" then
      assign to fastest available of { a-supplier-with-a-long-name, another-with-a-long-name,
        a-third-with-a-long-name } keep together in at most 2 parts or next rule }
    rule parts on order { when true then
      assign to first available of { a-supplier-with-a-long-name, another-with-a-long-name,
        a-third-with-a-long-name } in parts, do not notify channel }
    rule divided on line { when line.sku contains "3" then
      assign to divide { a-supplier-with-a-long-name 70%, another-with-a-long-name 30% } }
    rule tried { mode shadow when line.sku contains "1" then
      assign to first available of { a-third-with-a-long-name, another-with-a-long-name } in parts })"}});
  REQUIRE(result.ok());
  const auto program = compile(result.rules);
  auto orders = bench::samples(100, 50);
  std::int64_t pieces = 0;
  for (bench::Sample& sample : orders) {
    for (Record& line : sample.order.event.lines) {
      line.set(Field::line_quantity, Value::of_number(Decimal(3)));
      for (const char* supplier : {"a-supplier-with-a-long-name", "another-with-a-long-name"}) {
        sample.facts.stock.push_back(
            {supplier, std::string(line.text(Field::line_sku)), Decimal(pieces++ % 4), Decimal(0)});
      }
    }
    std::sort(sample.facts.stock.begin(), sample.facts.stock.end(),
              [](const Facts::Stock& a, const Facts::Stock& b) {
                return std::tie(a.sku, a.supplier) < std::tie(b.sku, b.supplier);
              });
    sample.facts.loads = {{"a-third-with-a-long-name", 2}};
  }
  Prior prior;
  prior.rejections = {{"1", "another-with-a-long-name", "it is no longer made, they say"}};
  Prior::Part& part = prior.parts.emplace_back();
  part.line = "2";
  part.quantity = Decimal(1);
  part.supplier = "another-with-a-long-name";
  part.shipped = true;
  Arena arena;
  for (int warm = 0; warm < 3; ++warm) decide_all(*program, orders, arena, &prior);
  const std::size_t before = allocations;
  const std::size_t parts = decide_all(*program, orders, arena, &prior);
  CHECK(allocations - before == 0);
  CHECK(parts > 300);  // more than lines
  std::size_t passed_over = 0;
  for (const auto& sample : orders) {
    const Decision decision =
        decide(*program, sample.order.event, sample.facts, kNow, arena, &prior);
    for (const LineDecision& line : decision.lines) passed_over += line.passed_over.size();
  }
  CHECK(passed_over > 100);
}
