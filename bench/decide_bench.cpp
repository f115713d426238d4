// What a decision costs, at 10 to 100,000 rules and (with CONSIGN_BENCH_MILLION=1) a million,
// beside a hand-written loop for the same workload and simdjson's parse of the same bytes.

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdlib>
#include <map>

#include "bench/workload.hpp"

namespace {

using namespace consign;
using namespace consign::bench;

/// Orders and their facts that do not fit into a core's caches, and some that do: what lies between
/// the two is waiting for memory.
constexpr std::size_t kSamples = 2'000;
constexpr std::size_t kFewSamples = 64;

/// One world at a time is kept: rule sets of a million rules are large.
struct World {
  std::size_t rules = 0;
  bool unknown = false;
  bool indexed = true;
  std::shared_ptr<const Program> program;
  std::vector<Sample> orders;
};

const World& world(std::size_t rules, bool unknown = false, bool indexed = true) {
  static World current;
  if (current.rules != rules || current.unknown != unknown || current.indexed != indexed) {
    current = {};
    current = {rules, unknown, indexed, compile(rule_set(rules), {indexed}),
               samples(rules, kSamples, unknown)};
  }
  return current;
}

void decide_all(benchmark::State& state, const World& in, std::size_t orders = kSamples) {
  Arena arena;
  std::size_t n = 0, assigned = 0;
  for (auto _ : state) {
    const Sample& sample = in.orders[n++ % orders];
    const Decision decision =
        decide(*in.program, sample.order.event, sample.facts, Timestamp{1795255152000000}, arena);
    for (const LineDecision& line : decision.lines) {
      assigned += line.parts.front().outcome == Outcome::assigned;
    }
  }
  state.counters["assigned"] = static_cast<double>(assigned) / static_cast<double>(n);
}

void decide_indexed(benchmark::State& state) {
  decide_all(state, world(static_cast<std::size_t>(state.range(0))));
}

void decide_few_orders(benchmark::State& state) {
  decide_all(state, world(static_cast<std::size_t>(state.range(0))), kFewSamples);
}

void decide_without_index(benchmark::State& state) {
  decide_all(state, world(static_cast<std::size_t>(state.range(0)), false, false));
}

void decide_one_product_in_twenty_unknown(benchmark::State& state) {
  decide_all(state, world(static_cast<std::size_t>(state.range(0)), true));
}

void decide_by_hand(benchmark::State& state, std::size_t orders) {
  const auto rules = static_cast<std::size_t>(state.range(0));
  const World& in = world(rules);
  const HandWritten by_hand(rules);
  std::size_t n = 0, assigned = 0;
  for (auto _ : state) assigned += by_hand.decide(in.orders[n++ % orders]);
  state.counters["assigned"] = static_cast<double>(assigned) / static_cast<double>(n);
}

void hand_written(benchmark::State& state) { decide_by_hand(state, kSamples); }
void hand_written_few_orders(benchmark::State& state) { decide_by_hand(state, kFewSamples); }

void decide_bodies(benchmark::State& state, std::size_t orders) {
  const World& in = world(static_cast<std::size_t>(state.range(0)));
  Arena arena;
  OrderDocument order;
  std::size_t n = 0;
  for (auto _ : state) {
    const Sample& sample = in.orders[n++ % orders];
    if (order.json.parse(sample.body) || !read_order(order).empty()) std::abort();
    receive(order, Timestamp{1795255152000000});
    benchmark::DoNotOptimize(
        decide(*in.program, order.event, sample.facts, Timestamp{1795255152000000}, arena));
  }
}

void body_to_decision(benchmark::State& state) { decide_bodies(state, kSamples); }
void body_to_decision_few_orders(benchmark::State& state) { decide_bodies(state, kFewSamples); }

void simdjson_dom(benchmark::State& state) {
  const World& in = world(static_cast<std::size_t>(state.range(0)));
  std::vector<simdjson::padded_string> bodies;
  for (const Sample& sample : in.orders) bodies.emplace_back(sample.body);
  simdjson::dom::parser parser;
  std::size_t n = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(parser.parse(bodies[n++ % bodies.size()]).error());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::int64_t> sizes = {10, 100, 1'000, 10'000, 100'000};
  if (std::getenv("CONSIGN_BENCH_MILLION") != nullptr) sizes.push_back(1'000'000);
  const auto add = [](const char* name, void (*run)(benchmark::State&), std::int64_t rules) {
    benchmark::RegisterBenchmark(name, run)->Arg(rules)->Unit(benchmark::kMicrosecond);
  };
  for (const std::int64_t rules : sizes) {
    add("hand_written", hand_written, rules);
    add("decide", decide_indexed, rules);
    add("hand_written_few_orders", hand_written_few_orders, rules);
    add("decide_few_orders", decide_few_orders, rules);
    add("body_to_decision_few_orders", body_to_decision_few_orders, rules);
    add("body_to_decision", body_to_decision, rules);
    add("simdjson_dom", simdjson_dom, rules);
    add("decide_one_product_in_twenty_unknown", decide_one_product_in_twenty_unknown, rules);
    if (rules <= 10'000) add("decide_without_index", decide_without_index, rules);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
