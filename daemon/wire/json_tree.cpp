#include "daemon/wire/json_tree.hpp"

#include <simdjson.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <cstring>
#include <unordered_set>
#include <vector>

namespace consign {

namespace od = simdjson::ondemand;

const JsonNode* JsonNode::find(std::string_view wanted) const {
  if (kind != Kind::object) return nullptr;
  for (const JsonNode& member : children()) {
    if (member.name == wanted) return &member;
  }
  return nullptr;
}

namespace {

/// The key of a name of `size` bytes of which `first` are the first eight, zeros behind its end.
std::uint64_t name_key(std::uint64_t first, const char* name, std::size_t size) {
  std::uint64_t last = 0;
  if (size > 8) std::memcpy(&last, name + size - 8, 8);
  return (first ^ (last * 0x9E3779B97F4A7C15u) ^ (std::uint64_t{size} << 56)) * 0xBF58476D1CE4E5B9u;
}

/// json_name_key() of a name that eight bytes can be read of, whatever its length.
std::uint64_t padded_name_key(std::string_view name) {
  std::uint64_t first = 0;
  std::memcpy(&first, name.data(), 8);
  if (name.size() < 8) first &= (std::uint64_t{1} << (8 * name.size())) - 1;
  return name_key(first, name.data(), name.size());
}

}  // namespace

std::uint64_t json_name_key(std::string_view name) {
  std::uint64_t first = 0;
  std::memcpy(&first, name.data(), std::min<std::size_t>(name.size(), 8));
  return name_key(first, name.data(), name.size());
}

std::string pointer_token(std::string_view text) {
  std::string token;
  for (const char c : text) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

// ---- reading -----------------------------------------------------------------------------------

struct JsonDocument::Memory {
  od::parser parser;
  std::vector<char> bytes;  ///< the document, with the room behind it that simdjson wants
  std::vector<JsonNode> nodes;
};

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The bytes without blanks at the end.
std::string_view trimmed(std::string_view bytes) {
  while (!bytes.empty() && is_blank(bytes.back())) bytes.remove_suffix(1);
  return bytes;
}

/// RFC 8259's number. simdjson checks only numbers that are asked for as such, and would refuse
/// those that no double holds.
bool is_number(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto digits = [&] {
    const char* const first = at;
    while (at != end && is_digit(*at)) ++at;
    return at != first;
  };
  if (at != end && *at == '-') ++at;
  if (at != end && *at == '0') {
    ++at;
  } else if (!digits()) {
    return false;
  }
  if (at != end && *at == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (!digits()) return false;
  }
  return at == end;
}

/// Tells names that stand twice in one object: a filter of 64 bits settles nearly all, the members
/// before settle the rest, and a set those of large objects.
class NamesSeen {
 public:
  /// Whether `member` is the first of its name among the members of `object` so far.
  bool add(const JsonNode& object, const JsonNode& member) {
    constexpr std::uint32_t kMany = 64;
    if (object.count >= kMany) {
      if (many_.empty()) {
        const JsonNode* each = &object + 1;
        for (std::uint32_t i = 0; i < object.count; ++i, each += each->span)
          many_.insert(each->name);
      }
      return many_.insert(member.name).second;
    }
    const std::uint64_t bit = std::uint64_t{1} << (member.name_key >> 58);
    const bool perhaps = (filter_ & bit) != 0;
    filter_ |= bit;
    if (!perhaps) return true;
    const JsonNode* each = &object + 1;
    for (std::uint32_t i = 0; i < object.count; ++i, each += each->span) {
      if (each->name_key == member.name_key && each->name == member.name) return false;
    }
    return true;
  }

 private:
  std::uint64_t filter_ = 0;
  std::unordered_set<std::string_view> many_;
};

class TreeBuilder {
 public:
  TreeBuilder(std::vector<JsonNode>& nodes, const JsonLimits& limits)
      : nodes_(nodes), limits_(limits) {}

  std::optional<JsonError> fault;    ///< set where the tree itself refuses, as a name written twice
  const char* scalar_end = nullptr;  ///< of the scalar read last

  /// Adds the value and what is below it. `Source` is simdjson's document, or one of its values.
  template <class Source>
  simdjson::error_code add(Source& source, std::size_t depth) {
    const std::size_t index = nodes_.size() - 1;
    std::string_view token;
    if (const auto error = token_of(source, token)) return error;
    scalar_end = token.data() + token.size();
    switch (token.front()) {
      case '{':
        return add_object(source, index, depth + 1);
      case '[':
        return add_array(source, index, depth + 1);
      case '"':
        nodes_[index].kind = JsonNode::Kind::string;
        return read_string(source, token, nodes_[index].text);
      case 't':
      case 'f':
        nodes_[index].kind = JsonNode::Kind::boolean;
        return source.get_bool().get(nodes_[index].truth);
      case 'n': {
        bool null = false;
        const auto error = source.is_null().get(null);
        return error || null ? error : simdjson::N_ATOM_ERROR;
      }
      default:
        nodes_[index].kind = JsonNode::Kind::number;
        nodes_[index].text = token;
        return is_number(token) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
    }
  }

 private:
  /// The value's bytes up to the next token, without blanks.
  template <class Source>
  static simdjson::error_code token_of(Source& source, std::string_view& token) {
    if constexpr (std::is_same_v<Source, od::document>) {
      if (const auto error = source.raw_json_token().get(token)) return error;
    } else {
      token = source.raw_json_token();
    }
    token = trimmed(token);
    return token.empty() ? simdjson::TAPE_ERROR : simdjson::SUCCESS;
  }

  /// Most texts have no escapes and stay where they stand.
  template <class Source>
  static simdjson::error_code read_string(Source& source, std::string_view token,
                                          std::string_view& text) {
    if (token.size() >= 2 && token.back() == '"' &&
        std::memchr(token.data(), '\\', token.size()) == nullptr) {
      text = token.substr(1, token.size() - 2);
      return simdjson::SUCCESS;
    }
    return source.get_string().get(text);
  }

  static simdjson::error_code read_name(od::field& field, std::string_view& name) {
    const char* const first = field.key().raw();
    const char* end = first;
    while (*end != '"' && *end != '\\') ++end;
    if (*end == '"') {
      name = std::string_view(first, static_cast<std::size_t>(end - first));
      return simdjson::SUCCESS;
    }
    return field.unescaped_key().get(name);
  }

  bool too_deep(std::size_t depth) {
    if (depth <= limits_.depth) return false;
    fault =
        JsonError{"", "the JSON nests deeper than " + std::to_string(limits_.depth) + " levels"};
    return true;
  }

  template <class Source>
  simdjson::error_code add_object(Source& source, std::size_t index, std::size_t depth) {
    if (too_deep(depth)) return simdjson::DEPTH_ERROR;
    nodes_[index].kind = JsonNode::Kind::object;
    od::object object;
    if (const auto error = source.get_object().get(object)) return error;
    NamesSeen seen;
    for (auto member : object) {
      od::field field;
      if (const auto error = std::move(member).get(field)) return error;
      JsonNode& node = nodes_.emplace_back();
      if (const auto error = read_name(field, node.name)) return error;
      node.name_key = padded_name_key(node.name);
      if (!seen.add(nodes_[index], node)) {
        std::string place = "/" + pointer_token(node.name);
        fault =
            JsonError{std::move(place), "the name `" + std::string(node.name) + "` stands twice"};
        return simdjson::TAPE_ERROR;
      }
      if (const auto error = add(field.value(), depth)) {
        if (fault) prefix_fault("/" + pointer_token(nodes_[last_child(index)].name));
        return error;
      }
      ++nodes_[index].count;
    }
    nodes_[index].span = static_cast<std::uint32_t>(nodes_.size() - index);
    return simdjson::SUCCESS;
  }

  template <class Source>
  simdjson::error_code add_array(Source& source, std::size_t index, std::size_t depth) {
    if (too_deep(depth)) return simdjson::DEPTH_ERROR;
    nodes_[index].kind = JsonNode::Kind::array;
    od::array array;
    if (const auto error = source.get_array().get(array)) return error;
    for (auto item : array) {
      od::value value;
      if (const auto error = std::move(item).get(value)) return error;
      nodes_.emplace_back();
      if (const auto error = add(value, depth)) {
        if (fault) prefix_fault("/" + std::to_string(nodes_[index].count));
        return error;
      }
      ++nodes_[index].count;
    }
    nodes_[index].span = static_cast<std::uint32_t>(nodes_.size() - index);
    return simdjson::SUCCESS;
  }

  /// The child of an object that is being read: the one behind those that are counted already.
  std::size_t last_child(std::size_t index) const {
    const JsonNode* child = &nodes_[index] + 1;
    for (std::uint32_t i = 0; i < nodes_[index].count; ++i) child += child->span;
    return static_cast<std::size_t>(child - nodes_.data());
  }

  void prefix_fault(const std::string& step) {
    if (!fault->message.starts_with("the JSON nests")) fault->pointer.insert(0, step);
  }

  std::vector<JsonNode>& nodes_;
  const JsonLimits& limits_;
};

JsonError error_of(simdjson::error_code error, std::size_t at) {
  const std::string where = " (byte " + std::to_string(at) + ")";
  switch (error) {
    case simdjson::EMPTY:
    case simdjson::UNCLOSED_STRING:
      return {"", "the JSON ends too early" + where};
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return {"", "the JSON does not end with what closes it" + where};
    case simdjson::TRAILING_CONTENT:
      return {"", "something stands after the JSON document" + where};
    default:
      return {"", std::string("this is not JSON: ") + simdjson::error_message(error) + where};
  }
}

}  // namespace

JsonDocument::JsonDocument() : memory_(std::make_unique<Memory>()) {
  memory_->nodes.emplace_back();
}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

const JsonNode& JsonDocument::root() const { return memory_->nodes.front(); }

void JsonDocument::wipe() {
  auto& [parser, buffer, nodes] = *memory_;
  // Texts with escapes stand in the parser's memory, all others in the buffer.
  for (const JsonNode& node : nodes) {
    if (node.text.empty()) continue;
    explicit_bzero(const_cast<char*>(node.text.data()), node.text.size());
  }
  explicit_bzero(buffer.data(), buffer.size());
  nodes.assign(1, JsonNode());
}

std::optional<JsonError> JsonDocument::parse(std::string_view bytes, const JsonLimits& limits) {
  auto& [parser, buffer, nodes] = *memory_;
  const std::size_t room = bytes.size() + simdjson::SIMDJSON_PADDING;
  if (buffer.size() < room) buffer.resize(room);
  std::memcpy(buffer.data(), bytes.data(), bytes.size());
  std::memset(buffer.data() + bytes.size(), 0, simdjson::SIMDJSON_PADDING);
  nodes.clear();
  nodes.emplace_back();

  TreeBuilder builder(nodes, limits);
  od::document document;
  auto error = parser.iterate(buffer.data(), bytes.size(), buffer.size()).get(document);
  const bool begun = !error;
  if (begun) error = builder.add(document, 0);
  if (!error) {
    // A scalar that is the whole document is looked at, not taken.
    const bool nested =
        nodes.front().is(JsonNode::Kind::object) || nodes.front().is(JsonNode::Kind::array);
    const bool ended = nested ? document.current_location().error() == simdjson::OUT_OF_BOUNDS
                              : builder.scalar_end == buffer.data() + trimmed(bytes).size();
    if (!ended) error = simdjson::TRAILING_CONTENT;
  }
  if (!error) return std::nullopt;

  std::size_t at = bytes.size();
  const char* place = nullptr;
  if (begun && !document.current_location().get(place) && place != nullptr) {
    at = std::min(bytes.size(), static_cast<std::size_t>(place - buffer.data()));
  }
  nodes.assign(1, JsonNode());
  if (builder.fault) return std::move(builder.fault);
  return error_of(error, at);
}

Result<JsonDocument, JsonError> parse_json(std::string_view bytes, const JsonLimits& limits) {
  JsonDocument document;
  if (auto error = document.parse(bytes, limits)) return std::move(*error);
  return document;
}

// ---- writing -----------------------------------------------------------------------------------

void write_json_text(std::string_view text, std::string& out) {
  // Most texts need no escape, and so no copy of the library's.
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7F;
  });
  if (plain) {
    out.append("\"").append(text).append("\"");
    return;
  }
  out += boost::json::serialize(boost::json::string(text));
}

