// The fields that rules can read: one row each in fields.def.
//
// Parser, checker, intake, help and the language reference are made from the table; to add a
// field, add a row. The words of the enumerations stand in enums.def.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consign/value.hpp"

namespace consign {

/// What a field is a property of; decides a rule's scope (language.md C1).
enum class Subject : std::uint8_t {
  order,
  customer,
  line,
  product,
  shop,
  request,
  check,
  account,
  event,  ///< one that the rule set declares; its fields have names of their own
  any
};

/// Word lists for fields of type enumeration (enums.def).
enum class Domain : std::uint8_t {
  none,
  channel,
  currency,
  country,
  payment,
  product_status,
  plan,
  weekday,
  request_kind,
  account_kind,
  resource_kind,
};

enum class Field : std::uint16_t {
#define FIELD(id, spelling, subject, type, flags, domain, json, help) id,
#include "consign/fields.def"
#undef FIELD
};

/// Flags of a row, or-ed together.
enum FieldFlags : unsigned {
  kPlain = 0,
  kOptional = 1,   ///< may be missing
  kMany = 2,       ///< has any number of values; none counts as missing
  kKeyed = 4,      ///< read as `field["name"]`
  kLowerCase = 8,  ///< a code that is compared in lower case
  kFact = 16,      ///< joined from facts rather than (or when not) in the event
};

/// A row of fields.def.
struct FieldRow {
  Field field;
  std::string_view spelling;  ///< "order.ship_to.country"
  Subject subject;
  Type type;
  unsigned flags;
  Domain domain;
  std::string_view json;  ///< where it stands in the wire form, dots between names; empty: nowhere
  std::string_view help;

  bool optional() const { return (flags & kOptional) != 0; }
  bool many() const { return (flags & kMany) != 0; }
  bool keyed() const { return (flags & kKeyed) != 0; }
  bool lower_case() const { return (flags & kLowerCase) != 0; }
  bool fact() const { return (flags & kFact) != 0; }
};

inline constexpr std::size_t kFieldCount =
#define FIELD(id, spelling, subject, type, flags, domain, json, help) 1 +
#include "consign/fields.def"
#undef FIELD
    0;

/// The row of a field; constant time.
const FieldRow& row_of(Field field);
/// All rows, in the order of the table.
std::span<const FieldRow> all_fields();
/// The field spelled so (without `["…"]`), or null. Rows for events of a rule set's own are not
/// found: their fields go by the event's name.
const FieldRow* find_field(std::string_view spelling);
/// "order", "line", …
std::string_view name_of(Subject subject);

/// The words of a domain, in the order of the table.
std::span<const std::string_view> words_of(Domain domain);
/// The domain's own spelling of `word`, found without regard to letter case; nothing if there is
/// none. Weekdays may be cut to three letters.
std::optional<std::string_view> find_word(Domain domain, std::string_view word);
/// What a message calls a domain: "country (ISO 3166-1 alpha-2)".
std::string_view describe(Domain domain);

}  // namespace consign
