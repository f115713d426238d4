// Facts from a file, for deciding without a daemon.

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>

#include "daemon/wire/facts.hpp"
#include "daemon/wire/field_reader.hpp"

namespace consign {

namespace {

/// Of a thing in a shop. Found by views of the texts, too.
using Key = std::pair<std::string, std::string>;
using KeyView = std::pair<std::string_view, std::string_view>;

struct KeyHash {
  using is_transparent = void;
  std::size_t operator()(const KeyView& key) const {
    const std::hash<std::string_view> hash;
    return hash(key.second) * 31 + hash(key.first);
  }
};

struct KeyEqual {
  using is_transparent = void;
  bool operator()(const KeyView& a, const KeyView& b) const { return a == b; }
};

template <class T>
using Keyed = std::unordered_map<Key, T, KeyHash, KeyEqual>;

class FileFacts : public FactSource {
 public:
  std::shared_ptr<const Product> product(std::string_view shop, std::string_view id) override {
    const auto it = products.find(KeyView(shop, id));
    return it == products.end() ? nullptr : it->second;
  }

  std::vector<std::shared_ptr<const Product>> products_by_sku(std::string_view shop,
                                                              std::string_view sku) override {
    const auto it = by_sku.find(KeyView(shop, sku));
    return it == by_sku.end() ? std::vector<std::shared_ptr<const Product>>() : it->second;
  }

  Record shop(std::string_view id) override {
    const auto it = shops.find(std::string(id));
    return it == shops.end() ? Record() : it->second;
  }

  std::int64_t other_orders(std::string_view shop, std::string_view id, std::string_view email,
                            std::string_view) override {
    // Only what the file says: nothing carries over between events decided from it.
    const Record* customer = find_customer(shop, id.empty() ? email : id);
    const Value* count =
        customer == nullptr ? nullptr : customer->value(Field::customer_orders_count);
    return count == nullptr ? 0 : count->number.to_int64().value_or(1) - 1;
  }

  std::vector<Facts::Stock> stock(const std::vector<std::string_view>& skus) override {
    std::vector<Facts::Stock> found;
    for (const std::string_view sku : skus) {
      const auto [begin, end] = stocks.equal_range(std::string(sku));
      for (auto it = begin; it != end; ++it) found.push_back(it->second);
    }
    return found;
  }

  std::int64_t orders_taken(std::string_view supplier, Timestamp) override {
    const auto it = loads.find(std::string(supplier));
    return it == loads.end() ? 0 : it->second;
  }

  std::vector<std::string> customer_tags(std::string_view shop, std::string_view id) override {
    std::vector<std::string> tags;
    if (const Record* customer = find_customer(shop, id)) {
      for (const Value& tag : customer->values(Field::customer_tag)) tags.emplace_back(tag.text);
    }
    return tags;
  }

  const Record* find_customer(std::string_view shop, std::string_view key) const {
    const auto it = customers.find(KeyView(shop, key));
    return key.empty() || it == customers.end() ? nullptr : &it->second;
  }

  /// Of two products with one id the last counts.
  void add(const Key& key, std::shared_ptr<const Product> product) {
    std::shared_ptr<const Product>& place = products[key];
    if (place != nullptr) {
      for (const std::string& sku : place->skus) std::erase(by_sku[Key(key.first, sku)], place);
    }
    place = std::move(product);
    for (const std::string& sku : place->skus) {
      auto& holders = by_sku[Key(key.first, sku)];
      if (std::find(holders.begin(), holders.end(), place) == holders.end()) {
        holders.push_back(place);
      }
    }
  }

  Keyed<std::shared_ptr<const Product>> products;
  Keyed<std::vector<std::shared_ptr<const Product>>> by_sku;
  std::map<std::string, Record> shops;
  std::unordered_multimap<std::string, Facts::Stock> stocks;  ///< by SKU
  std::map<std::string, std::int64_t> loads;                  ///< by supplier
  Keyed<Record> customers;  ///< by id, or by e-mail where they have none
};

class FileReader {
 public:
  Result<std::unique_ptr<FactSource>, std::vector<JsonError>> read(const JsonNode& document) {
    auto facts = std::make_unique<FileFacts>();
    if (!document.is(JsonNode::Kind::object)) {
      return std::vector<JsonError>{{"", "a facts file is a JSON object"}};
    }
    for (const JsonNode& node : document.children()) {
      const std::string name(node.name);
      const std::string pointer = "/" + pointer_token(name);
      const bool known = name == "products" || name == "shops" || name == "customers" ||
                         name == "stock" || name == "loads" || name == "accounts" ||
                         name == "grants";
      if (!known) {
        fault(pointer,
              "facts are `products`, `shops`, `customers`, `stock`, `loads`, `accounts` and "
              "`grants`, not `" +
                  name + "`");
      } else if (!node.is(JsonNode::Kind::array)) {
        fault(pointer, "`" + name + "` is an array");
      }
    }
    if (!faults_.empty()) return std::move(faults_);
    if (const JsonNode* products = document.find("products")) read_products(*products, *facts);
    if (const JsonNode* shops = document.find("shops")) read_shops(*shops, *facts);
    if (const JsonNode* customers = document.find("customers")) read_customers(*customers, *facts);
    if (const JsonNode* stock = document.find("stock")) read_stock(*stock, *facts);
    if (const JsonNode* loads = document.find("loads")) read_loads(*loads, *facts);
    if (!faults_.empty()) return std::move(faults_);
    return std::unique_ptr<FactSource>(std::move(facts));
  }

