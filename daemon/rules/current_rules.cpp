#include "daemon/rules/current_rules.hpp"

#include <utility>

#include "consign/ruleset.hpp"

namespace consign {

std::shared_ptr<const ActiveRules> CurrentRules::active() const {
  const std::lock_guard lock(mutex_);
  return active_;
}

std::shared_ptr<const RefusedRules> CurrentRules::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

void CurrentRules::put_in_force(std::shared_ptr<const ActiveRules> rules) {
  const std::lock_guard lock(mutex_);
  // The old set goes with `rules` when this returns: after the lock, should we hold the last of it.
  std::swap(active_, rules);
  refused_ = nullptr;
}

void CurrentRules::note_refused(std::shared_ptr<const RefusedRules> rules) {
  const std::lock_guard lock(mutex_);
  refused_ = std::move(rules);
}

void CurrentRules::clear_refused() {
  const std::lock_guard lock(mutex_);
  refused_ = nullptr;
}

boost::json::object rules_status(const CurrentRules& rules) {
  const auto active = rules.active();
  const auto refused = rules.refused();
  boost::json::array files;
  for (const auto& file : active->files) {
    files.push_back({{"path", file.path}, {"sha256", file.sha256}, {"rules", file.rules}});
  }
  boost::json::value not_taken;
  if (refused != nullptr) {
    not_taken = {{"hash", refused->hash},
                 {"at", format_timestamp(refused->at)},
                 {"messages", refused->messages}};
  }
  return {{"hash", active->hash},
          {"since", format_timestamp(active->since)},
          {"files", std::move(files)},
          {"cost", active->cost},
          {"refused", std::move(not_taken)}};
}

bool supplier_may_act(const ActiveRules& rules, std::string_view supplier) {
  const auto found = rules.rules().find_supplier(supplier);
  return found && !rules.rules().suppliers[*found].suspended;
}

}  // namespace consign
