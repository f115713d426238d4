#include "daemon/http/token_limits.hpp"

#include <algorithm>

namespace consign::http {
namespace {

struct Need {
  std::string_view method, path;
  std::string_view permission;  ///< empty: none
};

constexpr Need kNeeds[] = {
    // clang-format off
    {"POST",   "/v1/orders",                       "orders:manage"},
    {"POST",   "/v1/orders:batch",                 "orders:manage"},
    {"POST",   "/v1/orders.csv",                   "orders:manage"},
    {"GET",    "/v1/orders",                       "orders:view"},
    {"GET",    "/v1/orders.csv",                   "orders:view"},
    {"GET",    "/v1/orders/{shop}/{id}",           "orders:view"},
    {"GET",    "/v1/orders/{shop}/{id}/why",       "orders:view"},
    {"GET",    "/v1/orders/{shop}/{id}/history",   "orders:view"},
    {"POST",   "/v1/orders/{shop}/{id}/assign",    "orders:manage"},
    {"POST",   "/v1/orders/{shop}/{id}/hold",      "orders:manage"},
    {"POST",   "/v1/orders/{shop}/{id}/release",   "orders:manage"},
    {"POST",   "/v1/orders/{shop}/{id}/split",     "orders:manage"},
    {"POST",   "/v1/orders/{shop}/{id}/merge",     "orders:manage"},
    {"POST",   "/v1/orders/{shop}/{id}/cancel",    "orders:cancel"},
    {"POST",   "/v1/orders/{shop}/{id}/send",      "orders:fulfill"},
    {"POST",   "/v1/orders/{shop}/{id}/accept",    "orders:fulfill"},
    {"POST",   "/v1/orders/{shop}/{id}/reject",    "orders:fulfill"},
    {"POST",   "/v1/orders/{shop}/{id}/ship",      "orders:fulfill"},
    {"POST",   "/v1/orders/{shop}/{id}/deliver",   "orders:fulfill"},
    {"POST",   "/v1/orders/{shop}/{id}/reprocess", "orders:manage"},
    {"POST",   "/v1/tracking.csv",                 "orders:fulfill"},
    {"PUT",    "/v1/suppliers/{supplier}/stock/{sku}", "products:edit"},
    {"GET",    "/v1/suppliers/{supplier}/stock/{sku}", "products:view"},
    {"GET",    "/v1/suppliers/{supplier}/stock",   "products:view"},
    {"POST",   "/v1/suppliers/{supplier}/stock:batch", "products:edit"},
    {"POST",   "/v1/suppliers/{supplier}/stock.csv", "products:edit"},
    {"PUT",    "/v1/shops/{shop}/products/{id}",   "products:edit"},
    {"GET",    "/v1/shops/{shop}/products/{id}",   "products:view"},
    {"DELETE", "/v1/shops/{shop}/products/{id}",   "products:delete"},
    {"POST",   "/v1/accounts/{account}/wallet-password:begin", "wallet:password"},
    {"POST",   "/v1/accounts/{account}/wallet-password", "wallet:password"},
    {"POST",   "/v1/events/{name}",                "orders:manage"},
    {"POST",   "/v1/check",                        ""},
    {"POST",   "/v1/check:batch",                  ""},
    {"GET",    "/v1/permissions",                  ""},
    {"DELETE", "/v1/tokens/{id}",                  ""},
    // clang-format on
};

}  // namespace

std::optional<Response> beyond_limits(const Route& route, const Request& request) {
  const auto& viewer = request.viewer;
  if (!viewer.is_limited()) return std::nullopt;
  const auto* need = std::find_if(std::begin(kNeeds), std::end(kNeeds), [&](const Need& each) {
    return each.method == route.method && each.path == route.path;
  });
  if (need == std::end(kNeeds)) {
    return problem_response(Problem::forbidden, "a token that is limited may not do that");
  }
  const auto permissions = parse_permissions(need->permission);
  if (permissions && !viewer.may_use(permissions->front())) {
    return problem_response(Problem::forbidden, "the token is limited, and `" +
                                                    std::string(need->permission) +
                                                    "` is not among what it may");
  }
  const auto shop = request.path.find("shop");
  if (shop != request.path.end() && !viewer.sees_shop(shop->second)) {
    return problem_response(Problem::not_found, "");
  }
  return std::nullopt;
}

}  // namespace consign::http
