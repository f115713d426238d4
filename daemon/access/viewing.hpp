// What somebody may see of the orders, as a check of `orders:view` would answer it (checking.hpp):
// by the same bans, the same standing of accounts and the same grants in force, from memory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/access/checking.hpp"
#include "daemon/access/index.hpp"
#include "daemon/config.hpp"
#include "daemon/rules/current_rules.hpp"
#include "daemon/store/scoped_reads.hpp"

namespace consign {

/// Brings the viewer to what is true now: which supplier it works for, and whether it is blocked.
void recognize(store::Viewer& viewer, const AccessIndex& index, const ActiveRules& rules);

/// The same, and what grants let it see. With `order`, only what is about it is looked at.
/// Suppliers see what is assigned to them, and administrators everything, whatever grants say; who
/// works for a supplier sees what is assigned to it in the shops where grants on the shop let them.
/// Notes the use of grants that show something and, as `acting` says, of those that let them act.
void look_again(store::Viewer& viewer, const AccessIndex& index, const ActiveRules& rules,
                const Settings& settings, const std::optional<store::OrderKey>& order,
                Timestamp now, Use acting = Use::asked);

/// Where a person who works for a supplier holds the permission by a grant on all of the shop, and
/// no rule on check forbids it. Shops beyond what the token is limited to are left out.
std::vector<std::string> shops_where(const store::Viewer& viewer, const AccessIndex& index,
                                     const ActiveRules& rules, const Settings& settings,
                                     const Permission& permission, Timestamp now,
                                     Use use = Use::noted);

}  // namespace consign
