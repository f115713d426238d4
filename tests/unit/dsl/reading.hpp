// Reading text in the tests of the reader: the tree and the messages, as text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "consign/diagnostic.hpp"
#include "dsl/parser.hpp"
#include "tests/support/ast_outline.hpp"

namespace consign::test {

/// One text, read as a `.rules` file.
struct Reading {
  SourceMap sources;
  DiagnosticSink sink;
  ast::File file;
  std::string tree;

  explicit Reading(std::string text, const Limits& limits = {}) {
    const auto source = sources.add("test.rules", std::move(text));
    file = parse_rules(source, sources, limits, sink);
    tree = outline(file);
  }

  /// All messages: code, place, headline, one a line.
  std::string messages() const {
    std::string out;
    for (const auto& diagnostic : sink.sorted()) {
      const auto* place = diagnostic.place();
      out += std::string(row_of(diagnostic.code).id);
      if (place != nullptr) {
        const auto at = sources.position(place->source, place->begin);
        out += " " + std::to_string(at.line) + ":" + std::to_string(at.column);
      }
      out += " " + diagnostic.message + "\n";
    }
    return out;
  }
  /// The first message, drawn.
  std::string drawn() const {
    const auto all = sink.sorted();
    return all.empty() ? "" : render(all.front(), sources);
  }
};

/// The outline of the condition in `define x = …`, or the messages.
inline std::string condition(const std::string& text) {
  const Reading reading("define x = " + text);
  if (reading.sink.has_errors()) return reading.messages();
  return outline(*std::get<ast::Define>(reading.file.declarations.at(0).what).condition);
}

/// The outline of the actions behind `then`, or the messages.
inline std::string actions(const std::string& text) {
  const Reading reading("rule r { then " + text + " }");
  if (reading.sink.has_errors()) return reading.messages();
  std::string out;
  for (const auto& action : std::get<ast::Rule>(reading.file.declarations.at(0).what).actions) {
    out += (out.empty() ? "" : " ") + outline(action);
  }
  return out;
}

}  // namespace consign::test
