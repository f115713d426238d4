// The catalogue.
#include <algorithm>
#include <memory>

#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/orders/catalogue.hpp"
#include "daemon/store/scoped_reads.hpp"
#include "daemon/wire/facts.hpp"

namespace consign::http {
namespace {

const std::string& shop_of(const Request& request) { return request.path.find("shop")->second; }
const std::string& id_of(const Request& request) { return request.path.find("id")->second; }

// {"id","shop","deleted"} and the document's own members, numbers as they were written.
std::string product_to_json(const std::string& shop, const store::ProductRow& product) {
  const auto document = parse_json(product.document);
  if (!document) throw std::runtime_error("product " + product.id + " no longer reads");
  std::string out = "{\"deleted\":";
  out += product.deleted ? "true" : "false";
  out += ",\"id\":";
  write_json_text(product.id, out);
  out += ",\"shop\":";
  write_json_text(shop, out);
  for (const JsonNode& member : document->root().children()) {
    if (member.name == "id") continue;
    out += ',';
    write_json_text(member.name, out);
    out += ':';
    write_canonical_json(member, out);
  }
  return out + '}';
}

std::optional<Response> unknown_shop(const Request& request, const Services& services) {
  if (services.settings.find_shop(shop_of(request)) != nullptr) return std::nullopt;
  return problem_response(Problem::not_found, "no shop `" + shop_of(request) + "` is configured");
}

}  // namespace

Reply put_product(const Request& request, Services& services) {
  if (auto response = unknown_shop(request, services)) return *response;
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  auto product = read_product(document->root(), id_of(request));
  if (!product) return problem_response(Problem::invalid_document, "", product.error());
  return write_reply([shop = shop_of(request),
                      product = std::move(product.value())](UnitContext& unit) -> Response {
    const auto change = consign::put_product(unit, shop, product, std::nullopt);
    return {.status = change == ProductChange::created ? 201 : 200,
            .body = product_to_json(shop, {.id = product.id, .document = product.canonical})};
  });
}

Reply get_product(const Request& request, Services& services) {
  try {
    const auto product = services.readers.read([&](store::Connection& db) {
      return store::ScopedReads(db, request.viewer).product(shop_of(request), id_of(request));
    });
    if (!product) return problem_response(Problem::not_found, "");
    return Response{.status = 200, .body = product_to_json(shop_of(request), *product)};
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply delete_product(const Request& request, Services& services) {
  if (auto response = unknown_shop(request, services)) return *response;
  return write_reply([shop = shop_of(request), id = id_of(request)](UnitContext& unit) -> Response {
    if (!consign::delete_product(unit, shop, id)) return problem_response(Problem::not_found, "");
    return {.status = 204, .body = {}, .content_type = {}};
  });
}

}  // namespace consign::http
