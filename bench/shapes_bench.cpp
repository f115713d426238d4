// What rule sets of awkward shapes cost with the index, beside the same without it, from one rule
// to ten thousand. The index must never be the slower one.

#include <benchmark/benchmark.h>

#include <cstdio>
#include <map>
#include <string>

#include "bench/shapes.hpp"

namespace {

using namespace consign;
using namespace consign::bench;

constexpr std::size_t kOrders = 200;
constexpr std::size_t kRepetitions = 5;

/// Both programs of one shape at one size, and orders for them.
struct World {
  std::string name;
  std::shared_ptr<const Program> indexed, plain;
  std::vector<Sample> orders;
};

const World& world(const Shape& shape, std::size_t rules) {
  static World current;
  const std::string name = std::string(shape.name) + "/" + std::to_string(rules);
  if (current.name != name) {
    current = {};
    const auto set = rule_set(shape, rules);
    current = {name, compile(set), compile(set, {false}),
               samples(shape, rules, shape.lines > 100 ? 5 : kOrders)};
  }
  return current;
}

void decide_all(benchmark::State& state, const Program& program, const World& in) {
  Arena arena;
  std::size_t n = 0;
  for (auto _ : state) {
    const Sample& sample = in.orders[n++ % in.orders.size()];
    benchmark::DoNotOptimize(
        decide(program, sample.order.event, sample.facts, Timestamp{1795255152000000}, arena)
            .tags.size());
  }
}

/// Remembers the medians, and prints the ratios after each pair.
class Ratios : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Aggregate || run.aggregate_name != "median") continue;
      const std::string name = run.run_name.function_name;
      const std::string shape = name.substr(0, name.rfind('/'));
      const std::string size = run.run_name.args;
      const double nanoseconds = run.GetAdjustedCPUTime();
      if (name.ends_with("without")) {
        without_[shape + size] = nanoseconds;
        continue;
      }
      const double without = without_[shape + size];
      std::printf("%-26s %6s rules: %10.2f us, without the index %10.2f us, ratio %7.2f\n",
                  shape.c_str(), size.c_str(), nanoseconds / 1e3, without / 1e3,
                  without / nanoseconds);
    }
    std::fflush(stdout);
  }
  bool ReportContext(const Context&) override { return true; }

 private:
  std::map<std::string, double> without_;
};

}  // namespace

int main(int argc, char** argv) {
  for (const Shape& shape : all_shapes()) {
    for (const std::size_t rules : {1, 3, 10, 100, 1'000, 10'000}) {
      if (rules > shape.most_rules) continue;
      const auto add = [&](const char* with, bool indexed) {
        const std::string name = std::string(shape.name) + "/" + with;
        benchmark::RegisterBenchmark(name.c_str(),
                                     [&shape, rules, indexed](auto& state) {
                                       const World& in = world(shape, rules);
                                       decide_all(state, indexed ? *in.indexed : *in.plain, in);
                                     })
            ->Arg(static_cast<std::int64_t>(rules))
            ->Repetitions(kRepetitions)
            ->MinTime(0.02);
      };
      add("without", false);
      add("with", true);
    }
  }
  Ratios ratios;
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks(&ratios);
}
