// Every read on behalf of somebody goes through here: the one place that knows who asks.
//
// Administrators see everything, suppliers the lines that are assigned to them, all others nothing.
// A token may be limited to less. What is not yours and what does not exist are the same nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consign/permission.hpp"
#include "daemon/store/access_rows.hpp"
#include "daemon/store/catalogue_rows.hpp"
#include "daemon/store/grant_rows.hpp"
#include "daemon/store/order_rows.hpp"
#include "daemon/store/outbox_rows.hpp"
#include "daemon/store/shipment_rows.hpp"

namespace consign::store {

/// Who asks. Made by authentication; `blocked` is set for a supplier that the rule set in force has
/// suspended or no longer declares.
struct Viewer {
  std::string token;    ///< the token's name, for idempotency keys
  std::string account;  ///< "administrator", "supplier:acme", "staff:anna"
  bool blocked = false;
  /// What the token is limited to; nothing: all that the account may.
  std::optional<std::vector<Permission>> permissions = {};
  std::optional<std::vector<std::string>> shops = {};

  Actor as_actor() const { return {account, token}; }
  bool is_limited() const { return permissions || shops; }
  bool may_use(const Permission& permission) const;
  bool sees_shop(std::string_view shop) const;
  bool is_administrator() const { return account == "administrator"; }
  /// The supplier's name, or nothing for other accounts.
  std::optional<std::string> supplier() const;
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
  /// Empty: any. A supplier's orders have a part that is assigned to it.
  std::vector<OrderRow> orders(std::string_view shop, std::string_view state,
                               std::string_view supplier, std::int64_t after, std::int64_t limit);
  /// Orders of a shop that the viewer may see and that have this id or this name.
  std::vector<OrderKey> orders_called(std::string_view shop, std::string_view number);
  /// The catalogue is the administrators'.
  std::optional<ProductRow> product(std::string_view shop, std::string_view id);
  /// What is sent, and to whom, is the administrators'.
  std::vector<EffectRow> effects(const EffectFilter& filter, std::int64_t after,
                                 std::int64_t limit);
  std::optional<EffectView> effect(std::string_view id);
  std::optional<EndpointView> endpoint(std::string_view name);

 private:
  Connection& db_;
  const Viewer& viewer_;
};

}  // namespace consign::store
