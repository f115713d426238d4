#include "dsl/parser.hpp"

#include <doctest/doctest.h>

#include "tests/unit/dsl/reading.hpp"

using namespace consign;
using consign::test::actions;
using consign::test::condition;
using consign::test::Reading;

TEST_CASE("every declaration is read") {
  const Reading reading(R"(
supplier acme { name "Acme Ltd", countries { "SE", "NO" }, shops { nordic }, handling cost 2.50 EUR, lead time 2 days, suspended }
supplier bravo {
  countries nordics
  stock tracked
}
supplier "3pl"
supplier north {
  safety stock 2, capacity 40 per day, cut-off "16:00"
  working days { monday, "tuesday" }
  timezone "Europe/Berlin"
  endpoint desk
}
list skus = { "ACM-1", 2, 500 EUR, -5 kg, exactly "x", }
list empty = {}
table zone-of = { "SE": "north", 7: "south" }
role agent = orders:view+fulfill, apps:*, other, "third one"
define bulky = product.tag = "bulky"
permissions wms:pick+pack, wms:admin
never grant staff:*, wallet:*
field carrier: text
event conversation { shop: code, stage: text }
rate USD = 0.92 EUR
timezone "Europe/Stockholm"
overlaps hold
)");
  CHECK(reading.messages() == "");
  CHECK(
      reading.tree ==
      R"(supplier "acme" (name: "Acme Ltd") (countries: "SE" "NO") (shops: nordic) (handling cost: 2.50EUR) (lead time: 172800s) (suspended:)
supplier "bravo" (countries: nordics) (stock: tracked)
supplier "3pl"
supplier "north" (safety stock: 2) (capacity: 40 per="day") (cut-off: "16:00") (working days: "tuesday" monday) (timezone: "Europe/Berlin") (endpoint: desk)
list "skus" "ACM-1" 2 500EUR -5000g exactly "x"
list "empty"
table "zone-of" "SE"->"north" 7->"south"
role "agent" perm:orders:view+fulfill/2 perm:apps:*/1 role:other role:third one
define "bulky" (= product.tag "bulky")
permissions perm:wms:pick+pack/2 perm:wms:admin/1
never grant perm:staff:*/1 perm:wallet:*/1
field "carrier" text
event "conversation" shop:code stage:text
rate USD 0.92EUR
timezone "Europe/Stockholm"
overlaps hold
)");
}

TEST_CASE("a rule's clauses come in any order and over any lines") {
  const Reading reading(
      "rule \"a b\" on line { then stop owner \"me\" until 2026-02-01 from 2026-01-01T10:00:00Z "
      "about \"x\"\nshop a, \"b c\" mode\n shadow when a # why\n = 1 }\r\n"
      "rule rest { otherwise when x then tag \"t\", }");
  CHECK(reading.messages() == "");
  CHECK(reading.tree ==
        "rule \"a b\" on=\"line\" mode=\"shadow\" about=\"x\" owner=\"me\" "
        "from=2026-01-01T10:00:00Z until=2026-02-01 shop=\"a\" shop=\"b c\" when (= a 1) then "
        "[stop]\n"
        "rule \"rest\" otherwise when x then [tag \"t\"]\n");
}

TEST_CASE("conditions bind from `or` over `and`, `not` and comparison to operands") {
  CHECK(condition("a = 1 or b and not c = 2 and d") == "(or (= a 1) (and b (not (= c 2)) d))");
  CHECK(condition("(a or b) and c") == "(and (or a b) c)");
  CHECK(condition("a + 1 * 2 - -b / 3 >= (c - 1) * 2") ==
        "(>= (- (+ a (* 1 2)) (/ (- b) 3)) (* (- c 1) 2))");
  CHECK(condition("not not a") == "(not (not a))");
  CHECK(condition("(a and b) and c") == "(and (and a b) c)");
}

TEST_CASE("every comparison is read") {
  CHECK(condition("a != 1 and b < 2 and c <= 3 and d > 4 and e >= 5") ==
        "(and (!= a 1) (< b 2) (<= c 3) (> d 4) (>= e 5))");
  CHECK(condition(R"(a not contains "x" or a starts  with "y" or a ends with exactly "z")") ==
        R"((or (not contains a "x") (starts with a "y") (ends with a exactly "z")))");
  CHECK(condition(R"(a like "x*" or a not matches "y")") ==
        R"((or (like a "x*") (not matches a "y")))");
  CHECK(condition("a between 1 and 2 and b not between c and d + 1") ==
        "(and (between a 1 2) (not between b c (+ d 1)))");
  CHECK(condition(R"(a in nordics and b not in { "x", 5 EUR, orders:view })") ==
        R"((and (in a list:"nordics") (not in b "x" 5EUR orders:view)))");
  CHECK(condition("a is missing or b is not present") == "(or (is missing a) (not is present b))");
  CHECK(condition("a contians \"x\"") == "(contians a \"x\")");
  CHECK(condition("a not begins with \"x\"") == "(not begins with a \"x\")");
}

