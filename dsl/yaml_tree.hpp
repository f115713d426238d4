// A YAML file as a tree of nodes with their places.
//
// This is the border to yaml-cpp: yaml_tree.cpp is the only file that sees it. It reads yaml-cpp's
// events rather than its nodes, because those hide duplicate keys and know less about places.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/source.hpp"
#include "dsl/yaml_offsets.hpp"

namespace consign::yaml {

/// `faulty`: a node that was reported (an alias, a tag); readers pass over it without a word.
enum class Kind : std::uint8_t { null, scalar, sequence, map, faulty };

struct Node {
  Kind kind = Kind::null;
  ScalarStyle style = ScalarStyle::plain;  ///< of a scalar
  bool flow = false;                       ///< stands within `[…]` or `{…}`
  Span span;         ///< from the first to the last byte; of a collection, of what is in it
  std::string text;  ///< of a scalar, decoded
  std::vector<Node> children;  ///< of a map: key, value, key, value; keys differ
};

/// Reads the one document of `source`; a file without one is a null node. Nothing after a fault
/// that leaves no tree, which is reported. Faults in single nodes (aliases, tags, duplicate keys,
/// unclosed quotes) are reported too, and the rest of the tree stands. Does not throw.
/// Nothing is added to a sink that holds `max_messages` errors.
std::optional<Node> read_tree(SourceId source, const SourceMap& sources, std::size_t max_messages,
                              DiagnosticSink& sink);

}  // namespace consign::yaml
