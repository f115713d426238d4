// Shopify's webhook bodies, brought into consign's own wire forms.
//
// What comes out is read by the same readers as everything else, so that there is one way in. Field
// facts: Shopify's webhook reference, API version 2026-07.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/result.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// An `orders/*` body as an order document (api.md), in JSON. The line's quantity is Shopify's
/// `fulfillable_quantity`. `revision` is made of `updated_at` and the body's hash.
Result<std::string, std::vector<JsonError>> order_from_shopify(const JsonNode& body,
                                                               std::string_view shop);

/// A `products/create|update` body as a product document, with its id and time of change.
struct ShopifyProduct {
  std::string id;
  std::string document;  ///< for read_product
  std::string updated_at;
};
Result<ShopifyProduct, std::vector<JsonError>> product_from_shopify(const JsonNode& body);

/// The id in a `products/delete` body.
Result<std::string, std::vector<JsonError>> deleted_product_from_shopify(const JsonNode& body);

/// Whether `signature` (base64) is HMAC-SHA256 of the raw body under one of the secrets; every
/// secret is tried in constant time.
bool shopify_signature_fits(std::string_view body, std::string_view signature,
                            const std::vector<std::string>& secrets);

}  // namespace consign
