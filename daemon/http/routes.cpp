#include "daemon/http/routes.hpp"

#include "daemon/http/handlers/handlers.hpp"

namespace consign::http {
namespace {

constexpr std::size_t kSmall = 64 << 10;
constexpr std::size_t kDocument = 4 << 20;
constexpr std::size_t kBatch = 64 << 20;

constexpr Route kRoutes[] = {
    // clang-format off
    {"POST",   "/v1/orders",                       post_order,      Access::administrator, kDocument, true},
    {"POST",   "/v1/orders:batch",                 post_orders,     Access::administrator, kBatch,    true},
    {"POST",   "/v1/orders.csv",                   import_orders,   Access::administrator, kBatch,    true},
    {"GET",    "/v1/orders",                       list_orders,     Access::reader,        0,         false},
    {"GET",    "/v1/orders.csv",                   export_orders,   Access::reader,        0,         false},
    {"GET",    "/v1/orders/{shop}/{id}",           get_order,       Access::reader,        0,         false},
    {"GET",    "/v1/orders/{shop}/{id}/why",       get_order_why,   Access::administrator, 0,         false},
    {"GET",    "/v1/orders/{shop}/{id}/history",   get_order_history, Access::reader,      0,         false},
    {"POST",   "/v1/orders/{shop}/{id}/assign",    assign_parts,    Access::administrator, kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/hold",      hold_parts,      Access::administrator, kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/release",   release_parts,   Access::administrator, kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/split",     split_part,      Access::administrator, kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/merge",     merge_parts,     Access::administrator, kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/cancel",    cancel_parts,    Access::administrator, kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/send",      send_parts,      Access::administrator, kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/accept",    accept_parts,    Access::reader,        kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/reject",    reject_parts,    Access::reader,        kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/ship",      ship_parts,      Access::reader,        kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/deliver",   deliver_parts,   Access::reader,        kSmall,    true},
    {"POST",   "/v1/orders/{shop}/{id}/reprocess", reprocess_order, Access::administrator, kSmall,    true},
    {"POST",   "/v1/orders:reprocess",             reprocess_orders, Access::administrator, kSmall,   true},
    {"POST",   "/v1/tracking.csv",                 import_tracking, Access::reader,        kBatch,    true},
    {"PUT",    "/v1/suppliers/{supplier}/stock/{sku}", put_stock,   Access::account,       kSmall,    true},
    {"GET",    "/v1/suppliers/{supplier}/stock/{sku}", get_stock,   Access::account,       0,         false},
    {"GET",    "/v1/suppliers/{supplier}/stock",   list_stock,      Access::account,       0,         false},
    {"POST",   "/v1/suppliers/{supplier}/stock:batch", put_stocks,  Access::account,       kBatch,    true},
    {"POST",   "/v1/suppliers/{supplier}/stock.csv", import_stock,  Access::account,       kBatch,    true},
    {"PUT",    "/v1/shops/{shop}/products/{id}",   put_product,     Access::administrator, kDocument, true},
    {"GET",    "/v1/shops/{shop}/products/{id}",   get_product,     Access::administrator, 0,         false},
    {"DELETE", "/v1/shops/{shop}/products/{id}",   delete_product,  Access::administrator, 0,         true},
    {"POST",   "/v1/check",                        post_check,      Access::account,       kSmall,    false},
    {"POST",   "/v1/check:batch",                  post_checks,     Access::account,       kDocument, false},
    {"GET",    "/v1/who-may",                      who_may,         Access::administrator, 0,         false},
    {"GET",    "/v1/accounts",                     list_accounts,   Access::administrator, 0,         false},
    {"PUT",    "/v1/accounts/{account}",           put_account,     Access::administrator, kSmall,    true},
    {"GET",    "/v1/accounts/{account}",           get_account,     Access::account,       0,         false},
    {"DELETE", "/v1/accounts/{account}",           delete_account,  Access::administrator, 0,         true},
    {"GET",    "/v1/accounts/{account}/may",       may,             Access::account,       0,         false},
    {"PUT",    "/v1/accounts/{account}/shops/{shop}", put_account_shop, Access::account, kSmall,      true},
    {"DELETE", "/v1/accounts/{account}/shops/{shop}", delete_account_shop, Access::account, 0,        true},
    {"POST",   "/v1/accounts/{account}/shops/{shop}/resume", resume_account_in_shop, Access::administrator, 0, true},
    {"POST",   "/v1/requests",                     post_request,    Access::account,       kSmall,    true},
    {"GET",    "/v1/requests",                     list_requests,   Access::account,       0,         false},
    {"GET",    "/v1/requests/{id}",                get_request,     Access::account,       0,         false},
    {"POST",   "/v1/requests/{id}/accept",         accept_request,  Access::account,       kSmall,    true},
    {"POST",   "/v1/requests/{id}/deny",           deny_request,    Access::account,       kSmall,    true},
    {"POST",   "/v1/requests/{id}/cancel",         cancel_request,  Access::account,       kSmall,    true},
    {"POST",   "/v1/requests/{id}/invite",         invite_again,    Access::account,       kSmall,    true},
    {"POST",   "/v1/invitations:activate",         activate_invitation, Access::open,      kSmall,    true, true},
    {"GET",    "/v1/shops/{shop}",                 get_shop,        Access::account,       0,         false},
    {"PUT",    "/v1/shops/{shop}",                 put_shop,        Access::administrator, kSmall,    true},
    {"GET",    "/v1/shops/{shop}/collaborator-code", get_collaborator_code, Access::account, 0,       true},
    {"PUT",    "/v1/shops/{shop}/collaborator-code", put_collaborator_code, Access::account, kSmall,  true},
    {"POST",   "/v1/shops/{shop}/collaborator-code:renew", renew_collaborator_code, Access::account, 0, true},
    {"GET",    "/v1/accounts/{account}/menu",      get_menu,        Access::account,       0,         false},
    {"POST",   "/v1/accounts/{account}/wallet-password:begin", begin_wallet_password, Access::account, 0, false},
    {"POST",   "/v1/accounts/{account}/wallet-password", change_wallet_password, Access::account, kDocument, true, true},
    {"GET",    "/v1/activity",                     list_activity,   Access::account,       0,         false},
    {"PUT",    "/v1/accounts/{account}/duty",      put_duty,        Access::account,       kSmall,    true},
    {"GET",    "/v1/groups",                       list_groups,     Access::account,       0,         false},
    {"POST",   "/v1/events/{name}",                post_event,      Access::administrator, kDocument, true},
    {"GET",    "/v1/events/{name}",                list_events,     Access::account,       0,         false},
    {"GET",    "/v1/events/{name}/{id}",           get_event,       Access::account,       0,         false},
    {"POST",   "/v1/events/{name}/{id}/reassign",  reassign_event,  Access::administrator, kSmall,    true},
    {"POST",   "/v1/events/{name}/{id}/close",     close_event,     Access::account,       kSmall,    true},
    {"POST",   "/v1/tokens",                       post_token,      Access::administrator, kSmall,    true},
    {"GET",    "/v1/tokens",                       list_tokens,     Access::account,       0,         false},
    {"DELETE", "/v1/tokens/{id}",                  delete_token,    Access::account,       0,         true},
    {"POST",   "/v1/grants",                       post_grant,      Access::administrator, kSmall,    true},
    {"GET",    "/v1/grants",                       list_grants,     Access::account,       0,         false},
    {"GET",    "/v1/grants:review",                review_grants,   Access::administrator, 0,         false},
    {"GET",    "/v1/grants/{id}",                  get_grant,       Access::account,       0,         false},
    {"POST",   "/v1/grants/{id}/revoke",           revoke_grant,    Access::administrator, kSmall,    true},
    {"POST",   "/v1/grants/{id}/suspend",          suspend_grant,   Access::administrator, kSmall,    true},
    {"POST",   "/v1/grants/{id}/resume",           resume_grant,    Access::administrator, kSmall,    true},
    {"POST",   "/v1/grants/{id}/adjust",           adjust_grant,    Access::administrator, kSmall,    true},
    {"GET",    "/v1/permissions",                  list_permissions, Access::account,      0,         false},
    {"GET",    "/v1/rules",                        get_rules,       Access::administrator, 0,         false},
    {"POST",   "/v1/rules:reload",                 reload_rules,    Access::administrator, kSmall,    false},
    {"POST",   "/v1/hooks/shopify/{shop}",         shopify_hook,    Access::open,          kDocument, true},
    {"GET",    "/v1/deliveries",                   list_deliveries, Access::administrator, 0,         false},
    {"GET",    "/v1/deliveries/{id}",              get_delivery,    Access::administrator, 0,         false},
    {"POST",   "/v1/deliveries/{id}:resend",       resend_delivery, Access::administrator, 0,         true},
    {"GET",    "/v1/endpoints",                    list_endpoints,  Access::administrator, 0,         false},
    {"POST",   "/v1/endpoints/{name}:enable",      enable_endpoint, Access::administrator, 0,         true},
    {"GET",    "/v1/openapi.json",                 get_openapi,     Access::administrator, 0,         false},
    {"GET",    "/healthz",                         get_health,      Access::open,          0,         false},
    {"GET",    "/readyz",                          get_readiness,   Access::open,          0,         false},
    // clang-format on
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace consign::http
