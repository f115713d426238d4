#include "daemon/exports/order_columns.hpp"

#include <algorithm>

#include "consign/decimal.hpp"
#include "consign/diagnostic.hpp"
#include "consign/text.hpp"
#include "daemon/orders/acting.hpp"

namespace consign {
namespace {

using Row = ExportedRow;

std::string text_of(const JsonNode* node) {
  return node == nullptr || node->is_null() ? std::string() : std::string(node->text);
}

std::string of_order(const Row& row, std::string_view member) {
  return text_of(row.order.document.find(member));
}

std::string of_order(const Row& row, std::string_view object, std::string_view member) {
  const JsonNode* inside = row.order.document.find(object);
  return inside == nullptr ? std::string() : text_of(inside->find(member));
}

std::string of_line(const Row& row, std::string_view member) {
  return text_of(row.line.find(member));
}

std::string none(const Row&) { return {}; }

std::string number_of_order(const Row& row) {
  auto name = of_order(row, "name");
  return name.empty() ? row.order.view.order.key.id : name;
}

std::string order_date(const Row& row) {
  auto placed = of_order(row, "placed_at");
  return placed.empty() ? format_timestamp(row.order.view.order.received_at) : placed;
}

std::string paid(const Row& row) {
  return of_order(row, "payment") == "paid" ? of_order(row, "total") : std::string();
}

std::string quantity(const Row& row) {
  return row.part != nullptr ? row.part->quantity : of_line(row, "quantity");
}

// Over the lines that the viewer sees; a number that no longer reads counts nothing.
template <class Amount>
Decimal sum_of_lines(const Row& row, Amount amount_of) {
  Decimal sum;
  const JsonNode* lines = row.order.document.find("lines");
  if (lines == nullptr) return sum;
  for (const JsonNode& line : lines->children()) {
    sum = sum.plus(amount_of(line)).value_or(sum);
  }
  return sum;
}

Decimal decimal_of(const JsonNode& line, std::string_view member) {
  return Decimal::parse(text_of(line.find(member))).value_or(Decimal());
}

std::string count_of_items(const Row& row) {
  return sum_of_lines(row, [](const JsonNode& line) { return decimal_of(line, "quantity"); })
      .to_canonical_string();
}

Decimal grams(const Row& row) {
  if (const auto whole = Decimal::parse(of_order(row, "grams"))) return *whole;
  return sum_of_lines(row, [](const JsonNode& line) {
    return decimal_of(line, "grams").times(decimal_of(line, "quantity")).value_or(Decimal());
  });
}

std::string total_grams(const Row& row) {
  const auto weight = grams(row);
  return weight.is_zero() ? std::string() : weight.to_canonical_string();
}

// In hundredths, as scales give it.
std::string total_ounces(const Row& row) {
  const auto weight = grams(row);
  if (weight.is_zero()) return {};
  static const Decimal kHundred(100), kHalf = *Decimal::parse("0.5");
  static const Decimal kGrams = *Decimal::parse("28.349523125");
  const auto hundredths = weight.times(kHundred);
  const auto ounces = hundredths ? hundredths->divided_by(kGrams) : std::nullopt;
  const auto rounded = ounces ? ounces->plus(kHalf) : std::nullopt;
  if (!rounded) return {};
  const auto result = Decimal::floor(*rounded).divided_by(kHundred);
  return result ? result->to_canonical_string() : std::string();
}

std::string tags(const Row& row) {
  std::string all;
  for (const auto& tag : row.order.tags) all += (all.empty() ? "" : ", ") + tag;
  return all;
}

std::string until(const Row& row) {
  return row.part != nullptr && row.part->until ? format_timestamp(*row.part->until)
                                                : std::string();
}

template <class Member>
std::string of_part(const Row& row, Member member) {
  return row.part == nullptr ? std::string() : (row.part->*member).value_or("");
}

/// The parcel that the part left in.
const store::ShipmentRow* shipment_of(const Row& row) {
  if (row.part == nullptr) return nullptr;
  for (const auto& shipment : row.order.view.shipments) {
    for (const auto& each : shipment.parts) {
      if (each.line == row.part->line && each.part == row.part->part) return &shipment;
    }
  }
  return nullptr;
}

std::string of_shipment(const Row& row, std::string store::ShipmentRow::*member) {
  const auto* shipment = shipment_of(row);
  return shipment == nullptr ? std::string() : shipment->*member;
}

std::string of_shipment(const Row& row, std::vector<std::string> store::ShipmentRow::*member) {
  const auto* shipment = shipment_of(row);
  std::string all;
  if (shipment == nullptr) return all;
  for (const auto& each : shipment->*member) all += (all.empty() ? "" : ", ") + each;
  return all;
}

std::string shipped_date(const Row& row) {
  const auto* shipment = shipment_of(row);
  return shipment == nullptr ? std::string() : format_timestamp(shipment->shipped_at);
}

std::string delivered_date(const Row& row) {
  const auto* shipment = shipment_of(row);
  return shipment == nullptr || !shipment->delivered_at ? std::string()
                                                        : format_timestamp(*shipment->delivered_at);
}

constexpr OrderColumn kColumns[] = {
    // clang-format off
    {"order_number",      "Order - Number",           true,  number_of_order},
    {"order_date",        "Date - Order Date",        true,  order_date},
    {"paid_date",         "Date - Paid Date",         true,  none},
    {"ship_by_date",      "Date - Ship By Date",      true,  none},
    {"order_status",      "Order - Status",           true,  [](const Row& row) { return row.order.view.order.state; }},
    {"order_total",       "Amount - Order Total",     true,  [](const Row& row) { return of_order(row, "total"); }},
    {"order_subtotal",    "Amount - Order Subtotal",  true,  [](const Row& row) { return of_order(row, "subtotal"); }},
    {"order_tax",         "Amount - Order Tax",       true,  none},
    {"order_shipping",    "Amount - Order Shipping",  true,  [](const Row& row) { return of_order(row, "shipping"); }},
    {"amount_paid",       "Amount - Paid by Customer", true, paid},
    {"shipping_cost",     "Amount - Shipping Cost",   true,  none},
    {"bill_to_name",      "Bill To - Name",           true,  none},
    {"ship_to_name",      "Ship To - Name",           true,  [](const Row& row) { return of_order(row, "ship_to", "name"); }},
    {"ship_to_company",   "Ship To - Company",        true,  [](const Row& row) { return of_order(row, "ship_to", "company"); }},
    {"ship_to_address_1", "Ship To - Address 1",      true,  [](const Row& row) { return of_order(row, "ship_to", "address"); }},
    {"ship_to_address_2", "Ship To - Address 2",      true,  none},
    {"ship_to_address_3", "Ship To - Address 3",      true,  none},
    {"ship_to_city",      "Ship To - City",           true,  [](const Row& row) { return of_order(row, "ship_to", "city"); }},
    {"ship_to_state",     "Ship To - State",          true,  [](const Row& row) { return of_order(row, "ship_to", "province"); }},
    {"ship_to_postcode",  "Ship To - Postal Code",    true,  [](const Row& row) { return of_order(row, "ship_to", "postcode"); }},
    {"ship_to_country",   "Ship To - Country",        true,  [](const Row& row) { return of_order(row, "ship_to", "country"); }},
    {"ship_to_phone",     "Ship To - Phone",          true,  [](const Row& row) { return of_order(row, "ship_to", "phone"); }},
    {"item_sku",          "Item - SKU",               true,  [](const Row& row) { return of_line(row, "sku"); }},
    {"item_name",         "Item - Name",              true,  [](const Row& row) { return of_line(row, "title"); }},
    {"item_quantity",     "Item - Qty",               true,  quantity},
    {"item_price",        "Item - Price",             true,  [](const Row& row) { return of_line(row, "price"); }},
    {"item_options",      "Item - Options",           true,  [](const Row& row) { return of_line(row, "variant"); }},
    {"item_fill_sku",     "Item - Fill SKU",          true,  none},
    {"item_count",        "Count - Number of Items",  true,  count_of_items},
    {"service",           "Carrier - Service Sel",    true,  [](const Row& row) { return of_order(row, "shipping_method"); }},
    {"package",           "Service - Package Type",   true,  none},
    {"store",             "Market - Store Name",      true,  [](const Row& row) { return row.order.view.order.key.shop; }},
    {"channel",           "Market - Markeplace Name", true,  [](const Row& row) { return std::string(row.order.channel); }},
    {"order_url",         "Market - Market Order URL", true, none},
    {"note",              "Notes - From Buyer",       true,  [](const Row& row) { return of_order(row, "note"); }},
    {"custom_1",          "Custom - Field 1",         true,  none},
    {"custom_2",          "Custom - Field 2",         true,  none},
    {"custom_3",          "Custom - Field 3",         true,  none},
    {"weight_ounces",     "Weight - TotalOz",         true,  total_ounces},
    {"source",            "Source",                   true,  [](const Row& row) { return of_order(row, "source"); }},

    {"order_id",          "Order - Id",               false, [](const Row& row) { return row.order.view.order.key.id; }},
    {"received_at",       "Date - Received",          false, [](const Row& row) { return format_timestamp(row.order.view.order.received_at); }},
    {"currency",          "Amount - Currency",        false, [](const Row& row) { return of_order(row, "currency"); }},
    {"payment",           "Order - Payment",          false, [](const Row& row) { return of_order(row, "payment"); }},
    {"tags",              "Order - Tags",             false, tags},
    {"customer_id",       "Customer - Id",            false, [](const Row& row) { return of_order(row, "customer", "id"); }},
    {"customer_email",    "Customer - Email",         false, [](const Row& row) { return of_order(row, "customer", "email"); }},
    {"weight_grams",      "Weight - Total g",         false, total_grams},
    {"line_id",           "Item - Line",              false, [](const Row& row) { return of_line(row, "id"); }},
    {"part",              "Item - Part",              false, [](const Row& row) { return row.part == nullptr ? std::string() : std::to_string(row.part->part); }},
    {"product",           "Item - Product",           false, [](const Row& row) { return of_line(row, "product"); }},
    {"outcome",           "Item - Outcome",           false, [](const Row& row) { return row.part == nullptr ? std::string() : row.part->outcome; }},
    {"part_state",        "Item - State",             false, [](const Row& row) { return row.part == nullptr ? std::string() : std::string(life_of(*row.part)); }},
    {"supplier",          "Item - Supplier",          false, [](const Row& row) { return of_part(row, &store::PartRow::supplier); }},
    {"reason",            "Item - Reason",            false, [](const Row& row) { return of_part(row, &store::PartRow::reason); }},
    {"until",             "Item - Held Until",        false, until},
    {"rule",              "Item - Rule",              false, [](const Row& row) { return of_part(row, &store::PartRow::rule); }},
    {"shipment",          "Shipment - Id",            false, [](const Row& row) { return of_shipment(row, &store::ShipmentRow::id); }},
    {"carrier",           "Shipment - Carrier",       false, [](const Row& row) { return of_shipment(row, &store::ShipmentRow::carrier); }},
    {"tracking_number",   "Shipment - Tracking Number", false, [](const Row& row) { return of_shipment(row, &store::ShipmentRow::tracking); }},
    {"tracking_url",      "Shipment - Tracking URL",  false, [](const Row& row) { return of_shipment(row, &store::ShipmentRow::urls); }},
    {"shipped_date",      "Date - Shipped Date",      false, shipped_date},
    {"delivered_date",    "Date - Delivered Date",    false, delivered_date},
    {"decision",          "Order - Decision",         false, [](const Row& row) { return row.order.view.whole ? row.order.view.order.decision : std::string(); }},
    // clang-format on
};

}  // namespace

std::span<const OrderColumn> order_columns() { return kColumns; }

Result<std::vector<const OrderColumn*>> choose_columns(std::string_view names) {
  std::vector<const OrderColumn*> chosen;
  if (names.empty()) {
    for (const auto& column : kColumns) {
      if (column.usual) chosen.push_back(&column);
    }
    return chosen;
  }
  for (;;) {
    const auto comma = names.find(',');
    const auto name = trim(names.substr(0, comma));
    const auto found = std::find_if(std::begin(kColumns), std::end(kColumns),
                                    [&](const OrderColumn& column) { return column.name == name; });
    if (found == std::end(kColumns)) {
      std::vector<std::string_view> known;
      for (const auto& column : kColumns) known.push_back(column.name);
      const auto near = nearest_name(name, known);
      std::string message = "there is no column `" + std::string(name) + "`";
      if (!near.empty()) return Error{message + ", did you mean `" + std::string(near) + "`?"};
      for (const auto each : known) {
        message += (each == known.front() ? "; there are `" : "`, `") + std::string(each);
      }
      return Error{message + "`"};
    }
    chosen.push_back(found);
    if (comma == std::string_view::npos) return chosen;
    names.remove_prefix(comma + 1);
  }
}

}  // namespace consign
