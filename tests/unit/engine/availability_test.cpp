// What suppliers can take, and who gets what they cannot: stock, capacity, rejections, lines kept
// together, lines in parts.

#include <doctest/doctest.h>

#include "consign/dsl.hpp"
#include "consign/engine.hpp"
#include "daemon/wire/order_reader.hpp"

using namespace consign;

namespace {

constexpr Timestamp kThursday{1795687200000000};  // 2026-11-26T10:00:00Z

/// An order to Sweden of lines "SKU quantity", by rules that all lines meet.
class Desk {
 public:
  Desk(std::string suppliers, std::string assign)
      : text_(std::move(suppliers) + "rule r on line { when true then " + std::move(assign) +
              " }\n") {}

  void add_line(const char* sku, const char* quantity) {
    const std::string id = std::to_string(++lines_count_);
    lines_ += (lines_.empty() ? "{\"id\":\"" : ",{\"id\":\"") + id + "\",";
    if (*sku != '\0') lines_ += "\"sku\":\"" + std::string(sku) + "\",";
    lines_ += "\"quantity\":" + std::string(quantity) + ",\"price\":\"1\"}";
  }
  void add_rule(std::string rule) { text_ += std::move(rule); }

  const Decision& decide() {
    const CheckResult result = check_rules({{"10-test.rules", text_}});
    REQUIRE(result.ok());
    rules_ = result.rules;
    program_ = compile(rules_);
    order_ =
        read_order(std::move(parse_json(R"({"shop":"nordic","id":"1","currency":"EUR","total":"1",)"
                                        R"("ship_to":{"country":"SE"},"lines":[)" +
                                        lines_ + "]}")
                                 .value()))
            .value();
    decision_.reset();  // the arena that it lives in is used again
    decision_.emplace(
        consign::decide(*program_, order_.event, facts, now, arena_, prior ? &*prior : nullptr));
    return *decision_;
  }

  /// Line by line: "2 acme", "1 held: acme: suspended", joined by " + " where in parts.
  std::vector<std::string> parts() {
    std::vector<std::string> out;
    for (const LineDecision& line : decide().lines) {
      std::string& text = out.emplace_back();
      for (const Part& part : line.parts) {
        text += (text.empty() ? "" : " + ") + part.quantity.to_canonical_string() + " ";
        if (part.outcome != Outcome::assigned) text += std::string(name_of(part.outcome)) + ": ";
        text += part.outcome == Outcome::assigned ? part.supplier : part.reason;
      }
    }
    return out;
  }
  std::string part() { return parts().front(); }

  /// Those of a line, after it was decided.
  std::vector<std::string> passed_over(std::size_t line = 0) const {
    std::vector<std::string> out;
    for (const PassedOver& passed : decision_->lines[line].passed_over) {
      out.emplace_back(passed.reason);
    }
    return out;
  }

  Facts facts;
  Timestamp now = kThursday;
  std::optional<Prior> prior;

 private:
  std::string text_, lines_;
  int lines_count_ = 0;
  std::shared_ptr<const RuleSet> rules_;
  std::shared_ptr<const Program> program_;
  OrderDocument order_;
  Arena arena_;
  std::optional<Decision> decision_;
};

using Texts = std::vector<std::string>;

/// Why a single supplier with those properties does not take one piece of a line.
std::string refusal(const std::string& properties, const Facts& facts = {}) {
  Desk desk("timezone \"Europe/Stockholm\"\nsupplier acme { " + properties + " }\n",
            "assign to acme");
  desk.add_line("ONE", "1");
  desk.facts = facts;
  return desk.part();
}

Facts with_stock(std::vector<Facts::Stock> stock) {
  Facts facts;
  facts.stock = std::move(stock);
  return facts;
}

}  // namespace

TEST_CASE("a supplier that is suspended or serves others takes nothing") {
  CHECK(refusal("") == "1 acme");
  CHECK(refusal("suspended") == "1 held: acme: suspended");
  CHECK(refusal("shops { outlet }") == "1 held: acme: does not serve shop nordic");
  CHECK(refusal("countries { \"DE\" }") == "1 held: acme: does not serve SE");
  CHECK(refusal("countries { \"SE\" }\nshops { nordic }") == "1 acme");
}

