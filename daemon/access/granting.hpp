// Grants by hand: making them, and what persons do to any grant (rules' ones, too), in the writer's
// unit.
//
// A grant only ever gets smaller: suspended, resumed, revoked, or cut down in permissions or time.
// Whoever wants more makes another one, which the bans apply to like to any other. What a person
// has done to a grant outlasts decisions that make the grant again (daemon/orders/deciding.cpp).
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "consign/result.hpp"
#include "daemon/orders/unit_context.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// What somebody wants to grant. Empty `order`: on all of the shop; empty `line`: on all of the
/// order.
struct WantedGrant {
  std::string account;
  std::vector<Permission> permissions;  ///< at least one
  std::string shop, order, line;
  std::optional<Timestamp> until;
  std::string reason;
  std::optional<std::int64_t> idle_seconds = {};
  bool assigned_only = false;
  /// The rule that grants it; empty: the person who asks for it.
  std::string rule = {};
  boost::json::object because = {};  ///< what else there is to say why
};

struct MadeGrant {
  std::string id;
  bool is_new = true;  ///< or one that is in force already says the same
};

using Faults = std::vector<JsonError>;

/// Makes the grant, or says what is wrong with it: an account that is not known or does not belong
/// to the shop, permissions that do not exist or are banned, an end that has passed.
Result<MadeGrant, Faults> make_grant(UnitContext& unit, const WantedGrant& wanted,
                                     const store::Actor& by);

/// What of these is wrong whoever is to hold it: permissions that do not exist or are banned, an
/// end that has passed.
Faults faults_in_what(const UnitContext& unit, const WantedGrant& wanted);

/// Whether the rule set's vocabulary has it; `apps:NAME` is known for every name.
bool is_known_permission(const ActiveRules& rules, const Permission& permission);

/// What a person does to a grant.
struct GrantChange {
  enum class Kind { revoke, suspend, resume, adjust } kind = Kind::revoke;
  std::string reason = {};
  /// For `adjust`: what is to be left. Not given: as it is.
  std::optional<std::vector<Permission>> permissions = {};
  std::optional<Timestamp> until = {};
};

/// Applies it; nothing happens if the grant is so already. Faults: a grant that no longer stands,
/// or an adjustment that would give more than there is or what is banned. No faults and false:
/// there is no such grant.
Result<bool, Faults> change_grant(UnitContext& unit, const std::string& id,
                                  const GrantChange& change, const store::Actor& by);

/// What a review says about a grant.
struct ReviewLimits {
  std::int64_t unused_days = 90;
  std::int64_t old_days = 365;
};
/// "unused", "broad", "old", as they apply to the rows of one grant; `last_used` is the latest use
/// that is known of.
std::vector<std::string_view> review_grant(const std::vector<store::GrantRow>& rows,
                                           const ReviewLimits& limits, Timestamp now);

}  // namespace consign
