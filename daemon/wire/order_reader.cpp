#include "daemon/wire/order_reader.hpp"

#include <algorithm>
#include <unordered_set>

#include "consign/hash.hpp"
#include "consign/text.hpp"
#include "daemon/wire/field_reader.hpp"
#include "daemon/wire/fulfillment_orders.hpp"

namespace consign {

namespace {

/// An order, with the members that are no fields of rules.
const ObjectForm& order_form() {
  static const ObjectForm form(
      {Subject::order, Subject::customer},
      {"revision", "updated_at", "cancelled_at", "lines", "fulfillment_orders"});
  return form;
}

const ObjectForm& line_form() {
  static const ObjectForm form({Subject::line}, {"product", "fulfilled"});
  return form;
}

/// Whether any two of the lines have one id; then where.
class IdsSeen {
 public:
  bool add(const std::vector<Record>& lines, std::size_t index) {
    constexpr std::size_t kFew = 16;
    const std::string_view id = lines[index].text(Field::line_id);
    if (index < kFew) {
      return std::none_of(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(index),
                          [&](const Record& line) { return line.text(Field::line_id) == id; });
    }
    if (many_.empty()) {
      for (std::size_t i = 0; i < index; ++i) many_.insert(lines[i].text(Field::line_id));
    }
    return many_.insert(id).second;
  }

 private:
  std::unordered_set<std::string_view> many_;
};

class OrderReader {
 public:
  OrderReader(OrderDocument& order, const OrderLimits& limits)
      : order_(order),
        document_(order.json.root()),
        limits_(limits),
        fields_(faults_, {limits.text_bytes, limits.values}, FieldReader::Texts::referred) {}

  std::vector<JsonError> read() {
    order_.clear();
    if (!document_.is(JsonNode::Kind::object)) return {{"", "an order is a JSON object"}};
    read_order();
    read_lines();
    if (const JsonNode* orders = present("fulfillment_orders")) {
      check_fulfillment_orders(*orders, root_.member("fulfillment_orders"), order_.event.lines,
                               limits_.lines, fields_);
    }
    if (faults_.empty()) complete();
    return std::move(faults_);
  }

 private:
  void read_order() {
    // The currency first: all amounts of the order are in it.
    if (const JsonNode* currency = document_.find("currency")) {
      if (const auto word = find_word(Domain::currency, currency->text)) {
        fields_.set_currency(*word);
      }
    }
    fields_.read_object(document_, root_, order_form(), order_.event.order);
    require(document_, root_, order_.event.order,
            {Field::order_shop, Field::order_id, Field::order_currency, Field::order_total});
    if (const JsonNode* revision = present("revision")) {
      if (revision->is(JsonNode::Kind::string) && !revision->text.empty()) {
        order_.set_revision(revision->text);
      } else {
        fields_.fault(root_.member("revision"), "a revision is a text that is not empty");
      }
    }
    order_.updated_at = read_time("updated_at");
    order_.event.cancelled = read_time("cancelled_at").has_value();
  }

  const JsonNode* present(std::string_view name) const {
    const JsonNode* node = document_.find(name);
    return node == nullptr || node->is_null() ? nullptr : node;
  }

  std::optional<Timestamp> read_time(std::string_view name) {
    const JsonNode* node = present(name);
    if (node == nullptr) return std::nullopt;
    const auto time = node->is(JsonNode::Kind::string) ? parse_timestamp(node->text) : std::nullopt;
    if (!time) fields_.fault(root_.member(name), kTimeHelp);
    return time;
  }

  void read_lines() {
    const JsonNode* lines = document_.find("lines");
    const JsonPlace place = root_.member("lines");
    if (lines == nullptr || !lines->is(JsonNode::Kind::array)) {
      fields_.fault(place, lines == nullptr ? "this is missing: an array of the order's lines"
                                            : "lines are a JSON array");
      return;
    }
    if (lines->count > limits_.lines) {
      fields_.fault(place, "an order may have " + std::to_string(limits_.lines) +
                               " lines, this one has " + std::to_string(lines->count));
      return;
    }
    order_.event.lines.resize(lines->count);
    order_.event.line_products.resize(lines->count);
    IdsSeen ids;
    std::size_t index = 0;
    for (const JsonNode& line : lines->children()) {
      read_line(line, place.item(index), index, ids);
      ++index;
    }
  }

