#include "daemon/wire/shopify.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "consign/decimal.hpp"
#include "consign/hash.hpp"
#include "consign/schema.hpp"
#include "consign/text.hpp"
#include "consign/time.hpp"

namespace consign {

namespace json = boost::json;

namespace {

/// The node at a path of member names, or null where one is absent or null.
const JsonNode* at(const JsonNode& node, std::initializer_list<std::string_view> path) {
  const JsonNode* found = &node;
  for (const std::string_view name : path) {
    found = found->find(name);
    if (found == nullptr || found->is_null()) return nullptr;
  }
  return found;
}

bool is_scalar(const JsonNode& node) {
  return node.is(JsonNode::Kind::string) || node.is(JsonNode::Kind::number);
}

/// The text of a string or, with its digits as they came, of a number.
std::optional<std::string> text_at(const JsonNode& node,
                                   std::initializer_list<std::string_view> path) {
  const JsonNode* found = at(node, path);
  if (found == nullptr || !is_scalar(*found)) return std::nullopt;
  return std::string(found->text);
}

void put(json::object& out, std::string_view name, const std::optional<std::string>& text) {
  if (text) out[name] = *text;
}

/// Like put(), but an empty text counts as none: Shopify writes "" where nothing was entered.
void put_filled(json::object& out, std::string_view name, const std::optional<std::string>& text) {
  if (text && !trim(*text).empty()) out[name] = *text;
}

/// How much of a line item the channel counts as fulfilled: it is no longer in what is to be.
void put_fulfilled(const JsonNode& item, json::object& line) {
  const auto status = text_at(item, {"fulfillment_status"});
  const auto ordered = text_at(item, {"current_quantity"});
  const auto open = text_at(item, {"fulfillable_quantity"});
  if (!status || !ordered || !open) return;
  const auto all = Decimal::parse(*ordered), rest = Decimal::parse(*open);
  const auto fulfilled = all && rest ? all->minus(*rest) : std::nullopt;
  if (fulfilled && *fulfilled > Decimal(0)) line["fulfilled"] = fulfilled->to_canonical_string();
}

void put_bool(json::object& out, std::string_view name, const JsonNode* node) {
  if (node != nullptr && node->is(JsonNode::Kind::boolean)) out[name] = node->truth;
}

/// Words of a list that may grow: one that is not known yet counts as missing, so that no order is
/// lost over it.
void put_word(json::object& out, std::string_view name, Domain domain,
              const std::optional<std::string>& text) {
  if (!text) return;
  if (const auto word = find_word(domain, *text)) out[name] = *word;
}

/// Tags come as one text with commas between them.
json::array split_tags(const std::optional<std::string>& tags) {
  json::array out;
  if (!tags) return out;
  std::string_view rest = *tags;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string_view tag = trim(rest.substr(0, comma));
    if (!tag.empty()) out.emplace_back(tag);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return out;
}

/// `[{"name","value"}]` as an object; of a name written twice the first counts.
json::object name_values(const JsonNode* pairs) {
  json::object out;
  if (pairs == nullptr) return out;
  for (const JsonNode& pair : pairs->children()) {
    const auto name = text_at(pair, {"name"});
    const JsonNode* value = at(pair, {"value"});
    if (!name || value == nullptr || out.contains(*name)) continue;
    out[*name] = is_scalar(*value) ? std::string(value->text) : canonical_json(*value);
  }
  return out;
}

json::object ship_to(const JsonNode& address) {
  json::object out;
  put_filled(out, "name", text_at(address, {"name"}));
  put_filled(out, "company", text_at(address, {"company"}));
  auto street = text_at(address, {"address1"});
  const auto second = text_at(address, {"address2"});
  if (street && second && !trim(*second).empty()) street = *street + ", " + *second;
  put_filled(out, "address", street ? street : second);
  put_filled(out, "city", text_at(address, {"city"}));
  put_filled(out, "province", text_at(address, {"province"}));
  put_filled(out, "postcode", text_at(address, {"zip"}));
  put_word(out, "country", Domain::country, text_at(address, {"country_code"}));
  put_filled(out, "phone", text_at(address, {"phone"}));
  return out;
}

class OrderMapper {
 public:
  OrderMapper(const JsonNode& body, std::string_view shop) : body_(body), shop_(shop) {}

