#include "daemon/wire/json_tree.hpp"

#include <doctest/doctest.h>

using namespace consign;

TEST_CASE("numbers keep their digits") {
  const auto node = parse_json(
      R"({"id":820982911946154508,"big":123456789012345678901234567890.50,"e":1e3,"z":-0})");
  REQUIRE(node.ok());
  CHECK(node->find("id")->text == "820982911946154508");
  CHECK(node->find("big")->text == "123456789012345678901234567890.50");
  CHECK(node->find("e")->text == "1e3");
  CHECK(node->find("z")->text == "-0");
}

TEST_CASE("a name that stands twice in an object is refused, with its place") {
  const auto node = parse_json(R"({"lines":[{"id":"1"},{"id":"2","sku":"a","sku":"b"}]})");
  REQUIRE(!node.ok());
  CHECK(node.error().pointer == "/lines/1/sku");
}

TEST_CASE("what is not one whole JSON document is refused") {
  for (const char* text : {"", "{", "[1,]", "{\"a\":1}x", "{\"a\":1} {}", "nul", "\"\xC3\"",
                           "[1] 2", "{\"a\" 1}", "01"}) {
    CHECK_MESSAGE(!parse_json(text).ok(), text);
  }
}

TEST_CASE("nesting is bounded") {
  CHECK(parse_json("[[[[]]]]", {4}).ok());
  const auto node = parse_json(std::string(100'000, '['));
  REQUIRE(!node.ok());
  CHECK(node.error().message == "the JSON nests deeper than 32 levels");
}

TEST_CASE("equal documents have one canonical form") {
  const auto a = parse_json(R"( { "b" : [1, 2.50], "a" : "å\n" } )");
  const auto b = parse_json(R"({"a":"\u00e5\n","b":[1,2.50]})");
  CHECK(canonical_json(*a) == canonical_json(*b));
  CHECK(canonical_json(*a) == "{\"a\":\"å\\n\",\"b\":[1,2.50]}");
}

TEST_CASE("long texts and numbers that come in pieces are put together") {
  const std::string text(100'000, 'x');
  const auto node = parse_json("[\"" + text + "\"]");
  REQUIRE(node.ok());
  CHECK(node->items.front().text == text);
}