void write_canonical_json(const JsonNode& node, std::string& out) {
  auto comma = [&, first = true]() mutable {
    if (!first) out += ',';
    first = false;
  };
  switch (node.kind) {
    case JsonNode::Kind::null:
      out += "null";
      return;
    case JsonNode::Kind::boolean:
      out += node.truth ? "true" : "false";
      return;
    case JsonNode::Kind::number:
      out += node.text;
      return;
    case JsonNode::Kind::string:
      write_json_text(node.text, out);
      return;
    case JsonNode::Kind::array:
      out += '[';
      for (const JsonNode& item : node.children()) {
        comma();
        write_canonical_json(item, out);
      }
      out += ']';
      return;
    case JsonNode::Kind::object: {
      std::vector<const JsonNode*> sorted;
      sorted.reserve(node.count);
      for (const JsonNode& member : node.children()) sorted.push_back(&member);
      std::sort(sorted.begin(), sorted.end(),
                [](const JsonNode* a, const JsonNode* b) { return a->name < b->name; });
      out += '{';
      for (const JsonNode* member : sorted) {
        comma();
        write_json_text(member->name, out);
        out += ':';
        write_canonical_json(*member, out);
      }
      out += '}';
      return;
    }
  }
}

std::string canonical_json(const JsonNode& node) {
  std::string out;
  write_canonical_json(node, out);
  return out;
}

}  // namespace consign
