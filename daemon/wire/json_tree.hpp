// JSON as received: a flat tree that keeps numbers as their text.
//
// simdjson finds the tokens; the tree lays them side by side, in document order, so that reading a
// document asks for no memory once a JsonDocument has grown. Numbers stay text, since a double
// would cut ids beyond 2^53 and turn money into binary fractions (language.md B3, D4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "consign/result.hpp"

namespace consign {

/// One value of a JSON document; what is below it follows directly behind it in memory. Belongs to
/// its JsonDocument.
struct JsonNode {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  bool truth = false;
  std::uint32_t count = 0;     ///< items of an array, members of an object
  std::uint32_t span = 1;      ///< nodes from this one to the end of what is below it
  std::uint64_t name_key = 0;  ///< json_name_key(name)
  std::string_view name;       ///< of a member
  std::string_view text;       ///< a string's characters (UTF-8, unescaped), or a number as written

  bool is(Kind wanted) const { return kind == wanted; }
  bool is_null() const { return kind == Kind::null; }
  /// The member of that name, or null where there is none or this is no object.
  const JsonNode* find(std::string_view name) const;

  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = JsonNode;
    using difference_type = std::ptrdiff_t;
    using pointer = const JsonNode*;
    using reference = const JsonNode&;
    explicit Iterator(const JsonNode* at = nullptr) : at_(at) {}
    reference operator*() const { return *at_; }
    pointer operator->() const { return at_; }
    Iterator& operator++() {
      at_ += at_->span;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const JsonNode* at_;
  };
  struct Children {
    const JsonNode* parent;
    Iterator begin() const { return Iterator(parent + 1); }
    Iterator end() const { return Iterator(parent + parent->span); }
    std::size_t size() const { return parent->count; }
    bool empty() const { return parent->count == 0; }
    const JsonNode& front() const { return parent[1]; }
  };
  /// The items of an array, or the members of an object (names unique), in the order written.
  Children children() const { return {this}; }
};

/// Length and ends of a name in one number: equal names have equal keys, and few others share one.
std::uint64_t json_name_key(std::string_view name);

struct JsonLimits {
  std::size_t depth = 32;
};

/// Where and why a document cannot be taken: a JSON pointer (RFC 6901) and a sentence.
struct JsonError {
  std::string pointer;
  std::string message;
};

/// A document and all that it holds. Can be used again: the memory of the last document serves the
/// next. For one thread at a time; nodes stay where they are when it is moved.
class JsonDocument {
 public:
  JsonDocument();
  ~JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;

  /// Reads one complete JSON document: well-formed, valid UTF-8, nothing after it, no name twice in
  /// an object. Copies the bytes. After an error the document is `null`.
  std::optional<JsonError> parse(std::string_view bytes, const JsonLimits& limits = {});

  const JsonNode& root() const;

  /// Overwrites all that it holds and becomes `null`: for documents with secrets.
  void wipe();

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

/// JsonDocument::parse, for documents that are read once.
Result<JsonDocument, JsonError> parse_json(std::string_view bytes, const JsonLimits& limits = {});

/// The document without blanks and with object members in byte order of their names: equal
/// documents give equal bytes, however they were laid out. Numbers stay as written.
std::string canonical_json(const JsonNode& node);
/// The same, added to `out`.
void write_canonical_json(const JsonNode& node, std::string& out);
/// `text` as a JSON string, in quotes and escaped, added to `out`.
void write_json_text(std::string_view text, std::string& out);

/// `text` as a reference token of a JSON pointer: `~` and `/` escaped.
std::string pointer_token(std::string_view text);

}  // namespace consign
