// What a unit of the writer's thread works with.
#pragma once

#include "consign/engine.hpp"
#include "daemon/access/index.hpp"
#include "daemon/config.hpp"
#include "daemon/rules/current_rules.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign {

/// Everything in it lives for the unit. The rule set is taken once per unit, so that a unit decides
/// all it decides with one set.
struct UnitContext {
  store::Connection& db;
  const ActiveRules& rules;
  const Settings& settings;
  Arena& arena;
  Timestamp now;
  AccessIndex& access;  ///< changed only through `db.after_commit`
};

}  // namespace consign
