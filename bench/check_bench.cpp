// What a check costs at 10,000 accounts and 100,000 grants, beside one look-up in a hash table that
// would hold nothing but ready answers; and what the reverse questions cost.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <unordered_map>

#include "daemon/access/checking.hpp"
#include "daemon/rules/compile.hpp"

namespace {

using namespace consign;

constexpr std::size_t kAccounts = 10'000;
constexpr std::size_t kGrantsEach = 10;
constexpr std::size_t kSamples = 1 << 16;
constexpr Timestamp kNow{1'795'255'152'000'000};

const std::vector<std::string>& actions() {
  static const std::vector<std::string> kActions{"view",   "fulfill", "refund", "cancel", "edit",
                                                 "export", "return",  "manage", "capture"};
  return kActions;
}

std::string account_name(std::size_t i) {
  return (i % 2 == 0 ? "staff:person-" : "collaborator:studio-") + std::to_string(i);
}

// Half of an account's grants are on shops, one of them a wildcard, half on lines of orders.
store::GrantRow grant(std::size_t account, std::size_t n, std::mt19937& dice) {
  store::GrantRow row;
  row.id = "g-" + std::to_string(account) + "-" + std::to_string(n);
  row.account = account_name(account);
  row.order.shop = "shop-" + std::to_string(dice() % 50);
  row.on_shop = n % 2 == 0;
  if (!row.on_shop) {
    row.order.id = std::to_string(dice() % 100'000);
    row.line = "1";
  }
  row.permission = "orders:" + (n == 0 ? "*" : actions()[dice() % actions().size()]);
  row.rule = "rule-" + std::to_string(n);
  return row;
}

struct World {
  World() {
    std::mt19937 dice(7);
    std::vector<store::GrantRow> rows;
    for (std::size_t i = 0; i < kAccounts; ++i) {
      index.put_account({.account = account_name(i)});
      for (std::size_t n = 0; n < kGrantsEach; ++n) rows.push_back(grant(i, n, dice));
    }
    index.replace_grants({}, rows);
    for (const auto& row : rows)
      table.emplace(key(row.account, row.permission, row), &row - rows.data());
    while (checks.size() < kSamples) {
      const auto& row = rows[dice() % rows.size()];
      Check check{.account = row.account, .action = {}, .resource = {}};
      // Every other question is about what the account does not hold.
      const std::string action = row.permission.ends_with('*') || dice() % 2 == 0
                                     ? actions()[dice() % actions().size()]
                                     : row.permission.substr(7);
      check.action = {"orders", action};
      check.resource = {"order", row.order.shop, row.on_shop ? "17" : row.order.id, "1"};
      checks.push_back(std::move(check));
      keys.push_back(key(row.account, "orders:" + action, row));
    }
    auto compiled =
        compile_rules({{"10.rules", "supplier acme\nnever grant staff:*\n"}}, CheckOptions{}, kNow);
    rules = std::get<0>(compiled);
    settings.never_grant = *parse_permissions("wallet:*");
  }

  static std::string key(const std::string& account, const std::string& permission,
                         const store::GrantRow& row) {
    return account + '|' + permission + '|' + row.order.shop + '|' + row.order.id;
  }

  AccessIndex index;
  std::unordered_map<std::string, std::ptrdiff_t> table;
  std::vector<Check> checks;
  std::vector<std::string> keys;
  std::shared_ptr<const ActiveRules> rules;
  Settings settings;
};

World& world() {
  static World world;
  return world;
}

void one_hash_lookup(benchmark::State& state) {
  const World& in = world();
  std::size_t n = 0;
  for (auto _ : state) benchmark::DoNotOptimize(in.table.find(in.keys[n++ % kSamples]));
}

void check(benchmark::State& state) {
  const World& in = world();
  std::size_t n = 0, allowed = 0;
  for (auto _ : state) {
    allowed +=
        answer_check(in.index, *in.rules, in.settings, in.checks[n++ % kSamples], kNow).allowed();
  }
  state.counters["allowed"] = static_cast<double>(allowed) / static_cast<double>(n);
}

// Each check timed by itself, with the clock's own cost in it.
void check_percentiles(benchmark::State& state) {
  const World& in = world();
  std::vector<std::int64_t> times;
  std::size_t n = 0;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(
        answer_check(in.index, *in.rules, in.settings, in.checks[n++ % kSamples], kNow).allowed());
    const auto end = std::chrono::steady_clock::now();
    times.push_back((end - begin).count());
  }
  std::sort(times.begin(), times.end());
  state.counters["p50_ns"] = static_cast<double>(times[times.size() / 2]);
  state.counters["p99_ns"] = static_cast<double>(times[times.size() * 99 / 100]);
}

void who_may(benchmark::State& state) {
  const World& in = world();
  const auto any = [](std::string_view) { return true; };
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        in.index.holders_of({"orders", "refund"}, {.shop = "shop-7"}, kNow, "", 500, any));
  }
}

void may(benchmark::State& state) {
  const World& in = world();
  std::size_t n = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(in.index.held_by(in.checks[n++ % kSamples].account, kNow));
  }
}

BENCHMARK(one_hash_lookup);
BENCHMARK(check);
BENCHMARK(check_percentiles)->Iterations(1'000'000);
BENCHMARK(who_may)->Unit(benchmark::kMillisecond);
BENCHMARK(may)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
