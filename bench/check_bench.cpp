// What a check costs at 10,000 accounts and 100,000 grants, beside one look-up in a hash table that
// would hold nothing but ready answers; and what the reverse questions cost. Both without rules on
// check and with two, which are asked before every grant.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <unordered_map>

#include "daemon/access/checking.hpp"
#include "daemon/access/reach.hpp"
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

bool is_login(std::size_t account) { return account % 10 == 9; }

std::string account_name(std::size_t i) {
  if (is_login(i)) return "sub:login-" + std::to_string(i);
  return (i % 2 == 0 ? "staff:person-" : "collaborator:studio-") + std::to_string(i);
}

store::AccountRow account_row(std::size_t i) {
  store::AccountRow row{.account = account_name(i), .roles = {"returns"}, .mfa = i % 3 == 0};
  row.mfa_required = i % 30 == 0;
  if (is_login(i)) row.supplier = "acme";
  if (i % 50 == 7) row.suspended_in = {"shop-7", "shop-8"};
  return row;
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
  // What requests make ends when it was not used; of suppliers' logins it is on assigned lines
  // only.
  if (n % 4 == 2) row.idle_seconds = 90 * 24 * 3600;
  row.made_at = kNow;
  row.assigned_only = row.on_shop && is_login(account);
  row.permission = "orders:" + (n == 0 ? "*" : actions()[dice() % actions().size()]);
  row.rule = "rule-" + std::to_string(n);
  return row;
}

constexpr const char* kOnCheck =
    "rule exports-with-second-factor on check { when check.action = orders:export and not "
    "account.mfa then forbid \"only with a second factor\" }\n"
    "rule returns on check { when check.action = orders:return and account.role = \"returns\" then "
    "allow }\n";

struct World {
  World() {
    std::mt19937 dice(7);
    std::vector<store::GrantRow> rows;
    for (std::size_t i = 0; i < kAccounts; ++i) {
      index.put_account(account_row(i));
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
    const std::string plain = "supplier acme\nnever grant staff:*\n";
    rules = std::get<0>(compile_rules({{"10.rules", plain}}, CheckOptions{}, kNow));
    with_checks =
        std::get<0>(compile_rules({{"10.rules", plain + kOnCheck}}, CheckOptions{}, kNow));
    for (int shop = 0; shop < 50; ++shop) {
      const std::string id = "shop-" + std::to_string(shop);
      settings.shops[id] = {id, "own", "", "", {}};
    }
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
  std::shared_ptr<const ActiveRules> rules, with_checks;
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

const ActiveRules& rules_for(const benchmark::State& state) {
  return state.range(0) != 0 ? *world().with_checks : *world().rules;
}

void check(benchmark::State& state) {
  const World& in = world();
  const ActiveRules& rules = rules_for(state);
  std::size_t n = 0, allowed = 0;
  for (auto _ : state) {
    allowed +=
        answer_check(in.index, rules, in.settings, in.checks[n++ % kSamples], kNow).allowed();
  }
  state.counters["allowed"] = static_cast<double>(allowed) / static_cast<double>(n);
}

// Each check timed by itself, with the clock's own cost in it.
void check_percentiles(benchmark::State& state) {
  const World& in = world();
  const ActiveRules& rules = rules_for(state);
  std::vector<std::int64_t> times;
  std::size_t n = 0;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(
        answer_check(in.index, rules, in.settings, in.checks[n++ % kSamples], kNow).allowed());
    const auto end = std::chrono::steady_clock::now();
    times.push_back((end - begin).count());
  }
  std::sort(times.begin(), times.end());
  state.counters["p50_ns"] = static_cast<double>(times[times.size() / 2]);
  state.counters["p99_ns"] = static_cast<double>(times[times.size() * 99 / 100]);
}

// Without rules on check the index answers; with them every account is asked about by itself.
void who_may(benchmark::State& state) {
  const World& in = world();
  const ActiveRules& rules = rules_for(state);
  const auto any = [](std::string_view) { return true; };
  for (auto _ : state) {
    if (rules.checks == nullptr) {
      benchmark::DoNotOptimize(
          in.index.holders_of({"orders", "refund"}, {.shop = "shop-7"}, kNow, "", 500, any));
      continue;
    }
    Check check{.account = {},
                .action = {"orders", "refund"},
                .resource = {.kind = "shop", .shop = "shop-7"}};
    std::size_t holders = 0;
    for (auto& name : in.index.names_after("")) {
      check.account = std::move(name);
      holders += answer_check(in.index, rules, in.settings, check, kNow, Use::asked).allowed();
    }
    benchmark::DoNotOptimize(holders);
  }
}

void may(benchmark::State& state) {
  const World& in = world();
  const ActiveRules& rules = rules_for(state);
  std::size_t n = 0;
  for (auto _ : state) {
    const auto& account = in.checks[n++ % kSamples].account;
    benchmark::DoNotOptimize(grants_that_count(in.index, rules, in.settings, account, "", kNow));
    benchmark::DoNotOptimize(allowed_by_rules(in.index, rules, in.settings, account, "", kNow));
  }
}

BENCHMARK(one_hash_lookup);
BENCHMARK(check)->ArgName("rules")->Arg(0)->Arg(1);
BENCHMARK(check_percentiles)->ArgName("rules")->Arg(0)->Arg(1)->Iterations(1'000'000);
BENCHMARK(who_may)->ArgName("rules")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(may)->ArgName("rules")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
