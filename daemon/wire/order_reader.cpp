#include "daemon/wire/order_reader.hpp"

#include <set>

#include "consign/hash.hpp"
#include "consign/text.hpp"
#include "daemon/wire/field_reader.hpp"

namespace consign {

namespace {

/// Members of an order and of a line that are no fields of rules.
const std::vector<std::string_view> kOrderExtras = {"revision", "updated_at", "cancelled_at",
                                                    "lines"};
const std::vector<std::string_view> kLineExtras = {"product"};

class OrderReader {
 public:
  OrderReader(const JsonNode& document, const OrderLimits& limits)
      : document_(document),
        limits_(limits),
        fields_(faults_, {limits.text_bytes, limits.values}) {}

  Result<OrderDocument, std::vector<JsonError>> read() {
    if (!document_.is(JsonNode::Kind::object)) {
      return std::vector<JsonError>{{"", "an order is a JSON object"}};
    }
    read_order();
    read_lines();
    if (!faults_.empty()) return std::move(faults_);
    complete();
    return std::move(order_);
  }

 private:
  void fault(std::string pointer, std::string message) {
    faults_.push_back({std::move(pointer), std::move(message)});
  }

  void read_order() {
    // The currency first: all amounts of the order are in it.
    if (const JsonNode* currency = document_.find("currency")) {
      if (const auto word = find_word(Domain::currency, currency->text)) {
        fields_.set_currency(*word);
      }
    }
    fields_.read_object(document_, "", {Subject::order, Subject::customer}, kOrderExtras,
                        order_.event.order);
    require(document_, "", order_.event.order,
            {Field::order_shop, Field::order_id, Field::order_currency, Field::order_total});

    if (const JsonNode* revision = present("revision")) {
      if (revision->is(JsonNode::Kind::string) && !revision->text.empty()) {
        order_.revision = revision->text;
      } else {
        fault("/revision", "a revision is a text that is not empty");
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
    if (!time) fault("/" + std::string(name), kTimeHelp);
    return time;
  }

  void read_lines() {
    const JsonNode* lines = document_.find("lines");
    if (lines == nullptr || !lines->is(JsonNode::Kind::array)) {
      fault("/lines", lines == nullptr ? "this is missing: an array of the order's lines"
                                       : "lines are a JSON array");
      return;
    }
    if (lines->items.size() > limits_.lines) {
      fault("/lines", "an order may have " + std::to_string(limits_.lines) +
                          " lines, this one has " + std::to_string(lines->items.size()));
      return;
    }
    std::set<std::string_view> ids;
    for (std::size_t i = 0; i < lines->items.size(); ++i) {
      read_line(lines->items[i], "/lines/" + std::to_string(i), ids);
    }
  }

  void read_line(const JsonNode& node, const std::string& pointer,
                 std::set<std::string_view>& ids) {
    if (!node.is(JsonNode::Kind::object)) {
      fault(pointer, "a line is a JSON object");
      return;
    }
    Record& line = order_.event.lines.emplace_back();
    fields_.read_object(node, pointer, {Subject::line}, kLineExtras, line);
    require(node, pointer, line, {Field::line_id, Field::line_quantity, Field::line_price});
    if (const JsonNode* id = node.find("id"); id != nullptr && !ids.insert(id->text).second) {
      fault(pointer + "/id", "line `" + id->text + "` stands twice");
    }
    if (const Value* quantity = line.value(Field::line_quantity)) {
      const Decimal least = limits_.allow_zero_quantity ? Decimal(0) : Decimal(1);
      const bool too_little =
          limits_.allow_zero_quantity ? quantity->number < least : quantity->number <= Decimal(0);
      if (too_little) {
        fault(pointer + "/quantity", "a quantity is more than 0, this one is " +
                                         quantity->number.to_string() +
                                         "; leave the line out where nothing is ordered");
      }
    }
    std::string product;
    if (const JsonNode* node_product = node.find("product");
        node_product != nullptr && !node_product->is_null()) {
      if (node_product->is(JsonNode::Kind::string)) {
        product = node_product->text;
      } else {
        fault(pointer + "/product", kIdHelp);
      }
    }
    order_.event.line_products.push_back(std::move(product));
  }

  void require(const JsonNode& node, const std::string& pointer, const Record& record,
               std::initializer_list<Field> fields) {
    for (const Field field : fields) {
      const FieldRow& row = row_of(field);
      const JsonNode* given = node.find(row.json);
      if (record.value(field) == nullptr && (given == nullptr || given->is_null())) {
        fault(pointer + "/" + std::string(row.json), "this is missing: " + std::string(row.help));
      }
    }
    for (const Field field : {Field::order_id, Field::order_shop, Field::line_id}) {
      const Value* value = record.value(field);
      if (value != nullptr && trim(value->text).empty()) {
        fault(pointer + "/" + std::string(row_of(field).json), "an id may not be empty");
      }
    }
  }

  /// What follows from the rest: totals, and what an absent member means.
  void complete() {
    Record& order = order_.event.order;
    Decimal pieces(0);
    for (Record& line : order_.event.lines) {
      pieces = pieces.plus(line.value(Field::line_quantity)->number).value_or(pieces);
      if (line.value(Field::line_requires_shipping) == nullptr) {
        line.set(Field::line_requires_shipping, Value::of_bool(true));
      }
      if (line.value(Field::line_gift_card) == nullptr) {
        line.set(Field::line_gift_card, Value::of_bool(false));
      }
    }
    order.set(Field::order_quantity, Value::of_number(pieces));
    order.set(Field::order_line_count,
              Value::of_number(Decimal(static_cast<std::int64_t>(order_.event.lines.size()))));
    if (order.value(Field::order_test) == nullptr) {
      order.set(Field::order_test, Value::of_bool(false));
    }
    if (order.value(Field::order_payment) == nullptr) {
      order.set(Field::order_payment, Value::of_enum("pending"));
    }
    order_.shop = order.text(Field::order_shop);
    order_.id = order.text(Field::order_id);
    order_.canonical = canonical_json(document_);
    if (order_.revision.empty()) order_.revision = to_hex(sha256(order_.canonical));
  }

  const JsonNode& document_;
  const OrderLimits& limits_;
  std::vector<JsonError> faults_;
  FieldReader fields_;
  OrderDocument order_;
};

}  // namespace

Result<OrderDocument, std::vector<JsonError>> read_order(const JsonNode& document,
                                                         const OrderLimits& limits) {
  return OrderReader(document, limits).read();
}

void receive(OrderDocument& order, Timestamp at) {
  Record& fields = order.event.order;
  fields.set(Field::order_received_at, Value::of_time(at));
  if (fields.value(Field::order_placed_at) == nullptr) {
    fields.set(Field::order_placed_at, Value::of_time(at));
  }
}

}  // namespace consign
