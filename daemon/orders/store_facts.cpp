#include "daemon/orders/store_facts.hpp"

#include <stdexcept>

#include "daemon/access/seats.hpp"
#include "daemon/store/catalogue_rows.hpp"
#include "daemon/store/order_rows.hpp"
#include "daemon/store/stock_rows.hpp"

namespace consign {
namespace {

// What the store holds was checked when it came in; if it no longer reads, the store or this
// program is broken, and the unit must not go on.
std::shared_ptr<const Product> read_stored(const store::ProductRow& row) {
  auto document = parse_json(row.document);
  if (!document) throw std::runtime_error("product " + row.id + ": " + document.error().message);
  auto product = read_product(document->root(), row.id);
  if (!product) {
    throw std::runtime_error("product " + row.id + ": " + product.error().front().message);
  }
  return std::make_shared<const Product>(std::move(product.value()));
}

}  // namespace

std::shared_ptr<const Product> StoreFacts::product(std::string_view shop, std::string_view id) {
  const auto row = store::find_product(db_, shop, id);
  if (!row) return nullptr;
  return read_stored(*row);
}

std::vector<std::shared_ptr<const Product>> StoreFacts::products_by_sku(std::string_view shop,
                                                                        std::string_view sku) {
  std::vector<std::shared_ptr<const Product>> products;
  for (const auto& row : store::products_with_sku(db_, shop, sku)) {
    products.push_back(read_stored(row));
  }
  return products;
}

Record StoreFacts::shop(std::string_view shop) {
  return shop_facts(db_, settings_, std::string(shop), now_);
}

std::int64_t StoreFacts::other_orders(std::string_view shop, std::string_view customer_id,
                                      std::string_view email, std::string_view order_id) {
  return store::count_other_orders(db_, shop, customer_id, email, order_id);
}

std::vector<Facts::Stock> StoreFacts::stock(const std::vector<std::string_view>& skus) {
  std::vector<Facts::Stock> stock;
  for (const auto sku : skus) {
    for (auto& row : store::stock_of_sku(db_, sku)) {
      stock.push_back({std::move(row.supplier), std::move(row.sku), *row.available, row.safety});
    }
  }
  return stock;
}

std::int64_t StoreFacts::orders_taken(std::string_view supplier, Timestamp period) {
  return store::orders_taken(db_, supplier, period);
}

// consign keeps no tags of customers beyond those that an order brings.
std::vector<std::string> StoreFacts::customer_tags(std::string_view, std::string_view) {
  return {};
}

}  // namespace consign
