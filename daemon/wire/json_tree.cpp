#include "daemon/wire/json_tree.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <unordered_set>

namespace consign {

namespace json = boost::json;

const JsonNode* JsonNode::find(std::string_view name) const {
  for (const auto& [key, value] : members) {
    if (key == name) return &value;
  }
  return nullptr;
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

namespace {

/// Takes the parser's events and builds the tree. The signatures are those that basic_parser calls.
class Builder {
 public:
  static constexpr std::size_t max_object_size = 100'000;
  static constexpr std::size_t max_array_size = 1'000'000;
  static constexpr std::size_t max_key_size = 10'000;
  static constexpr std::size_t max_string_size = 16u << 20;

  JsonNode root;
  JsonError fault;  ///< set where the tree itself refuses, as with a name written twice

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code&) { return open(JsonNode::Kind::object); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_array_begin(json::error_code&) { return open(JsonNode::Kind::array); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& error) {
    text_.append(part.data(), part.size());
    Open& object = open_.back();
    if (!object.names.insert(text_).second) {
      fault = {pointer() + "/" + pointer_token(text_), "the name `" + text_ + "` stands twice"};
      error = json::error::syntax;
      return false;
    }
    object.node->members.emplace_back(std::move(text_), JsonNode());
    text_.clear();
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    text_.append(part.data(), part.size());
    return scalar(JsonNode::Kind::string);
  }

  bool on_number_part(json::string_view part, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t, json::string_view part, json::error_code&) { return number(part); }
  bool on_uint64(std::uint64_t, json::string_view part, json::error_code&) { return number(part); }
  bool on_double(double, json::string_view part, json::error_code&) { return number(part); }

  bool on_bool(bool truth, json::error_code&) {
    JsonNode& node = place();
    node.kind = JsonNode::Kind::boolean;
    node.truth = truth;
    return true;
  }
  bool on_null(json::error_code&) {
    place();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Open {
    JsonNode* node;  // stays valid: a parent's vector does not grow while its child is open
    std::unordered_set<std::string> names;
  };

  /// Where the next value goes.
  JsonNode& place() {
    if (open_.empty()) return root;
    JsonNode& parent = *open_.back().node;
    if (parent.kind == JsonNode::Kind::object) return parent.members.back().second;
    return parent.items.emplace_back();
  }
  bool open(JsonNode::Kind kind) {
    JsonNode& node = place();
    node.kind = kind;
    open_.push_back({&node, {}});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  bool scalar(JsonNode::Kind kind) {
    JsonNode& node = place();
    node.kind = kind;
    node.text = std::move(text_);
    text_.clear();
    return true;
  }
  bool number(json::string_view part) {
    text_.append(part.data(), part.size());
    return scalar(JsonNode::Kind::number);
  }
  std::string pointer() const {
    std::string path;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
      const JsonNode& node = *open_[i].node;
      path += "/" + (node.kind == JsonNode::Kind::object ? pointer_token(node.members.back().first)
                                                         : std::to_string(node.items.size() - 1));
    }
    return path;
  }

  std::vector<Open> open_;
  std::string text_;
};

void write_text(std::string_view text, std::string& out) {
  // Most texts need no escape, and so no copy of the library's.
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7F;
  });
  if (plain) {
    out.append("\"").append(text).append("\"");
    return;
  }
  out += json::serialize(json::string(text));
}

void write_canonical(const JsonNode& node, std::string& out) {
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
      write_text(node.text, out);
      return;
    case JsonNode::Kind::array:
      out += '[';
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (i != 0) out += ',';
        write_canonical(node.items[i], out);
      }
      out += ']';
      return;
    case JsonNode::Kind::object: {
      std::vector<const std::pair<std::string, JsonNode>*> sorted;
      for (const auto& member : node.members) sorted.push_back(&member);
      std::sort(sorted.begin(), sorted.end(),
                [](const auto* a, const auto* b) { return a->first < b->first; });
      out += '{';
      for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i != 0) out += ',';
        write_text(sorted[i]->first, out);
        out += ':';
        write_canonical(sorted[i]->second, out);
      }
      out += '}';
      return;
    }
  }
}

}  // namespace

Result<JsonNode, JsonError> parse_json(std::string_view bytes, const JsonLimits& limits) {
  json::parse_options options;
  options.max_depth = limits.depth;
  json::basic_parser<Builder> parser(options);
  json::error_code error;
  const std::size_t taken = parser.write_some(false, bytes.data(), bytes.size(), error);
  Builder& builder = parser.handler();
  if (!builder.fault.message.empty()) return builder.fault;
  const std::string where = " (byte " + std::to_string(taken) + ")";
  if (error == json::error::incomplete || (!error && !parser.done())) {
    return JsonError{"", "the JSON ends too early" + where};
  }
  if (error == json::error::too_deep) {
    return JsonError{"", "the JSON nests deeper than " + std::to_string(limits.depth) + " levels"};
  }
  if (error) return JsonError{"", "this is not JSON: " + error.message() + where};
  const auto rest = bytes.substr(taken);
  if (rest.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    return JsonError{"", "something stands after the JSON document" + where};
  }
  return std::move(builder.root);
}

std::string canonical_json(const JsonNode& node) {
  std::string out;
  write_canonical(node, out);
  return out;
}

}  // namespace consign
