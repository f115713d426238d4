// Rows of the catalogue: products and their SKUs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/time.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign::store {

struct ProductRow {
  std::string id = {};
  std::string document = {};                 ///< canonical JSON
  std::optional<Timestamp> updated_at = {};  ///< as the channel says
  bool deleted = false;                      ///< it keeps its last facts
};

std::optional<ProductRow> find_product(Connection& db, std::string_view shop, std::string_view id);
std::vector<std::string> skus_of(Connection& db, std::string_view shop, std::string_view id);
/// At most two products that hold the SKU; deleted ones only where there is no other.
std::vector<ProductRow> products_with_sku(Connection& db, std::string_view shop,
                                          std::string_view sku);
/// A row without `updated_at` leaves the one that is known.
void put_product(Connection& db, std::string_view shop, const ProductRow& row,
                 const std::vector<std::string>& skus, Timestamp now);
/// Whether there was one that was not deleted yet.
bool delete_product(Connection& db, std::string_view shop, std::string_view id, Timestamp now);

}  // namespace consign::store
