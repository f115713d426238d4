// Formatting, by spelling. `format_rules` (consign/dsl.hpp) chooses between the two.
#pragma once

#include <string>
#include <string_view>

#include "consign/dsl.hpp"

namespace consign {

/// Formats a `.rules` file.
FormatResult format_rules_text(const RuleFile& file);
/// Formats the scalars of a YAML file that hold the language, and leaves every other byte alone.
FormatResult format_yaml(const RuleFile& file);

/// Formats a piece of the language that reads well, as a YAML scalar holds it: blanks in one way,
/// line breaks where they were, no indentation, no line break at the end.
std::string format_fragment(std::string_view text);

}  // namespace consign
