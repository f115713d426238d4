// Programs that are made from the one before (compile() with `previous`).

#include <doctest/doctest.h>

#include "bench/workload.hpp"
#include "consign/dsl.hpp"
#include "engine/program.hpp"

using namespace consign;

namespace {

/// 2,000 rules in 20 files, one of which changes now and then.
class Changing {
 public:
  Changing() { load(); }
  void change(std::size_t file) {
    files_[file].text += "# changed\n";
    load();
  }
  const Program& program() const { return *program_; }

 private:
  void load() { program_ = compile(loader_.check(files_).rules, {}, program_); }

  std::vector<RuleFile> files_ = bench::rule_files(2'000, 100);
  RuleSetLoader loader_;
  std::shared_ptr<const Program> program_;
};

}  // namespace

TEST_CASE("a change in one file of many compiles the rules of that file alone") {
  Changing rules;
  REQUIRE(rules.program().run.size() == 2'000);
  const std::size_t nodes = rules.program().nodes.size();
  rules.change(7);
  CHECK(rules.program().run.size() == 2'000);
  CHECK(rules.program().growth.added == 100);
  CHECK(rules.program().growth.dropped == 100);
  CHECK(rules.program().nodes.size() < nodes + nodes / 10);
}

TEST_CASE("a program asks for the facts that its rules name, not for those of rules before") {
  std::vector<RuleFile> files = {
      {"10-a.rules",
       "supplier acme\ndefine from-outlet = shop.id = \"outlet\"\n"
       "rule a { when line.sku = \"A\" and not from-outlet then assign to acme }\n"},
      {"20-b.rules",
       "rule b { when product.tag = \"x\" or customer.tag = \"vip\" "
       "then tag \"b\" }\n"}};
  RuleSetLoader loader;
  const CompileOptions options{.always = true};
  const auto before = compile(loader.check(files).rules, options);
  CHECK(facts_needed(*before).products);
  CHECK(facts_needed(*before).customer_tags);
  files[1].text = "rule b { when from-outlet then tag \"b\" }\n";
  const auto after = compile(loader.check(files).rules, options, before);
  REQUIRE(after->growth.dropped == 1);
  CHECK(!facts_needed(*after).products);
  CHECK(!facts_needed(*after).customer_tags);
  CHECK(facts_needed(*after).shop);

  Event event;
  event.order.set(Field::order_shop, Value::of_code("outlet"));
  Record& line = event.lines.emplace_back();
  line.set(Field::line_id, Value::of_code("1"));
  line.set(Field::line_quantity, Value::of_number(Decimal(1)));
  event.line_products.emplace_back();
  Facts facts;
  facts.shared.set(Field::shop_id, Value::of_code("outlet"));
  Arena arena;
  CHECK(decide(*after, event, facts, Timestamp{0}, arena).tags.size() == 1);
}

TEST_CASE("what changes leave behind in a program stays within bounds") {
  Changing rules;
  const std::size_t bytes = cost_of(rules.program()).bytes;
  std::size_t compiled_whole = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    rules.change(i * 7 % 20);
    compiled_whole += rules.program().growth.added == 0;
    CHECK(rules.program().growth.added <= 500);
    CHECK(cost_of(rules.program()).bytes < bytes * 2);
  }
  CHECK(compiled_whole > 0);
  CHECK(compiled_whole < 10);
}
