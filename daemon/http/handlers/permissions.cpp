// The vocabulary of permissions: what there is, and what other systems call it.
#include <boost/json/array.hpp>
#include <utility>
#include <vector>

#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

boost::json::object handles_told(const Permission& permission, std::string_view only) {
  boost::json::object told;
  for (const SystemRow& system : all_systems()) {
    if (!only.empty() && system.name != only) continue;
    boost::json::array handles;
    for (auto& handle : handles_of(system.name, permission)) handles.emplace_back(handle);
    if (!handles.empty()) told[system.name] = std::move(handles);
  }
  return told;
}

/// Every permission in the order of the table, then those that only the rules declare.
std::vector<std::pair<Permission, std::string_view>> vocabulary(const RuleSet& rules) {
  std::vector<std::pair<Permission, std::string_view>> all;
  for (const PermissionRow& row : all_permissions()) all.emplace_back(row.permission(), row.help);
  for (const Permission& permission : rules.vocabulary) {
    if (find_permission(permission) == nullptr) all.emplace_back(permission, "");
  }
  return all;
}

}  // namespace

Reply list_permissions(const Request& request, Services& services) {
  const auto system = request.query_value("system");
  if (!system.empty() && find_system(system) == nullptr) {
    return problem_response(Problem::malformed_request, no_such_system(system).message);
  }
  const auto rules = services.rules.active();
  boost::json::array items;
  for (const auto& [permission, help] : vocabulary(rules->rules())) {
    auto handles = handles_told(permission, system);
    if (handles.empty() && !system.empty()) continue;
    items.push_back(
        {{"permission", permission.to_string()}, {"help", help}, {"handles", std::move(handles)}});
  }
  return json_response(200, {{"items", std::move(items)}});
}

}  // namespace consign::http
