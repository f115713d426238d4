// What loading rules costs, stage by stage, beside reading the same bytes and hashing them; and
// what a change in one file of many costs. At 1,000 to 100,000 rules and (with
// CONSIGN_BENCH_MILLION=1) a million. One thread does all of it.

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <cstdlib>
#include <numeric>

#include "bench/workload.hpp"
#include "consign/hash.hpp"
#include "dsl/parser.hpp"
#include "dsl/resolver.hpp"

namespace {

using namespace consign;
using namespace consign::bench;

/// What the stages work on; one at a time, since rule sets of a million rules are large.
struct Input {
  std::size_t rules = 0;
  std::vector<RuleFile> files;
  std::shared_ptr<SourceMap> sources;
};

const Input& input(const benchmark::State& state) {
  static Input current;
  const auto rules = static_cast<std::size_t>(state.range(0));
  if (current.rules != rules) {
    current = {};
    current = {rules, rule_files(rules), std::make_shared<SourceMap>()};
    for (const RuleFile& file : current.files) current.sources->add(file.path, file.text);
  }
  return current;
}

std::vector<std::shared_ptr<const ast::File>> read(const Input& in) {
  std::vector<std::shared_ptr<const ast::File>> trees;
  for (SourceId id = 0; id < in.sources->size(); ++id) {
    trees.push_back(std::make_shared<const ast::File>(*parse_declarations(id, *in.sources, {})));
  }
  return trees;
}

std::shared_ptr<RuleSet> resolve(const Input& in) {
  DiagnosticSink sink;
  std::vector<ResolvedFile> resolved(in.files.size());
  return consign::resolve(read(in), in.sources, {}, resolved, sink);
}

void per_rule(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

void bytes_and_hash(benchmark::State& state) {
  const Input& in = input(state);
  for (auto _ : state) {
    for (const RuleFile& file : in.files) benchmark::DoNotOptimize(sha256(std::string(file.text)));
  }
  per_rule(state);
}

void stage_read(benchmark::State& state) {
  const Input& in = input(state);
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto trees = read(in);
    bytes =
        std::accumulate(trees.begin(), trees.end(), std::size_t{0},
                        [](std::size_t sum, const auto& each) { return sum + each->pool.bytes(); });
  }
  per_rule(state);
  state.counters["tree_bytes_per_rule"] =
      static_cast<double>(bytes) / static_cast<double>(state.range(0));
}

void stage_resolve(benchmark::State& state) {
  const Input& in = input(state);
  const auto trees = read(in);
  std::size_t bytes = 0;
  for (auto _ : state) {
    DiagnosticSink sink;
    std::vector<ResolvedFile> resolved(in.files.size());
    const auto rules = consign::resolve(trees, in.sources, {}, resolved, sink);
    bytes = 0;
    for (const auto& file : rules->rules.files()) {
      bytes += file->pool.bytes() + file->rules.size() * (sizeof(Rule) + sizeof(Rule*));
    }
  }
  per_rule(state);
  state.counters["tree_bytes_per_rule"] =
      static_cast<double>(bytes) / static_cast<double>(state.range(0));
}

void stage_warn(benchmark::State& state) {
  const auto rules = resolve(input(state));
  for (auto _ : state) benchmark::DoNotOptimize(find_warnings(*rules));
  per_rule(state);
}

void stage_compile(benchmark::State& state) {
  const std::shared_ptr<const RuleSet> rules = resolve(input(state));
  std::size_t bytes = 0;
  for (auto _ : state) bytes = cost_of(*compile(rules)).bytes;
  per_rule(state);
  state.counters["program_bytes_per_rule"] =
      static_cast<double>(bytes) / static_cast<double>(state.range(0));
}

/// Text to program, as a start does it.
void load(benchmark::State& state) {
  const Input& in = input(state);
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<RuleFile> files = in.files;
    state.ResumeTiming();
    benchmark::DoNotOptimize(compile(check_rules(std::move(files)).rules));
  }
  per_rule(state);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_rss_mb"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

/// One file of 1,000 rules is another; up to the checked rule set.
void check_again(benchmark::State& state) {
  std::vector<RuleFile> files = rule_files(static_cast<std::size_t>(state.range(0)), 1'000);
  RuleSetLoader loader;
  std::shared_ptr<const RuleSet> rules = loader.check(files).rules;
  for (auto _ : state) {
    state.PauseTiming();
    files[files.size() / 2].text += "# changed\n";
    std::vector<RuleFile> read = files;
    state.ResumeTiming();
    rules = loader.check(std::move(read)).rules;
  }
}

/// The same, from the files to a program that is ready.
void load_again(benchmark::State& state) {
  std::vector<RuleFile> files = rule_files(static_cast<std::size_t>(state.range(0)), 1'000);
  RuleSetLoader loader;
  std::shared_ptr<const Program> program = compile(loader.check(files).rules);
  for (auto _ : state) {
    state.PauseTiming();
    files[files.size() / 2].text += "# changed\n";
    std::vector<RuleFile> read = files;
    state.ResumeTiming();
    program = compile(loader.check(std::move(read)).rules, {}, program);
  }
}

/// And from the checked rule set on.
void compile_again(benchmark::State& state) {
  std::vector<RuleFile> files = rule_files(static_cast<std::size_t>(state.range(0)), 1'000);
  RuleSetLoader loader;
  std::shared_ptr<const Program> program = compile(loader.check(files).rules);
  for (auto _ : state) {
    state.PauseTiming();
    files[files.size() / 2].text += "# changed\n";
    const std::shared_ptr<const RuleSet> rules = loader.check(files).rules;
    state.ResumeTiming();
    program = compile(rules, {}, program);
  }
  state.counters["program_bytes_per_rule"] =
      static_cast<double>(cost_of(*program).bytes) / static_cast<double>(state.range(0));
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::int64_t> sizes = {1'000, 10'000, 100'000};
  if (std::getenv("CONSIGN_BENCH_MILLION") != nullptr) sizes.push_back(1'000'000);
  const auto add = [](const char* name, void (*run)(benchmark::State&), std::int64_t rules) {
    benchmark::RegisterBenchmark(name, run)->Arg(rules)->Unit(benchmark::kMillisecond);
  };
  for (const std::int64_t rules : sizes) {
    add("bytes_and_hash", bytes_and_hash, rules);
    add("read", stage_read, rules);
    add("resolve", stage_resolve, rules);
    add("warn", stage_warn, rules);
    add("compile", stage_compile, rules);
    add("load", load, rules);
    add("check_again", check_again, rules);
    add("compile_again", compile_again, rules);
    add("load_again", load_again, rules);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