  void read_line(const JsonNode& node, const JsonPlace& place, std::size_t index, IdsSeen& ids) {
    Record& line = order_.event.lines[index];
    line.clear();
    if (!node.is(JsonNode::Kind::object)) {
      fields_.fault(place, "a line is a JSON object");
      return;
    }
    fields_.read_object(node, place, line_form(), line);
    require(node, place, line, {Field::line_id, Field::line_quantity, Field::line_price});
    if (line.value(Field::line_id) != nullptr && !ids.add(order_.event.lines, index)) {
      fields_.fault(place.member("id"),
                    "line `" + std::string(line.text(Field::line_id)) + "` stands twice");
    }
    if (const Value* quantity = line.value(Field::line_quantity)) check_quantity(*quantity, place);
    if (const JsonNode* fulfilled = node.find("fulfilled"); fulfilled && !fulfilled->is_null()) {
      const auto number = Decimal::parse(fulfilled->text);
      if (!number || number->is_negative()) {
        fields_.fault(place.member("fulfilled"),
                      "what is fulfilled already is a number, 0 or more");
      }
    }
    std::string& product = order_.event.line_products[index];
    product.clear();
    const JsonNode* given = node.find("product");
    if (given == nullptr || given->is_null()) return;
    if (given->is(JsonNode::Kind::string)) {
      product = given->text;
    } else {
      fields_.fault(place.member("product"), kIdHelp);
    }
  }

  void check_quantity(const Value& quantity, const JsonPlace& line) {
    const bool too_little = quantity.number.is_negative() ||
                            (quantity.number.is_zero() && !limits_.allow_zero_quantity);
    if (!too_little) return;
    fields_.fault(line.member("quantity"), "a quantity is more than 0, this one is " +
                                               quantity.number.to_string() +
                                               "; leave the line out where nothing is ordered");
  }

  void require(const JsonNode& node, const JsonPlace& place, const Record& record,
               std::initializer_list<Field> fields) {
    for (const Field field : fields) {
      if (record.value(field) != nullptr) continue;
      const FieldRow& row = row_of(field);
      const JsonNode* given = node.find(row.json);
      if (given == nullptr || given->is_null()) {
        fields_.fault(place.member(row.json), "this is missing: " + std::string(row.help));
      }
    }
    for (const Field field : {Field::order_id, Field::order_shop, Field::line_id}) {
      const Value* value = record.value(field);
      if (value != nullptr && trim(value->text).empty()) {
        fields_.fault(place.member(row_of(field).json), "an id may not be empty");
      }
    }
  }

  /// What follows from the rest: totals, and what an absent member means.
  void complete() {
    const auto by_default = [](Record& record, Field field, const Value& value) {
      if (record.value(field) == nullptr) record.refer(field, value);
    };
    Record& order = order_.event.order;
    Decimal pieces(0);
    for (Record& line : order_.event.lines) {
      pieces = pieces.plus(line.value(Field::line_quantity)->number).value_or(pieces);
      by_default(line, Field::line_requires_shipping, Value::of_bool(true));
      by_default(line, Field::line_gift_card, Value::of_bool(false));
    }
    order.refer(Field::order_quantity, Value::of_number(pieces));
    order.refer(Field::order_line_count,
                Value::of_number(Decimal(static_cast<std::int64_t>(order_.event.lines.size()))));
    by_default(order, Field::order_test, Value::of_bool(false));
    by_default(order, Field::order_payment, Value::of_enum("pending"));
    order_.shop = order.text(Field::order_shop);
    order_.id = order.text(Field::order_id);
  }

  OrderDocument& order_;
  const JsonNode& document_;
  const OrderLimits& limits_;
  const JsonPlace root_;
  std::vector<JsonError> faults_;
  FieldReader fields_;
};

}  // namespace

const std::string& OrderDocument::canonical() const {
  if (canonical_.empty()) write_canonical_json(json.root(), canonical_);
  return canonical_;
}

const std::string& OrderDocument::revision() const {
  if (revision_.empty()) revision_ = to_hex(sha256(canonical()));
  return revision_;
}

void OrderDocument::clear() {
  event.order.clear();  // lines are cleared where they are used again
  event.cancelled = false;
  shop.clear();
  id.clear();
  updated_at.reset();
  canonical_.clear();
  revision_.clear();
}

std::vector<JsonError> read_order(OrderDocument& order, const OrderLimits& limits) {
  return OrderReader(order, limits).read();
}

Result<OrderDocument, std::vector<JsonError>> read_order(JsonDocument document,
                                                         const OrderLimits& limits) {
  OrderDocument order;
  order.json = std::move(document);
  auto faults = read_order(order, limits);
  if (!faults.empty()) return faults;
  return order;
}

void receive(OrderDocument& order, Timestamp at) {
  Record& fields = order.event.order;
  fields.refer(Field::order_received_at, Value::of_time(at));
  if (fields.value(Field::order_placed_at) == nullptr) {
    fields.refer(Field::order_placed_at, Value::of_time(at));
  }
}

}  // namespace consign
