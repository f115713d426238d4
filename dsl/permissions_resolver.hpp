// Permissions, roles and bans: what exists, what a role comes down to, what may not be granted.
#pragma once

#include <map>
#include <set>

#include "dsl/world.hpp"

namespace consign::check {

class PermissionsResolver {
 public:
  explicit PermissionsResolver(World& world) : world_(world) {}

  /// Fills RuleSet::vocabulary from the table and the `permissions` of the set.
  void add_vocabulary(const std::vector<const ast::Permissions*>& declared);
  /// Fills the bans: those of the rule set, then consignd.yaml's.
  void add_bans(const std::vector<const ast::NeverGrant*>& declared);
  /// Checks every role, used or not, and fills RuleSet::roles.
  void check_roles();
  /// The single permissions of the vocabulary that a condition means by `written`, at least one;
  /// nothing where there is no such permission or no end of them, which is reported.
  std::optional<std::vector<Permission>> singles(const ast::PermissionLiteral& written, Span place);
  /// Forgets what was granted: another file's rules follow.
  void begin_file() { granted_.clear(); }
  /// The single permissions of a grant, sorted, roles taken apart; nothing where something is wrong
  /// with them, a ban included, which is reported.
  std::optional<std::span<const Permission>> granted(std::span<const ast::PermissionItem> items) {
    return list(items, true);
  }
  /// The same of what is only compared with, where bans are no matter.
  std::optional<std::span<const Permission>> named(std::span<const ast::PermissionItem> items) {
    return list(items, false);
  }

 private:
  /// A permission and the item that it was written in, which may stand in a role.
  struct Written {
    Permission permission;
    Span place;
  };
  bool exists(const ast::PermissionLiteral& written, Span place);
  bool expand(std::span<const ast::PermissionItem> items, std::vector<Written>& into);
  const std::vector<Written>* role(const ast::Word& name);
  bool allowed(const Written& written, const ast::PermissionItem& item);
  std::optional<std::span<const Permission>> list(std::span<const ast::PermissionItem> items,
                                                  bool bans_count);

  World& world_;
  std::set<std::string, std::less<>> resources_;
  /// Roles taken apart; no value: broken, and that is reported.
  std::map<std::uint32_t, std::optional<std::vector<Written>>> roles_;
  std::vector<std::uint32_t> open_roles_;
  /// What was granted before, by the words of its items: many rules grant the same.
  std::map<std::string, std::span<const Permission>, std::less<>> granted_;
};

}  // namespace consign::check
