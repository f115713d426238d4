#include "dsl/format.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/dsl/reading.hpp"

using namespace consign;
using consign::test::Reading;

namespace {

/// Formats, and checks what must hold for every text: it formats to itself, and means what it
/// meant.
std::string formatted(const std::string& text) {
  const auto once = format_rules_text({"test.rules", text});
  REQUIRE(once.ok());
  CHECK(format_rules_text({"test.rules", once.text}).text == once.text);
  CHECK(Reading(once.text).tree == Reading(text).tree);
  return once.text;
}

}  // namespace

TEST_CASE("a formatted file has one clause a line and actions below each other") {
  CHECK(formatted(R"(rule a on line{mode shadow when a=1 and b in{"x","y",}
then assign to acme,grant orders:view to staff:"a b"  ,
stop}rule b{otherwise when x then split{a 70%,b 30%}or next rule})") ==
        R"(rule a on line {
  mode shadow
  when a = 1 and b in { "x", "y", }
  then assign to acme,
       grant orders:view to staff:"a b",
       stop
}

rule b {
  otherwise when x
  then split { a 70%, b 30% } or next rule
}
)");
}

TEST_CASE("line breaks inside a condition stay, indented") {
  CHECK(formatted(R"(rule a {
when a = 1
and (b = 2
or c in {
"x", "y"
})


and d
then stop
}
define x = a
or b
)") == R"(rule a {
  when a = 1
       and (b = 2
         or c in {
           "x", "y"
         })

       and d
  then stop
}

define x = a
  or b
)");
}

TEST_CASE("comments stay where they are") {
  CHECK(formatted(R"(   # head
supplier a { # one
# two
name "x" # three
# four
}
# about r


# really about r
rule r { # five
when # six
a = 1 # seven
# eight
then # nine
stop # ten
, # eleven
tag "x"
# twelve
} # thirteen
# last   )") == R"(# head
supplier a {  # one
  # two
  name "x"  # three
  # four
}
# about r

# really about r
rule r {  # five
  when  # six
       a = 1  # seven
  # eight
  then  # nine
       stop  # ten
       ,  # eleven
       tag "x"
  # twelve
}  # thirteen
# last
)");
}

TEST_CASE("a supplier on one line stays on it") {
  const std::string text = "supplier acme { name \"x\", countries { \"SE\" }, suspended }\n";
  CHECK(formatted(text) == text);
}

TEST_CASE("a supplier's properties and what stands behind a list are set apart by one blank") {
  CHECK(formatted("supplier a{stock   tracked,capacity 40   per day\ncut-off   \"16:00\"\n"
                  "working days{monday,tuesday}\ntimezone   \"Europe/Berlin\"}\n"
                  "rule r{when true then assign to first available of{a,b}keep   together\n"
                  "in at most 2 parts or next rule,do not   notify channel}") ==
        R"(supplier a { stock tracked, capacity 40 per day
  cut-off "16:00"
  working days { monday, tuesday }
  timezone "Europe/Berlin" }

rule r {
  when true
  then assign to first available of { a, b } keep together
         in at most 2 parts or next rule,
       do not notify channel
}
)");
}

TEST_CASE("declarations stand together or one blank line apart, rules always apart") {
  CHECK(formatted("\n\nlist a = {}\nlist b = {}\n\n\n\nlist c = {}\nrule d {}\nlist e = {}\n\n") ==
        "list a = {}\nlist b = {}\n\nlist c = {}\n\nrule d {\n}\n\nlist e = {}\n");
  CHECK(formatted("rule a {}\n# of a\n\n# of b\nrule b {}\n") ==
        "rule a {\n}\n\n# of a\n\n# of b\nrule b {\n}\n");
}

TEST_CASE("signs have blanks around them, and a sign in front has none") {
  CHECK(formatted("define x = a>-5 and b - -c*2/d+1 >= -(e) and not(f)") ==
        "define x = a > -5 and b - -c * 2 / d + 1 >= -(e) and not (f)\n");
  CHECK(formatted("define x = hour ( a , \"z\" ) = t [ \"k\" ] and count of lines(b) > 2") ==
        "define x = hour(a, \"z\") = t[\"k\"] and count of lines (b) > 2\n");
  CHECK(formatted("event e{shop:code,stage :text} field f :number table t={\"a\":1,b:c:2}") ==
        "event e { shop: code, stage: text }\nfield f: number\ntable t = { \"a\": 1, b:c: 2 }\n");
  CHECK(formatted("define x = a in { 500EUR , 500   EUR, 72h, - 5 kg, 70% }") ==
        "define x = a in { 500EUR, 500 EUR, 72h, -5 kg, 70% }\n");
}

TEST_CASE("a byte-order mark and carriage returns go") {
  CHECK(formatted("\xEF\xBB\xBFlist a = { \"x\" } # c \r\nlist b = {}\r\n") ==
        "list a = { \"x\" }  # c\nlist b = {}\n");
}

TEST_CASE("what has faults is not formatted") {
  const auto result = format_rules_text({"test.rules", "list a = {"});
  CHECK_FALSE(result.ok());
  CHECK(result.text.empty());
  CHECK(render(result.diagnostics.at(0), *result.sources).find("test.rules:1:11") !=
        std::string::npos);
}

TEST_CASE("every way of breaking lines gives the same tree and settles at once") {
  // Each blank of a text with every construct, in turn and all together, becomes a line break, a
  // comment or more blanks, where the language lets it.
  const std::string text =
      "supplier a { name \"A\", countries { \"SE\" }, lead time 2 days, stock tracked }\n"
      "list l = { \"x\", 5 kg }\ntable t = { \"a\": \"b\" }\nrole r = a:b+c, q\n"
      "define d = a = 1 or not ( b between 1 and 2 ) and c is not missing\n"
      "permissions a:b\nnever grant a:*\nfield f : text\nevent e { shop : code }\n"
      "rate USD = 0.92 EUR\ntimezone \"Z\"\noverlaps hold\n"
      "rule r on line { about \"x\" mode off shop a , b from 2026-01-01 otherwise when "
      "any line ( line.a starts with \"x\" ) and sum of line.b ( line.c ) > - 2 and d not in l\n"
      "then assign to first available of { a , b } or next rule , grant a:b , r to staff:x on shop "
      "for 2 days , hold \"x\" for 24h , set f = - 3 + 2 , notify w \"x\" , stop , }\n";
  const auto tree = Reading(text).tree;
  REQUIRE(Reading(text).messages() == "");
  const std::vector<std::string> blanks = {"\n", "\n\n\n", " # c\n", "\n# c\n",
                                           "\n\n # c\n\n\n# d\n "};
  for (const auto& blank : blanks) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] != ' ') continue;
      const auto changed = text.substr(0, at) + blank + text.substr(at + 1);
      const Reading reading(changed);
      if (reading.sink.has_errors()) continue;  // in a text, or between a number and its unit
      CAPTURE(changed);
      formatted(changed);
    }
  }
  CHECK(Reading(formatted(text)).tree == tree);
}

TEST_CASE("a fragment keeps its lines and gets its blanks in order") {
  CHECK(format_fragment("a=1  and\n   b>-2 # why") == "a = 1 and\nb > -2  # why");
  CHECK(format_fragment("grant a:b to staff:\"x y\",stop") == "grant a:b to staff:\"x y\", stop");
  CHECK(format_fragment("") == "");
}
