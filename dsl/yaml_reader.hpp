// The reader of YAML rule files: a container for the same declarations.
#pragma once

#include "consign/diagnostic.hpp"
#include "consign/dsl.hpp"
#include "dsl/ast.hpp"

namespace consign {

/// Reads a whole YAML rule file. Spans point into the file as written, also inside folded, literal
/// and quoted scalars. A syntax error of the YAML itself gives one message and an empty tree.
ast::File read_yaml(SourceId source, const SourceMap& sources, const Limits& limits,
                    DiagnosticSink& sink);

}  // namespace consign
