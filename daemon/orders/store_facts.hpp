// Facts from the store's catalogue and the settings' shops.
#pragma once

#include "daemon/config.hpp"
#include "daemon/store/sqlite.hpp"
#include "daemon/wire/facts.hpp"

namespace consign {

/// Reads through the connection of whoever decides: in the writer's unit, so that no product can
/// slip in between joining and committing.
class StoreFacts : public FactSource {
 public:
  StoreFacts(store::Connection& db, const Settings& settings, Timestamp now)
      : db_(db), settings_(settings), now_(now) {}

  std::shared_ptr<const Product> product(std::string_view shop, std::string_view id) override;
  std::vector<std::shared_ptr<const Product>> products_by_sku(std::string_view shop,
                                                              std::string_view sku) override;
  Record shop(std::string_view shop) override;
  std::int64_t other_orders(std::string_view shop, std::string_view customer_id,
                            std::string_view email, std::string_view order_id) override;
  std::vector<Facts::Stock> stock(const std::vector<std::string_view>& skus) override;
  std::int64_t orders_taken(std::string_view supplier, Timestamp period) override;
  std::vector<std::string> customer_tags(std::string_view shop,
                                         std::string_view customer_id) override;

 private:
  store::Connection& db_;
  const Settings& settings_;
  const Timestamp now_;
};

}  // namespace consign
