#include "daemon/wire/facts.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "daemon/wire/field_reader.hpp"

namespace consign {

// ---- products ----------------------------------------------------------------------------------

namespace {

const ObjectForm& product_form(bool names_shop) {
  static const ObjectForm form({Subject::product}, {"skus"});
  static const ObjectForm with_shop({Subject::product}, {"skus", "shop"});
  return names_shop ? with_shop : form;
}

void read_skus(const JsonNode& document, const JsonPlace& place, FieldReader& fields,
               Product& product) {
  const JsonNode* skus = document.find("skus");
  if (skus == nullptr || skus->is_null()) return;
  const JsonPlace at = place.member("skus");
  if (!skus->is(JsonNode::Kind::array)) {
    fields.fault(at, "skus are an array");
    return;
  }
  std::size_t index = 0;
  for (const JsonNode& sku : skus->children()) {
    if (sku.is(JsonNode::Kind::string)) {
      product.skus.emplace_back(sku.text);
    } else {
      fields.fault(at.item(index), "a SKU is text: put it in quotes");
    }
    ++index;
  }
}

}  // namespace

Result<Product, std::vector<JsonError>> read_product(const JsonNode& document, std::string_view id,
                                                     bool names_shop) {
  std::vector<JsonError> faults;
  if (!document.is(JsonNode::Kind::object)) {
    faults.push_back({"", "a product is a JSON object"});
    return faults;
  }
  Product product;
  product.id = id;
  if (const JsonNode* own = document.find("id"); own != nullptr && own->text != id) {
    faults.push_back({"/id", "the product is `" + std::string(id) + "` by its address"});
  }
  FieldReader fields(faults, {});
  fields.read_object(document, {}, product_form(names_shop), product.record);
  read_skus(document, {}, fields, product);
  if (!faults.empty()) return faults;
  product.record.set(Field::product_id, Value::of_code(id));
  product.canonical = canonical_json(document);
  return product;
}

// ---- joining -----------------------------------------------------------------------------------

namespace {

/// The product's fields, which keep the product.
std::shared_ptr<const Record> record_of(std::shared_ptr<const Product> product) {
  const Record* record = &product->record;
  return {std::move(product), record};
}

Facts::Product join_product(const Event& event, std::size_t line, std::string_view shop,
                            FactSource& source) {
  Facts::Product joined;
  const std::string& id = event.line_products[line];
  if (!id.empty()) {
    joined.name = "product " + id;
    if (auto product = source.product(shop, id)) {
      joined.state = Known::known;
      joined.record = record_of(std::move(product));
    }
    return joined;
  }
  const std::string_view sku = event.lines[line].text(Field::line_sku);
  joined.state = Known::missing;
  if (sku.empty()) return joined;
  auto products = source.products_by_sku(shop, sku);
  if (products.size() > 1) {
    joined.state = Known::unknown;
    joined.name = "product with sku " + std::string(sku);
  } else if (products.size() == 1) {
    joined.state = Known::known;
    joined.record = record_of(std::move(products.front()));
  }
  return joined;
}

/// Of all the order's SKUs and from every supplier, whichever the rules turn to in the end.
void join_stock(const Event& event, FactSource& source, Facts& facts) {
  std::vector<std::string_view> skus;
  for (const Record& line : event.lines) {
    const std::string_view sku = line.text(Field::line_sku);
    if (!sku.empty()) skus.push_back(sku);
  }
  std::sort(skus.begin(), skus.end());
  skus.erase(std::unique(skus.begin(), skus.end()), skus.end());
  facts.stock = source.stock(skus);
  std::sort(facts.stock.begin(), facts.stock.end(),
            [](const Facts::Stock& a, const Facts::Stock& b) {
              return std::tie(a.sku, a.supplier) < std::tie(b.sku, b.supplier);
            });
}

void join_loads(std::span<const Supplier> suppliers, Timestamp now, FactSource& source,
                Facts& facts) {
  for (const Supplier& supplier : suppliers) {
    const auto period = capacity_period(supplier, now);
    if (!period) continue;
    const std::int64_t orders = source.orders_taken(supplier.name, *period);
    if (orders > 0) facts.loads.push_back({supplier.name, orders});
  }
  std::sort(facts.loads.begin(), facts.loads.end(),
            [](const Facts::Load& a, const Facts::Load& b) { return a.supplier < b.supplier; });
}

}  // namespace

Record join_shop(std::string_view shop, FactSource& source) {
  Record joined = source.shop(shop);
  joined.set(Field::shop_id, Value::of_code(shop));
  if (joined.value(Field::shop_channel) == nullptr) {
    joined.set(Field::shop_channel, Value::of_enum("own"));
  }
  if (joined.value(Field::shop_staff_count) == nullptr) {
    joined.set(Field::shop_staff_count, Value::of_number(Decimal(0)));
  }
  joined.set(Field::order_channel, *joined.value(Field::shop_channel));
  return joined;
}

Facts join_facts(const Event& event, const FactsNeeded& needed, std::span<const Supplier> suppliers,
                 FactSource& source, Timestamp now) {
  Facts facts;
  if (needed.stock) {
    join_stock(event, source, facts);
    join_loads(suppliers, now, source, facts);
  }
  const std::string_view shop = event.order.text(Field::order_shop);
  if (needed.shop) facts.shared = join_shop(shop, source);
  if (needed.products) {
    for (std::size_t line = 0; line < event.lines.size(); ++line) {
      facts.products.push_back(join_product(event, line, shop, source));
    }
  }
  const std::string_view customer = event.order.text(Field::customer_id);
  if (needed.customer_orders && event.order.value(Field::customer_orders_count) == nullptr) {
    const std::int64_t others = source.other_orders(
        shop, customer, event.order.text(Field::customer_email), event.order.text(Field::order_id));
    facts.shared.set(Field::customer_orders_count, Value::of_number(Decimal(others + 1)));
  }
  if (needed.customer_tags && event.order.values(Field::customer_tag).empty()) {
    for (const std::string& tag : source.customer_tags(shop, customer)) {
      facts.shared.add(Field::customer_tag, Value::of_text(tag));
    }
  }
  return facts;
}

// ---- facts as JSON -----------------------------------------------------------------------------

namespace {

std::string_view name_of(Known known) {
  switch (known) {
    case Known::known:
      return "known";
    case Known::missing:
      return "missing";
    case Known::unknown:
      return "unknown";
  }
  return {};
}

/// Puts a comma before every item but the first.
class Commas {
 public:
  explicit Commas(std::string& out) : out_(out) {}
  void next() {
    if (!std::exchange(first_, false)) out_ += ',';
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void write_value(const Value& value, std::string& out) {
  if (value.type == Type::boolean) {
    out += value.truth ? "true" : "false";
  } else {
    write_json_text(to_text(value), out);
  }
}

using Rows = std::vector<const FieldRow*>;

/// In the order of the table; without a subject, all.
Rows rows_of(std::optional<Subject> subject) {
  Rows rows;
  for (const FieldRow& row : all_fields()) {
    if (!subject || row.subject == *subject) rows.push_back(&row);
  }
  return rows;
}

/// Those of the fields that the record has, by their spelling.
void write_record(const Record& record, const Rows& rows, std::string& out) {
  out += '{';
  Commas fields(out);
  for (const FieldRow* row : rows) {
    const auto values = record.values(row->field);
    if (values.empty()) continue;
    fields.next();
    write_json_text(row->spelling, out);
    out += ":[";
    Commas items(out);
    for (const Value& value : values) {
      items.next();
      write_value(value, out);
    }
    out += ']';
  }
  out += '}';
}

Value value_from_json(const FieldRow& row, const JsonNode& node) {
  Value value = Value::of_text(node.text);
  value.type = row.type;
  if (row.type == Type::boolean) value.truth = node.truth;
  if (row.type == Type::number) value.number = Decimal::parse(node.text).value_or(Decimal(0));
  return value;
}

Record record_from_json(const JsonNode& node) {
  Record record;
  for (const JsonNode& values : node.children()) {
    const FieldRow* row = find_field(values.name);
    if (row == nullptr) continue;
    for (const JsonNode& value : values.children())
      record.add(row->field, value_from_json(*row, value));
  }
  return record;
}

/// What suppliers have and have taken on, where anything is known of it.
void write_stock(const Facts& facts, std::string& out) {
  if (!facts.stock.empty()) {
    out += ",\"stock\":[";
    Commas items(out);
    for (const Facts::Stock& stock : facts.stock) {
      items.next();
      out += "{\"supplier\":";
      write_json_text(stock.supplier, out);
      out += ",\"sku\":";
      write_json_text(stock.sku, out);
      out.append(",\"available\":\"").append(stock.available.to_canonical_string()).append("\"");
      if (!stock.safety.is_zero()) {
        out.append(",\"safety\":\"").append(stock.safety.to_canonical_string()).append("\"");
      }
      out += '}';
    }
    out += ']';
  }
  if (facts.loads.empty()) return;
  out += ",\"loads\":[";
  Commas items(out);
  for (const Facts::Load& load : facts.loads) {
    items.next();
    out += "{\"supplier\":";
    write_json_text(load.supplier, out);
    out.append(",\"orders\":").append(std::to_string(load.orders)).append("}");
  }
  out += ']';
}

std::string text_of(const JsonNode& node, std::string_view member) {
  const JsonNode* found = node.find(member);
  return found == nullptr ? std::string() : std::string(found->text);
}

Decimal decimal_of(const JsonNode& node, std::string_view member) {
  return Decimal::parse(text_of(node, member)).value_or(Decimal(0));
}

}  // namespace

// Written straight to text: it is hashed for every decision.
std::string facts_to_json(const Facts& facts) {
  static const Rows of_product = rows_of(Subject::product), all = rows_of(std::nullopt);
  std::string out = "{\"products\":[";
  Commas products(out);
  for (const Facts::Product& product : facts.products) {
    products.next();
    out.append("{\"state\":\"").append(name_of(product.state)).append("\"");
    if (!product.name.empty()) {
      out += ",\"name\":";
      write_json_text(product.name, out);
    }
    if (product.state == Known::known) {
      out += ",\"fields\":";
      write_record(*product.record, of_product, out);
    }
    out += '}';
  }
  out += "],\"shared\":";
  write_record(facts.shared, all, out);
  write_stock(facts, out);
  return out + '}';
}

Result<Facts, JsonError> facts_from_json(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed) return parsed.error();
  Facts facts;
  if (const JsonNode* products = parsed->root().find("products")) {
    for (const JsonNode& node : products->children()) {
      Facts::Product& product = facts.products.emplace_back();
      const JsonNode* state = node.find("state");
      if (state == nullptr) return JsonError{"/products", "a product without a state"};
      for (const Known known : {Known::known, Known::missing, Known::unknown}) {
        if (state->text == name_of(known)) product.state = known;
      }
      if (const JsonNode* name = node.find("name")) product.name = name->text;
      if (const JsonNode* fields = node.find("fields")) {
        product.record = std::make_shared<const Record>(record_from_json(*fields));
      }
    }
  }
  if (const JsonNode* shared = parsed->root().find("shared"))
    facts.shared = record_from_json(*shared);
  if (const JsonNode* stock = parsed->root().find("stock")) {
    for (const JsonNode& node : stock->children()) {
      facts.stock.push_back({text_of(node, "supplier"), text_of(node, "sku"),
                             decimal_of(node, "available"), decimal_of(node, "safety")});
    }
  }
  if (const JsonNode* loads = parsed->root().find("loads")) {
    for (const JsonNode& node : loads->children()) {
      facts.loads.push_back(
          {text_of(node, "supplier"), decimal_of(node, "orders").to_int64().value_or(0)});
    }
  }
  return facts;
}

}  // namespace consign
