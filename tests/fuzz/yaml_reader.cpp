// Any bytes as a YAML rule file: reading must end, every place must lie in the file, and formatting
// what can be read must give something that formats to itself.
#include "dsl/yaml_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "consign/diagnostic.hpp"
#include "consign/source.hpp"
#include "dsl/format.hpp"

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace consign;
  const std::string text(reinterpret_cast<const char*>(data), size);
  SourceMap sources;
  const auto id = sources.add("x.yaml", text);
  DiagnosticSink sink;
  const auto file = read_yaml(id, sources, Limits{}, sink);
  for (const auto& declaration : file.declarations)
    require(declaration.span.begin <= declaration.span.end && declaration.span.end <= size,
            "a declaration lies outside of its file");
  for (const auto& message : sink.sorted()) {
    for (const auto& label : message.labels)
      require(label.span.begin <= label.span.end && label.span.end <= size,
              "a label lies outside of its file");
    render(message, sources);
  }

  const auto once = format_yaml({"x.yaml", text});
  require(once.ok() == !sink.has_errors(), "formatting and reading disagree about faults");
  if (!once.ok()) return 0;
  const auto twice = format_yaml({"x.yaml", once.text});
  require(twice.ok(), "what was formatted does not read");
  require(twice.text == once.text, "formatting twice changes something");
  return 0;
}