  Result<std::string, std::vector<JsonError>> map() {
    out_["shop"] = shop_;
    need("id", {"id"}, "id");
    put_filled(out_, "name", text_at(body_, {"name"}));
    const auto updated_at = text_at(body_, {"updated_at"});
    put(out_, "updated_at", updated_at);
    // What one delivery says of the order: when it changed, and to what.
    out_["revision"] =
        updated_at.value_or("") + "/" + to_hex(sha256(canonical_json(body_))).substr(0, 16);
    const auto processed = text_at(body_, {"processed_at"});
    put(out_, "placed_at", processed ? processed : text_at(body_, {"created_at"}));
    put(out_, "cancelled_at", text_at(body_, {"cancelled_at"}));
    put_filled(out_, "source", text_at(body_, {"source_name"}));
    need("currency", {"currency"}, "currency");
    need("total", {"total_price"}, "total_price");
    put(out_, "subtotal", text_at(body_, {"subtotal_price"}));
    put(out_, "shipping", text_at(body_, {"total_shipping_price_set", "shop_money", "amount"}));
    put(out_, "discount", text_at(body_, {"total_discounts"}));
    put(out_, "grams", text_at(body_, {"total_weight"}));
    out_["tags"] = split_tags(text_at(body_, {"tags"}));
    put_filled(out_, "note", text_at(body_, {"note"}));
    put_word(out_, "payment", Domain::payment, text_at(body_, {"financial_status"}));
    put_bool(out_, "test", body_.find("test"));
    out_["attributes"] = name_values(at(body_, {"note_attributes"}));
    if (const JsonNode* methods = at(body_, {"shipping_lines"});
        methods && !methods->children().empty()) {
      put_filled(out_, "shipping_method", text_at(methods->children().front(), {"title"}));
    }
    json::array codes;
    if (const JsonNode* given = at(body_, {"discount_codes"})) {
      for (const JsonNode& code : given->children()) {
        if (const auto text = text_at(code, {"code"})) codes.emplace_back(*text);
      }
    }
    out_["discount_codes"] = std::move(codes);
    if (const JsonNode* address = at(body_, {"shipping_address"})) {
      out_["ship_to"] = ship_to(*address);
    }
    map_customer();
    map_lines();
    if (!faults_.empty()) return std::move(faults_);
    return json::serialize(out_);
  }

 private:
  void need(std::string_view name, std::initializer_list<std::string_view> path,
            std::string_view shown) {
    const auto text = text_at(body_, path);
    if (text) {
      out_[name] = *text;
    } else {
      faults_.push_back(
          {"/" + std::string(shown), "an order of Shopify has this; is the body an order?"});
    }
  }

  void map_customer() {
    json::object customer;
    const JsonNode* given = at(body_, {"customer"});
    auto email = text_at(body_, {"email"});
    if (given != nullptr) {
      put(customer, "id", text_at(*given, {"id"}));
      if (!email) email = text_at(*given, {"email"});
      put(customer, "orders_count", text_at(*given, {"orders_count"}));
      if (const auto tags = text_at(*given, {"tags"})) customer["tags"] = split_tags(tags);
    }
    put_filled(customer, "email", email);
    if (!customer.empty()) out_["customer"] = std::move(customer);
  }

