// What somebody may see of the orders, as a check of `orders:view` would answer it (checking.hpp):
// by the same bans, the same standing of accounts and the same grants in force, from memory.
#pragma once

#include <optional>

#include "daemon/access/index.hpp"
#include "daemon/config.hpp"
#include "daemon/rules/current_rules.hpp"
#include "daemon/store/scoped_reads.hpp"

namespace consign {

/// Brings the viewer to what is true now: whether it is blocked, and what grants let it see. With
/// `order`, only grants that cover something of it are looked at. Suppliers see what is assigned to
/// them, and administrators everything, whatever grants say. Notes the grants' use.
void look_again(store::Viewer& viewer, const AccessIndex& index, const ActiveRules& rules,
                const Settings& settings, const std::optional<store::OrderKey>& order,
                Timestamp now);

}  // namespace consign
