// From yaml-cpp's terse words about a syntax error to a message that says what to do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/source.hpp"
#include "dsl/yaml_offsets.hpp"

namespace consign::yaml {

/// A collection that was begun and not ended when reading stopped.
struct OpenCollection {
  std::uint32_t begin = 0;
  bool flow = false;
  bool map = false;
};

/// What was known when yaml-cpp stopped.
struct SyntaxError {
  std::uint32_t offset = 0;                ///< into the file
  std::string words;                       ///< yaml-cpp's own
  std::vector<OpenCollection> open;        ///< outermost first
  std::optional<ScalarPlace> last_scalar;  ///< read before the error
};

/// Reports the one message about a file that is not YAML.
void report_syntax_error(SourceId source, const SourceMap& sources, const SyntaxError& error,
                         DiagnosticSink& sink);

/// The help that quotes a whole scalar of the language: for the line around `offset`, what stands
/// before the value and the value in quotes. Nothing where the line has no value.
std::optional<std::string> quoting_help(const Source& source, std::uint32_t offset);

}  // namespace consign::yaml
