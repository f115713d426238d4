#include "daemon/orders/reserving.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "consign/ruleset.hpp"
#include "daemon/store/stock_rows.hpp"

namespace consign {
namespace {

using store::PartRow;

const Supplier* find_supplier(const RuleSet& rules, std::string_view name) {
  const auto index = rules.find_supplier(name);
  return index ? &rules.suppliers[*index] : nullptr;
}

Decimal quantity_of(const PartRow& part) {
  const auto quantity = Decimal::parse(part.quantity);
  if (!quantity) throw std::runtime_error("part of line " + part.line + " has no quantity");
  return *quantity;
}

Decimal sum(const Decimal& a, const Decimal& b) {
  const auto result = a.plus(b);
  if (!result) throw std::runtime_error("a quantity is too large");
  return *result;
}

// How much more is laid by, and how much more has left.
struct Change {
  Decimal reserved, shipped;
};
using Changes = std::map<std::pair<std::string, std::string>, Change>;  // by supplier and SKU

void count(const std::vector<PartRow>& parts, bool after, Changes& changes) {
  for (const auto& part : parts) {
    if (!part.supplier || part.sku.empty()) continue;
    if (!part.reserves() && !part.has_shipped()) continue;
    auto& change = changes[{*part.supplier, part.sku}];
    auto& counted = part.reserves() ? change.reserved : change.shipped;
    counted = sum(counted, after ? quantity_of(part) : quantity_of(part).negated());
  }
}

Changes changes_between(const std::vector<PartRow>& before, const std::vector<PartRow>& after) {
  Changes changes;
  count(before, false, changes);
  count(after, true, changes);
  return changes;
}

void reserve_stock(UnitContext& unit, const Changes& changes) {
  for (const auto& [key, change] : changes) {
    if (change.reserved.is_zero() && change.shipped.is_zero()) continue;
    const auto& [supplier, sku] = key;
    auto row = store::find_stock(unit.db, supplier, sku);
    if (!row) row = store::StockRow{.sku = sku, .supplier = supplier};
    row->reserved = sum(row->reserved, change.reserved);
    if (row->available) {
      row->available = sum(*row->available, sum(change.reserved, change.shipped).negated());
      if (row->available->is_negative()) {
        throw std::runtime_error(supplier + " would have less than nothing of " + sku);
      }
    }
    row->changed_at = unit.now;
    store::put_stock(unit.db, *row);
  }
}

std::set<std::string> suppliers_of(const std::vector<PartRow>& parts) {
  std::set<std::string> suppliers;
  for (const auto& part : parts) {
    if (part.supplier && (part.reserves() || part.has_shipped())) suppliers.insert(*part.supplier);
  }
  return suppliers;
}

void reserve_capacity(UnitContext& unit, const store::OrderKey& key,
                      const std::vector<PartRow>& after) {
  auto suppliers = suppliers_of(after);
  for (const auto& [supplier, period] : store::loads_of_order(unit.db, key)) {
    if (suppliers.erase(supplier) == 0) store::drop_load(unit.db, key, supplier, period);
  }
  for (const auto& name : suppliers) {
    const Supplier* supplier = find_supplier(unit.rules.rules(), name);
    const auto period = supplier == nullptr ? std::nullopt : capacity_period(*supplier, unit.now);
    if (period) store::add_load(unit.db, key, name, *period);
  }
}

}  // namespace

void give_back(const DecidingContext& context, const store::OrderKey& key,
               const std::vector<PartRow>& parts, const Prior& keeps, Facts& facts) {
  const auto kept = [&](const PartRow& part) {
    return std::any_of(keeps.parts.begin(), keeps.parts.end(), [&](const Prior::Part& each) {
      return each.line == part.line && each.number == part.part;
    });
  };
  for (const auto& part : parts) {
    if (!part.reserves() || part.sku.empty() || kept(part)) continue;
    for (auto& stock : facts.stock) {
      if (stock.supplier != *part.supplier || stock.sku != part.sku) continue;
      stock.available = sum(stock.available, quantity_of(part));
    }
  }
  for (const auto& [name, period] : store::loads_of_order(context.db, key)) {
    const auto load = std::find_if(facts.loads.begin(), facts.loads.end(),
                                   [&](const Facts::Load& each) { return each.supplier == name; });
    const Supplier* supplier = find_supplier(context.rules.rules(), name);
    if (load == facts.loads.end() || supplier == nullptr) continue;
    const bool stays = std::any_of(keeps.parts.begin(), keeps.parts.end(),
                                   [&](const Prior::Part& each) { return each.supplier == name; });
    if (!stays && capacity_period(*supplier, context.now) == period) load->orders -= 1;
  }
  std::erase_if(facts.loads, [](const Facts::Load& each) { return each.orders <= 0; });
}

void reserve(UnitContext& unit, const store::OrderKey& key, const std::vector<PartRow>& before,
             const std::vector<PartRow>& after) {
  reserve_stock(unit, changes_between(before, after));
  reserve_capacity(unit, key, after);
}

std::optional<std::string> shortage(UnitContext& unit, const std::vector<PartRow>& before,
                                    const std::vector<PartRow>& after) {
  for (const auto& [key, change] : changes_between(before, after)) {
    const Decimal wanted = sum(change.reserved, change.shipped);
    if (wanted <= Decimal(0)) continue;
    const auto& [name, sku] = key;
    const auto row = store::find_stock(unit.db, name, sku);
    const Supplier* supplier = find_supplier(unit.rules.rules(), name);
    const bool reported = row && row->available;
    if (!reported && (supplier == nullptr || !supplier->stock_tracked)) continue;
    Decimal left(0);
    if (reported) {
      const Decimal own = supplier == nullptr ? Decimal(0) : supplier->safety_stock;
      left = sum(*row->available, std::max(own, row->safety).negated());
    }
    if (left >= wanted) continue;
    return name + ": " + std::max(left, Decimal(0)).to_canonical_string() + " of " + sku +
           " left, " + wanted.to_canonical_string() + " wanted";
  }
  return std::nullopt;
}

}  // namespace consign
