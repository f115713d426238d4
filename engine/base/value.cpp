#include "consign/value.hpp"

#include <array>

namespace consign {

namespace {

struct TypeWords {
  std::string_view name;
  std::string_view described;
};

/// By the enumerator's number.
constexpr std::array<TypeWords, 11> kTypes = {{
    {"text", "text"},
    {"code", "a code"},
    {"enum", "one of a list of words"},
    {"number", "a number"},
    {"money", "money"},
    {"weight", "a weight"},
    {"duration", "a duration"},
    {"time", "a time"},
    {"day", "a day"},
    {"bool", "true or false"},
    {"permission", "a permission"},
}};

Value made(Type type) {
  Value value;
  value.type = type;
  return value;
}

Value made(Type type, std::string_view text) {
  Value value = made(type);
  value.text = text;
  return value;
}

Value made(Type type, const Decimal& number) {
  Value value = made(type);
  value.number = number;
  return value;
}

}  // namespace

std::string_view describe(Type type) { return kTypes[static_cast<std::size_t>(type)].described; }
std::string_view name_of(Type type) { return kTypes[static_cast<std::size_t>(type)].name; }

Value Value::of_text(std::string_view text) { return made(Type::text, text); }
Value Value::of_code(std::string_view text) { return made(Type::code, text); }
Value Value::of_enum(std::string_view word) { return made(Type::enumeration, word); }
Value Value::of_number(Decimal number) { return made(Type::number, number); }
Value Value::of_weight(Decimal grams) { return made(Type::weight, grams); }
Value Value::of_duration(Decimal seconds) { return made(Type::duration, seconds); }

Value Value::of_money(Decimal amount, std::string_view currency) {
  Value value = made(Type::money, amount);
  value.currency = currency;
  return value;
}

Value Value::of_time(Timestamp time) {
  Value value = made(Type::time);
  value.time = time;
  return value;
}

Value Value::of_day(Day day) {
  Value value = made(Type::day);
  value.day = day;
  return value;
}

Value Value::of_bool(bool truth) {
  Value value = made(Type::boolean);
  value.truth = truth;
  return value;
}

std::string to_text(const Value& value) {
  switch (value.type) {
    case Type::text:
    case Type::code:
    case Type::enumeration:
    case Type::permission:
      return std::string(value.text);
    case Type::number:
    case Type::money:
      return value.number.to_string();
    case Type::weight:
      return value.number.to_string() + " g";
    case Type::duration:
      return value.number.to_string() + " s";
    case Type::time:
      return format_timestamp(value.time);
    case Type::day:
      return format_day(value.day);
    case Type::boolean:
      return value.truth ? "true" : "false";
  }
  return {};
}

std::string to_literal(const Value& value) {
  switch (value.type) {
    case Type::text:
    case Type::code:
    case Type::enumeration:
      return quote(value.text);
    case Type::money:
      return value.number.to_string() + " " + std::string(value.currency);
    default:
      return to_text(value);
  }
}

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        quoted += "\\\"";
        break;
      case '\\':
        quoted += "\\\\";
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\t':
        quoted += "\\t";
        break;
      default:
        quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace consign
