// Reads the members of a JSON object into fields, as fields.def says: type, place and limits of
// each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "consign/event.hpp"
#include "daemon/wire/json_tree.hpp"
#include "daemon/wire/object_form.hpp"

namespace consign {

inline constexpr const char* kTimeHelp =
    "a time is written as RFC 3339 with a zone, for example \"2026-11-21T10:00:00Z\"";
inline constexpr const char* kIdHelp = "an id is text: put it in quotes";

/// Where a value stands in its document, on the stack of whoever reads it: a JSON pointer is made
/// only where there is something to say.
struct JsonPlace {
  const JsonPlace* parent = nullptr;
  std::string_view name;  ///< of a member
  std::size_t index = 0;  ///< of an item
  bool is_item = false;

  JsonPlace member(std::string_view of) const { return {this, of, 0, false}; }
  JsonPlace item(std::size_t at) const { return {this, {}, at, true}; }
  /// RFC 6901; the root is the empty pointer.
  std::string pointer() const;
};

class FieldReader {
 public:
  struct Limits {
    std::size_t text_bytes = 20'000;
    std::size_t values = 1'000;
  };
  /// Whether records copy the texts, or refer to those of the document, which must outlive them.
  enum class Texts { copied, referred };

  /// Faults are added to `faults`, which must outlive the reader.
  FieldReader(std::vector<JsonError>& faults, Limits limits, Texts texts = Texts::copied)
      : faults_(faults), limits_(limits), texts_(texts) {}

  /// The currency of amounts, a word of the table; without one, money has none.
  void set_currency(std::string_view currency) { currency_ = currency; }

  /// Reads all members of `object` that are fields of its form. What is no member of the form is a
  /// fault; members that are neither fields nor groups are left to the caller.
  void read_object(const JsonNode& object, const JsonPlace& place, const ObjectForm& form,
                   Record& record);

  void fault(const JsonPlace& place, std::string message) {
    faults_.push_back({place.pointer(), std::move(message)});
  }

 private:
  void read_field(const FieldRow& row, const JsonNode& node, const JsonPlace& place,
                  Record& record);
  bool read_value(const FieldRow& row, const JsonNode& node, const JsonPlace& place, Value& value);

  std::vector<JsonError>& faults_;
  Limits limits_;
  Texts texts_;
  std::string_view currency_;
  std::string lower_;  ///< the last text brought to lower case
};

}  // namespace consign
