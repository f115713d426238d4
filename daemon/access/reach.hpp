// What an account may do, now: the check turned round, answered by its rules (checking.hpp).
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/access/checking.hpp"

namespace consign {

/// The account's grants in force without those that a rule on check forbids or a ban takes away
/// whole, in no particular order. Wildcards stay as they were granted: what a ban or a rule takes
/// out of one, `grant_lets` says. `shop` may be empty: any.
std::vector<std::shared_ptr<const HeldGrant>> grants_that_count(
    const AccessIndex& index, const ActiveRules& rules, const Settings& settings,
    const std::string& account, std::string_view shop, Timestamp now);

/// Whether the account may do a permission that the grant covers where the grant is; of a grant on
/// assigned lines only, where something is assigned.
bool grant_lets(const AccessIndex& index, const ActiveRules& rules, const Settings& settings,
                const std::string& account, const HeldGrant& grant, const Permission& permission,
                Timestamp now);

/// Something that a rule on check allows on all of a shop without a grant.
struct AllowedByRule {
  std::string shop;
  Permission permission;
  boost::json::object because;
};
/// Of the permissions that have a name in the vocabulary, in the shops that are configured.
std::vector<AllowedByRule> allowed_by_rules(const AccessIndex& index, const ActiveRules& rules,
                                            const Settings& settings, const std::string& account,
                                            std::string_view shop, Timestamp now);

}  // namespace consign
