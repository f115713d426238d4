// The scalars of a YAML rule file that hold language.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "consign/source.hpp"
#include "dsl/parser.hpp"
#include "dsl/yaml_tree.hpp"

namespace consign::yaml {

/// The text of a scalar and the places of its bytes. It views `scalar`. Where the places are not
/// known, all of it stands at the scalar's begin.
Fragment fragment_of(const Source& source, const Node& scalar);

/// Where a ` #` stands that cut the plain scalar within a text of the language; nothing where none
/// did.
std::optional<std::uint32_t> cutting_comment(std::string_view file, const Node& scalar);

/// Whether `"` opens a text in `text` that does not end in it.
bool has_open_text(std::string_view text);

}  // namespace consign::yaml
