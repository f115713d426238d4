// Shopify's webhooks (language.md D6).
//
// The app's secret is the same for all its shops and the headers are not signed. So the signature
// alone does not say which shop a delivery is for, nor what it is about: the domain has to be the
// shop's, the body has to fit the topic, and duplicates are found by content as well as by the
// delivery's id.
#include <spdlog/spdlog.h>

#include <memory>

#include "consign/hash.hpp"
#include "consign/text.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/orders/catalogue.hpp"
#include "daemon/orders/taking.hpp"
#include "daemon/store/ledger_rows.hpp"
#include "daemon/wire/order_reader.hpp"
#include "daemon/wire/shopify.hpp"

namespace consign::http {
namespace {

using Faults = std::vector<JsonError>;

Response done_with(std::string_view state) { return json_response(200, {{"state", state}}); }

Response does_not_fit(const std::string& topic, const Faults& faults) {
  return problem_response(Problem::invalid_document, "the body does not fit the topic " + topic,
                          faults);
}

std::string one_header(const Request& request, std::string_view name) {
  const auto values = request.header(name);
  return values.size() == 1 ? std::string(values.front()) : std::string();
}

std::optional<Response> refuse_unsigned(const Request& request, const ShopSettings& shop) {
  const auto signatures = request.header("x-shopify-hmac-sha256");
  if (signatures.size() != 1) {
    return problem_response(Problem::signature_invalid, "one X-Shopify-Hmac-Sha256 is wanted");
  }
  if (!shopify_signature_fits(request.body, signatures.front(), shop.webhook_secrets)) {
    return problem_response(Problem::signature_invalid, "the signature does not fit the body");
  }
  if (ascii_lower(one_header(request, "x-shopify-shop-domain")) != shop.domain) {
    return problem_response(Problem::wrong_shop_domain,
                            "X-Shopify-Shop-Domain is not the domain of this shop");
  }
  return std::nullopt;
}

// Records the delivery and does the work, or says that it was here before.
Reply once(const Request& request, const std::string& shop, std::string resource,
           std::string updated_at, Write work) {
  const auto digest = sha256(request.body);
  store::Delivery delivery{.id = one_header(request, "x-shopify-webhook-id"),
                           .resource = std::move(resource),
                           .updated_at = std::move(updated_at),
                           .body_hash = std::string(digest.begin(), digest.end())};
  return write_reply(
      [shop, delivery = std::move(delivery), work = std::move(work)](UnitContext& unit) {
        if (!store::record_delivery(unit.db, shop, delivery, unit.now))
          return done_with("duplicate");
        return work(unit);
      });
}

Reply take_hooked_order(const Request& request, const std::string& topic, const std::string& shop,
                        const JsonNode& body) {
  const auto text = order_from_shopify(body, shop);
  if (!text) return does_not_fit(topic, text.error());
  auto document = parse_json(*text);
  if (!document) return does_not_fit(topic, {document.error()});
  auto order = read_order(std::move(document.value()), {.allow_zero_quantity = true});
  if (!order) return does_not_fit(topic, order.error());
  if (topic == "orders/cancelled" && !order->event.cancelled) {
    return does_not_fit(topic, {{"/cancelled_at", "a cancelled order says when"}});
  }
  const std::string resource = "order " + order->id;
  const JsonNode* updated_at = body.find("updated_at");
  auto kept = std::make_shared<OrderDocument>(std::move(order.value()));
  return once(request, shop, resource, updated_at == nullptr ? "" : std::string(updated_at->text),
              [kept](UnitContext& unit) -> Response {
                // Shopify's times are whole seconds, and it takes no cancellation back.
                auto taken = take_order(unit, std::move(*kept), SameTime::cancelled_stands);
                if (taken.how == Taking::conflict) {
                  return problem_response(Problem::revision_conflict, "");
                }
                return {.status = 200, .body = std::move(taken.answer)};
              });
}

Reply take_hooked_product(const Request& request, const std::string& topic, const std::string& shop,
                          const JsonNode& body) {
  const auto hooked = product_from_shopify(body);
  if (!hooked) return does_not_fit(topic, hooked.error());
  const auto document = parse_json(hooked->document);
  if (!document) return does_not_fit(topic, {document.error()});
  auto product = read_product(document->root(), hooked->id);
  if (!product) return does_not_fit(topic, product.error());
  const auto updated_at = parse_timestamp(hooked->updated_at);
  if (!hooked->updated_at.empty() && !updated_at) {
    return does_not_fit(topic, {{"/updated_at", "this is no RFC 3339 time"}});
  }
  return once(request, shop, "product " + hooked->id, hooked->updated_at,
              [shop, updated_at, product = std::move(product.value())](UnitContext& unit) {
                const auto change = consign::put_product(unit, shop, product, updated_at);
                return done_with(change == ProductChange::stale ? "stale" : "stored");
              });
}

Reply delete_hooked_product(const Request& request, const std::string& topic,
                            const std::string& shop, const JsonNode& body) {
  const auto id = deleted_product_from_shopify(body);
  if (!id) return does_not_fit(topic, id.error());
  return once(request, shop, "deleted product " + *id, "", [shop, id = *id](UnitContext& unit) {
    return done_with(consign::delete_product(unit, shop, id) ? "deleted" : "unknown");
  });
}

// Topics that must carry an order, and others of orders that do for some subscriptions.
bool must_be_order(std::string_view topic) {
  return topic == "orders/create" || topic == "orders/updated" || topic == "orders/cancelled";
}

bool looks_like_order(const JsonNode& body) {
  return body.find("id") != nullptr && body.find("line_items") != nullptr;
}

}  // namespace

Reply shopify_hook(const Request& request, Services& services) {
  const ShopSettings* shop = services.settings.find_shop(request.path.find("shop")->second);
  if (shop == nullptr || shop->channel != "shopify" || shop->webhook_secrets.empty()) {
    return problem_response(Problem::not_found, "");
  }
  if (auto refusal = refuse_unsigned(request, *shop)) return *refusal;
  const std::string topic = one_header(request, "x-shopify-topic");
  const bool about_orders = topic.starts_with("orders/");
  const bool about_product = topic == "products/create" || topic == "products/update";
  const bool gone = topic == "products/delete";
  if (!about_orders && !about_product && !gone) {
    spdlog::info("hooks: shop {}: topic `{}` is not one of ours; ignored", shop->id, topic);
    return done_with("ignored");
  }
  const auto body = parse_json(request.body);
  if (!body) return does_not_fit(topic, {body.error()});
  if (about_product) return take_hooked_product(request, topic, shop->id, body->root());
  if (gone) return delete_hooked_product(request, topic, shop->id, body->root());
  if (!must_be_order(topic) && !looks_like_order(body->root())) {
    spdlog::info("hooks: shop {}: a body of `{}` is no order; ignored", shop->id, topic);
    return done_with("ignored");
  }
  return take_hooked_order(request, topic, shop->id, body->root());
}

}  // namespace consign::http
