// Reads small JSON documents of requests member by member, and tells all faults at once, with
// pointers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/decimal.hpp"
#include "consign/permission.hpp"
#include "consign/time.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign::http {

/// One object. What is asked for by name is known; `finish` finds fault with the rest. A null is
/// taken as not given. Outlived by the document and by `faults`.
class DocumentReader {
 public:
  DocumentReader(const JsonNode& node, std::string pointer, std::vector<JsonError>& faults);

  /// A text that is not empty; a fault, and empty, where it is missing.
  std::string text(std::string_view name);
  std::optional<std::string> maybe_text(std::string_view name);
  std::optional<std::vector<std::string>> maybe_texts(std::string_view name);
  bool flag(std::string_view name);  ///< not given: false
  std::optional<Timestamp> maybe_time(std::string_view name);
  /// A decimal number, as a JSON number or in quotes.
  std::optional<Decimal> maybe_number(std::string_view name);
  /// The same, where it has to be more than 0.
  std::optional<Decimal> maybe_quantity(std::string_view name);
  std::vector<Decimal> maybe_quantities(std::string_view name);  ///< not given: none
  /// A whole number, 0 or more.
  std::optional<std::int64_t> maybe_count(std::string_view name);
  /// Permissions in any of the ways that read_permissions() takes, single ones, no duplicates.
  std::optional<std::vector<Permission>> maybe_permissions(std::string_view name);
  /// Exactly one permission, no wildcard.
  Permission single_permission(std::string_view name);
  /// The object of that name; one without members, and a fault, where it is missing.
  DocumentReader object(std::string_view name);
  /// The items of the array of that name, with their pointers.
  std::vector<DocumentReader> objects(std::string_view name);
  bool has(std::string_view name) const;

  void fault(std::string_view name, std::string message);
  void finish();

 private:
  const JsonNode* find(std::string_view name);
  std::optional<Decimal> number_in(const JsonNode& node, const std::string& place, bool positive);
  const JsonNode* need(std::string_view name);
  std::string place(std::string_view name) const;

  const JsonNode& node_;
  std::string pointer_;
  std::vector<JsonError>& faults_;
  std::vector<std::string> known_;
};

}  // namespace consign::http
