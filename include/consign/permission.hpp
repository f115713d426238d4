// Permissions: `resource:action`, and what covers what.
//
// The built-in vocabulary is permissions.def; a rule set adds to it with `permissions …`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace consign {

/// One permission, or all of a resource (`action` is "*"). A plain value.
struct Permission {
  std::string resource;
  std::string action;

  bool is_wildcard() const { return action == "*"; }
  /// Whether who holds this may do `other`.
  bool covers(const Permission& other) const {
    return resource == other.resource && (is_wildcard() || action == other.action);
  }
  /// Whether some permission is covered by both: the test against a ban.
  bool overlaps(const Permission& other) const { return covers(other) || other.covers(*this); }
  std::string to_string() const { return resource + ":" + action; }
  friend auto operator<=>(const Permission&, const Permission&) = default;
};

/// `orders:view+fulfill` as its single permissions, in the order written; nothing for another form.
std::optional<std::vector<Permission>> parse_permissions(std::string_view text);

/// A row of permissions.def.
struct PermissionRow {
  std::string_view resource;
  std::string_view action;
  std::string_view handle;  ///< Shopify's name for it
  std::string_view help;
};
std::span<const PermissionRow> all_permissions();

}  // namespace consign
