// All handlers: functions from a request and the services to a reply. One file for each group of
// them.
#pragma once

#include "daemon/http/reply.hpp"

namespace consign::http {

// orders.cpp
Reply post_order(const Request& request, Services& services);
Reply post_orders(const Request& request, Services& services);
// orders_csv.cpp
Reply import_orders(const Request& request, Services& services);
// order_reads.cpp
Reply list_orders(const Request& request, Services& services);
Reply get_order(const Request& request, Services& services);
Reply get_order_why(const Request& request, Services& services);
// order_history.cpp
Reply get_order_history(const Request& request, Services& services);
// order_actions.cpp
Reply assign_parts(const Request& request, Services& services);
Reply hold_parts(const Request& request, Services& services);
Reply release_parts(const Request& request, Services& services);
Reply split_part(const Request& request, Services& services);
Reply merge_parts(const Request& request, Services& services);
Reply cancel_parts(const Request& request, Services& services);
Reply send_parts(const Request& request, Services& services);
Reply accept_parts(const Request& request, Services& services);
Reply reject_parts(const Request& request, Services& services);
Reply ship_parts(const Request& request, Services& services);
Reply deliver_parts(const Request& request, Services& services);
// tracking_csv.cpp
Reply import_tracking(const Request& request, Services& services);
// reprocessing.cpp
Reply reprocess_order(const Request& request, Services& services);
Reply reprocess_orders(const Request& request, Services& services);
// stock.cpp
Reply put_stock(const Request& request, Services& services);
Reply put_stocks(const Request& request, Services& services);
Reply get_stock(const Request& request, Services& services);
Reply list_stock(const Request& request, Services& services);
// stock_csv.cpp
Reply import_stock(const Request& request, Services& services);
// products.cpp
Reply put_product(const Request& request, Services& services);
Reply get_product(const Request& request, Services& services);
Reply delete_product(const Request& request, Services& services);
// checks.cpp
Reply post_check(const Request& request, Services& services);
Reply post_checks(const Request& request, Services& services);
// accounts.cpp
Reply list_accounts(const Request& request, Services& services);
Reply put_account(const Request& request, Services& services);
Reply get_account(const Request& request, Services& services);
Reply delete_account(const Request& request, Services& services);
// account_shops.cpp
Reply put_account_shop(const Request& request, Services& services);
Reply delete_account_shop(const Request& request, Services& services);
Reply resume_account_in_shop(const Request& request, Services& services);
// requests.cpp
Reply post_request(const Request& request, Services& services);
Reply list_requests(const Request& request, Services& services);
Reply get_request(const Request& request, Services& services);
Reply accept_request(const Request& request, Services& services);
Reply deny_request(const Request& request, Services& services);
Reply cancel_request(const Request& request, Services& services);
Reply invite_again(const Request& request, Services& services);
Reply activate_invitation(const Request& request, Services& services);
// shops.cpp
Reply get_shop(const Request& request, Services& services);
Reply put_shop(const Request& request, Services& services);
Reply get_collaborator_code(const Request& request, Services& services);
Reply put_collaborator_code(const Request& request, Services& services);
Reply renew_collaborator_code(const Request& request, Services& services);
// tokens.cpp
Reply post_token(const Request& request, Services& services);
Reply list_tokens(const Request& request, Services& services);
Reply delete_token(const Request& request, Services& services);
// grants.cpp
Reply post_grant(const Request& request, Services& services);
Reply list_grants(const Request& request, Services& services);
Reply get_grant(const Request& request, Services& services);
Reply revoke_grant(const Request& request, Services& services);
Reply suspend_grant(const Request& request, Services& services);
Reply resume_grant(const Request& request, Services& services);
Reply adjust_grant(const Request& request, Services& services);
Reply review_grants(const Request& request, Services& services);
// reverse_checks.cpp
Reply who_may(const Request& request, Services& services);
Reply may(const Request& request, Services& services);
// permissions.cpp
Reply list_permissions(const Request& request, Services& services);
// menus.cpp
Reply get_menu(const Request& request, Services& services);
// activity.cpp
Reply list_activity(const Request& request, Services& services);
// wallet_passwords.cpp
Reply begin_wallet_password(const Request& request, Services& services);
Reply change_wallet_password(const Request& request, Services& services);
// events.cpp
Reply post_event(const Request& request, Services& services);
Reply list_events(const Request& request, Services& services);
Reply get_event(const Request& request, Services& services);
Reply reassign_event(const Request& request, Services& services);
Reply close_event(const Request& request, Services& services);
// groups.cpp
Reply list_groups(const Request& request, Services& services);
Reply put_duty(const Request& request, Services& services);
// rules.cpp
Reply get_rules(const Request& request, Services& services);
Reply reload_rules(const Request& request, Services& services);
// shopify_hooks.cpp
Reply shopify_hook(const Request& request, Services& services);
// exports.cpp
Reply export_orders(const Request& request, Services& services);
// deliveries.cpp
Reply list_deliveries(const Request& request, Services& services);
Reply get_delivery(const Request& request, Services& services);
Reply resend_delivery(const Request& request, Services& services);
Reply list_endpoints(const Request& request, Services& services);
Reply enable_endpoint(const Request& request, Services& services);
// health.cpp
Reply get_health(const Request& request, Services& services);
Reply get_readiness(const Request& request, Services& services);
// openapi.cpp
Reply get_openapi(const Request& request, Services& services);

}  // namespace consign::http
