#include "daemon/wire/field_reader.hpp"

#include "consign/diagnostic.hpp"
#include "consign/text.hpp"

namespace consign {

namespace {

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

std::string JsonPlace::pointer() const {
  if (parent == nullptr) return {};
  return parent->pointer() + "/" + (is_item ? std::to_string(index) : pointer_token(name));
}

void FieldReader::read_object(const JsonNode& object, const JsonPlace& place,
                              const ObjectForm& form, Record& record) {
  for (const JsonNode& node : object.children()) {
    const JsonPlace at = place.member(node.name);
    const ObjectForm::Member* member = form.find(node);
    if (member == nullptr) {
      const std::string_view near = nearest_name(node.name, form.names());
      fault(at, "there is no field `" + std::string(node.name) + "` here" +
                    (near.empty() ? "" : "; did you mean `" + std::string(near) + "`?"));
    } else if (member->field != nullptr) {
      read_field(*member->field, node, at, record);
    } else if (member->group != nullptr) {
      if (node.is(JsonNode::Kind::object)) {
        read_object(node, at, *member->group, record);
      } else if (!node.is_null()) {
        fault(at,
              "`" + std::string(node.name) + "` is an object, not " + std::string(kind_of(node)));
      }
    }
  }
}

void FieldReader::read_field(const FieldRow& row, const JsonNode& node, const JsonPlace& place,
                             Record& record) {
  const bool refer = texts_ == Texts::referred;
  const auto too_many = [&] {
    if (node.count <= limits_.values) return false;
    fault(place, "more than " + std::to_string(limits_.values) + " values");
    return true;
  };
  Value value;
  if (node.is_null()) {
    if (row.optional() || row.many() || row.fact()) return;
    fault(place, "`" + std::string(row.json) + "` may not be null");
  } else if (row.keyed()) {
    if (!node.is(JsonNode::Kind::object)) {
      fault(place, "this is an object of names and texts, not " + std::string(kind_of(node)));
      return;
    }
    if (too_many()) return;
    for (const JsonNode& member : node.children()) {
      if (member.is_null() || !read_value(row, member, place.member(member.name), value)) continue;
      if (refer) {
        record.refer_keyed(row.field, member.name, value);
      } else {
        record.set_keyed(row.field, member.name, value);
      }
    }
  } else if (row.many()) {
    if (!node.is(JsonNode::Kind::array)) {
      fault(place, "this is an array, not " + std::string(kind_of(node)));
      return;
    }
    if (too_many()) return;
    std::size_t index = 0;
    for (const JsonNode& item : node.children()) {
      if (!read_value(row, item, place.item(index++), value)) continue;
      if (refer) {
        record.refer_also(row.field, value);
      } else {
        record.add(row.field, value);
      }
    }
  } else if (read_value(row, node, place, value)) {
    // What was brought to lower case is a text of this reader's, for now.
    if (refer && !row.lower_case()) {
      record.refer(row.field, value);
    } else {
      record.set(row.field, value);
    }
  }
}

bool FieldReader::read_value(const FieldRow& row, const JsonNode& node, const JsonPlace& place,
                             Value& value) {
  const bool is_text = node.is(JsonNode::Kind::string);
  const auto refuse = [&](std::string message) {
    fault(place, std::move(message));
    return false;
  };
  const auto wanted = [&](std::string_view what) {
    return refuse("this is " + std::string(what) + ", not " + std::string(kind_of(node)));
  };
  const auto typed = [&] {
    Value made;
    made.type = row.type;
    return made;
  };
  if (is_text && node.text.size() > limits_.text_bytes) {
    return refuse("this text is longer than " + std::to_string(limits_.text_bytes) + " bytes");
  }
  switch (row.type) {
    case Type::text:
      if (!is_text) return wanted("a text");
      value = typed();
      value.text = node.text;
      return true;
    case Type::code:
    case Type::permission:
      if (!is_text) return node.is(JsonNode::Kind::number) ? refuse(kIdHelp) : wanted("a text");
      if (row.lower_case()) lower_ = ascii_lower(node.text);
      value = typed();
      value.text = row.lower_case() ? std::string_view(lower_) : node.text;
      return true;
    case Type::enumeration: {
      if (!is_text) return wanted("a text");
      const auto word = find_word(row.domain, node.text);
      if (!word) {
        const auto words = words_of(row.domain);
        const std::string_view near = nearest_name(node.text, {words.begin(), words.end()});
        return refuse("`" + std::string(node.text) + "` is no " +
                      std::string(describe(row.domain)) +
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
        return refuse("`" + std::string(node.text) +
                      "` is no decimal number of at most 36 digits, 18 of them after the point");
      }
      value = typed();
      value.number = *number;
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
