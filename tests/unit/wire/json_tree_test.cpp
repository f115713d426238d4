#include "daemon/wire/json_tree.hpp"

#include <doctest/doctest.h>

using namespace consign;

TEST_CASE("numbers keep their digits") {
  const auto node = parse_json(
      R"({"id":820982911946154508,"big":123456789012345678901234567890.50,"e":1e3,"z":-0})");
  REQUIRE(node.ok());
  CHECK(node->root().find("id")->text == "820982911946154508");
  CHECK(node->root().find("big")->text == "123456789012345678901234567890.50");
  CHECK(node->root().find("e")->text == "1e3");
  CHECK(node->root().find("z")->text == "-0");
}

TEST_CASE("a name that stands twice in an object is refused, with its place") {
  const auto node = parse_json(R"({"lines":[{"id":"1"},{"id":"2","sku":"a","sku":"b"}]})");
  REQUIRE(!node.ok());
  CHECK(node.error().pointer == "/lines/1/sku");
}

TEST_CASE("what is not one whole JSON document is refused") {
  for (const char* text : {"", "{", "[1,]", "{\"a\":1}x", "{\"a\":1} {}", "nul", "\"\xC3\"",
                           "[1] 2", "{\"a\" 1}", "01"}) {
    CHECK_MESSAGE(!parse_json(text).ok(), std::string(text));
  }
}

TEST_CASE("nesting is bounded") {
  CHECK(parse_json("[[[[]]]]", {4}).ok());
  const auto node = parse_json(std::string(100'000, '[') + std::string(100'000, ']'));
  REQUIRE(!node.ok());
  CHECK(node.error().message == "the JSON nests deeper than 32 levels");
}

TEST_CASE("a document's memory serves the next one") {
  JsonDocument document;
  for (const char* text : {R"({"a":[1,2,{"b":"\u00e5"}]})", "{\"a\"", R"({"c":"x"})"}) {
    const auto error = document.parse(text);
    CHECK(error.has_value() == (std::string_view(text) == "{\"a\""));
  }
  CHECK(document.root().count == 1);
  CHECK(document.root().find("c")->text == "x");
  CHECK(document.root().find("a") == nullptr);
}

TEST_CASE("names are told apart in objects of any size, escaped or not") {
  std::string text = "{";
  for (int i = 0; i < 200; ++i) text += "\"a rather long name " + std::to_string(i) + "\":1,";
  CHECK(parse_json(text + "\"b\":2}").ok());
  const auto twice = parse_json(text + "\"a r\\u0061ther long name 150\":2}");
  REQUIRE(!twice.ok());
  CHECK(twice.error().message == "the name `a rather long name 150` stands twice");
}

TEST_CASE("a document may be one scalar") {
  for (const char* text : {"1", " \"a\" ", "true", "null", "-0.5e3", "1e400"}) {
    CHECK_MESSAGE(parse_json(text).ok(), std::string(text));
  }
  for (const char* text :
       {"1 2",    "tru",         "true false", "\"a",           "-",          "1.",
        "1e",     "+1",          ".5",         "nulls",         "[1 2]",      "[01]",
        "[1.e3]", "{\"a\":tru}", "[\"\\x\"]",  "[\"\\ud800\"]", "[\"a\tb\"]", "{a:1}",
        "{1:1}",  "[,1]",        "{\"a\":1,}", "[1]]",          "{}}",        "\xEF\xBB\xBF{}",
        "[nan]"}) {
    CHECK_MESSAGE(!parse_json(text).ok(), std::string(text));
  }
}

TEST_CASE("a zero byte behind a document is not part of it") {
  CHECK(!parse_json(std::string_view("[1]\0", 4)).ok());
  CHECK(!parse_json(std::string_view("1\0", 2)).ok());
}

TEST_CASE("equal documents have one canonical form") {
  const auto a = parse_json(R"( { "b" : [1, 2.50], "a" : "å\n" } )");
  const auto b = parse_json(R"({"a":"\u00e5\n","b":[1,2.50]})");
  CHECK(canonical_json(a->root()) == canonical_json(b->root()));
  CHECK(canonical_json(a->root()) == "{\"a\":\"å\\n\",\"b\":[1,2.50]}");
}

TEST_CASE("long texts and numbers that come in pieces are put together") {
  const std::string text(100'000, 'x');
  const auto node = parse_json("[\"" + text + "\"]");
  REQUIRE(node.ok());
  CHECK(node->root().children().front().text == text);
}
