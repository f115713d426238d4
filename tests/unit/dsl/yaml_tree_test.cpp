#include "dsl/yaml_tree.hpp"

#include <doctest/doctest.h>

#include <string>

#include "consign/diagnostic.hpp"
#include "consign/source.hpp"

namespace consign::yaml {
namespace {

struct Reading {
  explicit Reading(std::string text) {
    id = sources.add("x.yaml", std::move(text));
    root = read_tree(id, sources, 200, sink);
    for (const auto& message : sink.sorted()) messages += render(message, sources);
  }
  SourceMap sources;
  DiagnosticSink sink;
  SourceId id = 0;
  std::optional<Node> root;
  std::string messages;
};

TEST_CASE("an empty file is a null node") {
  for (const std::string text : {"", "\n", "# only a comment\n", "\xEF\xBB\xBF", "---\n"}) {
    CAPTURE(text);
    const Reading reading(text);
    CHECK(reading.messages == "");
    REQUIRE(reading.root.has_value());
    CHECK(reading.root->kind == Kind::null);
  }
}

TEST_CASE("words that other YAML readers turn into booleans stay words") {
  const Reading reading("on: NO\n");
  REQUIRE(reading.root.has_value());
  CHECK(reading.root->children[0].text == "on");
  CHECK(reading.root->children[1].text == "NO");
}

TEST_CASE("a flow collection ends at its bracket") {
  const Reading reading("a: [x, 'y' ] # ]\nb: {}\n");
  REQUIRE(reading.root.has_value());
  const auto& sequence = reading.root->children[1];
  CHECK(sequence.span == Span{reading.id, 3, 12});
  CHECK(reading.root->children[3].span == Span{reading.id, 20, 22});
}

struct Fault {
  std::string name;
  const char* text;
  const char* message;
};

TEST_CASE("faults in the YAML say what would help") {
  const Fault faults[] = {
      {"a colon inside a condition", "rules:\n  - rule: a\n    when: order.note = \"b: c\"\n",
       R"(error[E0504]: a colon and a blank make YAML read a map here
  --> x.yaml:3:26
  |
3 |     when: order.note = "b: c"
  |                          ^
   = help: quote the whole scalar: `when: 'order.note = "b: c"'`
)"},
      {"a condition that begins with a text", "when: \"it's\" = b # x\n",
       R"(error[E0504]: for YAML the scalar ends at its second quote
  --> x.yaml:1:14
  |
1 | when: "it's" = b # x
  |              ^
   = help: quote the whole scalar: `when: '"it''s" = b'`
)"},
      {"a sign that YAML keeps for itself", "a: @x\n",
       R"(error[E0504]: a scalar cannot begin with `@` in YAML
  --> x.yaml:1:4
  |
1 | a: @x
  |    ^
   = help: quote the whole scalar: `a: '@x'`
)"},
      {"a tab in the indentation", "rules:\n\t- rule: a\n",
       R"(error[E0501]: a tab stands in the indentation
  --> x.yaml:2:1
  |
2 |     - rule: a
  | ^^^^
   = help: indent with spaces; YAML does not take tabs
)"},
      {"a quote closed by the next one", "a: \"open\nb: \"2\"\n",
       R"(error[E0503]: a quoted scalar runs on to another line
  --> x.yaml:1:4
  |
1 | a: "open
  |    ^ opened here
2 | b: "2"
  |    - closed here
   = help: close the quote on its own line
)"},
      {"a quote closed by nothing", "a: 'open\nb: 2\n",
       R"(error[E0503]: this quote is never closed
  --> x.yaml:1:4
  |
1 | a: 'open
  |    ^
   = help: close the quote on its own line
)"},
      {"a bracket that is not closed", "a: [x, y\nb: 2\n",
       R"(error[E0503]: this `[` is never closed
  --> x.yaml:1:4
  |
1 | a: [x, y
  |    ^ opened here
2 | b: 2
  |  - something else stands here
   = help: close it with `]`, and put a comma between members
)"},
      {"a line that does not line up", "a:\n  b: 1\n c: 2\n",
       R"(error[E0502]: this line does not fit what it belongs to
  --> x.yaml:3:2
  |
1 | a:
  | - the keys of this map begin in this column
2 |   b: 1
3 |  c: 2
  |  ^
   = help: begin the keys of one map in the same column, each with `key: value`
)"},
      {"a colon that was forgotten", "- rule: x\n  when a = 1\n  then: stop\n",
       R"(error[E0500]: YAML reads this line as more of the one above
  --> x.yaml:3:3
  |
3 |   then: stop
  |   ^^^^^
   = help: does the line above lack its colon? write `key: value`
)"},
      {"an escape that YAML does not have", "a: \"x matches \\\"\\d\\\"\"\n",
       R"(error[E0500]: a double-quoted scalar of YAML has no such escape
  --> x.yaml:1:17
  |
1 | a: "x matches \"\d\""
  |                 ^^
   = help: write `\\` for a backslash, or put the scalar in single quotes, which have no escapes
)"},
      {"an alias", "a: &x y\nb: *x\n",
       R"(error[E0508]: aliases are not used in rule files
  --> x.yaml:2:4
  |
2 | b: *x
  |    ^^
   = help: write the value out; a condition that is used twice goes into `defines`, values into `lists`
)"},
      {"a star that looks like an alias", "never_grant: [*]\n",
       R"(error[E0508]: `*` and `&` begin an alias and an anchor in YAML
  --> x.yaml:1:15
  |
1 | never_grant: [*]
  |               ^
   = help: where the sign belongs to the value, quote the whole scalar: `'*'`
)"},
      {"a negation that is a tag", "when: !order.test\n",
       R"(error[E0509]: `!` begins a tag in YAML, and rule files have none
  --> x.yaml:1:7
  |
1 | when: !order.test
  |       ^^^^^^^^^^^
   = help: for a negation write `not`
)"},
      {"the same key twice", "a: 1\nb: 2\na: 3\n",
       R"(error[E0505]: the key `a` stands twice in one map
  --> x.yaml:3:1
  |
1 | a: 1
  | - first here
2 | b: 2
3 | a: 3
  | ^ again here
   = help: keep one of them; several values go into one sequence or map
)"},
      {"two documents", "--- \na: 1\n--- \nb: 2\n",
       R"(error[E0510]: a second document begins here
  --> x.yaml:3:1
  |
3 | --- 
  | ^
   = help: put it into a file of its own
)"},
      {"bytes that are not text", "a: 1\nb: \xFF\n",
       "error[E0511]: the file is not text in UTF-8 from this line on\n"
       "  --> x.yaml:2:1\n"},
      {"a control character", "a: 1\nb: \x04\n",
       "error[E0511]: a control character stands in the file\n"
       "  --> x.yaml:2:4\n"},
  };
  for (const auto& fault : faults) {
    CAPTURE(fault.name);
    const Reading reading(fault.text);
    const std::string expected = fault.message;
    CHECK(reading.messages.substr(0, expected.size()) == expected);
    CHECK(reading.sink.error_count() == 1);
  }
}

TEST_CASE("deep nesting is refused, whatever it is made of") {
  for (const std::string level : {"[", "- ", "? ", "{a: "}) {
    CAPTURE(level);
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += level;
    const Reading reading(text);
    CHECK_FALSE(reading.root.has_value());
    CHECK(reading.messages.substr(0, 55) ==
          "error[E0502]: the file is nested too deeply to be read\n");
  }
}

}  // namespace
}  // namespace consign::yaml
