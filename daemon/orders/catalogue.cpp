#include "daemon/orders/catalogue.hpp"

#include "daemon/orders/timers.hpp"
#include "daemon/store/catalogue_rows.hpp"
#include "daemon/store/order_rows.hpp"

namespace consign {
namespace {

// The names are those of Facts::Product::name.
void make_due(UnitContext& unit, std::string_view shop, std::string_view id,
              const std::vector<std::string>& skus) {
  store::make_due(unit.db, shop, "product " + std::string(id));
  for (const auto& sku : skus) store::make_due(unit.db, shop, "product with sku " + sku);
}

}  // namespace

ProductChange put_product(UnitContext& unit, std::string_view shop, const Product& product,
                          std::optional<Timestamp> updated_at) {
  const auto known = store::find_product(unit.db, shop, product.id);
  if (known && known->updated_at && updated_at && *updated_at < *known->updated_at) {
    return ProductChange::stale;
  }
  // A SKU that it gives up may leave another product as the only one with it.
  const auto old_skus = store::skus_of(unit.db, shop, product.id);
  store::put_product(unit.db, shop,
                     {.id = product.id, .document = product.canonical, .updated_at = updated_at},
                     product.skus, unit.now);
  make_due(unit, shop, product.id, old_skus);
  make_due(unit, shop, product.id, product.skus);
  decide_due(unit);
  return known ? ProductChange::changed : ProductChange::created;
}

bool delete_product(UnitContext& unit, std::string_view shop, std::string_view id) {
  if (!store::delete_product(unit.db, shop, id, unit.now)) return false;
  make_due(unit, shop, id, store::skus_of(unit.db, shop, id));
  decide_due(unit);
  return true;
}

}  // namespace consign
