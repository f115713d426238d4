#include "tests/differential/event_writer.hpp"

#include <algorithm>
#include <set>

#include "consign/text.hpp"

namespace consign::reference {
namespace {

Timestamp around_black_friday(Dice& dice) {
  constexpr Timestamp kStart{1795636800000000};  // 2026-11-25T20:00:00Z
  return {kStart.micros + static_cast<std::int64_t>(dice.roll(60)) * 3'600'000'000 +
          static_cast<std::int64_t>(dice.roll(3)) * 499'999};
}

class EventWriter {
 public:
  EventWriter(Dice& dice, const Flavour& flavour) : dice_(dice), flavour_(flavour) {}

  Case write() {
    one_.now = around_black_friday(dice_);
    order();
    customer_and_shop();
    products();
    for (std::size_t i = 0, count = line_count(); i < count; ++i) line(i);
    if (flavour_.scarcity > 0) stock_and_loads();
    one_.cancelled = dice_.chance(1);
    return std::move(one_);
  }

 private:
  void text(Givens& into, Field field, std::string key = {}) {
    into.push_back({field, some_text(dice_, flavour_, row_of(field)), std::move(key)});
  }
  void maybe_text(std::size_t percent, Givens& into, Field field, std::string key = {}) {
    if (dice_.chance(percent)) text(into, field, std::move(key));
  }
  void number(Givens& into, Field field) {
    into.push_back({field, dice_.pick(flavour_.numbers), {}});
  }
  void maybe_weight(std::size_t percent, Givens& into, Field field) {
    if (!dice_.chance(percent)) return;
    into.push_back({field, dice_.pick({"300", "500", "453.59237", "907.18474", "20000", "0"}), {}});
  }
  void truth(Givens& into, Field field, std::size_t percent) {
    into.push_back({field, dice_.chance(percent) ? "true" : "false", {}});
  }
  void time(Givens& into, Field field) {
    // One in five at the very instant that rules name.
    const Timestamp at = around_black_friday(dice_);
    into.push_back({field, dice_.chance(20) ? "2026-11-27T10:00:00Z" : format_timestamp(at), {}});
  }
  void many(Givens& into, Field field) {
    for (std::size_t i = 0, count = dice_.roll(5); i < count; ++i) text(into, field);
  }

  void order() {
    Givens& order = one_.order;
    for (const Field field :
         {Field::order_id, Field::order_shop, Field::order_currency, Field::order_payment}) {
      text(order, field);
    }
    time(order, Field::order_placed_at);
    time(order, Field::order_received_at);
    number(order, Field::order_total);
    truth(order, Field::order_test, 30);
    maybe_text(70, order, Field::order_name);
    for (const Field field :
         {Field::order_subtotal, Field::order_shipping, Field::order_discount}) {
      if (dice_.chance(60)) number(order, field);
    }
    maybe_weight(60, order, Field::order_weight);
    for (const Field field :
         {Field::order_source, Field::order_note, Field::order_shipping_method,
          Field::order_ship_to_city, Field::order_ship_to_company, Field::order_ship_to_country}) {
      maybe_text(70, order, field);
    }
    maybe_text(60, order, Field::order_attribute, "gift");
    maybe_text(30, order, Field::order_attribute, "Gift");
    maybe_text(60, order, Field::order_ship_to_postcode);
    many(order, Field::order_tag);
    many(order, Field::order_discount_code);
  }

  void customer_and_shop() {
    maybe_text(60, one_.order, Field::customer_id);
    if (dice_.chance(60)) {
      // Whoever reads an order brings it to lower case.
      one_.order.push_back({Field::customer_email, ascii_lower(dice_.pick(flavour_.codes)), {}});
    }
    many(dice_.chance(50) ? one_.order : one_.shared, Field::customer_tag);
    if (dice_.chance(40)) number(one_.order, Field::customer_orders_count);
    if (dice_.chance(40)) number(one_.shared, Field::customer_orders_count);
    text(one_.shared, Field::shop_id);
    text(one_.shared, Field::shop_channel);
    text(one_.shared, Field::order_channel);
    number(one_.shared, Field::shop_staff_count);
    maybe_text(50, one_.shared, Field::shop_plan);
  }

  /// Three that lines may name, and one that is found by its SKU.
  void products() {
    for (const char* key : {"p-0", "p-1", "p-2", ""}) {
      GivenProduct product;
      product.key = key;
      const std::size_t roll = dice_.roll(100);
      product.state = roll < 60 ? Known::known : roll < 75 ? Known::missing : Known::unknown;
      if (product.state == Known::known) {
        const std::string id = product.key.empty() ? "p-9" : product.key;
        product.fields.push_back({Field::product_id, id, {}});
        many(product.fields, Field::product_tag);
        for (const Field field : {Field::product_vendor, Field::product_type, Field::product_title,
                                  Field::product_status}) {
          maybe_text(70, product.fields, field);
        }
      }
      one_.products.push_back(std::move(product));
    }
  }

  std::size_t line_count() {
    if (flavour_.most_lines > 5 && dice_.chance(20)) return flavour_.most_lines;
    return dice_.roll(std::min<std::size_t>(flavour_.most_lines, 5) + 1);
  }

  void line(std::size_t index) {
    GivenLine line;
    Givens& fields = line.fields;
    fields.push_back({Field::line_id, std::to_string(index + 1), {}});
    fields.push_back({Field::line_quantity,
                      dice_.pick({"1", "1", "2", "3", "4", "4", "6", "6", "0", "-0", "0.5", "2.250",
                                  "9007199254740993"}),
                      {}});
    number(fields, Field::line_price);
    truth(fields, Field::line_requires_shipping, 92);
    truth(fields, Field::line_gift_card, 6);
    maybe_text(80, fields, Field::line_sku);
    for (const Field field : {Field::line_title, Field::line_variant, Field::line_vendor}) {
      maybe_text(70, fields, field);
    }
    maybe_weight(50, fields, Field::line_weight);
    maybe_text(50, fields, Field::line_property, "engraving");
    line.product = dice_.roll(one_.products.size());
    one_.lines.push_back(std::move(line));
  }

  /// Of most of the order's SKUs, about as much as its lines ask for.
  void stock_and_loads() {
    std::set<std::string> skus;
    for (const GivenLine& line : one_.lines) {
      const std::string* sku = text_in(line.fields, Field::line_sku);
      if (sku != nullptr && !sku->empty()) skus.insert(*sku);
    }
    const bool a_little_everywhere = dice_.chance(50);
    for (const char* supplier : {"delta", "acme", "nobody", "carl", "bravo"}) {
      for (const std::string& sku : skus) {
        if (a_little_everywhere) {
          const Decimal pieces = *Decimal::parse(dice_.pick({"1", "2", "3", "3", "5"}));
          one_.stock.push_back({supplier, sku, pieces, Decimal(0)});
          continue;
        }
        if (dice_.chance(30)) continue;
        one_.stock.push_back(
            {supplier, sku,
             *Decimal::parse(dice_.pick({"0", "1", "1", "2", "2", "3", "4", "5", "6", "8", "0.5",
                                         "1.75", "9007199254740995"})),
             *Decimal::parse(dice_.pick({"0", "0", "0", "0", "1", "2", "3"}))});
      }
      if (dice_.chance(50)) {
        one_.loads.push_back({supplier, static_cast<std::int64_t>(dice_.roll(4))});
      }
    }
  }

  Dice& dice_;
  const Flavour& flavour_;
  Case one_;
};

}  // namespace

Case random_case(Dice& dice, const Flavour& flavour) { return EventWriter(dice, flavour).write(); }

namespace {

/// What has become of a decision's parts when its order is decided again.
class Afterwards {
 public:
  Afterwards(const RuleSet& rules, Dice& dice) : rules_(rules), dice_(dice) {}

