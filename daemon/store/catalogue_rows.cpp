#include "daemon/store/catalogue_rows.hpp"

namespace consign::store {
namespace {

ProductRow read_row(const Statement& row) {
  return {row.text(0), row.text(1), row.maybe_time(2), row.truth(3)};
}

}  // namespace

std::optional<ProductRow> find_product(Connection& db, std::string_view shop, std::string_view id) {
  auto row = db.query(
      "SELECT id, document, updated_at, deleted FROM products WHERE shop = ? AND id = ?", shop, id);
  if (!row.step()) return std::nullopt;
  return read_row(row);
}

std::vector<std::string> skus_of(Connection& db, std::string_view shop, std::string_view id) {
  auto rows = db.query("SELECT sku FROM product_skus WHERE shop = ? AND product = ?", shop, id);
  std::vector<std::string> skus;
  while (rows.step()) skus.push_back(rows.text(0));
  return skus;
}

std::vector<ProductRow> products_with_sku(Connection& db, std::string_view shop,
                                          std::string_view sku) {
  auto rows = db.query(
      "SELECT p.id, p.document, p.updated_at, p.deleted FROM product_skus s "
      "JOIN products p ON p.shop = s.shop AND p.id = s.product "
      "WHERE s.shop = ? AND s.sku = ? ORDER BY p.deleted, p.id LIMIT 2",
      shop, sku);
  std::vector<ProductRow> products;
  while (rows.step()) products.push_back(read_row(rows));
  if (products.size() == 2 && products[1].deleted && !products[0].deleted) products.pop_back();
  return products;
}

void put_product(Connection& db, std::string_view shop, const ProductRow& row,
                 const std::vector<std::string>& skus, Timestamp now) {
  db.run(
      "INSERT INTO products (shop, id, document, updated_at, changed_at, deleted) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (shop, id) DO UPDATE SET "
      "document = excluded.document, updated_at = coalesce(excluded.updated_at, updated_at), "
      "changed_at = excluded.changed_at, deleted = excluded.deleted",
      shop, row.id, row.document, row.updated_at, now, row.deleted);
  db.run("DELETE FROM product_skus WHERE shop = ? AND product = ?", shop, row.id);
  for (const auto& sku : skus) {
    db.run("INSERT OR IGNORE INTO product_skus (shop, sku, product) VALUES (?, ?, ?)", shop, sku,
           row.id);
  }
}

bool delete_product(Connection& db, std::string_view shop, std::string_view id, Timestamp now) {
  return db.run(
             "UPDATE products SET deleted = 1, changed_at = ? "
             "WHERE shop = ? AND id = ? AND deleted = 0",
             now, shop, id) > 0;
}

}  // namespace consign::store
