// Products coming, changing and going, and the orders that waited for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/orders/unit_context.hpp"
#include "daemon/wire/facts.hpp"

namespace consign {

enum class ProductChange { created, changed, stale };

/// Stores the product and makes the orders due that wait for it; older news than what is known is
/// left. In the writer's unit.
ProductChange put_product(UnitContext& unit, std::string_view shop, const Product& product,
                          std::optional<Timestamp> updated_at);

/// Marks it deleted; it keeps its last facts. False: there is none.
bool delete_product(UnitContext& unit, std::string_view shop, std::string_view id);

}  // namespace consign
