// What the reader says of faults, and that one of them does not hide another.
#include <doctest/doctest.h>

#include <string>

#include "tests/unit/dsl/reading.hpp"

using namespace consign;
using consign::test::actions;
using consign::test::condition;
using consign::test::Reading;

namespace {

std::string messages(const std::string& text) { return Reading(text).messages(); }
bool helps(const std::string& text, const std::string& help) {
  const auto drawn = Reading(text).drawn();
  INFO(drawn);
  return drawn.find("= help: " + help) != std::string::npos;
}

}  // namespace

TEST_CASE("a misspelt declaration, clause or action suggests its neighbour") {
  CHECK(messages("suplier acme {}") == "E0110 1:1 no declaration begins with `suplier`\n");
  CHECK(helps("suplier acme {}", "did you mean `supplier`?"));
  CHECK(messages("rule a { whenn a = 1\n then stop }") ==
        "E0111 1:10 no clause begins with `whenn`\n");
  CHECK(helps("rule a { whenn a = 1\n then stop }", "did you mean `when`?"));
  CHECK(actions("asign to acme") == "E0112 1:15 no action begins with `asign`\n");
  CHECK(helps("rule r { then asign to acme }", "did you mean `assign`?"));
}

TEST_CASE("operators of other languages are named in this one's words") {
  CHECK(condition("a == 1") == "E0113 1:14 `==` is not an operator of the language\n");
  CHECK(helps("define x = a == 1", "use `=`"));
  CHECK(helps("define x = a <> 1", "use `!=`"));
  CHECK(helps("define x = a = 1 && b", "use `and`"));
  CHECK(helps("define x = a = 1 || b", "use `or`"));
  CHECK(helps("define x = !a", "use `not`"));
  CHECK(helps("define x = a => 1", "use `>=`"));
  CHECK(condition("a = 'x'") == "E0114 1:16 texts stand in straight double quotes, not in `'`\n");
  CHECK(condition("a = “x”") == "E0114 1:16 texts stand in straight double quotes, not in `“`\n");
}

TEST_CASE("comparisons do not chain") {
  CHECK(condition("1 < a < 3") == "E0115 1:18 a comparison cannot be compared again\n");
  CHECK(condition("(1 < a = 3)") == "E0115 1:19 a comparison cannot be compared again\n");
}

TEST_CASE("a name that needs quotes is told so") {
  CHECK(messages("supplier hold {}") == "E0103 1:10 `hold` is a word of the language\n");
  CHECK(helps("supplier hold {}", "put it in quotes: `supplier \"hold\"`"));
  CHECK(messages("supplier 3pl {}") == "E0104 1:10 a name cannot begin with a digit: `3pl`\n");
  CHECK(helps("supplier 3pl {}", "put it in quotes: `supplier \"3pl\"`"));
}

TEST_CASE("no message is without help") {
  for (const auto& row : all_codes()) {
    CAPTURE(row.id);
    CHECK_FALSE(row.help.empty());
  }
  for (const std::string text :
       {"rule", "rule r", "rule r {", "rule r { when }", "rule r { when a or or b then stop }",
        "rule r { when (a then stop }", "rule r { when a) then stop }", "rule r { then }", "}",
        "list l = { 1,, 2 }", "rule r { then grant }", "rule r { then notify }", "\"x\"",
        "rule r { then tag x }", "rate USD", "timezone x", "supplier é", "rule r { then hold }"}) {
    CHECK(helps(text, ""));
  }
}

TEST_CASE("a clause, a comment or a sign of another language is told its form here") {
  CHECK(helps("rule r { on line when true then stop }",
              "what a rule is about stands before its braces: `rule NAME on line { … }`"));
  CHECK(messages("// all\nrule r { when true then stop }") ==
        "E0100 1:1 `//` does not begin a comment\n");
  CHECK(messages("rule r { when true // all\n then stop }") ==
        "E0100 1:20 `//` does not begin a comment\n");
  CHECK(helps("RULE r {}", "did you mean `rule`?"));
  CHECK(helps("supplier é", "outside of quotes a name is made of"));
  CHECK(helps("define d = order.total > 5 €", "money is an amount and its ISO 4217 code"));
  CHECK(helps("rule r { then tag x }", "texts stand in quotes: `\"x\"`"));
}

