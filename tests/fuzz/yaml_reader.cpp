// The reader and the formatter of YAML rule files on any bytes: reading ends, every place lies in
// the file, and what formats means the same and formats to itself.
#include "dsl/yaml_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "consign/diagnostic.hpp"
#include "consign/source.hpp"
#include "dsl/format.hpp"
#include "tests/support/ast_outline.hpp"

using namespace consign;

namespace {

void require(bool holds, const char* what, const std::string& text) {
  if (holds) return;
  std::cerr << what << ":\n" << text << "\n";
  std::abort();
}

struct Reading {
  std::string tree;
  bool faulty = false;
};

Reading read(const std::string& text) {
  SourceMap sources;
  DiagnosticSink sink;
  const auto file = read_yaml(sources.add("fuzz.yaml", text), sources, Limits{}, sink);
  const auto lies_inside = [&](Span span) {
    return span.begin <= span.end && span.end <= text.size();
  };
  for (const auto& declaration : file.declarations)
    require(lies_inside(declaration.span), "a declaration outside of its file", text);
  for (const auto& message : sink.sorted()) {
    for (const auto& label : message.labels)
      require(lies_inside(label.span), "a label outside of its file", text);
    require(!render(message, sources).empty(), "a message that draws as nothing", text);
  }
  return {outline(file), sink.has_errors()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto reading = read(text);
  const auto once = format_yaml({"fuzz.yaml", text});
  require(once.ok() != reading.faulty, "reading and formatting disagree about faults", text);
  if (!once.ok()) return 0;
  const auto twice = format_yaml({"fuzz.yaml", once.text});
  require(twice.ok() && twice.text == once.text, "formatted twice is not the same", once.text);
  require(read(once.text).tree == reading.tree, "formatting changed the tree", text);
  return 0;
}