TEST_CASE("a supplier has as many pieces as it has reported, less those that it keeps back") {
  const auto has = [](std::int64_t available, std::int64_t safety) {
    return with_stock({{"acme", "ONE", Decimal(available), Decimal(safety)}});
  };
  CHECK(refusal("", has(1, 0)) == "1 acme");
  CHECK(refusal("", has(0, 0)) == "1 held: acme: 0 left, 1 wanted");
  CHECK(refusal("", has(3, 3)) == "1 held: acme: 0 left, 1 wanted");
  CHECK(refusal("", has(1, 5)) == "1 held: acme: 0 left, 1 wanted");
  CHECK(refusal("safety stock 2", has(3, 0)) == "1 acme");
  CHECK(refusal("safety stock 2", has(2, 1)) == "1 held: acme: 0 left, 1 wanted");
  CHECK(refusal("safety stock 1", has(3, 2)) == "1 acme");  // the larger of the two, not both
}

TEST_CASE("what was never reported has no end, unless stock is tracked") {
  CHECK(refusal("safety stock 9") == "1 acme");
  CHECK(refusal("stock tracked") == "1 held: acme: 0 left, 1 wanted");
  CHECK(refusal("stock tracked", with_stock({{"acme", "ONE", Decimal(1), Decimal(0)}})) ==
        "1 acme");
  Desk without_sku("supplier acme { stock tracked }\n", "assign to acme");
  without_sku.add_line("", "1");
  CHECK(without_sku.part() == "1 held: acme: has what it reports by SKU, and the line has none");
}

TEST_CASE("two lines of one SKU do not get the same piece") {
  Desk desk("supplier acme {}\nsupplier bravo {}\n",
            "assign to first available of { acme, bravo }");
  desk.facts = with_stock({{"acme", "ONE", Decimal(3), Decimal(0)}});
  for (const char* quantity : {"2", "2", "1"}) desk.add_line("ONE", quantity);
  desk.add_line("TWO", "9");
  CHECK(desk.parts() == Texts{"2 acme", "2 bravo", "1 acme", "9 acme"});
  CHECK(desk.passed_over(0).empty());
  CHECK(desk.passed_over(1) == Texts{"acme: 1 left, 2 wanted"});
}

TEST_CASE("a supplier that has taken its orders takes no more, but for orders it has a part of") {
  const auto taken = [](std::int64_t orders) {
    Facts facts;
    facts.loads = {{"acme", orders}};
    return facts;
  };
  CHECK(refusal("capacity 2 per day", taken(1)) == "1 acme");
  CHECK(refusal("capacity 2 per day", taken(2)) ==
        "1 held: acme: takes 2 orders a day and has them");
  CHECK(refusal("capacity 2 per hour", taken(7)) ==
        "1 held: acme: takes 2 orders an hour and has them");
  CHECK(refusal("capacity 2 per day") == "1 acme");

  Desk desk("timezone \"Europe/Stockholm\"\nsupplier acme { capacity 2 per day }\n",
            "assign to acme");
  desk.add_line("ONE", "1");
  desk.add_line("TWO", "1");
  desk.facts = taken(1);
  CHECK(desk.parts() == Texts{"1 acme", "1 acme"});  // one order, however many lines
  desk.facts = taken(2);
  Prior::Part part;
  part.line = "2";
  part.quantity = Decimal(1);
  part.supplier = "acme";
  desk.prior.emplace().parts = {part};
  CHECK(desk.parts() == Texts{"1 acme", "1 acme"});
}

TEST_CASE("a line goes to nobody who has rejected it") {
  Desk desk("supplier acme {}\nsupplier bravo {}\n",
            "assign to first available of { acme, bravo }");
  desk.add_line("ONE", "1");
  desk.add_line("ONE", "1");
  desk.prior.emplace().rejections = {{"1", "acme", "no longer made"}};
  CHECK(desk.parts() == Texts{"1 bravo", "1 acme"});
  CHECK(desk.passed_over() == Texts{"acme: rejected it: no longer made"});
  desk.prior->rejections.push_back({"1", "bravo", ""});
  CHECK(desk.part() == "1 held: acme: rejected it: no longer made; bravo: rejected it");
  CHECK(desk.passed_over().empty());
}

