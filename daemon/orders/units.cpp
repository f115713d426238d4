#include "daemon/orders/units.hpp"

#include <algorithm>
#include <utility>

namespace consign {

store::Unit Units::unit(std::function<void(UnitContext&)> work) {
  return [this, work = std::move(work)](store::Connection& db) {
    const auto rules = rules_.active();
    latest_ = std::max(latest_, clock_());
    UnitContext context{{db, *rules, settings_, arena_, latest_}, access_};
    work(context);
  };
}

}  // namespace consign
