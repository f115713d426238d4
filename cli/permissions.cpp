// consign permissions: the vocabulary with what other systems call its words, asked from either
// side. It knows what is built in; what a rule set declares is its own.
#include <algorithm>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/table.hpp"
#include "consign/diagnostic.hpp"
#include "consign/permission.hpp"

namespace consign::cli {
namespace {

using Permissions = std::vector<Permission>;

/// Permissions of the table that `written` covers, and apps, as written.
Result<Permissions> known(const Permissions& written) {
  Permissions found;
  for (const Permission& each : written) {
    const std::size_t before = found.size();
    if (each.resource == "apps" && !each.is_wildcard()) found.push_back(each);
    std::vector<std::string> names;
    for (const PermissionRow& row : all_permissions()) {
      if (each.covers(row.permission())) found.push_back(row.permission());
      names.push_back(row.permission().to_string());
    }
    if (found.size() != before) continue;
    const auto near = nearest_name(each.to_string(), {names.begin(), names.end()});
    return Error{"there is no permission `" + each.to_string() + '`' +
                 (near.empty() ? std::string("; see `consign permissions`")
                               : "; did you mean `" + std::string(near) + "`?")};
  }
  return found;
}

/// What one argument means: a permission, or a handle of the system asked about, or of any.
Result<Permissions> meant_by(const std::string& name, const std::string& system) {
  if (const auto permissions = parse_permissions(name)) return known(*permissions);
  if (!system.empty()) return read_permissions(system + '/' + name);
  Permissions found;
  for (const SystemRow& each : all_systems()) {
    const auto permissions = permissions_of_handle(each.name, name);
    found.insert(found.end(), permissions.begin(), permissions.end());
  }
  if (found.empty()) return read_permissions(name);
  return found;
}

std::string help_of(const Permission& permission) {
  const PermissionRow* row = find_permission(permission);
  return row == nullptr ? "use this app" : std::string(row->help);
}

/// A row for each thing that a system calls the permission; one without, where all may stand there.
void add_rows(const Permission& permission, const std::string& only, Table& table) {
  const std::size_t before = table.rows.size();
  for (const SystemRow& system : all_systems()) {
    if (!only.empty() && system.name != only) continue;
    for (const auto& handle : handles_of(system.name, permission)) {
      table.rows.push_back(
          {permission.to_string(), std::string(system.name) + '/' + handle, help_of(permission)});
    }
  }
  if (table.rows.size() == before && only.empty()) {
    table.rows.push_back({permission.to_string(), "", help_of(permission)});
  }
}

/// All that a system has, in the order in which its table has it.
void add_system(const std::string& system, Table& table) {
  for (const HandleRow& row : all_handles()) {
    if (row.system != system) continue;
    table.rows.push_back({row.permission().to_string(), system + '/' + std::string(row.handle),
                          help_of(row.permission())});
  }
}

}  // namespace

Exit run_permissions(const PermissionsArguments& arguments, const Session& session) {
  Table table{{{"permission", true}, {"elsewhere", true}, {"meaning"}}, {}};
  Permissions wanted;
  for (const std::string& name : arguments.names) {
    const auto found = meant_by(name, arguments.system);
    if (!found) return session.could_not_run(found.error().message);
    for (const Permission& each : *found) {
      if (std::find(wanted.begin(), wanted.end(), each) == wanted.end()) wanted.push_back(each);
    }
  }
  if (arguments.names.empty() && !arguments.system.empty()) {
    add_system(arguments.system, table);
  } else if (arguments.names.empty()) {
    for (const PermissionRow& row : all_permissions()) wanted.push_back(row.permission());
  }
  for (const Permission& permission : wanted) add_rows(permission, arguments.system, table);
  session.out << (arguments.format == "markdown"
                      ? as_markdown(table)
                      : as_text(table, session.width, session.color_on_out()));
  return kFine;
}

}  // namespace consign::cli