TEST_CASE("the cheapest and the fastest that can take all of it get it") {
  const std::string suppliers =
      "timezone \"Europe/Stockholm\"\n"
      "supplier acme { handling cost 3 EUR\nlead time 1 day\ncut-off \"09:00\" }\n"
      "supplier bravo { handling cost 2 EUR\nlead time 30h }\n"
      "supplier carl {}\n";
  Desk cheapest(suppliers, "assign to cheapest available of { carl, acme, bravo }");
  cheapest.add_line("ONE", "2");
  CHECK(cheapest.part() == "2 bravo");
  cheapest.facts = with_stock({{"bravo", "ONE", Decimal(1), Decimal(0)}});
  CHECK(cheapest.part() == "2 acme");
  CHECK(cheapest.passed_over() == Texts{"bravo: 1 left, 2 wanted"});

  Desk fastest(suppliers, "assign to fastest available of { carl, acme, bravo }");
  fastest.add_line("ONE", "1");
  CHECK(fastest.part() == "1 bravo");  // at 11:00, too late for Acme, which begins at midnight
  fastest.now.micros -= 3LL * 3'600'000'000;
  CHECK(fastest.part() == "1 acme");
}

TEST_CASE("a line that nobody can take whole is divided, if it may be") {
  const auto parts = [](const char* suffix, std::vector<std::int64_t> has, const char* quantity) {
    Desk desk("supplier acme {}\nsupplier bravo {}\nsupplier carl {}\n",
              std::string("assign to first available of { acme, bravo, carl }") + suffix);
    desk.add_line("ONE", quantity);
    const char* names[] = {"acme", "bravo", "carl"};
    for (std::size_t i = 0; i < has.size(); ++i) {
      desk.facts.stock.push_back({names[i], "ONE", Decimal(has[i]), Decimal(0)});
    }
    return desk.part();
  };
  const std::string reasons =
      "acme: 1 left, 6 wanted; bravo: 3 left, 6 wanted; carl: 4 left, 6 wanted";
  CHECK(parts("", {1, 3, 4}, "6") == "6 held: " + reasons);
  CHECK(parts(" in parts", {1, 3, 4}, "6") == "1 acme + 3 bravo + 2 carl");
  CHECK(parts(" in at most 2 parts", {2, 4, 5}, "6") == "2 acme + 4 bravo");
  // The first two have not enough: those that have most give it.
  CHECK(parts(" in at most 2 parts", {1, 3, 4}, "6") == "4 carl + 2 bravo");
  CHECK(parts(" in parts", {1, 2, 2}, "6").starts_with("6 held: "));
  CHECK(parts(" in parts", {1, 9, 4}, "6") == "6 bravo");  // whole where one can
  CHECK(parts(" in parts", {0, 3, 3}, "6") == "3 bravo + 3 carl");
}

TEST_CASE("of a line in parts everybody who could not take it whole is told") {
  Desk desk("supplier acme {}\nsupplier bravo { suspended }\nsupplier carl {}\n",
            "assign to first available of { acme, bravo, carl } in parts");
  desk.add_line("ONE", "3");
  desk.facts = with_stock({{"acme", "ONE", *Decimal::parse("1.5"), Decimal(0)},
                           {"carl", "ONE", Decimal(2), Decimal(0)}});
  CHECK(desk.part() == "1 acme + 2 carl");  // whole pieces of whole pieces
  CHECK(desk.passed_over() ==
        Texts{"acme: 1.5 left, 3 wanted", "bravo: suspended", "carl: 2 left, 3 wanted"});
}

TEST_CASE("lines are kept together at the first that can take them all") {
  const std::string suppliers = "supplier acme {}\nsupplier bravo {}\nsupplier carl {}\n";
  Desk desk(suppliers, "assign to first available of { acme, bravo, carl } keep together");
  for (const char* sku : {"ONE", "TWO", "ONE"}) desk.add_line(sku, "1");
  CHECK(desk.parts() == Texts{"1 acme", "1 acme", "1 acme"});
  desk.facts = with_stock(
      {{"acme", "ONE", Decimal(1), Decimal(0)}, {"bravo", "TWO", Decimal(0), Decimal(0)}});
  CHECK(desk.parts() == Texts{"1 carl", "1 carl", "1 carl"});
  CHECK(desk.passed_over(0).empty());
  CHECK(desk.passed_over(1) == Texts{"bravo: 0 left, 1 wanted"});
  CHECK(desk.passed_over(2) == Texts{"acme: 0 left, 1 wanted"});  // all before it counted

  desk.facts.stock.push_back({"carl", "TWO", Decimal(0), Decimal(0)});
  CHECK(desk.parts() == Texts{"1 acme", "1 acme", "1 bravo"});  // each for itself
  CHECK(desk.passed_over(1).empty());
}