  void map_lines() {
    const JsonNode* given = at(body_, {"line_items"});
    if (given == nullptr || !given->is(JsonNode::Kind::array)) {
      faults_.push_back({"/line_items", "an order of Shopify has this; is the body an order?"});
      return;
    }
    json::array lines;
    std::size_t index = 0;
    for (const JsonNode& item : given->children()) {
      const std::size_t i = index++;
      json::object line;
      const auto id = text_at(item, {"id"});
      if (!id) {
        faults_.push_back({"/line_items/" + std::to_string(i) + "/id", "a line item has an id"});
        continue;
      }
      line["id"] = *id;
      put(line, "product", text_at(item, {"product_id"}));
      put_filled(line, "sku", text_at(item, {"sku"}));
      put_filled(line, "title", text_at(item, {"title"}));
      put_filled(line, "variant", text_at(item, {"variant_title"}));
      put_filled(line, "vendor", text_at(item, {"vendor"}));
      // What is still to be fulfilled; older bodies may lack it.
      auto quantity = text_at(item, {"fulfillable_quantity"});
      if (!quantity) quantity = text_at(item, {"current_quantity"});
      if (!quantity) quantity = text_at(item, {"quantity"});
      line["quantity"] = quantity.value_or("0");
      put_fulfilled(item, line);
      line["price"] = text_at(item, {"price"}).value_or("0");
      put(line, "grams", text_at(item, {"grams"}));
      put_bool(line, "requires_shipping", item.find("requires_shipping"));
      put_bool(line, "gift_card", item.find("gift_card"));
      line["properties"] = name_values(at(item, {"properties"}));
      lines.push_back(std::move(line));
    }
    out_["lines"] = std::move(lines);
  }

  const JsonNode& body_;
  std::string_view shop_;
  json::object out_;
  std::vector<JsonError> faults_;
};

}  // namespace

Result<std::string, std::vector<JsonError>> order_from_shopify(const JsonNode& body,
                                                               std::string_view shop) {
  return OrderMapper(body, shop).map();
}

Result<ShopifyProduct, std::vector<JsonError>> product_from_shopify(const JsonNode& body) {
  const auto id = text_at(body, {"id"});
  if (!id || body.find("variants") == nullptr) {
    return std::vector<JsonError>{
        {id ? "/variants" : "/id", "a product of Shopify has this; is the body a product?"}};
  }
  json::object out;
  put_filled(out, "title", text_at(body, {"title"}));
  put_filled(out, "vendor", text_at(body, {"vendor"}));
  put_filled(out, "type", text_at(body, {"product_type"}));
  put_word(out, "status", Domain::product_status, text_at(body, {"status"}));
  out["tags"] = split_tags(text_at(body, {"tags"}));
  json::array skus;
  for (const JsonNode& variant : body.find("variants")->children()) {
    const auto sku = text_at(variant, {"sku"});
    if (sku && !trim(*sku).empty()) skus.emplace_back(*sku);
  }
  out["skus"] = std::move(skus);
  return ShopifyProduct{*id, json::serialize(out), text_at(body, {"updated_at"}).value_or("")};
}

Result<std::string, std::vector<JsonError>> deleted_product_from_shopify(const JsonNode& body) {
  const auto id = text_at(body, {"id"});
  if (!id) return std::vector<JsonError>{{"/id", "the id of the deleted product is missing"}};
  // The topic is not signed: a body that describes something is news of that, replayed as a
  // deletion.
  for (const JsonNode& member : body.children()) {
    const bool nested = member.is(JsonNode::Kind::object) || member.is(JsonNode::Kind::array);
    if (!nested && member.name != "created_at") continue;
    return std::vector<JsonError>{
        {"/" + pointer_token(member.name),
         "a deleted product of Shopify is an id; is the body another's?"}};
  }
  return *id;
}

bool shopify_signature_fits(std::string_view body, std::string_view signature,
                            const std::vector<std::string>& secrets) {
  bool fits = false;
  for (const std::string& secret : secrets) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int length = 0;
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(body.data()), body.size(), mac.data(),
             &length) == nullptr) {
      continue;
    }
    std::array<unsigned char, 4 * EVP_MAX_MD_SIZE / 3 + 8> encoded{};
    const int size = EVP_EncodeBlock(encoded.data(), mac.data(), static_cast<int>(length));
    const bool same = signature.size() == static_cast<std::size_t>(size) &&
                      CRYPTO_memcmp(signature.data(), encoded.data(), signature.size()) == 0;
    fits = fits || same;
  }
  return fits;
}

}  // namespace consign
