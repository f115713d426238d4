// JSON as received: a tree that keeps numbers as their text.
//
// Boost.JSON's parser does the reading; it holds numbers as doubles in its own tree, which would
// cut ids beyond 2^53 and turn money into binary fractions (language.md B3, D4). So this tree takes
// the parser's events and keeps the digits.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "consign/result.hpp"

namespace consign {

/// One value of a JSON document. Owns everything below it.
struct JsonNode {
  enum class Kind { null, boolean, number, string, array, object };
  JsonNode() noexcept {}  // clang 14 cannot default it before the class is complete
  Kind kind = Kind::null;
  bool truth = false;
  std::string text;  ///< a string's characters (UTF-8, unescaped), or a number as written
  std::vector<JsonNode> items;
  std::vector<std::pair<std::string, JsonNode>> members;  ///< in the order written, names unique

  bool is(Kind wanted) const { return kind == wanted; }
  bool is_null() const { return kind == Kind::null; }
  /// The member of that name, or null where there is none or this is no object.
  const JsonNode* find(std::string_view name) const;
};

struct JsonLimits {
  std::size_t depth = 32;
};

/// Where and why a document cannot be taken: a JSON pointer (RFC 6901) and a sentence.
struct JsonError {
  std::string pointer;
  std::string message;
};

/// Reads one complete JSON document: well-formed, valid UTF-8, nothing after it, no name twice in
/// an object.
Result<JsonNode, JsonError> parse_json(std::string_view bytes, const JsonLimits& limits = {});

/// The document without blanks and with object members in byte order of their names: equal
/// documents give equal bytes, however they were laid out. Numbers stay as written.
std::string canonical_json(const JsonNode& node);

/// `text` as a reference token of a JSON pointer: `~` and `/` escaped.
std::string pointer_token(std::string_view text);

}  // namespace consign
