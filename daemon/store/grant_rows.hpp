// Rows of grants: one for each permission of a grant, under the grant's id.
//
// Only the writer's units and the scoped reads call these. Checks are answered from memory
// (daemon/access/index.hpp), which follows these rows after each commit.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/order_rows.hpp"

namespace consign::store {

enum class GrantState {
  open,
  suspended,
  revoked,  ///< by a person: no rule gives it back
  ended,    ///< with the assignment that made it, or with its account
};
std::string_view name_of(GrantState state);

struct GrantRow {
  std::string id = {}, permission = {}, account = {};
  /// `order.id` is the order that it is about or, with `on_shop`, whose decision made it; empty for
  /// a shop's grant that a person made.
  OrderKey order = {};
  bool on_shop = false;
  std::string line = {};
  std::int64_t part = 0;
  std::optional<Timestamp> until = {};
  std::string rule = {};     ///< empty: a person made it
  std::string because = {};  ///< JSON
  Timestamp made_at = {};
  GrantState state = GrantState::open;
  std::optional<std::string> by_person = {};
  std::optional<Timestamp> ended_at = {}, last_used = {};
  std::optional<std::int64_t> idle_seconds = {};  ///< it ends when it was not used for so long
  bool assigned_only = false;  ///< of a shop: counts only for what is assigned to the supplier
};

/// Whether it may count: open or suspended. Its end is another matter.
bool is_standing(const GrantRow& grant);

/// What stands open on an order, whoever made it; an end that has passed is not looked at.
std::vector<GrantRow> open_grants_of_order(Connection& db, const OrderKey& key);
/// What rules granted because of an order, and has not ended by itself: those that persons
/// suspended or revoked are among them.
std::vector<GrantRow> rule_grants_of_order(Connection& db, const OrderKey& key);
/// Ends what rules granted because of an order, but for what a person revoked.
void end_rule_grants(Connection& db, const OrderKey& key, Timestamp now);
/// Inserts it; a row of that id and permission takes the state, the end and the reason given.
void put_grant(Connection& db, const GrantRow& grant);
/// Sets state and end of what stands of an account; returns the rows as they were.
std::vector<GrantRow> end_grants_of_account(Connection& db, std::string_view account,
                                            Timestamp now);

/// What stands of an account in a shop, whatever it is on there.
std::vector<GrantRow> standing_grants_of(Connection& db, std::string_view account,
                                         std::string_view shop);

/// The rows of one grant, sorted by permission; none if there is no such grant.
std::vector<GrantRow> grant_rows(Connection& db, std::string_view id);
/// Every row that stands and has not passed its end, sorted by id and permission.
void each_standing_grant(Connection& db, Timestamp now,
                         const std::function<void(const GrantRow&)>& each);
void note_grant_used(Connection& db, std::string_view id, std::string_view permission,
                     Timestamp at);

/// Which grants a list holds. Empty: any.
struct GrantFilter {
  std::string_view account = {}, shop = {};
  std::string_view permission = {}, wildcard = {};  ///< "orders:view" and its "orders:*"
  std::string_view state = {};                      ///< active, suspended, expired, revoked, ended
};
/// The ids of a page of grants after `after`, in the order of their ids.
std::vector<std::string> list_grants(Connection& db, const GrantFilter& filter, Timestamp now,
                                     std::string_view after, std::int64_t limit);

}  // namespace consign::store
