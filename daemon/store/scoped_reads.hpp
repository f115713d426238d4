// Every read on behalf of somebody goes through here: the one place that knows who asks.
//
// Administrators see everything, suppliers the lines that are assigned to them, all others what
// grants of `orders:view` let them see. A token may be limited to less. What is not yours and what
// does not exist are the same nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consign/permission.hpp"
#include "daemon/store/access_rows.hpp"
#include "daemon/store/activity_rows.hpp"
#include "daemon/store/catalogue_rows.hpp"
#include "daemon/store/grant_rows.hpp"
#include "daemon/store/order_rows.hpp"
#include "daemon/store/outbox_rows.hpp"
#include "daemon/store/shipment_rows.hpp"
#include "daemon/store/sight.hpp"

namespace consign::store {

/// A person who works for a supplier: sees of orders what is assigned to it, in some shops.
struct SupplierLogin {
  std::string supplier;
  /// Where grants let it see that, and where also act upon it (daemon/access/viewing.hpp).
  std::vector<std::string> sees_in = {}, acts_in = {};
};

/// Who asks. Made by authentication; `blocked` is set for a supplier that the rule set in force has
/// suspended or no longer declares, and for those who work for one that may not act.
struct Viewer {
  std::string token;    ///< the token's name, for idempotency keys
  std::string account;  ///< "administrator", "supplier:acme", "staff:anna"
  bool blocked = false;
  /// What the token is limited to; nothing: all that the account may.
  std::optional<std::vector<Permission>> permissions = {};
  std::optional<std::vector<std::string>> shops = {};
  /// What grants let it see (daemon/access/viewing.hpp); null: nothing.
  std::shared_ptr<const Sight> sight = {};
  std::optional<SupplierLogin> login = {};  ///< set for those who work for a supplier

  Actor as_actor() const { return {account, token}; }
  bool is_limited() const { return permissions || shops; }
  bool may_use(const Permission& permission) const;
  bool sees_shop(std::string_view shop) const;
  bool is_administrator() const { return account == "administrator"; }
  /// The name of the supplier that it is or works for, or nothing for other accounts.
  std::optional<std::string> supplier() const;
  /// Whether it sees what is assigned to its supplier there: a supplier does everywhere.
  bool sees_assigned_in(std::string_view shop) const;
  /// Whether it may change orders there: administrators, suppliers and who works for them do.
  bool acts_in(std::string_view shop) const;
  bool sees_whole(const OrderKey& key) const;
};

/// An order as somebody may see it.
struct OrderView {
  OrderRow order;
  RevisionRow revision;
  DecisionRow decision;
  std::vector<PartRow> parts;          ///< those that the viewer may see
  std::vector<GrantRow> grants;        ///< likewise, in force
  std::vector<ShipmentRow> shipments;  ///< likewise
  bool whole = false;                  ///< nothing was left out
};

/// An effect with all that was tried to deliver it.
struct EffectView {
  EffectRow effect;
  std::vector<AttemptRow> attempts;
};

/// How things stand with an endpoint.
struct EndpointView {
  EndpointCounts counts;
  std::optional<DisabledEndpoint> disabled;
};

/// Reads of one transaction for one viewer. Throws StoreError.
class ScopedReads {
 public:
  ScopedReads(Connection& db, const Viewer& viewer) : db_(db), viewer_(viewer) {}

  std::optional<OrderView> order(const OrderKey& key, Timestamp now);
  /// The same for one who wants to change it: nothing for those who may only look.
  std::optional<OrderView> order_to_change(const OrderKey& key, Timestamp now);
  /// What persons and suppliers did to what is seen of it.
  std::vector<OrderEventRow> events(const OrderView& view);
  /// Empty: any. A supplier's orders have a part that is assigned to it.
  std::vector<OrderRow> orders(std::string_view shop, std::string_view state,
                               std::string_view supplier, std::int64_t after, std::int64_t limit);
  /// Orders of a shop that the viewer may change something of, and that have this id or this name.
  std::vector<OrderKey> orders_to_change(std::string_view shop, std::string_view number);
  /// The catalogue is the administrators'.
  std::optional<ProductRow> product(std::string_view shop, std::string_view id);
  /// What is sent, and to whom, is the administrators'.
  std::vector<EffectRow> effects(const EffectFilter& filter, std::int64_t after,
                                 std::int64_t limit);
  std::optional<EffectView> effect(std::string_view id);
  std::optional<EndpointView> endpoint(std::string_view name);
  /// What was done by anybody is the administrators', each account has what it did itself.
  std::vector<ActivityRow> activity(ActivityFilter filter,
                                    const std::optional<ActivityPlace>& before, std::int64_t limit);

 private:
  bool is_own(const OrderKey& key, const PartRow& part) const;
  void leave_own(OrderView& view) const;
  std::vector<OrderRow> orders_in_sight(std::string_view shop, std::string_view state,
                                        const std::optional<std::string>& supplier,
                                        std::int64_t after, std::int64_t limit);

  Connection& db_;
  const Viewer& viewer_;
};

}  // namespace consign::store
