// The reader and the formatter of `.rules` text on any bytes: they end, they crash nowhere, every
// message can be drawn, and what formats means the same and formats to itself.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "dsl/format.hpp"
#include "dsl/parser.hpp"
#include "tests/support/ast_outline.hpp"

using namespace consign;

namespace {

void require(bool holds, const char* what, const std::string& text) {
  if (holds) return;
  std::cerr << what << ":\n" << text << "\n";
  std::abort();
}

std::string tree_of(const std::string& text) {
  SourceMap sources;
  DiagnosticSink sink;
  const auto source = sources.add("fuzz.rules", text);
  const auto file = parse_rules(source, sources, Limits{}, sink);
  for (const auto& diagnostic : sink.sorted()) {
    require(!render(diagnostic, sources).empty(), "a message that draws as nothing", text);
  }
  return outline(file);
}

void read_scalars(const std::string& text) {
  SourceMap sources;
  DiagnosticSink sink;
  TreePool pool;
  const Fragment fragment{sources.add("fuzz.yaml", text), text, {}};
  const bool read = parse_condition(fragment, pool, {}, sink) != nullptr;
  require(read != sink.has_errors(), "a condition and a message, or neither", text);
  parse_actions(fragment, pool, {}, sink);
  parse_literal(fragment, pool, {}, sink);
  parse_permission_items(fragment, pool, {}, sink);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto tree = tree_of(text);
  read_scalars(text);
  const auto once = format_rules_text({"fuzz.rules", text});
  if (!once.ok()) return 0;
  const auto twice = format_rules_text({"fuzz.rules", once.text});
  require(twice.ok() && twice.text == once.text, "formatted twice is not the same", once.text);
  require(tree_of(once.text) == tree, "formatting changed the tree", text);
  return 0;
}
