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
        "rule k" + number + " { when check.action = wms:* then allow }\npermissions wms:a" +
            number + "\n",
        "rule l" + number + " { when account.role != \"" + number + "\" then allow }\n",
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

namespace {

/// Files that are nearly always in order, whose rules refer to declarations in every way there is.
class GoodFolder {
 public:
  explicit GoodFolder(std::uint64_t seed) : random_(seed) {
    files_.push_back({"00-declared.rules", declared()});
    for (int i = 1; i < 7; ++i) files_.push_back(file(i));
  }

  const std::vector<RuleFile>& files() const { return files_; }

  void edit() {
    const std::size_t which = pick(files_.size());
    std::string& text = files_[which].text;
    switch (pick(8)) {
      case 0:
        text.insert(0, "# moved\n");
        break;
      case 1:
        files_[0].text = declared();
        break;
      case 2:  // a name that another file has, or its own
        text += "rule f" + std::to_string(pick(7)) + "-0 { when true then tag \"twice\" }\n";
        break;
      case 3:
        text += "rule x" + std::to_string(which) + " { when then stop }\n";
        break;
      default:
        if (which > 0) files_[which] = file(which);
    }
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }

  std::string declared() {
    return std::string(pick(2) ? "# the suppliers\n" : "") +
           "supplier acme { countries { \"SE\" }, handling cost 2 EUR }\nsupplier bravo { "
           "capacity " +
           std::to_string(1 + pick(3)) + " per day }\n" + "list nordics = { \"SE\", \"" +
           (pick(2) ? "NO" : "DK") + "\" }\n" +
           "table zone-of = { \"se\": \"north\", \"de\": \"south\" }\n" +
           "define big = order.total > " + std::to_string(100 * pick(3)) + " EUR\n" +
           "role agent = orders:view+fulfill\ntimezone \"Europe/Stockholm\"\n" +
           "field carrier: text\n";
  }

  RuleFile file(std::size_t number) {
    const std::vector<std::string> bodies = {
        "when product.tag = \"\\u{e9}t\\u{e9}\" then assign to acme, grant agent, orders:view",
        "when order.ship_to.country in nordics and big then assign to bravo",
        "when zone-of[order.ship_to.country] = \"north\" then hold \"no {order.id}\" for 2h",
        "when zone-of[order.note] = \"North\" then tag \"north\"",
        "when line.sku in nordics then set carrier = \"{order.id} {{\", stop",
        "when line.quantity > 1 and order.total between 1 EUR and 2 EUR then assign to cheapest "
        "available of "
        "{ acme, bravo } or next rule",
        "when line.sku = \"a\" and line.sku = \"b\" then note \"never\"",
        "when order.placed_at > 2026-11-01 and hour(now) < 9 then notify desk \"early\"",
        "about \"what\" owner \"who\" shop nordic, outlet from 2026-11-01 until 2026-12-01 "
        "when order.attribute[\"gift\"] is present then grant orders:* to staff:anna for 9 days",
        "when not (product.tag contains \"x\" or any line (line.quantity > 2)) then tag \"q\"",
    };
    const std::string path = "f" + std::to_string(number);
    std::string text;
    const std::size_t rules = 1 + pick(4);
    for (std::size_t i = 0; i < rules; ++i) {
      text +=
          "rule " + path + "-" + std::to_string(i) + " { " + bodies[pick(bodies.size())] + " }\n";
    }
    return {path + ".rules", text};
  }

  std::mt19937_64 random_;
  std::vector<RuleFile> files_;
};

}  // namespace

TEST_CASE("rules that are taken over are those that resolving anew would give") {
  std::size_t good = 0, taken_over = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    GoodFolder folder(seed);
    RuleSetLoader loader;
    std::vector<std::shared_ptr<const FileRules>> before;
    for (int step = 0; step < 30; ++step) {
      CAPTURE(step);
      const CheckResult result = loader.check(folder.files());
      REQUIRE(told(result) == told(check_rules(folder.files())));
      if (result.ok()) {
        ++good;
        const auto& files = result.rules->rules.files();
        for (std::size_t i = 0; i < before.size(); ++i) taken_over += files[i] == before[i];
        before = files;
      }
      folder.edit();
    }
  }
  CHECK(good > 100);
  CHECK(taken_over > 100);
}

TEST_CASE("a change in one file leaves the rules of the others where they are") {
  std::vector<RuleFile> files = {{"a.rules", "supplier acme\nrule a { when true then stop }\n"},
                                 {"b.rules", "rule b { when line.sku = \"b\" then stop }\n"},
                                 {"c.rules", "rule c { when line.sku = \"c\" then stop }\n"}};
  RuleSetLoader loader;
  const auto first = loader.check(files).rules;
  files[1].text = "# more\n" + files[1].text;
  const auto second = loader.check(files).rules;
  CHECK(second->rules.files()[0] == first->rules.files()[0]);
  CHECK(second->rules.files()[1] != first->rules.files()[1]);
  CHECK(second->rules.files()[2] == first->rules.files()[2]);
  CHECK(second->hash != first->hash);
  // Anything that is declared otherwise may concern any rule.
  files[0].text.insert(0, "supplier bravo\n");
  const auto third = loader.check(files).rules;
  CHECK(third->rules.files()[2] != first->rules.files()[2]);
}

TEST_CASE("a supplier's property that changes is in the next rule set") {
  const RuleFile rules{"b.rules", "rule r { when true then assign to acme }\n"};
  const auto declared = [](const std::string& rest) {
    return RuleFile{"a.rules", "supplier acme { capacity 5 per day }\n" + rest};
  };
  RuleSetLoader loader;
  const auto berlin = loader.check({declared("timezone \"Europe/Berlin\"\n"), rules}).rules;
  const auto tokyo = loader.check({declared("timezone \"Asia/Tokyo\"\n"), rules}).rules;
  REQUIRE(tokyo);
  CHECK(tokyo->suppliers[0].working.zone == find_time_zone("Asia/Tokyo"));
  const auto tracked =
      loader.check({{"a.rules", "supplier acme { stock tracked, safety stock 3 }\n"}, rules}).rules;
  REQUIRE(tracked);
  CHECK(tracked->suppliers[0].safety_stock.to_string() == "3");
  CHECK_FALSE(tracked->suppliers[0].capacity);
  // What was given out stays as it was.
  CHECK(berlin->suppliers[0].working.zone == find_time_zone("Europe/Berlin"));
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
