// Types and values of the language (language.md B1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "consign/decimal.hpp"
#include "consign/time.hpp"

namespace consign {

enum class Type : std::uint8_t {
  text,         ///< compared folded
  code,         ///< ids, SKUs, postcodes: compared exactly
  enumeration,  ///< one word of a fixed list, free of letter case
  number,
  money,
  weight,    ///< held in grams
  duration,  ///< held in seconds
  time,
  day,
  boolean,
  permission,
};

/// What a message calls the type, with its article: "a number", "money", "text".
std::string_view describe(Type type);
/// The word by which a rule file names the type (`field carrier: text`).
std::string_view name_of(Type type);

/// One value of any type; which members count depends on `type`. A plain value that is cheap to
/// copy: its texts belong to whoever made it - a rule set, an event, a record, an arena - and must
/// outlive it.
struct Value {
  Type type = Type::text;
  bool truth = false;         ///< boolean
  Day day;                    ///< day
  std::string_view text;      ///< text, code, permission: as received; enumeration: the list's word
  std::string_view currency;  ///< money: ISO 4217 code
  Timestamp time;             ///< time
  Decimal number;             ///< number; money's amount; weight in grams; duration in seconds

  static Value of_text(std::string_view text);
  static Value of_code(std::string_view text);
  static Value of_enum(std::string_view word);
  static Value of_number(Decimal number);
  static Value of_money(Decimal amount, std::string_view currency);
  static Value of_weight(Decimal grams);
  static Value of_duration(Decimal seconds);
  static Value of_time(Timestamp time);
  static Value of_day(Day day);
  static Value of_bool(bool truth);
};

/// The value as a text of an action shows it: decimals as received, money as its amount, times
/// in UTC.
std::string to_text(const Value& value);
/// The value as a rule would write it: text in quotes, money with its currency.
std::string to_literal(const Value& value);
/// `"` + text with `\"`, `\\`, `\n`, `\t` escaped + `"`.
std::string quote(std::string_view text);

}  // namespace consign
