// Rows of what suppliers have and have taken on.
//
// `available` is what can still be promised, `reserved` what is promised to parts that have not
// shipped. Both change only in the writer's units, in the transaction of what changes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "consign/decimal.hpp"
#include "daemon/store/order_rows.hpp"

namespace consign::store {

struct StockRow {
  std::string sku = {}, supplier = {};
  std::optional<Decimal> available = {};  ///< nothing: never reported
  Decimal reserved = {};
  Decimal safety = {};
  Timestamp changed_at = {};
  std::optional<Timestamp> reported_at = {};
};

std::optional<StockRow> find_stock(Connection& db, std::string_view supplier, std::string_view sku);
/// All that is reported of a SKU, by supplier.
std::vector<StockRow> stock_of_sku(Connection& db, std::string_view sku);
void put_stock(Connection& db, const StockRow& row);
/// A page of a supplier's stock after the SKU `after`, in the order of SKUs.
std::vector<StockRow> list_stock(Connection& db, std::string_view supplier, std::string_view after,
                                 std::int64_t limit);

std::int64_t orders_taken(Connection& db, std::string_view supplier, Timestamp period);
/// Which suppliers count the order, each with the period that it is counted into.
std::vector<std::pair<std::string, Timestamp>> loads_of_order(Connection& db, const OrderKey& key);
void add_load(Connection& db, const OrderKey& key, std::string_view supplier, Timestamp period);
void drop_load(Connection& db, const OrderKey& key, std::string_view supplier, Timestamp period);

}  // namespace consign::store