TEST_CASE("a text that lacks its quote and ends at the next one's is named") {
  CHECK(Reading("rule r { when a = \"x then hold \"call\" }\n").drawn() ==
        R"(error[E0101]: this text goes on to the `"` before `call`
  --> test.rules:1:19
  |
1 | rule r { when a = "x then hold "call" }
  |                   ^            - it ends here
  |                   |
  |                   it opens here
   = help: close it with `"` where it should end
)");
}

TEST_CASE("of a long line, what stands around the mark is shown") {
  std::string text = "define d = a";
  for (int i = 0; i < 100; ++i) text += " or aaaaaaa";
  const std::string drawn = Reading(text + " == b").drawn();
  CHECK(drawn.find("test.rules:1:1114") != std::string::npos);
  std::string longest;
  for (std::size_t at = 0; at < drawn.size();) {
    const auto end = drawn.find('\n', at);
    if (end - at > longest.size()) longest = drawn.substr(at, end - at);
    at = end + 1;
  }
  CHECK(longest.size() < 200);
  CHECK(longest.starts_with("1 | …"));
  CHECK(longest.ends_with("aaaaaaa == b"));
}

TEST_CASE("a byte order mark is no column") {
  CHECK(messages("\xEF\xBB\xBFsuplier acme {}") ==
        "E0110 1:1 no declaration begins with `suplier`\n");
}

TEST_CASE("an unclosed text is marked where it opens") {
  CHECK(messages("list a = { \"x, y }\nlist b = { \"z\" }") ==
        "E0101 1:12 this text is not closed on its line\n");
  CHECK(Reading("list a = { \"x, y }\nlist b = { \"z\" }").tree ==
        "broken list \"a\"\nlist \"b\" \"z\"\n");
}

