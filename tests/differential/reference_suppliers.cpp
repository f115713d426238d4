#include "tests/differential/reference_suppliers.hpp"

#include <algorithm>
#include <numeric>

#include "consign/hash.hpp"
#include "tests/differential/reference_conditions.hpp"

namespace consign::reference {
namespace {

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Why the supplier cannot take lines of the order; empty: it can.
std::string obstacle(const Supplier& supplier, const Event& event) {
  if (supplier.suspended) return "suspended";
  const std::string shop(event.order.text(Field::order_shop));
  if (!supplier.shops.empty() && !holds(supplier.shops, shop)) return "does not serve shop " + shop;
  const std::string country(event.order.text(Field::order_ship_to_country));
  if (supplier.countries.empty() || holds(supplier.countries, country)) return "";
  if (country.empty()) return "serves only some countries and the order names none";
  return "does not serve " + country;
}

Share share_of(const Supplier& supplier, const Event& event, const Decimal& quantity) {
  const std::string reason = obstacle(supplier, event);
  if (reason.empty()) return {quantity, supplier.name, ""};
  return {quantity, "", supplier.name + ": " + reason};
}

/// The handling cost in the order's currency, where it has one that converts.
std::optional<Decimal> cost_of(const RuleSet& rules, const Supplier& supplier, const Event& event) {
  if (!supplier.handling_cost) return std::nullopt;
  return convert(rules, supplier.handling_cost->number, supplier.handling_cost->currency,
                 event.order.text(Field::order_currency));
}

/// Picks one of the available targets; the reasons of all where there is none.
Share choice(const RuleSet& rules, const AssignAction& action, const Event& event,
             const Decimal& quantity) {
  const Supplier* best = nullptr;
  std::string reasons;
  const auto better = [&](const Supplier& one, const Supplier& other) {
    if (action.choice == Choice::cheapest) {
      const auto a = cost_of(rules, one, event), b = cost_of(rules, other, event);
      return a && (!b || *a < *b);
    }
    if (action.choice == Choice::fastest) {
      return one.lead_seconds && (!other.lead_seconds || *one.lead_seconds < *other.lead_seconds);
    }
    return false;
  };
  for (const AssignTarget& target : action.targets) {
    const Supplier& supplier = rules.suppliers[target.supplier];
    const Share share = share_of(supplier, event, quantity);
    if (share.supplier.empty()) {
      reasons += (reasons.empty() ? "" : "; ") + share.reason;
    } else if (best == nullptr || better(supplier, *best)) {
      best = &supplier;
    }
  }
  if (best != nullptr) return {quantity, best->name, ""};
  return {quantity, "", reasons};
}

/// One target for the whole order, by the hash of shop, order and rule.
const AssignTarget& drawn(const Rule& rule, const AssignAction& action, const Event& event) {
  const Sha256Digest digest = Sha256()
                                  .field(event.order.text(Field::order_shop))
                                  .field(event.order.text(Field::order_id))
                                  .field(rule.name)
                                  .digest();
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | digest[static_cast<std::size_t>(i)];
  const Decimal ticket(static_cast<std::int64_t>(number % 1'000'000));
  Decimal sum(0);
  for (const AssignTarget& target : action.targets) {
    sum = *sum.plus(target.percent);
    if (ticket < *sum.times(Decimal(10'000))) return target;
  }
  return action.targets.back();
}

/// Largest remainder on whole pieces; else three decimals, and the rest to the last.
std::vector<Decimal> divided(std::span<const AssignTarget> targets, const Decimal& quantity) {
  std::vector<Decimal> quantities, fractions;
  Decimal rest = quantity;
  const Decimal unit = quantity.is_whole() ? Decimal(1) : *Decimal(1).divided_by(Decimal(1000));
  for (const AssignTarget& target : targets) {
    const Decimal exact = *quantity.times(target.percent)->divided_by(Decimal(100));
    const Decimal units = Decimal::floor(*exact.divided_by(unit));
    quantities.push_back(*units.times(unit));
    fractions.push_back(*exact.minus(quantities.back()));
    rest = *rest.minus(quantities.back());
  }
  if (!quantity.is_whole()) {
    for (std::size_t i = targets.size(); i-- > 0;) {
      if (targets[i].percent.is_zero()) continue;
      quantities[i] = *quantities[i].plus(rest);
      break;
    }
    return quantities;
  }
  std::vector<std::size_t> by_fraction(targets.size());
  std::iota(by_fraction.begin(), by_fraction.end(), 0);
  std::stable_sort(by_fraction.begin(), by_fraction.end(),
                   [&](std::size_t a, std::size_t b) { return fractions[b] < fractions[a]; });
  for (const std::size_t i : by_fraction) {
    if (rest.is_zero()) break;
    quantities[i] = *quantities[i].plus(Decimal(1));
    rest = *rest.minus(Decimal(1));
  }
  return quantities;
}

}  // namespace

std::vector<std::string> Plan::suppliers() const {
  std::vector<std::string> names;
  for (const Share& share : shares) {
    if (!share.supplier.empty()) names.push_back(share.supplier);
  }
  return names;
}

Plan plan_of(const RuleSet& rules, const Rule& rule, const AssignAction& action, const Event& event,
             const Decimal& quantity) {
  const auto whole = [](Share share) {
    const bool nobody = share.supplier.empty();
    return Plan{{std::move(share)}, nobody};
  };
  const auto supplier_of = [&](const AssignTarget& target) -> const Supplier& {
    return rules.suppliers[target.supplier];
  };
  switch (action.choice) {
    case Choice::only:
      return whole(share_of(supplier_of(action.targets.front()), event, quantity));
    case Choice::split:
      return whole(share_of(supplier_of(drawn(rule, action, event)), event, quantity));
    case Choice::first:
    case Choice::cheapest:
    case Choice::fastest:
      return whole(choice(rules, action, event, quantity));
    case Choice::divide:
      break;
  }
  Plan plan;
  const std::vector<Decimal> quantities = divided(action.targets, quantity);
  plan.nobody = true;
  for (std::size_t i = 0; i < quantities.size(); ++i) {
    Share share = share_of(supplier_of(action.targets[i]), event, quantities[i]);
    if (!share.supplier.empty()) plan.nobody = false;
    if (!quantities[i].is_zero()) plan.shares.push_back(std::move(share));
  }
  return plan;
}

}  // namespace consign::reference
