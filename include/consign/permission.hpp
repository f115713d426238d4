// Permissions: `resource:action`, and what covers what.
//
// The built-in vocabulary is permissions.def; a rule set adds to it with `permissions …`. What
// other systems call these permissions, their handles, is permission_handles.def.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consign/result.hpp"

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
  std::string_view help;
  Permission permission() const { return {std::string(resource), std::string(action)}; }
};
std::span<const PermissionRow> all_permissions();
/// The row of exactly that permission; null for wildcards, apps and what a rule set declares.
const PermissionRow* find_permission(const Permission& permission);

/// A row of permission_handles.def.
struct HandleRow {
  std::string_view system;
  std::string_view handle;
  std::string_view resource;
  std::string_view action;
  Permission permission() const { return {std::string(resource), std::string(action)}; }
};
std::span<const HandleRow> all_handles();

/// A system whose handles are known.
struct SystemRow {
  std::string_view name;   ///< as it is written: `shopify`
  std::string_view title;  ///< as it is called: Shopify
  bool labels;  ///< its handles are labels for people: read without case and blanks around them
};
std::span<const SystemRow> all_systems();
const SystemRow* find_system(std::string_view name);
/// What to say where there is none of that name, with the nearest.
Error no_such_system(std::string_view written);

/// The system whose handles may be written without its name.
inline constexpr std::string_view kUsualSystem = "shopify";

/// What that system calls the permission, or what it covers, in the table's order; none: it has no
/// such thing, or is unknown. `apps:NAME` is Shopify's own spelling, too.
std::vector<std::string> handles_of(std::string_view system, const Permission& permission);

/// What that system's handle stands for; none: it has no such handle.
std::vector<Permission> permissions_of_handle(std::string_view system, std::string_view handle);

/// Permissions in any of the ways in which people name them: `orders:view+fulfill`, a handle of
/// Shopify's (`fulfill_and_ship_orders`), or one of any system (`shipstation/Order Management`).
/// The error says what is unknown, and what is near. Whether the vocabulary has a permission that
/// is written as one is not looked at.
Result<std::vector<Permission>> read_permissions(std::string_view written);

}  // namespace consign
