#include "tests/differential/world.hpp"

#include "consign/text.hpp"

namespace consign::reference {
namespace {

Decimal decimal(const std::string& text) { return *Decimal::parse(text); }

Timestamp around_black_friday(Dice& dice) {
  const Timestamp start = *parse_timestamp("2026-11-25T20:00:00Z");
  return {start.micros + static_cast<std::int64_t>(dice.roll(60)) * 3'600'000'000 +
          static_cast<std::int64_t>(dice.roll(3)) * 499'999};
}

class EventWriter {
 public:
  explicit EventWriter(Dice& dice) : dice_(dice) {}

  Case write() {
    one_.now = around_black_friday(dice_);
    order();
    customer_and_shop();
    for (std::size_t i = 0, count = dice_.roll(5); i < count; ++i) line(i);
    Decimal pieces(0);
    for (const Record& record : one_.event.lines) {
      pieces = *pieces.plus(record.value(Field::line_quantity)->number);
    }
    one_.event.order.set(Field::order_quantity, Value::of_number(pieces));
    one_.event.order.set(Field::order_line_count,
                         Value::of_number(static_cast<std::int64_t>(one_.event.lines.size())));
    one_.event.cancelled = dice_.chance(2);
    return std::move(one_);
  }

 private:
  Value word() { return Value::of_text(dice_.pick(words())); }
  Value code() { return Value::of_code(dice_.pick(codes())); }
  Value money() { return Value::of_money(decimal(dice_.pick(numbers())), currency_); }
  Value number() { return Value::of_number(decimal(dice_.pick(numbers()))); }

  void order() {
    Record& order = one_.event.order;
    currency_ = dice_.pick({"EUR", "EUR", "EUR", "USD", "USD", "GBP"});
    order.set(Field::order_id, code());
    order.set(Field::order_shop, Value::of_code(dice_.pick({"nordic", "nordic", "outlet"})));
    order.set(Field::order_currency, Value::of_enum(currency_));
    order.set(Field::order_placed_at, Value::of_time(around_black_friday(dice_)));
    order.set(Field::order_received_at, Value::of_time(around_black_friday(dice_)));
    order.set(Field::order_total, money());
    order.set(Field::order_payment, Value::of_enum(dice_.pick({"paid", "pending", "authorized"})));
    order.set(Field::order_test, Value::of_bool(dice_.chance(30)));
    if (dice_.chance(70)) order.set(Field::order_name, code());
    for (const Field field :
         {Field::order_subtotal, Field::order_shipping, Field::order_discount}) {
      if (dice_.chance(60)) order.set(field, money());
    }
    if (dice_.chance(60)) order.set(Field::order_weight, Value::of_weight(decimal("20000")));
    for (const Field field : {Field::order_source, Field::order_note, Field::order_shipping_method,
                              Field::order_ship_to_city, Field::order_ship_to_company}) {
      if (dice_.chance(65)) order.set(field, word());
    }
    if (dice_.chance(60)) order.set_keyed(Field::order_attribute, "gift", word());
    if (dice_.chance(30)) order.set_keyed(Field::order_attribute, "Gift", word());
    if (dice_.chance(70)) {
      order.set(Field::order_ship_to_country, Value::of_enum(dice_.pick({"SE", "NO", "DE", "US"})));
    }
    if (dice_.chance(60)) order.set(Field::order_ship_to_postcode, code());
    many(order, Field::order_tag);
    many(order, Field::order_discount_code);
  }

  void customer_and_shop() {
    Record& order = one_.event.order;
    Record& shared = one_.facts.shared;
    if (dice_.chance(60)) order.set(Field::customer_id, code());
    if (dice_.chance(60)) {
      // Whoever reads an order brings it to lower case.
      order.set(Field::customer_email, Value::of_code(ascii_lower(dice_.pick(codes()))));
    }
    many(dice_.chance(50) ? order : shared, Field::customer_tag);
    if (dice_.chance(40)) order.set(Field::customer_orders_count, number());
    if (dice_.chance(40)) shared.set(Field::customer_orders_count, number());
    shared.set(Field::shop_id, Value::of_code(order.text(Field::order_shop)));
    shared.set(Field::shop_channel, Value::of_enum("shopify"));
    shared.set(Field::order_channel, Value::of_enum(dice_.pick({"shopify", "own"})));
    shared.set(Field::shop_staff_count, number());
    if (dice_.chance(50))
      shared.set(Field::shop_plan, Value::of_enum(dice_.pick({"basic", "plus"})));
  }

  void line(std::size_t index) {
    Record record;
    record.set(Field::line_id, Value::of_code(std::to_string(index + 1)));
    record.set(Field::line_quantity,
               Value::of_number(decimal(dice_.pick(
                   {"1", "1", "2", "3", "7", "0", "-0", "0.5", "2.250", "9007199254740993"}))));
    record.set(Field::line_price, money());
    record.set(Field::line_requires_shipping, Value::of_bool(dice_.chance(92)));
    record.set(Field::line_gift_card, Value::of_bool(dice_.chance(6)));
    if (dice_.chance(80)) record.set(Field::line_sku, code());
    for (const Field field : {Field::line_title, Field::line_variant, Field::line_vendor}) {
      if (dice_.chance(70)) record.set(field, word());
    }
    if (dice_.chance(50)) {
      record.set(Field::line_weight,
                 Value::of_weight(decimal(dice_.pick({"300", "453.59237", "0"}))));
    }
    if (dice_.chance(50)) record.set_keyed(Field::line_property, "engraving", word());
    const bool named = dice_.chance(80);
    one_.event.line_products.push_back(named ? "p-" + std::to_string(dice_.roll(3)) : "");
    one_.event.lines.push_back(std::move(record));
    one_.facts.products.push_back(product(one_.event.line_products.back(), index));
  }

  Facts::Product product(const std::string& key, std::size_t index) {
    for (std::size_t i = 0; i < index; ++i) {
      if (!key.empty() && one_.event.line_products[i] == key) return one_.facts.products[i];
    }
    Facts::Product product;
    product.name = key.empty() ? "product with sku S-" + std::to_string(index) : "product " + key;
    const std::size_t roll = dice_.roll(100);
    product.state = roll < 60 ? Known::known : roll < 75 ? Known::missing : Known::unknown;
    if (product.state != Known::known) return product;
    auto record = std::make_shared<Record>();
    record->set(Field::product_id, Value::of_code(key.empty() ? "p-9" : key));
    many(*record, Field::product_tag);
    for (const Field field : {Field::product_vendor, Field::product_type, Field::product_title}) {
      if (dice_.chance(70)) record->set(field, word());
    }
    if (dice_.chance(60)) {
      record->set(Field::product_status, Value::of_enum(dice_.pick({"active", "draft"})));
    }
    product.record = std::move(record);
    return product;
  }

  void many(Record& record, Field field) {
    for (std::size_t i = 0, count = dice_.roll(4); i < count; ++i) record.add(field, word());
  }

  Dice& dice_;
  Case one_;
  std::string currency_;
};

std::string described(const Record& record, std::string_view indent) {
  std::string out;
  for (const FieldRow& row : all_fields()) {
    for (const Value& value : record.values(row.field)) {
      out += std::string(indent) + std::string(row.spelling) + " = " + to_literal(value) + "\n";
    }
    if (!row.keyed()) continue;
    for (const char* key : {"gift", "Gift", "engraving"}) {
      for (const Value& value : record.keyed(row.field, key)) {
        out += std::string(indent) + std::string(row.spelling) + "[" + key +
               "] = " + to_literal(value) + "\n";
      }
    }
  }
  return out;
}

}  // namespace

World small_world(std::uint64_t seed) {
  Dice dice(seed);
  World world;
  world.rules = RuleWriter(dice).rule_set(1 + dice.roll(10));
  for (int i = 0; i < 6; ++i) world.cases.push_back(EventWriter(dice).write());
  return world;
}

std::string text_of(const RuleText& rules) {
  std::string out;
  for (const auto* list : {&rules.declarations, &rules.rules}) {
    for (const std::string& each : *list) out += each;
  }
  return out;
}

Case decided_again(const Case& before, const RuleSet& rules, const ReferenceDecision& decision,
                   Dice& dice) {
  Case again = before;
  again.now.micros += 7'200'000'000;
  for (Facts::Product& product : again.facts.products) {
    if (product.state != Known::unknown || dice.chance(40)) continue;
    product.state = Known::known;
    auto record = std::make_shared<Record>();
    record->add(Field::product_tag, Value::of_text(dice.pick(words())));
    record->set(Field::product_vendor, Value::of_text(dice.pick(words())));
    product.record = std::move(record);
  }
  Prior prior;
  for (const ReferenceLine& line : decision.lines) {
    for (const ReferencePart& part : line.parts) {
      const bool stands = part.outcome == Outcome::assigned || part.outcome == Outcome::held;
      if (!stands || part.because == kNoRule || dice.chance(30)) continue;
      Prior::Part kept{line.id,
                       part.number,
                       part.quantity,
                       part.outcome,
                       part.supplier,
                       part.reason,
                       std::string(rules.rules[part.because].name),
                       false};
      if (dice.chance(15)) kept.rule = "", kept.by_person = true;
      if (dice.chance(20) && kept.quantity.is_whole())
        kept.quantity = *kept.quantity.plus(Decimal(1));
      prior.parts.push_back(std::move(kept));
    }
    for (const ReferenceHold& hold : line.holds) {
      if (dice.chance(25)) continue;
      prior.holds.push_back(
          {line.id, std::string(rules.rules[hold.rule].name), hold.first_fired, dice.chance(40)});
    }
  }
  if (dice.chance(10))
    prior.parts.push_back({"gone", 1, Decimal(1), Outcome::assigned, "acme", "", "r0"});
  again.prior = std::move(prior);
  return again;
}

Case without_line(const Case& before, std::size_t line) {
  Case out = before;
  const auto at = static_cast<std::ptrdiff_t>(line);
  out.event.lines.erase(out.event.lines.begin() + at);
  out.event.line_products.erase(out.event.line_products.begin() + at);
  out.facts.products.erase(out.facts.products.begin() + at);
  return out;
}

std::string describe(const Case& one) {
  std::string out =
      "now " + format_timestamp(one.now) + (one.event.cancelled ? " cancelled\n" : "\n");
  out += described(one.event.order, "  ") + "shared\n" + described(one.facts.shared, "  ");
  for (std::size_t i = 0; i < one.event.lines.size(); ++i) {
    out += "line\n" + described(one.event.lines[i], "  ");
    const Facts::Product& product = one.facts.products[i];
    const char* states[] = {"known", "missing", "unknown"};
    out += "  " + product.name + " is " + states[static_cast<int>(product.state)] + "\n" +
           (product.record ? described(*product.record, "    ") : "");
  }
  if (!one.prior) return out;
  for (const Prior::Part& part : one.prior->parts) {
    out += "prior part " + part.line + "/" + std::to_string(part.number) + " " +
           part.quantity.to_string() + " " + std::string(name_of(part.outcome)) + " " +
           part.supplier + " by " + part.rule + "\n";
  }
  for (const Prior::Hold& hold : one.prior->holds) {
    out += "prior hold " + hold.line + " by " + hold.rule + (hold.ended ? " ended" : "") + "\n";
  }
  return out;
}

}  // namespace consign::reference
