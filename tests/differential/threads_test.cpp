// One program, many threads: nothing in it changes while it decides. Worth most under
// ThreadSanitizer.
#include <doctest/doctest.h>

#include <mutex>
#include <thread>

#include "tests/differential/trial.hpp"
#include "tests/differential/world.hpp"

namespace consign::reference {
namespace {

std::string reasons(const Program& program, const Case& one, Arena& arena) {
  const Inputs inputs = inputs_of(one);
  return render_traces(rules_of(program), explain(program, inputs.event, inputs.facts, one.now,
                                                  arena, one.standing()));
}

/// What was decided last, and by which program: swapped as a whole, as the daemon does.
class Current {
 public:
  std::shared_ptr<const Program> get() {
    const std::lock_guard lock(mutex_);
    return program_;
  }
  void set(std::shared_ptr<const Program> program) {
    const std::lock_guard lock(mutex_);
    program_ = std::move(program);
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const Program> program_;
};

}  // namespace

TEST_CASE("threads that share a program decide and explain as one thread does") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    const World world = world_of(seed, 8);
    const CheckResult result = checked(world.rules);
    REQUIRE(result.ok());
    const auto program = compile(result.rules);
    const auto all_said = [&](const Program& by) {
      Arena arena;
      std::string said;
      for (const Case& one : world.cases) said += decided(by, one, arena) + reasons(by, one, arena);
      return said;
    };
    std::vector<std::string> said(4);
    std::vector<std::thread> threads;
    for (std::string& mine : said) {
      // The first use of the program is in the threads: what it makes late, it must make safely.
      threads.emplace_back([&] { mine = all_said(*program); });
    }
    for (std::thread& thread : threads) thread.join();
    const std::string alone = all_said(*program);
    for (const std::string& each : said) CHECK(each == alone);
  }
}

TEST_CASE("programs are swapped while threads decide by them") {
  const World world = world_of(7, 6);
  const CheckResult result = checked(world.rules);
  REQUIRE(result.ok());
  Current current;
  current.set(compile(result.rules));
  const auto decide_all = [&] {
    Arena arena;
    std::string said;
    for (const Case& one : world.cases) said += decided(*current.get(), one, arena);
    return said;
  };
  const std::string wanted = decide_all();
  std::vector<int> wrong(3);
  std::vector<std::thread> threads;
  for (int& mine : wrong) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) mine += decide_all() != wanted;
    });
  }
  for (int round = 0; round < 10; ++round) current.set(compile(result.rules));
  for (std::thread& thread : threads) thread.join();
  for (const int each : wrong) CHECK(each == 0);
}

}  // namespace consign::reference
