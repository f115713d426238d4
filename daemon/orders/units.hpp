// Units of the writer's thread, made from work that wants the rule set in force and the time.
#pragma once

#include <functional>
#include <memory>

#include "daemon/orders/unit_context.hpp"
#include "daemon/store/writer.hpp"

namespace consign {

/// Makes units; one for the whole process. `unit` may be called from any thread; what it made runs
/// on the writer's thread only, which is why one arena is enough. Must outlive the writer's work.
class Units {
 public:
  Units(const CurrentRules& rules, const Settings& settings, AccessIndex& access,
        std::function<Timestamp()> clock)
      : rules_(rules), settings_(settings), access_(access), clock_(std::move(clock)) {}

  store::Unit unit(std::function<void(UnitContext&)> work);

 private:
  const CurrentRules& rules_;
  const Settings& settings_;
  AccessIndex& access_;
  const std::function<Timestamp()> clock_;
  Arena arena_;
  Timestamp latest_;  // decisions never go back in time, whatever the clock does
};

}  // namespace consign