TEST_CASE("who has a part of the order already keeps it together best") {
  Desk desk("supplier acme {}\nsupplier bravo {}\n",
            "assign to first available of { acme, bravo } keep together");
  for (const char* sku : {"ONE", "TWO", "TWO"}) desk.add_line(sku, "1");
  Prior::Part part;
  part.line = "1";
  part.quantity = Decimal(1);
  part.supplier = "bravo";
  part.shipped = true;
  desk.prior.emplace().parts = {part};
  CHECK(desk.parts() == Texts{"1 bravo", "1 bravo", "1 bravo"});
}

TEST_CASE("`or next rule` leaves the lines that nobody can take to later rules") {
  Desk desk("supplier acme {}\nsupplier bravo {}\nsupplier carl {}\n",
            "assign to first available of { acme, bravo } keep together in parts or next rule");
  desk.add_rule("rule s on line { when true then assign to carl }\n");
  desk.add_line("ONE", "1");
  desk.add_line("TWO", "3");
  desk.facts = with_stock(
      {{"acme", "TWO", Decimal(1), Decimal(0)}, {"bravo", "TWO", Decimal(1), Decimal(0)}});
  CHECK(desk.parts() == Texts{"1 acme", "3 carl"});
  CHECK(desk.passed_over(1).empty());
  desk.facts.stock[1].available = Decimal(2);
  CHECK(desk.parts() == Texts{"1 acme", "1 acme + 2 bravo"});
}

TEST_CASE("each share of a divided line is asked for by itself") {
  Desk desk("supplier acme {}\nsupplier bravo {}\n", "assign to divide { acme 70%, bravo 30% }");
  desk.add_line("ONE", "10");
  desk.facts = with_stock(
      {{"acme", "ONE", Decimal(7), Decimal(0)}, {"bravo", "ONE", Decimal(2), Decimal(0)}});
  CHECK(desk.part() == "7 acme + 3 held: bravo: 2 left, 3 wanted");
}

TEST_CASE("what a shadow rule imagines takes nothing") {
  Desk desk("supplier acme {}\n", "assign to acme");
  desk.add_rule("rule s on line { mode shadow when true then assign to acme }\n");
  desk.add_line("ONE", "1");
  desk.add_line("ONE", "1");
  desk.facts = with_stock({{"acme", "ONE", Decimal(2), Decimal(0)}});
  CHECK(desk.parts() == Texts{"1 acme", "1 acme"});
}

TEST_CASE("a shadow rule that would keep lines together says so") {
  Desk desk("supplier acme {}\nsupplier bravo {}\n", "tag \"seen\"");
  desk.add_rule(
      "rule s on line { mode shadow when true then "
      "assign to first available of { acme, bravo } keep together, grant orders:view }\n");
  desk.add_line("ONE", "1");
  desk.add_line("TWO", "1");
  desk.facts = with_stock({{"acme", "TWO", Decimal(0), Decimal(0)}});
  Texts would;
  for (const ShadowRecord& record : desk.decide().shadows) {
    would.push_back(std::to_string(*record.line) + " " + std::string(record.would) + " " +
                    std::string(record.detail));
  }
  CHECK(would == Texts{"0 would_assign bravo", "0 would_grant supplier:bravo",
                       "1 would_assign bravo", "1 would_grant supplier:bravo"});
}

TEST_CASE("rules that give the same supplier its last pieces do not overlap") {
  Desk desk("supplier acme {}\nsupplier bravo {}\noverlaps hold\n", "assign to acme");
  desk.add_rule("rule s on line { when true then assign to first available of { acme, bravo } }\n");
  desk.add_line("ONE", "2");
  desk.facts = with_stock({{"acme", "ONE", Decimal(2), Decimal(0)}});
  CHECK(desk.part() == "2 acme");
}

TEST_CASE("what has shipped stays, also when a hold comes or the line cannot be shipped any more") {
  Desk desk("supplier acme {}\n", "hold \"stop\"");
  desk.add_line("ONE", "5");
  Prior::Part shipped, other;
  shipped.line = other.line = "1";
  shipped.supplier = other.supplier = "acme";
  shipped.number = 2;
  shipped.quantity = Decimal(2);
  shipped.shipped = true;
  other.quantity = Decimal(4);
  desk.prior.emplace().parts = {other, shipped};
  CHECK(desk.part() == "3 held: stop + 2 acme");
  CHECK(desk.decide().lines[0].parts[1].shipped);
  desk.prior->parts[1].gone = Decimal(2);  // the five are what is left besides
  CHECK(desk.part() == "4 held: stop + 2 acme + 1 held: stop");
}
