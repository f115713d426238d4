#include "dsl/yaml_language.hpp"

#include <algorithm>

namespace consign::yaml {

bool has_open_text(std::string_view text) {
  bool open = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (open && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      open = !open;
    else if (!open && text[i] == '#')  // a comment of the language, up to the end of its line
      i = std::min(text.find('\n', i), text.size());
  }
  return open;
}

Fragment fragment_of(const Source& source, const Node& scalar) {
  Fragment fragment;
  fragment.source = scalar.span.source;
  fragment.text = scalar.text;
  fragment.offsets = map_scalar(source.text, scalar.span.begin, scalar.text).offsets;
  if (fragment.offsets.empty()) {
    fragment.offsets.assign(scalar.text.size(), scalar.span.begin);
    fragment.offsets.push_back(scalar.span.end);
  }
  return fragment;
}

std::optional<std::uint32_t> cutting_comment(std::string_view file, const Node& scalar) {
  if (scalar.style != ScalarStyle::plain || !has_open_text(scalar.text)) return std::nullopt;
  const auto next = file.find_first_not_of(" \t", scalar.span.end);
  if (next == std::string_view::npos || file[next] != '#') return std::nullopt;
  return static_cast<std::uint32_t>(next);
}

}  // namespace consign::yaml
