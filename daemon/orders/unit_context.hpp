// What deciding works with, and what a unit of the writer's thread works with.
#pragma once

#include "consign/engine.hpp"
#include "daemon/access/index.hpp"
#include "daemon/config.hpp"
#include "daemon/rules/current_rules.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign {

/// Enough to say how an order would be decided; nothing is written through it. Everything in it
/// lives for as long as the deciding.
struct DecidingContext {
  store::Connection& db;
  const ActiveRules& rules;
  const Settings& settings;
  Arena& arena;
  Timestamp now;
};

/// Everything in it lives for the unit. The rule set is taken once per unit, so that a unit decides
/// all it decides with one set.
struct UnitContext : DecidingContext {
  AccessIndex& access;  ///< changed only through `db.after_commit`
};

}  // namespace consign
