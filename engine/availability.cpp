#include "engine/availability.hpp"

#include <algorithm>

#include "engine/evaluator.hpp"

namespace consign {

namespace {

bool names(const std::vector<std::string>& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

}  // namespace

Availability::Availability(const Event& event, const Facts& facts, const Prior* prior,
                           Timestamp now, std::pmr::memory_resource* memory)
    : event_(event),
      facts_(facts),
      prior_(prior),
      now_(now),
      memory_(memory),
      available_(memory),
      taking_(memory) {
  available_.reserve(facts.stock.size());
  for (const Facts::Stock& stock : facts.stock) available_.push_back(stock.available);
}

Availability::Availability(const Availability& other)
    : event_(other.event_),
      facts_(other.facts_),
      prior_(other.prior_),
      now_(other.now_),
      memory_(other.memory_),
      available_(other.available_, other.memory_),
      taking_(other.taking_, other.memory_) {}

std::size_t Availability::find_stock(std::string_view supplier, std::uint32_t line) const {
  if (facts_.stock.empty()) return kNone;
  const std::string_view sku = event_.lines[line].text(Field::line_sku);
  const auto before = [&](const Facts::Stock& stock, std::string_view) {
    const int order = std::string_view(stock.sku).compare(sku);
    return order < 0 || (order == 0 && stock.supplier < supplier);
  };
  const auto found = std::lower_bound(facts_.stock.begin(), facts_.stock.end(), sku, before);
  if (found == facts_.stock.end() || found->sku != sku || found->supplier != supplier) return kNone;
  return static_cast<std::size_t>(found - facts_.stock.begin());
}

std::optional<Decimal> Availability::left(const Supplier& supplier, std::uint32_t line) const {
  const std::size_t at = find_stock(supplier.name, line);
  if (at == kNone) return supplier.stock_tracked ? std::optional(Decimal(0)) : std::nullopt;
  const Decimal& safety = std::max(supplier.safety_stock, facts_.stock[at].safety);
  return std::max(Decimal(0), available_[at].minus(safety).value_or(Decimal(0)));
}

std::string_view Availability::too_little(const Supplier& supplier, std::uint32_t line,
                                          const Decimal& wanted) const {
  const auto there = left(supplier, line);
  if (!there || *there >= wanted) return {};
  if (supplier.stock_tracked && event_.lines[line].text(Field::line_sku).empty()) {
    return join_text({supplier.name, ": has what it reports by SKU, and the line has none"},
                     memory_);
  }
  return join_text({supplier.name, ": ", there->to_canonical_string(), " left, ",
                    wanted.to_canonical_string(), " wanted"},
                   memory_);
}

std::string_view Availability::why_not_any(const Supplier& supplier, std::uint32_t line) const {
  const auto because = [&](std::string_view reason, std::string_view what = {}) {
    return join_text({supplier.name, ": ", reason, what}, memory_);
  };
  if (supplier.suspended) return because("suspended");
  if (prior_ != nullptr && !prior_->rejections.empty()) {
    const std::string_view id = event_.lines[line].text(Field::line_id);
    for (const Prior::Rejection& each : prior_->rejections) {
      if (each.line != id || each.supplier != supplier.name) continue;
      return each.reason.empty() ? because("rejected it") : because("rejected it: ", each.reason);
    }
  }
  const std::string_view shop = event_.order.text(Field::order_shop);
  if (!supplier.shops.empty() && !names(supplier.shops, shop)) {
    return because("does not serve shop ", shop);
  }
  if (!supplier.countries.empty()) {
    const Value* country = event_.order.value(Field::order_ship_to_country);
    if (country == nullptr) {
      return because("serves only some countries and the order names none");
    }
    if (!names(supplier.countries, country->text)) {
      return because("does not serve ", country->text);
    }
  }
  if (!supplier.capacity || has_part(supplier.name)) return {};
  const auto load = std::lower_bound(
      facts_.loads.begin(), facts_.loads.end(), supplier.name,
      [](const Facts::Load& each, std::string_view name) { return each.supplier < name; });
  const bool full = load != facts_.loads.end() && load->supplier == supplier.name &&
                    load->orders >= supplier.capacity->orders;
  if (!full && supplier.capacity->orders > 0) return {};
  return join_text(
      {supplier.name, ": takes ", std::to_string(supplier.capacity->orders),
       supplier.capacity->per == CapacityPeriod::day ? " orders a day" : " orders an hour",
       " and has them"},
      memory_);
}

std::string_view Availability::why_not(const Supplier& supplier, std::uint32_t line,
                                       const Decimal& quantity) const {
  const std::string_view reason = why_not_any(supplier, line);
  return reason.empty() ? too_little(supplier, line, quantity) : reason;
}

bool Availability::has_part(std::string_view supplier) const {
  return std::find(taking_.begin(), taking_.end(), supplier) != taking_.end();
}

std::optional<Timestamp> Availability::ready_at(const Supplier& supplier) const {
  if (!supplier.lead_seconds) return std::nullopt;
  return Timestamp{work_start(supplier, now_).micros + *supplier.lead_seconds * 1'000'000};
}

void Availability::take(std::string_view supplier, std::uint32_t line, const Decimal& quantity) {
  const std::size_t at = find_stock(supplier, line);
  if (at != kNone) available_[at] = available_[at].minus(quantity).value_or(available_[at]);
  add_part(supplier);
}

void Availability::put_back(std::string_view supplier, std::uint32_t line,
                            const Decimal& quantity) {
  const std::size_t at = find_stock(supplier, line);
  if (at != kNone) available_[at] = available_[at].plus(quantity).value_or(available_[at]);
}

void Availability::add_part(std::string_view supplier) {
  if (!has_part(supplier)) taking_.push_back(supplier);
}

}  // namespace consign
