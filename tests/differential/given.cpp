#include "tests/differential/given.hpp"

#include <algorithm>
#include <tuple>

namespace consign::reference {
namespace {

Value value_of(const Given& given, std::string_view currency) {
  const auto decimal = [&] { return *Decimal::parse(given.text); };
  switch (row_of(given.field).type) {
    case Type::text:
      return Value::of_text(given.text);
    case Type::code:
      return Value::of_code(given.text);
    case Type::enumeration:
      return Value::of_enum(given.text);
    case Type::number:
      return Value::of_number(decimal());
    case Type::money:
      return Value::of_money(decimal(), currency);
    case Type::weight:
      return Value::of_weight(decimal());
    case Type::time:
      return Value::of_time(*parse_timestamp(given.text));
    case Type::boolean:
      return Value::of_bool(given.text == "true");
    case Type::duration:
    case Type::day:
    case Type::permission:
      break;  // no field of an order has these
  }
  return {};
}

Record record_of(const Givens& givens, std::string_view currency) {
  Record record;
  for (const Given& given : givens) {
    const FieldRow& row = row_of(given.field);
    if (row.keyed()) {
      record.refer_keyed(given.field, given.key, value_of(given, currency));
    } else if (row.many()) {
      record.refer_also(given.field, value_of(given, currency));
    } else {
      record.refer(given.field, value_of(given, currency));
    }
  }
  return record;
}

}  // namespace

const std::string* text_in(const Givens& givens, Field field) {
  for (const Given& given : givens) {
    if (given.field == field) return &given.text;
  }
  return nullptr;
}

Inputs inputs_of(const Case& one) {
  const std::string& currency = *text_in(one.order, Field::order_currency);
  Inputs inputs;
  inputs.event.order = record_of(one.order, currency);
  inputs.event.cancelled = one.cancelled;
  inputs.facts.shared = record_of(one.shared, currency);
  Decimal pieces(0);
  for (const GivenLine& line : one.lines) {
    inputs.event.lines.push_back(record_of(line.fields, currency));
    pieces = *pieces.plus(inputs.event.lines.back().value(Field::line_quantity)->number);
    const GivenProduct& product = one.products[line.product];
    inputs.event.line_products.push_back(product.key);
    Facts::Product fact;
    fact.state = product.state;
    fact.name = name_of(product);
    if (product.state == Known::known) {
      fact.record = std::make_shared<Record>(record_of(product.fields, currency));
    }
    inputs.facts.products.push_back(std::move(fact));
  }
  // As whoever joins facts does.
  inputs.facts.stock = one.stock;
  inputs.facts.loads = one.loads;
  std::sort(inputs.facts.stock.begin(), inputs.facts.stock.end(),
            [](const Facts::Stock& a, const Facts::Stock& b) {
              return std::tie(a.sku, a.supplier) < std::tie(b.sku, b.supplier);
            });
  std::sort(inputs.facts.loads.begin(), inputs.facts.loads.end(),
            [](const Facts::Load& a, const Facts::Load& b) { return a.supplier < b.supplier; });
  // As whoever reads an order does.
  inputs.event.order.set(Field::order_quantity, Value::of_number(pieces));
  inputs.event.order.set(Field::order_line_count,
                         Value::of_number(static_cast<std::int64_t>(one.lines.size())));
  return inputs;
}

std::string name_of(const GivenProduct& product) {
  return product.key.empty() ? "product with sku S" : "product " + product.key;
}

}  // namespace consign::reference