TEST_CASE("an unclosed bracket is marked where it opens") {
  CHECK(Reading("rule a {\n  then stop\nrule b { then stop }\n").drawn() ==
        R"(error[E0102]: this `{` is not closed
  --> test.rules:3:1
  |
1 | rule a {
  |        - it opens here
2 |   then stop
3 | rule b { then stop }
  | ^^^^ expected `}` before `rule`
   = help: close it, or take it away
)");
  CHECK(messages("define a = (b = 1\ndefine c = d") == "E0102 2:1 this `(` is not closed\n");
  CHECK(messages("rule a {\n  when (b\n  then stop\n}") == "E0102 3:3 this `(` is not closed\n");
  CHECK(messages("supplier a { name \"x\"\n\nsupplier b") == "E0102 3:1 this `{` is not closed\n");
  CHECK(messages("list a = { \"x\",") == "E0102 1:16 this `{` is not closed\n");
}

TEST_CASE("bad literals are told one by one") {
  CHECK(
      messages(
          R"(list e = { 500 EURO, 5 lbs, 1.2.3, 1__0, 007, 2026-02-30, 5-3, 2026-11-27T10:00, "\q", "\u{d800}" })") ==
      R"(E0107 1:16 there is no unit `EURO`
E0107 1:24 there is no unit `lbs`
E0106 1:29 `1.2.3` is not a number
E0106 1:36 `1__0` is not a number
E0106 1:42 `007` is not a number that can be held
E0108 1:47 `2026-02-30` is not a day
E0108 1:59 `5-3` is not a day
E0108 1:64 `2026-11-27T10:00` is not a time
E0105 1:83 `\q` is not an escape of the language
E0105 1:89 `\u{d800}` is not a character
)");
  CHECK(helps("list e = { 500 eur }", "currencies are written in capitals: `EUR`"));
  CHECK(helps("list e = { 5 lbs }", "did you mean `lb`?"));
}

TEST_CASE("a clause that a rule has twice is shown with the first") {
  CHECK(Reading("rule a {\n  when b\n  when c\n  then stop\n}").drawn() ==
        R"(error[E0109]: this rule has two `when` clauses
  --> test.rules:3:3
  |
2 |   when b
  |   ---- the first
3 |   when c
  |   ^^^^ the second
   = help: join the conditions with `and` or `or`
)");
  CHECK(actions("grant a:b for 1h until 2026-01-01") ==
        "E0109 1:32 this says `for` or `until` twice\n");
}

TEST_CASE("what was expected is said where something else was found") {
  CHECK(condition("a >= and b") ==
        "E0100 1:17 expected a value after the comparison, found `and`\n");
  CHECK(actions("hold 24h") == "E0100 1:20 expected a text in double quotes, found `24h`\n");
  CHECK(actions("assign acme") ==
        "E0100 1:22 expected `to`, as in `assign to acme`, found `acme`\n");
  CHECK(actions("assign to first available of bravo") ==
        "E0100 1:44 expected suppliers in braces, as in `{ bravo, acme }`, found `bravo`\n");
  CHECK(condition("a is \"x\"") ==
        "E0100 1:17 expected `missing` or `present` after `is`, found `\"x\"`\n");
  CHECK(helps("list a = { SE }", "texts stand in quotes: `\"SE\"`"));
  CHECK(helps("rule a { then assign to b, c }", "several suppliers stand in braces"));
  CHECK(helps("rule a { then assign to b tag \"x\" }", "actions stand after `then`, with commas"));
  CHECK(condition("") == "E0100 1:11 expected a condition, found the end of the file\n");
}

TEST_CASE("what stands behind an assign's suppliers has its place and its order") {
  const std::string first = "assign to first available of { a, b } ";
  CHECK(actions("assign to a keep together") ==
        "E0414 1:27 `keep together` has no meaning behind a single supplier\n");
  CHECK(actions("split { a 70%, b 30% } in  parts") ==
        "E0414 1:38 `in parts` has no meaning behind `split` or `divide`\n");
  CHECK(actions(first + "in parts keep together") ==
        "E0414 1:62 `keep together` comes too late, behind `in parts`\n");
  CHECK(helps("rule r { then " + first + "or next rule in at  most 2 parts keep together }",
              "write `{ … } keep together in at most 2 parts or next rule`"));
  CHECK(actions(first + "keep together keep together") ==
        "E0414 1:67 this assign says `keep together` twice\n");
  CHECK(actions(first + "in parts in at most 2 parts") ==
        "E0414 1:62 this assign says twice how a line is divided\n");
  CHECK(actions(first + "keep them") == "E0100 1:58 expected `together`, found `them`\n");
  CHECK(helps("rule r { then " + first + "in two parts }",
              "write `in parts`, or `in at most 2 parts`"));
  CHECK(helps("rule r { then " + first + "in at most two parts }", "write `in at most 2 parts`"));
  CHECK(helps("rule r { then " + first + "kep together }", "did you mean `keep`?"));
}

TEST_CASE("`do` begins one action and is a word of the language") {
  CHECK(actions("do notify channel") ==
        "E0100 1:18 expected `not`, as in `do not notify channel`, found `notify`\n");
  CHECK(actions("do not notify acme") ==
        "E0100 1:29 expected `channel`, as in `do not notify channel`, found `acme`\n");
  CHECK(helps("rule r { then do notify acme }", "`do` begins one action: `do not notify channel`"));
  CHECK(messages("supplier do") == "E0103 1:10 `do` is a word of the language\n");
}

TEST_CASE("a zone inside a supplier is the supplier's, also after a fault before it") {
  const Reading inside("supplier a {\n  name 'x'\n  timezone \"Europe/Berlin\"\n}\nlist b = {}\n");
  CHECK(inside.messages() == "E0114 2:8 texts stand in straight double quotes, not in `'`\n");
  CHECK(inside.tree == "broken supplier \"a\"\nlist \"b\"\n");
  const Reading unclosed("supplier a {\n  name \"x\"\ntimezone \"Europe/Berlin\"\nlist b = {}\n");
  CHECK(unclosed.messages() == "E0102 4:1 this `{` is not closed\n");
  CHECK(unclosed.tree == "broken supplier \"a\"\ntimezone \"Europe/Berlin\"\nlist \"b\"\n");
}

TEST_CASE("a fault does not hide others, in other declarations nor in one rule") {
  const Reading reading(R"(list a = { b }
rule one {
  when order.total > and x
  then hodl "x"
}
supplier acme {
  name 'x'
}
rule two {
  when any line.x > 5
  mode
}
rule good { then stop }
list c = { "d" }
)");
  CHECK(reading.messages() ==
        "E0100 1:12 expected a value, for example `\"SE\"`, or `}`, found `b`\n"
        "E0100 3:22 expected a value after the comparison, found `and`\n"
        "E0112 4:8 no action begins with `hodl`\n"
        "E0114 7:8 texts stand in straight double quotes, not in `'`\n"
        "E0100 10:16 expected a condition in parentheses, as in `any line (line.quantity > 1)`, "
        "found `.`\n"
        "E0100 12:1 expected `shadow`, `off` or `live`, found `}`\n");
  // What was read stays, and so do the names of what was not.
  CHECK(
      reading.tree ==
      "broken list \"a\"\nbroken supplier \"acme\"\nrule \"good\" then [stop]\nlist \"c\" \"d\"\n");
}

TEST_CASE("bytes that are not text are told once, and the rest is read") {
  const Reading reading(
      std::string("list a = { \"x\xFF\xFEy\" }\nlist b\0 = { \"x\" }\nlist c = { 1 }", 52));
  CHECK(reading.messages() ==
        "E0116 1:14 this byte is not UTF-8\nE0116 2:7 a NUL byte stands here\n");
}

TEST_CASE("nesting and length have limits") {
  Limits limits;
  limits.nesting = 4;
  limits.text_bytes = 8;
  const auto read = [&](const std::string& text) { return Reading(text, limits).messages(); };
  CHECK(read("define x = ((((a))))") == "");
  CHECK(read("define x = ((((((a))))))") == "E0601 1:17 this condition is nested too deep\n");
  CHECK(read("define x = not not not not not not a") ==
        "E0601 1:32 this condition is nested too deep\n");
  CHECK(read("define x = a > 1 + 2 + 3 + 4 + 5 + 6") ==
        "E0601 1:16 this calculation is too long\n");
  CHECK(read("list a = { \"12345678\" }") == "");
  CHECK(read("list a = { \"123456789\" }") == "E0602 1:12 this text is longer than 8 bytes\n");
}

TEST_CASE("deep and long input takes time in proportion to its length") {
  const auto repeated = [](std::string_view part, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += part;
    return out;
  };
  Limits limits;
  limits.nesting = 60;
  CHECK(Reading("define x = " + repeated("(", 60) + "a" + repeated(")", 60), limits).messages() ==
        "");
  CHECK(Reading("define x = " + repeated("(", 100'000), limits).sink.error_count() == 1);
  CHECK(Reading("define x = " + repeated("a and ", 20'000) + "a", limits).messages() == "");
  CHECK(Reading(repeated("rule x {", 20'000), limits).sink.error_count() <= 200);
  CHECK(Reading(repeated("rule x {\n", 20'000), limits).sink.error_count() <= 200);
  CHECK(Reading("rule x {\n" + repeated("when )\n", 20'000), limits).sink.error_count() <= 200);
}