TEST_CASE("operands are fields, keys, functions, counts, sums and quantifiers") {
  CHECK(condition(R"(order.attribute["gift"] = zone-of[order.ship_to.country])") ==
        R"((= order.attribute["gift"] zone-of[order.ship_to.country]))");
  CHECK(condition(R"(hour(order.received_at, "Europe/Stockholm") < 8 and a > now)") ==
        R"((and (< (call hour order.received_at "Europe/Stockholm") 8) (> a now)))");
  CHECK(condition("count of lines > 2 and count of lines (line.quantity > 1) = 0") ==
        "(and (> (count null null) 2) (= (count null (> line.quantity 1)) 0))");
  CHECK(condition("sum of line.quantity (line.x) > sum of (line.a * line.b)") ==
        "(> (sum line.quantity line.x) (sum (* line.a line.b) null))");
  CHECK(condition("any line (line.a) and every line (line.b = 1) or no line (line.c)") ==
        "(or (and (any line.a) (every (= line.b 1))) (no line.c))");
  CHECK(condition("request.permission = orders:view+fulfill") ==
        "(= request.permission orders:view+fulfill)");
}

TEST_CASE("literals say what they say") {
  CHECK(condition("a in { 12, 12.50, 1_000, 500 EUR, 500EUR, 90s, 15min, 72h, 30 days, 1 week }") ==
        "(in a 12 12.50 1000 500EUR 500EUR 90s 900s 259200s 2592000s 604800s)");
  CHECK(condition("a in { 500 g, 2 kg, 3mg, 1 lb, 1 oz, 1 t, 70%, 2026-11-27, true, false }") ==
        "(in a 500g 2000g 0.003g 453.59237g 28.349523125g 1000000g 70% 2026-11-27 true false)");
  CHECK(condition("a = 2026-11-27T10:00:00+01:00") == "(= a 2026-11-27T09:00:00Z)");
  CHECK(condition(R"(a = "q\" b\\ n\n t\t \u{e9}")") == "(= a \"q\\\" b\\\\ n\\n t\\t é\")");
}

TEST_CASE("every action is read") {
  CHECK(actions("assign to acme") == "[assign only \"acme\"]");
  CHECK(actions("assign to first") == "[assign only \"first\"]");
  CHECK(actions("assign to first available of { bravo, \"3pl\", } or next rule") ==
        "[assign first \"bravo\" \"3pl\" or-next]");
  CHECK(actions("assign to cheapest available of { a }, assign to fastest available of { b }") ==
        "[assign cheapest \"a\"] [assign fastest \"b\"]");
  CHECK(actions("assign to split { a 70%, b 30% }") ==
        "[assign split \"a\" share=70% \"b\" share=30%]");
  CHECK(actions("assign divide { a 60% } or next rule, split { b 100% }") ==
        "[assign divide \"a\" share=60% or-next] [assign split \"b\" share=100%]");
  CHECK(actions("hold \"x {line.sku}\" for 24h, tag \"t\", note \"n\", stop") ==
        "[hold \"x {line.sku}\" for=86400s] [tag \"t\"] [note \"n\"] [stop]");
  CHECK(actions("set carrier = \"dhl {line.sku}\", set n = 1 + 2, set s = \"a\" + \"b\"") ==
        "[set carrier template \"dhl {line.sku}\"] [set n (+ 1 2)] [set s (+ \"a\" \"b\")]");
  CHECK(actions("notify wh, notify \"my wh\" \"text\"") ==
        "[notify \"wh\"] [notify \"my wh\" \"text\"]");
  CHECK(actions("do not notify channel, stop") == "[silence] [stop]");
  CHECK(actions("allow, forbid, forbid \"not {account.id}\"") ==
        "[allow] [forbid] [forbid \"not {account.id}\"]");
}

TEST_CASE("what stands behind a list of suppliers is read, all of it or none") {
  const std::string first = "assign to first available of { a, b } ";
  CHECK(actions(first + "keep together") == "[assign first \"a\" \"b\" together]");
  CHECK(actions(first + "in parts, stop") == "[assign first \"a\" \"b\" in-parts] [stop]");
  CHECK(actions(first + "in at most 3 parts or next rule") ==
        "[assign first \"a\" \"b\" in-parts most=3 or-next]");
  CHECK(actions(first + "keep\n together # all\n in parts or next rule") ==
        "[assign first \"a\" \"b\" together in-parts or-next]");
  // None of these words is reserved.
  CHECK(actions("assign to keep, assign to first available of { parts, by, most } keep together") ==
        "[assign only \"keep\"] [assign first \"parts\" \"by\" \"most\" together]");
}

TEST_CASE("a comma after a grant's item is one more item, or ends the grant") {
  CHECK(actions("grant orders:view+fulfill, agent, \"other role\", tag \"x\"") ==
        "[grant perm:orders:view+fulfill/2 role:agent role:other role] [tag \"x\"]");
  CHECK(actions("grant a:b to staff:anna on shop for 90 days") ==
        "[grant perm:a:b/1 to=staff:\"anna\" on-shop for=7776000s]");
  CHECK(actions("grant a:b until 2026-12-31 to staff:\"anna b\",") ==
        "[grant perm:a:b/1 to=staff:\"anna b\" until=2026-12-31]");
}

TEST_CASE("spans cover what they name") {
  const std::string text = "\xEF\xBB\xBF# c\r\ndefine x = a = 1 and\r\n  ( b > 2 ) # d\r\n";
  const Reading reading(text);
  REQUIRE(reading.file.declarations.size() == 1);
  const auto& declaration = reading.file.declarations[0];
  CHECK(reading.sources.text(declaration.keyword) == "define");
  const auto& define = std::get<ast::Define>(declaration.what);
  CHECK(reading.sources.text(define.name.span) == "x");
  CHECK(reading.sources.text(define.condition->span) == "a = 1 and\r\n  ( b > 2 )");
  const auto& parts = define.condition->as<ast::JunctionExpr>().parts;
  CHECK(reading.sources.text(parts[0]->span) == "a = 1");
  CHECK(reading.sources.text(parts[1]->span) == "( b > 2 )");
  const auto& comparison = parts[1]->as<ast::CompareExpr>();
  CHECK(reading.sources.text(comparison.op.span) == ">");
  CHECK(reading.sources.text(comparison.right->span) == "2");
}

TEST_CASE("a scalar's spans and messages point into its file") {
  SourceMap sources;
  // As a folded YAML scalar: the text lacks the line break's indentation.
  const auto source = sources.add("a.yaml", "when: >\n  a = 1\n  and b = \"x\"\n");
  Fragment fragment{source, "a = 1 and b = \"x\"", {}};
  for (std::uint32_t at = 10; at < 16; ++at) fragment.offsets.push_back(at);
  for (std::uint32_t at = 18; at < 30; ++at) fragment.offsets.push_back(at);
  DiagnosticSink sink;
  TreePool pool;
  const auto read = parse_condition(fragment, pool, {}, sink);
  REQUIRE(read != nullptr);
  const auto& parts = read->as<ast::JunctionExpr>().parts;
  CHECK(sources.text(parts[0]->span) == "a = 1");
  CHECK(sources.text(parts[1]->span) == "b = \"x\"");

  const auto bad = sources.add("b.yaml", "when: a == 1\n");
  CHECK(parse_condition({bad, "a == 1", {6, 7, 8, 9, 10, 11, 12}}, pool, {}, sink) == nullptr);
  REQUIRE(sink.error_count() == 1);
  CHECK(sources.text(*sink.sorted().front().place()) == "==");
}

TEST_CASE("the other scalars are read") {
  TreePool pool;
  SourceMap sources;
  DiagnosticSink sink;
  const auto fragment = [&](const char* text) {
    return Fragment{sources.add("x", text), text, {}};
  };
  CHECK(outline(parse_actions(fragment(" assign to acme, stop "), pool, {}, sink)[1]) == "[stop]");
  CHECK(outline(*parse_literal(fragment("500 EUR"), pool, {}, sink)) == "500EUR");
  CHECK(parse_permission_items(fragment("orders:view, agent"), pool, {}, sink).size() == 2);
  CHECK(sink.error_count() == 0);
  CHECK_FALSE(parse_literal(fragment("500 EUR x"), pool, {}, sink).has_value());
  CHECK(parse_actions(fragment("hold"), pool, {}, sink).empty());
  CHECK(parse_permission_items(fragment(""), pool, {}, sink).empty());
  CHECK(sink.error_count() == 3);
}

TEST_CASE("a hold's text knows where each of its bytes stands") {
  const Reading reading("rule r { then hold \"a\\n\\u{e9}{x}\" }");
  const auto& rule = std::get<ast::Rule>(reading.file.declarations.at(0).what);
  const auto& reason = std::get<ast::Hold>(rule.actions[0].what).reason;
  CHECK(reason.text == "a\né{x}");
  CHECK(std::ranges::equal(reason.offsets, std::vector<std::uint32_t>{20, 21, 23, 23, 29, 30, 31}));
}
