#include "dsl/yaml_offsets.hpp"

#include <doctest/doctest.h>

#include <string>

#include "consign/diagnostic.hpp"
#include "consign/source.hpp"
#include "dsl/yaml_tree.hpp"

namespace consign::yaml {
namespace {

/// A file that gives one value to the key `k`, read by yaml-cpp.
struct OneScalar {
  explicit OneScalar(std::string text) {
    id = sources.add("x.yaml", std::move(text));
    const auto root = read_tree(id, sources, 200, sink);
    for (const auto& message : sink.sorted()) INFO(render(message, sources));
    REQUIRE(root.has_value());
    REQUIRE(root->kind == Kind::map);
    REQUIRE(root->children.size() >= 2);
    node = root->children[1];
    REQUIRE(node.kind == Kind::scalar);
    place = map_scalar(sources.get(id).text, node.span.begin, node.text);
  }

  /// What stands in the file where `word` of the decoded text came from.
  std::string raw(const std::string& word) const {
    const auto at = node.text.find(word);
    REQUIRE(at != std::string::npos);
    REQUIRE(place.offsets.size() == node.text.size() + 1);
    const auto begin = place.offsets[at];
    return sources.get(id).text.substr(begin, place.offsets[at + word.size()] - begin);
  }

  SourceMap sources;
  DiagnosticSink sink;
  SourceId id = 0;
  Node node;
  ScalarPlace place;
};

TEST_CASE("a plain scalar maps byte for byte") {
  const OneScalar scalar("k: a = \"b\"  # note\n");
  CHECK(scalar.node.text == "a = \"b\"");
  CHECK(scalar.place.style == ScalarStyle::plain);
  CHECK(scalar.place.begin == 3);
  CHECK(scalar.place.end == 10);
  CHECK(scalar.place.offsets == std::vector<std::uint32_t>{3, 4, 5, 6, 7, 8, 9, 10});
}

TEST_CASE("a word before a fold ends where it ends in the file") {
  const OneScalar scalar("k: one\n   and two\n\n   or three\n");
  CHECK(scalar.node.text == "one and two\nor three");
  CHECK(scalar.raw("one") == "one");
  CHECK(scalar.raw("and two") == "and two");
  CHECK(scalar.raw("three") == "three");
  CHECK(scalar.place.end == 30);
}

TEST_CASE("tags and anchors before a scalar are stepped over") {
  const OneScalar scalar("k: &here !!str # why\n  value\n");
  CHECK(scalar.node.text == "value");
  CHECK(scalar.raw("value") == "value");
  CHECK(scalar.place.begin == 23);
}

TEST_CASE("a byte-order mark moves every place") {
  const OneScalar scalar("\xEF\xBB\xBFk: value\n");
  CHECK(scalar.place.begin == 6);
  CHECK(scalar.raw("value") == "value");
}

TEST_CASE("single quotes: a doubled quote is one byte of the text") {
  const OneScalar scalar("k: 'it''s = \"x\"\n    and  y'\n");
  CHECK(scalar.node.text == "it's = \"x\" and  y");
  CHECK(scalar.raw("'") == "''");
  CHECK(scalar.raw("it's") == "it''s");
  CHECK(scalar.raw("\"x\"") == "\"x\"");
  CHECK(scalar.raw("y") == "y");
  CHECK(scalar.place.begin == 3);
  CHECK(scalar.place.end == 27);
}

TEST_CASE("double quotes: an escape is as long as it is written") {
  const OneScalar scalar(R"(k: "a = \"b\" \x41 \u00e9 \U0001F600 \t\\ c")"
                         "\n");
  CHECK(scalar.node.text == "a = \"b\" A \u00e9 \U0001F600 \t\\ c");
  CHECK(scalar.raw("\"b\"") == R"(\"b\")");
  CHECK(scalar.raw("A") == R"(\x41)");
  CHECK(scalar.raw("\u00e9") == R"(\u00e9)");
  CHECK(scalar.raw("\U0001F600") == R"(\U0001F600)");
  CHECK(scalar.raw("\t") == R"(\t)");
  CHECK(scalar.raw("\\") == R"(\\)");
  CHECK(scalar.raw("c") == "c");
}

TEST_CASE("double quotes: lines fold, and an escaped break vanishes") {
  const OneScalar scalar("k: \"one  \n  two\n\n  three \\\n  four\"\n");
  CHECK(scalar.node.text == "one two\nthree four");
  CHECK(scalar.raw("one") == "one");
  CHECK(scalar.raw("two") == "two");
  CHECK(scalar.raw("three") == "three");
  CHECK(scalar.raw("four") == "four");
}

TEST_CASE("a literal block maps line by line, whatever its indentation") {
  const OneScalar scalar("k: |\n    one\n      two\n\n    three\nnext: 1\n");
  CHECK(scalar.node.text == "one\n  two\n\nthree\n");
  CHECK(scalar.raw("one") == "one");
  CHECK(scalar.raw("  two") == "  two");
  CHECK(scalar.raw("three") == "three");
  CHECK(scalar.place.begin == 3);
}

TEST_CASE("block headers with indentation and chomping") {
  const OneScalar strip("k: |2-  # note\n    one\n  two\n");
  CHECK(strip.node.text == "  one\ntwo");
  CHECK(strip.raw("  one") == "  one");
  CHECK(strip.raw("two") == "two");
  const OneScalar keep("k: >+\n  one\n  two\n\n\n");
  CHECK(keep.raw("one") == "one");
  CHECK(keep.raw("two") == "two");
  const OneScalar blank("k: |\n\n\n  one\n");
  CHECK(blank.node.text == "\n\none\n");
  CHECK(blank.raw("one") == "one");
}

TEST_CASE("a folded block joins lines and keeps more-indented ones") {
  const OneScalar scalar("k: >\n  one\n  two\n    deep\n  three\n");
  CHECK(scalar.node.text == "one two\n  deep\nthree\n");
  CHECK(scalar.raw("one") == "one");
  CHECK(scalar.raw("two") == "two");
  CHECK(scalar.raw("deep") == "deep");
  CHECK(scalar.raw("three") == "three");
}

TEST_CASE("line ends of Windows count as they are") {
  const OneScalar block("k: |\r\n  one\r\n  two\r\n");
  CHECK(block.node.text == "one\ntwo\n");
  CHECK(block.raw("one") == "one");
  CHECK(block.raw("two") == "two");
  const OneScalar quoted("k: \"one\r\n  two\"\r\n");
  CHECK(quoted.node.text == "one two");
  CHECK(quoted.raw("one") == "one");
  CHECK(quoted.raw("two") == "two");
  const OneScalar plain("k: one\r\n  two\r\n");
  CHECK(plain.raw("one") == "one");
  CHECK(plain.raw("two") == "two");
}

TEST_CASE("characters beyond ASCII have a place for each byte") {
  const OneScalar scalar("k: |\n  \u00e5 = \"\u4f60\u597d\"\n  b\n");
  CHECK(scalar.raw("\u4f60\u597d") == "\u4f60\u597d");
  CHECK(scalar.raw("b") == "b");
}

TEST_CASE("an unclosed quote is told apart") {
  const auto place = map_scalar("k: \"abc\n", 3, "abc ");
  CHECK_FALSE(place.closed);
}

TEST_CASE("text that does not stand there has no offsets") {
  CHECK(map_scalar("k: abc", 3, "abd").offsets.empty());
  CHECK(map_scalar("k: 'abc'", 3, "abd").offsets.empty());
  CHECK(map_scalar("k: |\n  abc", 3, "abcd").offsets.empty());
  CHECK(map_scalar("", 7, "a").offsets.empty());
}

}  // namespace
}  // namespace consign::yaml
