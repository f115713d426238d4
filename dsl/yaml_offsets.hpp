// Where the bytes of a decoded YAML scalar stand in the file.
//
// yaml-cpp hands out a scalar's text after unquoting, unescaping and folding, and a mark at its
// quote,
// `|`, `>`, tag or anchor. What is needed is the reverse: for each byte of the text the place that
// the author typed. So the raw bytes are walked beside the decoded ones. Where the two do not
// agree, there are no offsets at all: no place is better than a wrong one.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace consign::yaml {

enum class ScalarStyle : std::uint8_t { plain, single_quoted, double_quoted, literal, folded };

/// A scalar in its file. Offsets are bytes from the file's first byte.
struct ScalarPlace {
  ScalarStyle style = ScalarStyle::plain;
  std::uint32_t begin = 0;  ///< the first byte after tag and anchor: a quote, `|`, `>` or the text
  std::uint32_t end = 0;    ///< after the last byte, the closing quote included
  bool closed = true;       ///< false: the quote at `begin` has no partner
  /// The place of each byte of the decoded text, and of its end; empty where raw and decoded text
  /// could not be brought together. Bytes that an escape made all have the place of the escape.
  std::vector<std::uint32_t> offsets;
};

/// Finds the scalar that stands at `mark` in `file` and decodes to `decoded`.
ScalarPlace map_scalar(std::string_view file, std::uint32_t mark, std::string_view decoded);

}  // namespace consign::yaml
