// Faults of grammar, turned into messages: what was expected, what was seen, what would help.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/source.hpp"

namespace consign {

/// What kind of thing was expected, where that changes what can be said about what was seen
/// instead.
enum class Expected : std::uint8_t {
  a_thing,
  a_value,    ///< an operand or a condition
  a_literal,  ///< a member of a list: no bare words
  a_name,
  in_braces,       ///< `}`, or a member before it
  in_parentheses,  ///< `)` or `]`
  in_text,
  a_declaration,
  a_clause,
  an_action,
  no_chain,    ///< no second comparison
  less_depth,  ///< not yet another level of nesting
};

/// A row of grammar_errors.hpp: completes "expected …".
struct Sentence {
  std::string_view expected;
  Expected kind = Expected::a_thing;
  std::string_view help = {};
};

/// Where a shape that must match did not, and what it was.
struct Fault {
  const Sentence* sentence;
  std::uint32_t at;  ///< offset into the text that is read
};

/// Maps offsets in the text that is read to places in the file as written.
struct Places {
  SourceId source = 0;
  const std::vector<std::uint32_t>* offsets = nullptr;  ///< null: the text is the file

  std::uint32_t offset(std::size_t at) const;
  Span span(std::size_t begin, std::size_t end) const;
};

/// Reports `fault`. `start` is where the declaration, clause or scalar begins that it lies in;
/// `opened`, where given, is a bracket that was opened before that.
struct FaultScene {
  std::string_view text;
  std::size_t start = 0;
  const std::size_t* opened = nullptr;
  std::string_view end_name = "the end of the file";
};
void report_fault(const Fault& fault, const FaultScene& scene, const Places& places,
                  DiagnosticSink& sink);

}  // namespace consign
