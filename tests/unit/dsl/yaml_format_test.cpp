#include <doctest/doctest.h>

#include <string>

#include "consign/dsl.hpp"
#include "dsl/format.hpp"

namespace consign {
namespace {

std::string formatted(const std::string& text) {
  const auto result = format_yaml({"x.yaml", text});
  std::string messages;
  for (const auto& message : result.diagnostics) messages += render(message, *result.sources);
  CHECK(messages == "");
  CHECK(format_yaml({"x.yaml", result.text}).text == result.text);
  return result.text;
}

TEST_CASE("formatting rewrites the language and leaves every other byte alone") {
  CHECK(formatted("\xEF\xBB\xBF# Acme\r\n"
                  "suppliers:\n"
                  "    acme:   { name: 'Acme   Ltd',countries: [SE,NO] }   # two countries\n"
                  "\n"
                  "\n"
                  "defines:\n"
                  "  bulky:   line.weight>20 kg   # heavy\n"
                  "rules:\n"
                  "- rule:   one\n"
                  "  about: a=b\n"
                  "  when: product.tag=\"acme\"   and bulky\n"
                  "  then:\n"
                  "    - assign  to  acme\n"
                  "    -   'tag   \"it''s\"'   \n"
                  "- { rule: two, otherwise: true, then: [ stop ] }\n") ==
        "\xEF\xBB\xBF# Acme\r\n"
        "suppliers:\n"
        "    acme:   { name: 'Acme   Ltd',countries: [SE,NO] }   # two countries\n"
        "\n"
        "\n"
        "defines:\n"
        "  bulky:   line.weight > 20 kg   # heavy\n"
        "rules:\n"
        "- rule:   one\n"
        "  about: a=b\n"
        "  when: product.tag = \"acme\" and bulky\n"
        "  then:\n"
        "    - assign to acme\n"
        "    -   'tag \"it''s\"'   \n"
        "- { rule: two, otherwise: true, then: [ stop ] }\n");
}

std::string rule_when(const std::string& scalar) {
  return "rules:\n  - rule: r\n    when: " + scalar + "\n    then: stop\n";
}

TEST_CASE("formatting keeps the style and the lines of a scalar") {
  struct Pair {
    std::string before;
    std::string after;
  };
  const Pair pairs[] = {
      {"'line.sku=\"it''s\"'", "'line.sku = \"it''s\"'"},
      {R"("line.sku=\"a\\\\b\"   and  order.test")", R"("line.sku = \"a\\\\b\" and order.test")"},
      {"|\n      line.sku=\"A\"\n\n        and  order.test  \n      # why\n      and  true",
       "|\n      line.sku = \"A\"\n\n        and order.test\n      # why\n      and true"},
      {">2-\n        line.sku=\"A\"\n      or order.test",
       ">2-\n        line.sku = \"A\"\n      or order.test"},
      {"line.sku=\"A\"\n      and order.total  > 5 EUR\n         - 2 EUR",
       "line.sku = \"A\"\n      and order.total > 5 EUR\n         - 2 EUR"},
      {"'line.sku=\"A\"\n\n      and  order.test'", "'line.sku = \"A\"\n\n      and order.test'"},
      {"|\r\n      line.sku=\"A\"\r\n      and  true",
       "|\r\n      line.sku = \"A\"\r\n      and true"},
  };
  for (const auto& pair : pairs) {
    CAPTURE(pair.before);
    CHECK(formatted(rule_when(pair.before)) == rule_when(pair.after));
  }
}

TEST_CASE("a scalar that YAML and the language share too closely stays as it is") {
  const std::string scalars[] = {
      "line.sku=\"A\"#note",                               // would become a comment of YAML
      "\"line.sku=\\\"\\u00e9\\\"\"",                      // an escape that would be lost
      "'line.sku=\"a\n      b\"'",                         // a text over two lines
      "\"line.sku=\\\"A\\\" \\\n      and  order.test\"",  // an escaped line break
  };
  for (const auto& scalar : scalars) {
    CAPTURE(scalar);
    CHECK(formatted(rule_when(scalar)) == rule_when(scalar));
  }
}

TEST_CASE("a file with faults is not formatted") {
  const auto result = format_yaml({"x.yaml", rule_when("line.sku =")});
  CHECK_FALSE(result.ok());
  CHECK(result.text == "");
}

}  // namespace
}  // namespace consign
