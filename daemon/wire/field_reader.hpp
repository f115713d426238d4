// Reads the members of a JSON object into fields, as fields.def says: type, place and limits of
// each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "consign/event.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

inline constexpr const char* kTimeHelp =
    "a time is written as RFC 3339 with a zone, for example \"2026-11-21T10:00:00Z\"";
inline constexpr const char* kIdHelp = "an id is text: put it in quotes";

class FieldReader {
 public:
  struct Limits {
    std::size_t text_bytes = 20'000;
    std::size_t values = 1'000;
  };

  /// Faults are added to `faults`, which must outlive the reader.
  FieldReader(std::vector<JsonError>& faults, Limits limits) : faults_(faults), limits_(limits) {}

  /// The currency of amounts; without one, money is refused.
  void set_currency(std::string_view currency) { currency_ = currency; }

  /// Reads all members of `object` that are fields of the subjects, by their place in the wire
  /// form. Members that are neither fields nor among `extras` are faults.
  void read_object(const JsonNode& object, const std::string& pointer,
                   const std::vector<Subject>& subjects,
                   const std::vector<std::string_view>& extras, Record& record);

 private:
  void read_members(const JsonNode& object, const std::string& pointer, const std::string& path,
                    const std::vector<Subject>& subjects,
                    const std::vector<std::string_view>& extras, Record& record);
  void read_field(const FieldRow& row, const JsonNode& node, const std::string& pointer,
                  Record& record);
  bool read_value(const FieldRow& row, const JsonNode& node, const std::string& pointer,
                  Value& value);
  void fault(const std::string& pointer, std::string message) {
    faults_.push_back({pointer, std::move(message)});
  }

  std::vector<JsonError>& faults_;
  Limits limits_;
  std::string currency_;
  std::string lower_;  ///< the last text brought to lower case
};

}  // namespace consign
