#include "dsl/permissions_resolver.hpp"

#include <algorithm>

namespace consign::check {

namespace {

constexpr std::string_view kApps = "apps";  ///< `apps:NAME` is known for every name

std::vector<Permission> singles_of(const ast::PermissionLiteral& literal) {
  std::vector<Permission> singles;
  for (const std::string_view action : literal.actions) {
    singles.push_back({std::string(literal.resource), std::string(action)});
  }
  return singles;
}

}  // namespace

void PermissionsResolver::add_vocabulary(const std::vector<const ast::Permissions*>& declared) {
  std::vector<Permission>& vocabulary = world_.rules.vocabulary;
  for (const PermissionRow& row : all_permissions()) {
    vocabulary.push_back({std::string(row.resource), std::string(row.action)});
  }
  std::map<Permission, Span> places;
  for (const ast::Permissions* declaration : declared) {
    for (const ast::PermissionItem& item : declaration->items) {
      if (!item.permission) {
        world_.sink
            .report(Code::unknown_permission, ticked(item.word.text) + " is not a permission")
            .primary(item.word.span)
            .help("a permission is a resource and an action, as `" + std::string(item.word.text) +
                  ":view`");
        continue;
      }
      for (Permission& permission : singles_of(*item.permission)) {
        if (permission.is_wildcard()) {
          world_.sink
              .report(Code::unknown_permission, "`*` stands for all actions and cannot be declared")
              .primary(item.word.span)
              .help("name the actions, as `" + permission.resource + ":view+edit`");
          continue;
        }
        const auto [at, added] = places.emplace(permission, item.word.span);
        if (!added) {
          world_.sink
              .report(Code::duplicate_name,
                      "permission " + ticked(permission.to_string()) + " is declared twice")
              .primary(item.word.span, "declared again here")
              .label(at->second, "first declared here");
          continue;
        }
        vocabulary.push_back(std::move(permission));
      }
    }
  }
  std::sort(vocabulary.begin(), vocabulary.end());
  vocabulary.erase(std::unique(vocabulary.begin(), vocabulary.end()), vocabulary.end());
  for (const Permission& permission : vocabulary) resources_.insert(permission.resource);
  resources_.insert(std::string(kApps));
}

bool PermissionsResolver::exists(const ast::PermissionLiteral& written, Span place) {
  bool good = true;
  for (const Permission& permission : singles_of(written)) {
    if (permission.resource == kApps) continue;
    if (!resources_.contains(permission.resource)) {
      auto message = world_.sink.report(Code::unknown_permission,
                                        "there is no permission " + ticked(permission.to_string()));
      message.primary(place, "unknown resource " + ticked(permission.resource));
      const std::string_view near =
          nearest_name(permission.resource, {resources_.begin(), resources_.end()});
      if (!near.empty()) {
        message.help("did you mean " + ticked(std::string(near) + ":" + permission.action) + "?");
      } else {
        message.help("to make it known, declare `permissions " + permission.to_string() + "`");
      }
      return false;
    }
    const auto& vocabulary = world_.rules.vocabulary;
    if (permission.is_wildcard() ||
        std::binary_search(vocabulary.begin(), vocabulary.end(), permission)) {
      continue;
    }
    good = false;
    auto message = world_.sink.report(Code::unknown_permission,
                                      "there is no permission " + ticked(permission.to_string()));
    message.primary(place, "unknown action " + ticked(permission.action));
    std::vector<std::string_view> actions;
    for (const Permission& known : vocabulary) {
      if (known.resource == permission.resource) actions.push_back(known.action);
    }
    if (const auto near = nearest_name(permission.action, actions); !near.empty()) {
      message.help("did you mean " + ticked(permission.resource + ":" + std::string(near)) + "?");
    } else {
      message.help(ticked(permission.resource) + " knows " + list_of(actions));
    }
  }
  return good;
}

std::optional<std::vector<Permission>> PermissionsResolver::singles(
    const ast::PermissionLiteral& written, Span place) {
  if (!exists(written, place)) return std::nullopt;
  std::vector<Permission> singles;
  for (Permission& permission : singles_of(written)) {
    if (!permission.is_wildcard()) {
      singles.push_back(std::move(permission));
      continue;
    }
    if (permission.resource == kApps) {
      world_.sink.report(Code::unknown_permission, "`apps:*` stands for apps without end")
          .primary(place)
          .help("name the app, as `apps:dianxiaomi`; or several, as `apps:dianxiaomi+shipstation`");
      return std::nullopt;
    }
    for (const Permission& known : world_.rules.vocabulary) {
      if (permission.covers(known)) singles.push_back(known);
    }
  }
  return singles;
}

const std::vector<PermissionsResolver::Written>* PermissionsResolver::role(const ast::Word& name) {
  const auto* entry = world_.roles.find(name.text);
  if (!entry) {
    auto message = world_.sink.report(Code::unknown_role, "there is no role " + ticked(name.text));
    message.primary(name.span, "unknown role");
    if (const std::string meant = meant_by_handle(name.text); !meant.empty()) {
      message.help(meant);
    } else if (!suggest(message, name.text, world_.roles.names())) {
      message.help("declare `role " + std::string(name.text) +
                   " = orders:view`, or write a permission, as `orders:view`");
    }
    return nullptr;
  }
  if (const auto known = roles_.find(entry->index); known != roles_.end()) {
    return known->second ? &*known->second : nullptr;
  }
  const auto first = std::find(open_roles_.begin(), open_roles_.end(), entry->index);
  const bool too_deep = open_roles_.size() >= world_.options.limits.nesting;
  if (first != open_roles_.end() || too_deep) {
    auto message = world_.sink.report(too_deep ? Code::nested_too_deep : Code::recursive,
                                      too_deep ? "roles hold each other too deeply"
                                               : "role " + ticked(name.text) + " holds itself");
    message.primary(name.span);
    if (!too_deep) {
      std::string circle;
      for (auto at = first; at != open_roles_.end(); ++at) {
        circle += ticked(world_.role_trees[*at]->name.text) + " -> ";
      }
      message.label(entry->span, "declared here").note(circle + ticked(name.text));
    }
    return nullptr;
  }
  open_roles_.push_back(entry->index);
  std::vector<Written> permissions;
  const bool good = expand(world_.role_trees[entry->index]->items, permissions);
  open_roles_.pop_back();
  auto& slot = roles_[entry->index];
  if (!good) return nullptr;
  slot = std::move(permissions);
  return &*slot;
}

bool PermissionsResolver::expand(std::span<const ast::PermissionItem> items,
                                 std::vector<Written>& into) {
  bool good = true;
  for (const ast::PermissionItem& item : items) {
    if (!item.permission) {
      const std::vector<Written>* held = role(item.word);
      good = good && held;
      if (held) into.insert(into.end(), held->begin(), held->end());
      continue;
    }
    if (!exists(*item.permission, item.word.span)) {
      good = false;
      continue;
    }
    for (Permission& permission : singles_of(*item.permission)) {
      into.push_back({std::move(permission), item.word.span});
    }
  }
  return good;
}

void PermissionsResolver::check_roles() {
  for (const ast::Role* tree : world_.role_trees) {
    Role& made = world_.rules.roles.emplace_back();
    made.name = tree->name.text;
    made.span = tree->name.span;
    const std::vector<Written>* held = role(tree->name);
    if (held == nullptr) continue;
    for (const Written& each : *held) made.permissions.push_back(each.permission);
    std::sort(made.permissions.begin(), made.permissions.end());
    const auto same = std::unique(made.permissions.begin(), made.permissions.end());
    made.permissions.erase(same, made.permissions.end());
  }
}

void PermissionsResolver::add_bans(const std::vector<const ast::NeverGrant*>& declared) {
  for (const ast::NeverGrant* declaration : declared) {
    std::vector<Written> banned;
    expand(declaration->items, banned);
    for (Written& each : banned) {
      world_.rules.never_grant.push_back(each.permission);
      world_.bans.push_back({std::move(each.permission), each.place});
    }
  }
  for (const Permission& permission : world_.options.never_grant) {
    world_.bans.push_back({permission, std::nullopt});
  }
}

bool PermissionsResolver::allowed(const Written& written, const ast::PermissionItem& item) {
  for (const Ban& ban : world_.bans) {
    if (!written.permission.overlaps(ban.permission)) continue;
    const std::string granted = written.permission.to_string();
    const std::string banned = ban.permission.to_string();
    auto message = world_.sink.report(
        Code::banned_grant,
        granted == banned ? ticked(granted) + " may never be granted"
        : written.permission.is_wildcard()
            ? ticked(granted) + " holds " + ticked(banned) + ", which may never be granted"
            : ticked(granted) + " falls under the ban of " + ticked(banned));
    message.primary(item.word.span, item.permission ? "" : "through this role");
    if (!item.permission) message.label(written.place, "held by the role");
    if (ban.place) {
      message.label(*ban.place, "banned here");
    } else {
      message.note(
          "banned by `never_grant` in the daemon's configuration, which rules cannot loosen");
    }
    if (written.permission.is_wildcard() && !ban.permission.is_wildcard()) {
      message.help("name the actions that are meant instead of `*`");
    }
    return false;
  }
  return true;
}

std::optional<std::span<const Permission>> PermissionsResolver::list(
    std::span<const ast::PermissionItem> items, bool bans_count) {
  std::string words = bans_count ? "" : "named ";
  for (const ast::PermissionItem& item : items) words.append(item.word.text).append(",");
  if (const auto known = granted_.find(words); known != granted_.end()) return known->second;
  std::vector<Permission> permissions;
  bool good = true;
  for (const ast::PermissionItem& item : items) {
    std::vector<Written> singles;
    if (!expand({&item, 1}, singles)) {
      good = false;
      continue;
    }
    for (const Written& single : singles) {
      if (bans_count && !allowed(single, item)) {
        good = false;
        break;
      }
      permissions.push_back(single.permission);
    }
  }
  if (!good) return std::nullopt;
  std::sort(permissions.begin(), permissions.end());
  permissions.erase(std::unique(permissions.begin(), permissions.end()), permissions.end());
  world_.file->granted.push_back(std::move(permissions));
  return granted_[std::move(words)] = world_.file->granted.back();
}

}  // namespace consign::check
