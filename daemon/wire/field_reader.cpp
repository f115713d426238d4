#include "daemon/wire/field_reader.hpp"

#include <algorithm>
#include <unordered_map>

#include "consign/diagnostic.hpp"
#include "consign/text.hpp"

namespace consign {

namespace {

bool has_subject(const std::vector<Subject>& subjects, Subject subject) {
  return std::find(subjects.begin(), subjects.end(), subject) != subjects.end();
}

using RowsByPath = std::unordered_map<std::string_view, std::vector<const FieldRow*>>;

/// The fields by their place in the wire form: several subjects have an `id`.
const RowsByPath& rows_by_path() {
  static const RowsByPath rows = [] {
    RowsByPath made;
    for (const FieldRow& row : all_fields()) {
      if (!row.json.empty()) made[row.json].push_back(&row);
    }
    return made;
  }();
  return rows;
}

/// The objects that hold fields, as `ship_to` does, with the fields in them.
const RowsByPath& rows_by_group() {
  static const RowsByPath rows = [] {
    RowsByPath made;
    for (const FieldRow& row : all_fields()) {
      const auto dot = row.json.find('.');
      if (dot != std::string_view::npos) made[row.json.substr(0, dot)].push_back(&row);
    }
    return made;
  }();
  return rows;
}

const FieldRow* find_row(const RowsByPath& rows, std::string_view path,
                         const std::vector<Subject>& subjects) {
  const auto it = rows.find(path);
  if (it == rows.end()) return nullptr;
  for (const FieldRow* row : it->second) {
    if (has_subject(subjects, row->subject)) return row;
  }
  return nullptr;
}

/// The member names that may stand directly below `path`.
std::vector<std::string_view> names_below(const std::string& path,
                                          const std::vector<Subject>& subjects) {
  std::vector<std::string_view> names;
  for (const FieldRow& row : all_fields()) {
    if (row.json.empty() || !has_subject(subjects, row.subject) || !row.json.starts_with(path)) {
      continue;
    }
    std::string_view name = row.json.substr(path.size());
    name = name.substr(0, name.find('.'));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::string_view kind_of(const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::null:
      return "null";
    case JsonNode::Kind::boolean:
      return "true or false";
    case JsonNode::Kind::number:
      return "a number";
    case JsonNode::Kind::string:
      return "a text";
    case JsonNode::Kind::array:
      return "an array";
    case JsonNode::Kind::object:
      return "an object";
  }
  return {};
}

}  // namespace

void FieldReader::read_object(const JsonNode& object, const std::string& pointer,
                              const std::vector<Subject>& subjects,
                              const std::vector<std::string_view>& extras, Record& record) {
  read_members(object, pointer, "", subjects, extras, record);
}

void FieldReader::read_members(const JsonNode& object, const std::string& pointer,
                               const std::string& path, const std::vector<Subject>& subjects,
                               const std::vector<std::string_view>& extras, Record& record) {
  for (const auto& [name, node] : object.members) {
    const std::string place = pointer + "/" + pointer_token(name);
    const std::string full = path + name;
    if (path.empty() && std::find(extras.begin(), extras.end(), name) != extras.end()) continue;
    if (const FieldRow* row = find_row(rows_by_path(), full, subjects)) {
      read_field(*row, node, place, record);
    } else if (find_row(rows_by_group(), full, subjects) != nullptr) {
      if (node.is(JsonNode::Kind::object)) {
        read_members(node, place, full + ".", subjects, {}, record);
      } else if (!node.is_null()) {
        fault(place, "`" + name + "` is an object, not " + std::string(kind_of(node)));
      }
    } else {
      auto known = names_below(path, subjects);
      if (path.empty()) known.insert(known.end(), extras.begin(), extras.end());
      const std::string_view near = nearest_name(name, known);
      fault(place, "there is no field `" + name + "` here" +
                       (near.empty() ? "" : "; did you mean `" + std::string(near) + "`?"));
    }
  }
}

void FieldReader::read_field(const FieldRow& row, const JsonNode& node, const std::string& pointer,
                             Record& record) {
  if (node.is_null()) {
    if (row.optional() || row.many() || row.fact()) return;
    fault(pointer, "`" + std::string(row.json) + "` may not be null");
    return;
  }
  if (row.keyed()) {
    if (!node.is(JsonNode::Kind::object)) {
      fault(pointer, "this is an object of names and texts, not " + std::string(kind_of(node)));
      return;
    }
    if (node.members.size() > limits_.values) {
      fault(pointer, "more than " + std::to_string(limits_.values) + " values");
      return;
    }
    for (const auto& [name, member] : node.members) {
      Value value;
      if (member.is_null()) continue;
      if (read_value(row, member, pointer + "/" + pointer_token(name), value)) {
        record.set_keyed(row.field, name, std::move(value));
      }
    }
    return;
  }
  if (!row.many()) {
    Value value;
    if (read_value(row, node, pointer, value)) record.set(row.field, std::move(value));
    return;
  }
  if (!node.is(JsonNode::Kind::array)) {
    fault(pointer, "this is an array, not " + std::string(kind_of(node)));
    return;
  }
  if (node.items.size() > limits_.values) {
    fault(pointer, "more than " + std::to_string(limits_.values) + " values");
    return;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    Value value;
    if (read_value(row, node.items[i], pointer + "/" + std::to_string(i), value)) {
      record.add(row.field, std::move(value));
    }
  }
}

bool FieldReader::read_value(const FieldRow& row, const JsonNode& node, const std::string& pointer,
                             Value& value) {
  const bool is_text = node.is(JsonNode::Kind::string);
  const auto refuse = [&](std::string message) {
    fault(pointer, std::move(message));
    return false;
  };
  const auto wanted = [&](std::string_view what) {
    return refuse("this is " + std::string(what) + ", not " + std::string(kind_of(node)));
  };
  if (is_text && node.text.size() > limits_.text_bytes) {
    return refuse("this text is longer than " + std::to_string(limits_.text_bytes) + " bytes");
  }
  switch (row.type) {
    case Type::text:
      if (!is_text) return wanted("a text");
      value = Value::of_text(node.text);
      return true;
    case Type::code:
    case Type::permission:
      if (!is_text) return node.is(JsonNode::Kind::number) ? refuse(kIdHelp) : wanted("a text");
      if (row.lower_case()) lower_ = ascii_lower(node.text);
      value = Value::of_code(row.lower_case() ? lower_ : node.text);
      value.type = row.type;
      return true;
    case Type::enumeration: {
      if (!is_text) return wanted("a text");
      const auto word = find_word(row.domain, node.text);
      if (!word) {
        const auto words = words_of(row.domain);
        const std::string_view near = nearest_name(node.text, {words.begin(), words.end()});
        return refuse("`" + node.text + "` is no " + std::string(describe(row.domain)) +
                      (near.empty() ? "" : "; did you mean `" + std::string(near) + "`?"));
      }
      value = Value::of_enum(*word);
      return true;
    }
    case Type::number:
    case Type::money:
    case Type::weight:
    case Type::duration: {
      if (!is_text && !node.is(JsonNode::Kind::number)) return wanted("a decimal number");
      const auto number = Decimal::parse(node.text);
      if (!number) {
        return refuse("`" + node.text +
                      "` is no decimal number of at most 36 digits, 18 of them after the point");
      }
      value = Value::of_number(*number);
      value.type = row.type;
      if (row.type == Type::money) value.currency = currency_;
      return true;
    }
    case Type::time: {
      const auto time = is_text ? parse_timestamp(node.text) : std::nullopt;
      if (!time) return refuse(kTimeHelp);
      value = Value::of_time(*time);
      return true;
    }
    case Type::day: {
      const auto day = is_text ? parse_day(node.text) : std::nullopt;
      if (!day) return refuse("a day is written as \"2026-11-27\"");
      value = Value::of_day(*day);
      return true;
    }
    case Type::boolean:
      if (!node.is(JsonNode::Kind::boolean)) return wanted("true or false");
      value = Value::of_bool(node.truth);
      return true;
  }
  return false;
}

}  // namespace consign
