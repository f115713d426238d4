// What suppliers report of their stock.
#pragma once

#include <optional>
#include <string>

#include "consign/result.hpp"
#include "daemon/orders/unit_context.hpp"
#include "daemon/store/stock_rows.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// One report: what there is now, or by how much it has changed.
struct StockReport {
  std::string supplier = {}, sku = {};
  std::optional<Decimal> available = {};  ///< that is promised to nobody
  std::optional<Decimal> change = {};     ///< more, or less
  std::optional<Decimal> safety = {};     ///< pieces never to be promised; not given: as it was
  /// Of a change: counted once under this name (seven days), whoever sends it how often.
  std::string id = {};
  std::optional<Timestamp> reported_at = {};  ///< an older one than is known changes nothing
};

enum class StockOutcome {
  changed,
  known,  ///< the change was counted before, or the report is older than what is known
};

struct Stocked {
  StockOutcome outcome = StockOutcome::changed;
  store::StockRow row;
};

/// Takes the report, in the writer's unit; a fault (with a pointer into the report) where it would
/// leave less than nothing, or names no supplier.
Result<Stocked, JsonError> take_stock(UnitContext& unit, const StockReport& report);

}  // namespace consign
