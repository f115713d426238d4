// Trees that are kept, and files that are read at the same time, must not show.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "consign/dsl.hpp"

using namespace consign;

namespace {

std::string told(const CheckResult& result) {
  std::string all = result.ok() ? result.rules->hash + "\n" + outline(*result.rules) : "refused\n";
  for (const Diagnostic& each : result.diagnostics) all += render(each, *result.sources);
  return all;
}

/// Files of a small world: some refer to each other, some are at fault, some are YAML.
class Folder {
 public:
  explicit Folder(std::uint64_t seed) : random_(seed) {}

  const std::vector<RuleFile>& files() const { return files_; }

  /// Adds, removes, changes or renames a file.
  void edit() {
    const auto any = [&] {
      return files_.begin() + static_cast<std::ptrdiff_t>(pick(files_.size()));
    };
    const std::size_t what = files_.empty() ? 0 : pick(6);
    if (what == 0) {
      files_.push_back(file());
    } else if (what == 1) {
      files_.erase(any());
    } else if (what == 2) {
      any()->text += "# changed\n";
    } else {
      *any() = file();
    }
    std::shuffle(files_.begin(), files_.end(), random_);
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }

  /// Paths are few, so that some come twice, which is an error of its own.
  RuleFile file() {
    const std::string number = std::to_string(pick(12));
    if (pick(4) == 0) {
      return {"y" + number + ".yaml", "rules:\n  - rule: y" + number +
                                          "\n    when: order.total > " + number +
                                          " EUR\n    then: tag \"y\"\n"};
    }
    std::string text = pick(3) == 0 ? "# a longer file\n\n" : "";
    const std::vector<std::string> pieces = {
        "supplier s" + number + "\n",
        "list nordics = { \"SE\", \"NO\" }\n",
        "define big = order.total > 500 EUR\n",
        "rule a" + number + " { when big then tag \"big\" }\n",
        "rule b" + number + " { when order.ship_to.country in nordics then assign to s1 }\n",
        "rule c" + number + " { when line.sku = \"x\" and line.sku = \"y\" then stop }\n",
        "rule d" + number + " { when order.totl > 5 then stop }\n",
        "rule e" + number + " { when then stop }\n",
    };
    // Faults are rarer than what is in order.
    for (std::size_t i = 0; i < 3; ++i) {
      text += pieces[pick(pick(5) == 0 ? pieces.size() : pieces.size() - 2)];
    }
    return {"r" + number + ".rules", text};
  }

  std::mt19937_64 random_;
  std::vector<RuleFile> files_;
};

}  // namespace

TEST_CASE("a loader tells of each set what checking it from scratch tells") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Folder folder(seed);
    RuleSetLoader loader;
    for (int step = 0; step < 40; ++step) {
      CAPTURE(step);
      folder.edit();
      REQUIRE(told(loader.check(folder.files())) == told(check_rules(folder.files())));
    }
  }
}

TEST_CASE("a loader takes up what stands before an unchanged file") {
  const RuleFile last{"b.rules", "rule r { when true then assign to acme }\n"};
  RuleSetLoader loader;
  CHECK_FALSE(loader.check({last}).ok());
  const CheckResult declared = loader.check({{"a.rules", "# where from\nsupplier acme\n"}, last});
  REQUIRE(declared.ok());
  CHECK(declared.sources->get(declared.rules->rules[0].name_span.source).path == "b.rules");
  CHECK_FALSE(loader.check({last}).ok());
}

TEST_CASE("files that are read at the same time give their messages in the order of files") {
  std::vector<RuleFile> files;
  for (int i = 0; i < 6; ++i) {
    std::string text;
    for (int rule = 0; rule < 1'500; ++rule) {
      const std::string name = "r" + std::to_string(i) + "-" + std::to_string(rule);
      text += "rule " + name + " { when line.sku = \"" + name + "\" then tag \"x\" }\n";
    }
    files.push_back({"f" + std::to_string(i) + ".rules", text + "rule { when true }\n"});
  }
  const CheckResult result = check_rules(files);
  REQUIRE(result.diagnostics.size() == files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    CHECK(result.diagnostics[i].place()->source == i);
  }
  for (RuleFile& file : files) file.text.erase(file.text.rfind("rule {"));
  const CheckResult mended = check_rules(files);
  REQUIRE(mended.ok());
  REQUIRE(mended.rules->rules.size() == 9'000);
  CHECK(mended.rules->rules.front().name == "r0-0");
  CHECK(mended.rules->rules.back().name == "r5-1499");
}
