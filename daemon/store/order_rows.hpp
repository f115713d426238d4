// Rows of orders: revisions and decisions, which never change, and what stands now.
//
// The functions here see everything; only the writer's units and the scoped reads call them.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/hash.hpp"
#include "consign/time.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign::store {

/// Which order.
struct OrderKey {
  std::string shop = {}, id = {};
  friend auto operator<=>(const OrderKey&, const OrderKey&) = default;
};

/// An order, or something of it. Empty `line`: all of it; part 0: all of the line.
struct OrderPiece {
  OrderKey order = {};
  std::string line = {};
  std::int64_t part = 0;
};

struct RevisionRow {
  std::string revision = {};
  std::optional<Timestamp> updated_at = {};
  Timestamp received_at = {};
  std::string body = {};       ///< canonical JSON
  std::string body_hash = {};  ///< 32 bytes
  std::optional<std::string> decision = {};
  std::optional<std::string> answer = {};
};

struct DecisionRow {
  std::string id = {};
  std::string revision = {};
  std::string rules = {};
  Timestamp at = {}, received_at = {};
  std::string answer = {}, facts = {};
  std::optional<std::string> prior = {};
  std::string engine = {}, time_zones = {};
};

struct OrderRow {
  std::int64_t seq = 0;
  OrderKey key = {};
  std::string revision = {};
  std::optional<Timestamp> updated_at = {};
  Timestamp received_at = {};
  std::string state = {};
  std::string decision = {};
  std::optional<std::string> customer_id = {}, customer_email = {};
  std::int64_t version = 1;
  bool silent = false;                   ///< the channel is not told what has shipped
  std::optional<std::string> name = {};  ///< the number that people see, as "#1001"
};

/// A part of a line as it stands now.
struct PartRow {
  std::string line = {};
  std::int64_t part = 1;
  std::int64_t place = 0;  ///< the line's place in the order, from 0
  std::string quantity = {};
  std::string outcome = {};
  std::optional<std::string> supplier = {};
  std::optional<std::string> rule = {}, file = {};
  std::int64_t file_line = 0;
  std::optional<std::string> reason = {};
  std::optional<Timestamp> until = {};
  std::vector<std::string> waits_for = {};
  Timestamp since = {};
  bool overdue = false;  ///< held because it waited too long
  bool by_person = false;
  std::string sku = {};  ///< of its line; empty: none
  /// How far an assigned part has come: empty, `sent`, `accepted`, `shipped`, `delivered`. What a
  /// person did to one that is not assigned: `cancelled`, `held`.
  std::string stage = {};
  std::int64_t version = 0;  ///< the order's version in which it changed last

  bool has_shipped() const { return stage == "shipped" || stage == "delivered"; }
  /// Whether the supplier has pieces laid by for it.
  bool reserves() const {
    return supplier && !has_shipped() && (outcome == "assigned" || outcome == "held");
  }
  friend bool operator==(const PartRow&, const PartRow&) = default;
};

struct HoldRow {
  std::string line = {}, rule = {};
  Timestamp first_fired = {};
  std::optional<Timestamp> until = {};
  bool ended = false;      ///< it does not hold again
  bool by_person = false;  ///< who ended it
};

std::optional<RevisionRow> find_revision(Connection& db, const OrderKey& key,
                                         std::string_view revision);
void insert_revision(Connection& db, const OrderKey& key, const RevisionRow& row);
/// Notes the first decision made for a revision: the one whose answer it keeps.
void set_first_decision(Connection& db, const OrderKey& key, std::string_view revision,
                        std::string_view decision);

/// All revisions of an order, without their bodies, as they arrived.
std::vector<RevisionRow> revisions_of(Connection& db, const OrderKey& key);
/// All decisions about an order, without facts and prior state, as they were made.
std::vector<DecisionRow> decisions_of(Connection& db, const OrderKey& key);
std::optional<DecisionRow> find_decision(Connection& db, std::string_view id);
/// Decisions never change: one that is there already (same inputs, same id) stays.
void insert_decision(Connection& db, const OrderKey& key, const DecisionRow& row);

std::optional<OrderRow> find_order(Connection& db, const OrderKey& key);
/// Inserts the order, or brings the row of that key to this state and the next version.
void put_order(Connection& db, const OrderRow& row);

std::vector<PartRow> parts_of(Connection& db, const OrderKey& key);
void replace_parts(Connection& db, const OrderKey& key, const std::vector<PartRow>& parts);
/// Orders with lines that wait since before `limit`.
std::vector<OrderKey> orders_waiting_since(Connection& db, Timestamp limit, std::int64_t at_most);

std::vector<HoldRow> holds_of(Connection& db, const OrderKey& key);
/// A hold keeps the clock that it started with.
void put_hold(Connection& db, const OrderKey& key, const HoldRow& hold);
/// A person lets the line go: no hold that has fired for it holds it again.
void end_holds_of_line(Connection& db, const OrderKey& key, std::string_view line);
/// Undoes what persons ended so.
void revive_holds(Connection& db, const OrderKey& key);
/// Ends the holds whose time is up and says whose they are.
std::vector<OrderKey> end_holds(Connection& db, Timestamp now, std::int64_t at_most);

/// Marks the parts that persons hold, and whose time is up, by that stage, and says whose they are.
std::vector<OrderKey> release_held_parts(Connection& db, std::string_view stage, Timestamp now,
                                         std::int64_t at_most);

void replace_waits(Connection& db, const OrderKey& key,
                   const std::vector<std::pair<std::string, std::string>>& facts_and_lines);
/// Puts every order that waits for the fact among those due.
void make_due(Connection& db, std::string_view shop, std::string_view fact);
/// `how` it is to be decided: "again", "reprocess", "overrule". What is more than "again" stays.
void make_order_due(Connection& db, const OrderKey& key, std::string_view how = "again");
struct DueOrder {
  OrderKey key;
  std::string how;
};
/// Takes orders out of those due.
std::vector<DueOrder> take_due(Connection& db, std::int64_t at_most);

std::int64_t count_other_orders(Connection& db, std::string_view shop, std::string_view customer_id,
                                std::string_view email, std::string_view order_id);

/// A page of orders after `after`, in the order in which they came; of a supplier's only those with
/// parts assigned to it, if one is given; of the shops in `only` alone, if given. Empty `shop` or
/// `state`: any.
std::vector<OrderRow> list_orders(Connection& db, std::string_view shop, std::string_view state,
                                  const std::optional<std::string>& supplier,
                                  const std::optional<std::vector<std::string>>& only,
                                  std::int64_t after, std::int64_t limit);

/// The same of these orders, each found by its key. Of one that is there in pieces only what they
/// hold is looked at, and the state of the whole is not told: it is "decided".
std::vector<OrderRow> list_orders_among(Connection& db, const std::vector<OrderPiece>& pieces,
                                        std::string_view shop, std::string_view state,
                                        const std::optional<std::string>& supplier,
                                        std::int64_t after, std::int64_t limit);

/// Orders of the shop that have this id or this name; of a supplier's as list_orders.
std::vector<OrderKey> orders_called(Connection& db, std::string_view shop, std::string_view number,
                                    const std::optional<std::string>& supplier);

/// How many parts that have not shipped are assigned to, or held for, each supplier.
std::vector<std::pair<std::string, std::int64_t>> parts_by_supplier(Connection& db);

}  // namespace consign::store
