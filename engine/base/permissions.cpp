// The vocabulary of permissions, and what other systems call its words.

#include <algorithm>

#include "consign/diagnostic.hpp"
#include "consign/permission.hpp"
#include "consign/text.hpp"

namespace consign {
namespace {

constexpr PermissionRow kPermissions[] = {
#define PERMISSION(resource, action, help) {resource, action, help},
#include "consign/permissions.def"
#undef PERMISSION
};

constexpr HandleRow kHandles[] = {
#define HANDLE(system, handle, resource, action) {system, handle, resource, action},
#include "consign/permission_handles.def"
#undef HANDLE
};

constexpr SystemRow kSystems[] = {
    {"shopify", "Shopify", false},
    {"shopee", "Shopee", true},
    {"dianxiaomi", "Dianxiaomi", true},
    {"shipstation", "ShipStation", true},
};

constexpr std::string_view kApps = "apps";  ///< known for every name

bool is_permission_word(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// `handle` as the system's handles are compared.
std::string key_of(const SystemRow& system, std::string_view handle) {
  return system.labels && is_valid_utf8(handle) ? fold(handle) : std::string(handle);
}

std::string ticked(std::string_view text) { return '`' + std::string(text) + '`'; }

std::string asking(std::string_view near) {
  return near.empty() ? "" : "; did you mean " + ticked(near) + '?';
}

Error no_permission(std::string_view written) {
  return {ticked(written) + " is no permission; write it as `orders:view` or `orders:*`"};
}

/// The handle of that system that is near, or empty.
std::string_view nearest_handle(const SystemRow& system, std::string_view written) {
  std::vector<const HandleRow*> rows;
  std::vector<std::string> keys;
  for (const HandleRow& row : kHandles) {
    if (row.system != system.name) continue;
    rows.push_back(&row);
    keys.push_back(key_of(system, row.handle));
  }
  const auto near = nearest_name(key_of(system, written), {keys.begin(), keys.end()});
  const auto at = std::find(keys.begin(), keys.end(), near);
  return at == keys.end() ? "" : rows[static_cast<std::size_t>(at - keys.begin())]->handle;
}

}  // namespace

std::span<const PermissionRow> all_permissions() { return kPermissions; }
std::span<const HandleRow> all_handles() { return kHandles; }
std::span<const SystemRow> all_systems() { return kSystems; }

const PermissionRow* find_permission(const Permission& permission) {
  const auto* row = std::find_if(
      std::begin(kPermissions), std::end(kPermissions), [&](const PermissionRow& each) {
        return each.resource == permission.resource && each.action == permission.action;
      });
  return row == std::end(kPermissions) ? nullptr : row;
}

const SystemRow* find_system(std::string_view name) {
  const auto* row = std::find_if(std::begin(kSystems), std::end(kSystems),
                                 [&](const SystemRow& each) { return each.name == name; });
  return row == std::end(kSystems) ? nullptr : row;
}

Error no_such_system(std::string_view written) {
  std::vector<std::string_view> names;
  std::string all;
  for (const SystemRow& each : kSystems) {
    names.push_back(each.name);
    all += (all.empty() ? "" : ", ") + ticked(each.name);
  }
  const auto near = nearest_name(written, names);
  return {"there is no system " + ticked(written) +
          (near.empty() ? "; there are " + all : asking(near))};
}

std::optional<std::vector<Permission>> parse_permissions(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view resource = text.substr(0, colon);
  std::string_view actions = text.substr(colon + 1);
  if (!is_permission_word(resource)) return std::nullopt;
  std::vector<Permission> permissions;
  if (actions == "*") {
    permissions.push_back({std::string(resource), "*"});
    return permissions;
  }
  while (true) {
    const auto plus = actions.find('+');
    const std::string_view action = actions.substr(0, plus);
    if (!is_permission_word(action)) return std::nullopt;
    permissions.push_back({std::string(resource), std::string(action)});
    if (plus == std::string_view::npos) return permissions;
    actions.remove_prefix(plus + 1);
  }
}

std::vector<std::string> handles_of(std::string_view system, const Permission& permission) {
  if (permission.resource == kApps && system == kUsualSystem && !permission.is_wildcard()) {
    return {permission.to_string()};
  }
  std::vector<std::string> handles;
  for (const HandleRow& row : kHandles) {
    if (row.system != system || !permission.covers(row.permission())) continue;
    if (std::find(handles.begin(), handles.end(), row.handle) == handles.end()) {
      handles.emplace_back(row.handle);
    }
  }
  return handles;
}

std::vector<Permission> permissions_of_handle(std::string_view system, std::string_view handle) {
  const SystemRow* known = find_system(system);
  if (known == nullptr) return {};
  if (system == kUsualSystem && handle.starts_with("apps:")) {
    auto apps = parse_permissions(handle);
    if (apps && apps->size() == 1 && !apps->front().is_wildcard()) return std::move(*apps);
  }
  const std::string key = key_of(*known, handle);
  std::vector<Permission> permissions;
  for (const HandleRow& row : kHandles) {
    if (row.system == system && key_of(*known, row.handle) == key) {
      permissions.push_back(row.permission());
    }
  }
  return permissions;
}

Result<std::vector<Permission>> read_permissions(std::string_view written) {
  if (auto permissions = parse_permissions(written)) return std::move(*permissions);
  const auto slash = written.find('/');
  const bool named = slash != std::string_view::npos;
  if (!named && written.find(':') != std::string_view::npos) return no_permission(written);
  const std::string_view name = named ? written.substr(0, slash) : kUsualSystem;
  const std::string_view handle = named ? written.substr(slash + 1) : written;
  const SystemRow* system = find_system(name);
  if (system == nullptr) return no_such_system(name);
  auto permissions = permissions_of_handle(name, handle);
  if (!permissions.empty()) return permissions;
  const auto near = nearest_handle(*system, handle);
  if (!named && near.empty()) return no_permission(written);
  return Error{std::string(system->title) + " has no permission " + ticked(handle) + asking(near)};
}

}  // namespace consign
