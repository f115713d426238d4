// Facts: the catalogue, the shops and the customers' counts, joined to an order before it is
// decided.
//
// One join for the daemon and for `consign decide`; where the facts come from (store or file) is
// behind FactSource.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consign/engine.hpp"
#include "consign/result.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// A product as the catalogue holds it.
struct Product {
  std::string id;
  std::vector<std::string> skus;
  Record record;          ///< product.* fields, product.id among them
  std::string canonical;  ///< its document's canonical JSON
};

/// Reads the body of `PUT /v1/shops/{shop}/products/{id}`:
/// {"title","tags","vendor","type","status","skus"}.
/// In a facts file it stands among those of other shops and `names_shop`.
Result<Product, std::vector<JsonError>> read_product(const JsonNode& document, std::string_view id,
                                                     bool names_shop = false);

/// Where facts come from. Calls come from one thread at a time.
class FactSource {
 public:
  virtual ~FactSource() = default;
  /// The product of that id, deleted ones included; null if never seen.
  virtual std::shared_ptr<const Product> product(std::string_view shop, std::string_view id) = 0;
  /// Products of the shop that hold that SKU; two are enough.
  virtual std::vector<std::shared_ptr<const Product>> products_by_sku(std::string_view shop,
                                                                      std::string_view sku) = 0;
  /// shop.* and order.channel of the shop; what is not known is not set.
  virtual Record shop(std::string_view shop) = 0;
  /// How many orders but this one the customer (by id, else by e-mail) has in the shop.
  virtual std::int64_t other_orders(std::string_view shop, std::string_view customer_id,
                                    std::string_view email, std::string_view order_id) = 0;
  /// What suppliers have reported of those SKUs, in any order.
  virtual std::vector<Facts::Stock> stock(const std::vector<std::string_view>& skus) = 0;
  /// How many orders the supplier has taken in the period that begins then.
  virtual std::int64_t orders_taken(std::string_view supplier, Timestamp period) = 0;
  /// Tags of the customer that the store knows of.
  virtual std::vector<std::string> customer_tags(std::string_view shop,
                                                 std::string_view customer_id) = 0;
};

/// All facts that the program's fields and assigns name, for this event decided now (language.md
/// B7, D1, D3).
Facts join_facts(const Event& event, const FactsNeeded& needed, std::span<const Supplier> suppliers,
                 FactSource& source, Timestamp now);

/// shop.* and order.channel of a shop. What every shop has is there, whoever tells of it: the same
/// shop gives the same facts (language.md D1).
Record join_shop(std::string_view shop, FactSource& source);

/// Facts as canonical JSON, and back: how they are stored with a decision and hashed into its id.
std::string facts_to_json(const Facts& facts);
Result<Facts, JsonError> facts_from_json(std::string_view json);

/// The facts of a `--facts FACTS.json` file (api.md). Null `json`: no file, products are unknown.
Result<std::unique_ptr<FactSource>, std::vector<JsonError>> read_facts_file(
    std::optional<std::string_view> json);

}  // namespace consign
