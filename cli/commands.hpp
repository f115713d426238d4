// The commands of `consign`, each in a file of its own name.
//
// A command is a function from its arguments to an exit status. Which options fill the arguments
// is said in app.cpp; nothing here knows of CLI11.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"

namespace consign::cli {

struct CheckArguments {
  std::string path;
  std::string format = "text";  ///< or "json"
  bool deny_warnings = false;
  bool cost = false;              ///< also say what the program is made of
  std::size_t max_messages = 50;  ///< shown as text; 0: all
};
Exit run_check(const CheckArguments& arguments, const Session& session);

struct ListArguments {
  std::string path;
  std::string format = "text";  ///< or "json"
};
Exit run_list(const ListArguments& arguments, const Session& session);

struct DecideArguments {
  std::string rules;
  std::string facts;  ///< empty: none
  std::string now;    ///< empty: by the clock
  std::string kind = "order";
  std::string shop;
  std::string event;  ///< `-`: standard input
  bool why = false;
};
Exit run_decide(const DecideArguments& arguments, const Session& session);

struct FmtArguments {
  std::vector<std::string> paths;
  std::string stdin_name = "stdin.rules";  ///< its ending says which spelling standard input is in
  bool check = false;
};
Exit run_fmt(const FmtArguments& arguments, const Session& session);

/// Which daemon, and who asks.
struct ServerArguments {
  std::string server = "http://127.0.0.1:7878";
  std::string socket;                       ///< goes before `server`
  std::string token_file;                   ///< goes before CONSIGN_TOKEN
  std::string ca, client_cert, client_key;  ///< for an https address
};

struct ExplainArguments {
  std::string shop, order;
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_explain(const ExplainArguments& arguments, const Session& session);

struct TokenArguments {
  std::string what;  ///< create, list, revoke
  std::string id;    ///< of the token to revoke
  std::string account, label;
  std::vector<std::string> permissions, shops;
  std::int64_t days = 0;  ///< until it expires; 0: never
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_token(const TokenArguments& arguments, const Session& session);

struct AccountsArguments {
  std::string what;     ///< list, show, set, remove, suspend, resume
  std::string account;  ///< "staff:anna"; of all but `list`
  std::string kind;     ///< what to list; empty: any
  std::string name, email;
  std::vector<std::string> shops, roles;  ///< `shops` also to list, the last one
  bool all_shops = false;
  std::string mfa;  ///< yes, no; empty: as it is
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_accounts(const AccountsArguments& arguments, const Session& session);

struct WhoMayArguments {
  std::string permission, shop;
  std::string order, line;  ///< empty: all of the shop
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_who_may(const WhoMayArguments& arguments, const Session& session);

struct MayArguments {
  std::string account;
  std::string shop;  ///< empty: any
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_may(const MayArguments& arguments, const Session& session);

struct MenuArguments {
  std::string account;
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_menu(const MenuArguments& arguments, const Session& session);

struct ActivityArguments {
  std::string by, about, shop, since, until;  ///< empty: any
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_activity(const ActivityArguments& arguments, const Session& session);

struct WalletPasswordArguments {
  std::string account;
  std::string sealed_file;     ///< what is for the connectors: JSON, a text for each shop
  std::string passwords_file;  ///< `-`: standard input; empty: asked for at the terminal
  ServerArguments at;
};
Exit run_wallet_password(const WalletPasswordArguments& arguments, const Session& session);

struct GrantsArguments {
  std::string what;  ///< list, show, revoke, suspend, resume, adjust, review
  std::string id;
  std::string account, shop, state;      ///< what to list
  std::vector<std::string> permissions;  ///< to list, or to leave
  std::string until, reason;
  std::int64_t unused_days = 90, old_days = 365;
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_grants(const GrantsArguments& arguments, const Session& session);

struct RequestsArguments {
  std::string what;  ///< list, show, file, accept, deny, cancel, invite
  std::string id;
  std::string kind, state, account;  ///< to list, or of the request to file
  std::string email, name, organization, supplier, role, code, message;
  std::vector<std::string> shops, permissions;
  std::string until, reason;
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_requests(const RequestsArguments& arguments, const Session& session);

struct ShopArguments {
  std::string what = "show";  ///< show, plan, code, new-code
  std::string shop;
  std::string plan;
  std::string required;  ///< "yes" or "no": whether collaborators have to give the code
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_shop(const ShopArguments& arguments, const Session& session);

struct ExportArguments {
  /// Empty: as the daemon does it.
  std::string shop, state, tag, supplier, outcome, part_state, from, until, columns;
  ServerArguments at;
};
Exit run_export(const ExportArguments& arguments, const Session& session);

struct DeliveriesArguments {
  std::string what = "list";           ///< or show, resend
  std::vector<std::string> ids;        ///< of deliveries to show or to send again
  std::string endpoint, state, order;  ///< what to list; the order as SHOP/ID
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_deliveries(const DeliveriesArguments& arguments, const Session& session);

struct EndpointsArguments {
  std::string what = "list";  ///< or enable
  std::string name;           ///< of the endpoint to enable
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_endpoints(const EndpointsArguments& arguments, const Session& session);

struct ImportArguments {
  std::string what;                      ///< orders, tracking, stock
  std::string file;                      ///< `-`: standard input
  std::string shop, currency, timezone;  ///< of rows that do not say it; empty: each does
  std::string supplier;                  ///< whose stock it is
  bool dry_run = false;
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_import(const ImportArguments& arguments, const Session& session);

struct OrdersArguments {
  std::string shop, state, supplier;  ///< empty: any
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_orders(const OrdersArguments& arguments, const Session& session);

struct OrderArguments {
  std::string shop, order;
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_order(const OrderArguments& arguments, const Session& session);
Exit run_history(const OrderArguments& arguments, const Session& session);

/// What is done to parts of an order. Empty: not said.
struct ActArguments {
  std::string verb;  ///< the endpoint's: assign, hold, …
  std::string shop, order;
  std::string line, sku, part, quantity;  ///< which parts; none: all to which it can be done
  std::optional<std::int64_t> version;
  std::string reason;
  std::string supplier;                     ///< assign
  std::string until;                        ///< hold
  std::vector<std::string> quantities;      ///< split
  std::string id, carrier;                  ///< ship
  std::vector<std::string> tracking, urls;  ///< ship
  bool notify_customer = false;             ///< ship
  std::string shipment;                     ///< deliver
  std::string time;                         ///< ship, deliver
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_act(const ActArguments& arguments, const Session& session);

struct ReprocessArguments {
  std::string shop, order;                                       ///< one order
  bool all = false;                                              ///< instead: those that fit
  std::string only_shop, state, outcome, supplier, from, until;  ///< empty: any
  bool overrule = false, dry_run = false;
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_reprocess(const ReprocessArguments& arguments, const Session& session);

struct StockArguments {
  std::string supplier;
  std::string sku;                      ///< empty: all
  std::string set, change, id, safety;  ///< what is reported; none: only look
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_stock(const StockArguments& arguments, const Session& session);

struct PermissionsArguments {
  std::vector<std::string> names;  ///< permissions and handles; none: all
  std::string system;              ///< empty: any
  std::string format = "text";     ///< or "markdown"
};
Exit run_permissions(const PermissionsArguments& arguments, const Session& session);

struct EventsArguments {
  std::string name;                ///< of the event, as the rules declare it
  std::string id;                  ///< empty: list
  std::string assigned_to, state;  ///< what to list; empty: any
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_events(const EventsArguments& arguments, const Session& session);

struct DutyArguments {
  std::string account;
  std::string what;  ///< on, off
  ServerArguments at;
};
Exit run_duty(const DutyArguments& arguments, const Session& session);

struct GroupsArguments {
  ServerArguments at;
  std::string format = "text";  ///< or "json"
};
Exit run_groups(const GroupsArguments& arguments, const Session& session);

struct HelpArguments {
  std::string topic;
  std::string format = "text";  ///< or "markdown"
};

}  // namespace consign::cli
