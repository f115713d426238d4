#include "daemon/store/stock_rows.hpp"

namespace consign::store {
namespace {

#define STOCK_COLUMNS "sku, supplier, available, reserved, safety, changed_at, reported_at "

Decimal decimal(const std::string& text) {
  const auto number = Decimal::parse(text);
  if (!number) throw StoreError(SQLITE_CORRUPT, "`" + text + "` is no number");
  return *number;
}

StockRow read_stock(const Statement& row) {
  StockRow stock{.sku = row.text(0),
                 .supplier = row.text(1),
                 .reserved = decimal(row.text(3)),
                 .safety = decimal(row.text(4)),
                 .changed_at = row.time(5),
                 .reported_at = row.maybe_time(6)};
  if (const auto available = row.maybe_text(2)) stock.available = decimal(*available);
  return stock;
}

std::vector<StockRow> read_rows(Statement rows) {
  std::vector<StockRow> stock;
  while (rows.step()) stock.push_back(read_stock(rows));
  return stock;
}

}  // namespace

std::optional<StockRow> find_stock(Connection& db, std::string_view supplier,
                                   std::string_view sku) {
  auto row =
      db.query("SELECT " STOCK_COLUMNS "FROM stock WHERE sku = ? AND supplier = ?", sku, supplier);
  if (!row.step()) return std::nullopt;
  return read_stock(row);
}

std::vector<StockRow> stock_of_sku(Connection& db, std::string_view sku) {
  return read_rows(db.query("SELECT " STOCK_COLUMNS
                            "FROM stock WHERE sku = ? AND available IS NOT NULL ORDER BY supplier",
                            sku));
}

void put_stock(Connection& db, const StockRow& row) {
  std::optional<std::string> available;
  if (row.available) available = row.available->to_canonical_string();
  db.run(
      "INSERT INTO stock (sku, supplier, available, reserved, safety, changed_at, reported_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET available = excluded.available, "
      "reserved = excluded.reserved, safety = excluded.safety, changed_at = excluded.changed_at, "
      "reported_at = excluded.reported_at",
      row.sku, row.supplier, available, row.reserved.to_canonical_string(),
      row.safety.to_canonical_string(), row.changed_at, row.reported_at);
}

std::vector<StockRow> list_stock(Connection& db, std::string_view supplier, std::string_view after,
                                 std::int64_t limit) {
  return read_rows(db.query("SELECT " STOCK_COLUMNS
                            "FROM stock WHERE supplier = ? AND sku > ? ORDER BY sku LIMIT ?",
                            supplier, after, limit));
}

std::int64_t orders_taken(Connection& db, std::string_view supplier, Timestamp period) {
  auto row =
      db.query("SELECT orders FROM loads WHERE supplier = ? AND period = ?", supplier, period);
  return row.step() ? row.number(0) : 0;
}

std::vector<std::pair<std::string, Timestamp>> loads_of_order(Connection& db, const OrderKey& key) {
  auto rows =
      db.query("SELECT supplier, period FROM loads_of_orders WHERE shop = ? AND order_id = ?",
               key.shop, key.id);
  std::vector<std::pair<std::string, Timestamp>> loads;
  while (rows.step()) loads.emplace_back(rows.text(0), rows.time(1));
  return loads;
}

void add_load(Connection& db, const OrderKey& key, std::string_view supplier, Timestamp period) {
  db.run("INSERT INTO loads_of_orders (shop, order_id, supplier, period) VALUES (?, ?, ?, ?)",
         key.shop, key.id, supplier, period);
  db.run(
      "INSERT INTO loads (supplier, period, orders) VALUES (?, ?, 1) "
      "ON CONFLICT DO UPDATE SET orders = orders + 1",
      supplier, period);
}

void drop_load(Connection& db, const OrderKey& key, std::string_view supplier, Timestamp period) {
  db.run("DELETE FROM loads_of_orders WHERE shop = ? AND order_id = ? AND supplier = ?", key.shop,
         key.id, supplier);
  db.run("UPDATE loads SET orders = orders - 1 WHERE supplier = ? AND period = ?", supplier,
         period);
}

}  // namespace consign::store