 private:
  void fault(std::string pointer, std::string message) {
    faults_.push_back({std::move(pointer), std::move(message)});
  }

  /// The text member `name`, which must be there.
  std::string need(const JsonNode& node, std::string_view name, const std::string& pointer) {
    const JsonNode* found = node.find(name);
    if (found == nullptr || !found->is(JsonNode::Kind::string) || found->text.empty()) {
      fault(pointer + "/" + std::string(name), "this is a text that is not empty");
      return {};
    }
    return std::string(found->text);
  }

  void read_products(const JsonNode& products, FileFacts& facts) {
    std::size_t index = 0;
    for (const JsonNode& node : products.children()) {
      const std::string pointer = "/products/" + std::to_string(index++);
      const std::string shop = need(node, "shop", pointer);
      const std::string id = need(node, "id", pointer);
      auto product = read_product(node, id, true);
      if (!product) {
        for (const JsonError& each : product.error()) fault(pointer + each.pointer, each.message);
        continue;
      }
      facts.add(Key(shop, id), std::make_shared<const Product>(std::move(*product)));
    }
  }

  void read_shops(const JsonNode& shops, FileFacts& facts) {
    static const ObjectForm form({Subject::shop});
    const JsonPlace root, place = root.member("shops");
    std::size_t index = 0;
    for (const JsonNode& node : shops.children()) {
      const JsonPlace at = place.item(index++);
      const std::string id = need(node, "id", at.pointer());
      FieldReader fields(faults_, {});
      fields.read_object(node, at, form, facts.shops[id]);
    }
  }

  /// {"shop","id" or "email","orders_count","tags"}: as the order's own `customer`, which says what
  /// rules read where the order does not.
  void read_customers(const JsonNode& customers, FileFacts& facts) {
    static const ObjectForm form = ObjectForm::of_group(Subject::customer, "customer", {"shop"});
    const JsonPlace root, place = root.member("customers");
    std::size_t index = 0;
    for (const JsonNode& node : customers.children()) {
      const JsonPlace at = place.item(index++);
      const std::string shop = need(node, "shop", at.pointer());
      Record record;
      FieldReader fields(faults_, {});
      fields.read_object(node, at, form, record);
      const std::string_view id = record.text(Field::customer_id);
      const std::string_view key = id.empty() ? record.text(Field::customer_email) : id;
      if (key.empty()) fault(at.pointer(), "a customer has an `id` or an `email`");
      facts.customers[Key(shop, key)] = std::move(record);
    }
  }

  /// A number that is not negative, as a JSON number or in quotes.
  Decimal amount(const JsonNode& node, std::string_view name, const std::string& pointer) {
    const JsonNode* found = node.find(name);
    const auto number = found == nullptr ? std::nullopt : Decimal::parse(found->text);
    if (!number || number->is_negative()) {
      fault(pointer + "/" + std::string(name), "this is a number that is not negative");
    }
    return number.value_or(Decimal(0));
  }

  /// {"supplier","sku","available","safety"}; of two rows for one thing the last counts.
  void read_stock(const JsonNode& rows, FileFacts& facts) {
    std::size_t index = 0;
    for (const JsonNode& node : rows.children()) {
      const std::string pointer = "/stock/" + std::to_string(index++);
      Facts::Stock stock{need(node, "supplier", pointer), need(node, "sku", pointer),
                         amount(node, "available", pointer), Decimal(0)};
      if (node.find("safety") != nullptr) stock.safety = amount(node, "safety", pointer);
      const auto [begin, end] = facts.stocks.equal_range(stock.sku);
      const auto same = std::find_if(
          begin, end, [&](const auto& each) { return each.second.supplier == stock.supplier; });
      if (same != end) {
        same->second = std::move(stock);
      } else {
        facts.stocks.emplace(stock.sku, std::move(stock));
      }
    }
  }

  /// {"supplier","orders"}: what it has taken in the period that an order would be counted into.
  void read_loads(const JsonNode& rows, FileFacts& facts) {
    std::size_t index = 0;
    for (const JsonNode& node : rows.children()) {
      const std::string pointer = "/loads/" + std::to_string(index++);
      const auto orders = amount(node, "orders", pointer).to_int64();
      if (!orders) fault(pointer + "/orders", "orders are counted in whole numbers");
      facts.loads[need(node, "supplier", pointer)] = orders.value_or(0);
    }
  }

  std::vector<JsonError> faults_;
};

}  // namespace

Result<std::unique_ptr<FactSource>, std::vector<JsonError>> read_facts_file(
    std::optional<std::string_view> json) {
  if (!json) return std::unique_ptr<FactSource>(std::make_unique<FileFacts>());
  const auto document = parse_json(*json);
  if (!document) return std::vector<JsonError>{document.error()};
  return FileReader().read(document->root());
}

}  // namespace consign
