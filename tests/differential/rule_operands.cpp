// Random operands: fields, arithmetic, tables, counts and sums over lines.

#include "tests/differential/rule_writer.hpp"

namespace consign::reference {

const FieldRow& RuleWriter::text_field(Place place, bool many) {
  static const std::vector<Field> order_many = {Field::order_tag, Field::order_discount_code,
                                                Field::customer_tag};
  static const std::vector<Field> on_line = {
      Field::line_title,     Field::line_variant, Field::line_vendor,  Field::line_property,
      Field::product_vendor, Field::product_type, Field::product_title};
  static const std::vector<Field> on_order = {
      Field::order_source,    Field::order_note,         Field::order_shipping_method,
      Field::order_attribute, Field::order_ship_to_city, Field::order_ship_to_company};
  if (many && dice_.chance(40)) {
    return row_of(place.line && dice_.chance(60) ? Field::product_tag : dice_.pick(order_many));
  }
  return row_of(dice_.pick(place.line && dice_.chance(70) ? on_line : on_order));
}

const FieldRow& RuleWriter::code_field(Place place) {
  static const std::vector<Field> on_line = {Field::line_id, Field::line_sku, Field::product_id};
  static const std::vector<Field> on_order = {
      Field::order_id,    Field::order_name,     Field::order_shop, Field::order_ship_to_postcode,
      Field::customer_id, Field::customer_email, Field::shop_id};
  return row_of(dice_.pick(place.line && dice_.chance(70) ? on_line : on_order));
}

std::string RuleWriter::reading(const FieldRow& row) {
  const std::string spelling(row.spelling);
  if (row.field == Field::order_attribute) return spelling + "[\"gift\"]";
  if (row.field == Field::line_property) return spelling + "[\"engraving\"]";
  return spelling;
}

std::string RuleWriter::operand(Measure measure, Place place, int depth) {
  switch (measure) {
    case Measure::number:
      return number(place, depth);
    case Measure::money:
      return money(place, depth);
    case Measure::weight:
      return weight(place, depth);
    case Measure::duration:
      return duration(place, depth);
    case Measure::time:
      return time(place, depth);
    case Measure::day:
      return "date(" + time(place, depth) + dice_.pick({"", ", \"America/New_York\""}) + ")";
    case Measure::hour:
      return "hour(" + time(place, depth) + dice_.pick({"", ", \"Asia/Tokyo\""}) + ")";
  }
  return {};
}

std::string RuleWriter::filter(int depth) {
  return dice_.chance(25) ? "" : " (" + condition({true, false}, depth > 0 ? depth - 1 : 0) + ")";
}

std::string RuleWriter::aggregate(int depth) {
  if (dice_.chance(40)) return "count of lines" + filter(depth);
  return dice_.pick({"sum of line.quantity", "sum of (line.quantity * 2 - 3)",
                     "sum of extra[product.vendor]"}) +
         filter(depth);
}

std::string RuleWriter::number(Place place, int depth) {
  if (depth > 0 && dice_.chance(35)) {
    const std::string left = number(place, depth - 1);
    const std::string right =
        dice_.chance(40) ? literal(Measure::number) : number(place, depth - 1);
    switch (dice_.roll(6)) {
      case 0:
        return "(" + left + " + " + right + ")";
      case 1:
        return "(" + left + " - " + right + ")";
      case 2:
        return "(" + left + " * " + right + ")";
      case 3:
        return "(" + left + " / " + right + ")";
      case 4:
        return "-(" + left + ")";
      default:
        return "(" + money(place, depth - 1) + " / " + money(place, depth - 1) + ")";
    }
  }
  if (place.quantifier && dice_.chance(25)) return aggregate(depth);
  if (dice_.chance(12)) return "extra[" + text_operand(place) + "]";
  if (place.line && dice_.chance(40)) return "line.quantity";
  return dice_.pick(
      {"order.quantity", "order.line_count", "customer.orders_count", "shop.staff_count"});
}

std::string RuleWriter::money(Place place, int depth) {
  if (depth > 0 && dice_.chance(35)) {
    const std::string left = money(place, depth - 1);
    switch (dice_.roll(4)) {
      case 0:
        return "(" + left + dice_.pick({" + ", " - "}) + money(place, depth - 1) + ")";
      case 1:
        return "(" + left + dice_.pick({" + ", " - "}) + literal(Measure::money) + ")";
      case 2:
        return "(" + left + dice_.pick({" * ", " / "}) + number(place, depth - 1) + ")";
      default:
        return "(" + number(place, depth - 1) + " * " + left + ")";
    }
  }
  if (place.quantifier && dice_.chance(15)) {
    return dice_.pick({"sum of line.price", "sum of (line.price * line.quantity)",
                       "sum of fee[line.vendor]"}) +
           filter(depth);
  }
  if (dice_.chance(12)) return "fee[" + text_operand(place) + "]";
  if (place.line && dice_.chance(40)) return "line.price";
  return dice_.pick({"order.total", "order.subtotal", "order.shipping", "order.discount"});
}

std::string RuleWriter::weight(Place place, int depth) {
  if (depth > 0 && dice_.chance(30)) {
    return "(" + weight(place, depth - 1) + " * " + number(place, depth - 1) + ")";
  }
  if (dice_.chance(10)) return "heavy[" + number(place, 0) + "]";
  return place.line && dice_.chance(60) ? "line.weight" : "order.weight";
}

std::string RuleWriter::duration(Place place, int depth) {
  const std::string span = "(" + time(place, depth) + " - " + time(place, depth) + ")";
  if (depth > 0 && dice_.chance(20)) return "(" + span + " * " + number(place, depth - 1) + ")";
  return depth > 0 && dice_.chance(20) ? "(" + span + " / 2)" : span;
}

std::string RuleWriter::time(Place place, int depth) {
  const std::string field = dice_.pick({"order.placed_at", "order.received_at", "now"});
  if (depth > 0 && dice_.chance(15)) {
    return "(" + field + dice_.pick({" + 1h * ", " - 12h * "}) + number(place, depth - 1) + ")";
  }
  return dice_.chance(20)
             ? "(" + field +
                   dice_.pick({" + 3 days", " - 12h", " - ((now - order.placed_at) / 7)"}) + ")"
             : field;
}

}  // namespace consign::reference