  Prior prior_of(const ReferenceDecision& decision) {
    for (const ReferenceLine& line : decision.lines) {
      for (const ReferencePart& part : line.parts) keep(line, part);
      if (dice_.chance(5)) reject(line.id, dice_.pick({"acme", "bravo", "carl", "delta"}));
      for (const ReferenceHold& hold : line.holds) {
        if (dice_.chance(25)) continue;
        prior_.holds.push_back({line.id, name_of(hold.rule), hold.first_fired, dice_.chance(40)});
      }
      if (dice_.chance(30)) std::reverse(prior_.parts.begin(), prior_.parts.end());
    }
    if (dice_.chance(10)) {
      Prior::Part& part = prior_.parts.emplace_back();
      part.line = "gone";
      part.quantity = Decimal(1);
      part.supplier = "acme";
      part.rule = "r0";
    }
    return std::move(prior_);
  }

 private:
  std::string name_of(RuleIndex rule) const { return std::string(rules_.rules[rule].name); }

  void reject(const std::string& line, const std::string& supplier) {
    prior_.rejections.push_back({line, supplier, dice_.pick({"", "no longer made", "broken"})});
  }

  /// Most parts stand. Some have shipped, some were cut off by hand, some were rejected or freed.
  void keep(const ReferenceLine& line, const ReferencePart& part) {
    const bool stands = part.outcome == Outcome::assigned || part.outcome == Outcome::held;
    if (!stands || part.because == kNoRule) return;
    const std::size_t roll = dice_.roll(100);
    if (roll < 15) return;
    if (roll < 35) {
      if (!part.supplier.empty()) reject(line.id, part.supplier);
      return;
    }
    Prior::Part kept;
    kept.line = line.id;
    kept.number = part.number;
    kept.quantity = part.quantity;
    kept.outcome = part.outcome;
    kept.supplier = part.supplier;
    kept.reason = part.reason;
    kept.rule = name_of(part.because);
    if (dice_.chance(15)) kept.rule = "", kept.by_person = true;
    if (kept.by_person && dice_.chance(40)) {
      kept.outcome = Outcome::not_shippable;
      kept.supplier = "";
      kept.reason = "cancelled by hand";
    } else if (roll < 55 && !part.supplier.empty()) {
      kept.shipped = true;
      kept.outcome = Outcome::assigned;
      kept.reason = "";
      if (dice_.chance(40)) kept.gone = kept.quantity;
      if (dice_.chance(20) && Decimal(1) < kept.quantity) kept.gone = Decimal(1);
    }
    if (dice_.chance(20) && kept.quantity.is_whole()) {
      kept.quantity = *kept.quantity.plus(Decimal(1));
    }
    prior_.parts.push_back(std::move(kept));
  }

  const RuleSet& rules_;
  Dice& dice_;
  Prior prior_;
};

}  // namespace

Case decided_again(const Case& before, const RuleSet& rules, const ReferenceDecision& decision,
                   Dice& dice, const Flavour& flavour) {
  Case again = before;
  again.now.micros += 7'200'000'000;
  for (GivenProduct& product : again.products) {
    if (product.state != Known::unknown || dice.chance(40)) continue;
    product.state = Known::known;
    for (const Field field : {Field::product_tag, Field::product_vendor}) {
      product.fields.push_back({field, some_text(dice, flavour, row_of(field)), {}});
    }
  }
  if (dice.chance(4)) again.cancelled = true;
  for (GivenLine& line : again.lines) {
    if (!dice.chance(10)) continue;
    for (Given& given : line.fields) {
      if (given.field == Field::line_quantity) given.text = dice.pick({"0", "1", "2", "5"});
    }
  }
  again.prior = Afterwards(rules, dice).prior_of(decision);
  return again;
}

}  // namespace consign::reference
