// What stands: the parts of an order as they are now, and the prior state that a new decision
// starts from.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "consign/engine.hpp"
#include "daemon/rules/current_rules.hpp"
#include "daemon/store/order_rows.hpp"
#include "daemon/store/shipment_rows.hpp"
#include "daemon/wire/order_reader.hpp"

namespace consign {

/// Why an order is decided that was decided before.
enum class Occasion {
  new_revision,  ///< the shop changed it: assigned parts stay where line and quantity are the same,
                 ///< and those that a person has set or the supplier has begun with
  again,         ///< a fact came, a hold ended, a supplier rejected: held parts stay, too
  reprocess,     ///< somebody wants it anew: what persons set, suppliers accepted, and what has
                 ///< shipped stays
  overrule,      ///< anew, whatever persons set and suppliers rejected
};
std::string_view name_of(Occasion occasion);
/// The occasion of that name; `again` for any other.
Occasion occasion_of(std::string_view name);

/// A held or cancelled part that a person lets go is marked by this stage until it is decided.
inline constexpr std::string_view kReleased = "released";

/// What becomes of held parts whose hold's time is up and whose supplier may act (language.md C6).
enum class Release {
  by_rules,           ///< they are decided like new: usually the same rule gives the same supplier
  to_their_supplier,  ///< they go to the supplier that they were held for, whatever rules say today
};

/// How much is in the part.
Decimal quantity_of(const store::PartRow& part);

/// Held parts that are to be released: their hold has ended or a person lets them go, and their
/// supplier may act.
std::vector<const store::PartRow*> released_parts(const std::vector<store::PartRow>& parts,
                                                  const std::vector<store::HoldRow>& holds,
                                                  const ActiveRules& rules);

/// Whether the decision leaves each of those parts with the supplier that it was held for.
bool keeps_suppliers(const Decision& decision, const std::vector<const store::PartRow*>& released);

/// What is known of an order from before.
struct OrderBefore {
  std::vector<store::PartRow> parts;
  std::vector<store::HoldRow> holds;
  std::vector<store::RejectionRow> rejections;
  std::set<std::string, std::less<>> barred;  ///< suppliers that may not act
  /// Suppliers that count their pieces: a line that has become other goods is not theirs unasked.
  std::set<std::string, std::less<>> counting;
};

/// The prior state for the engine.
Prior prior_of(const OrderBefore& standing, const std::vector<const store::PartRow*>& released,
               const OrderDocument& order, Occasion occasion, Release release);

/// The decision's parts as rows. `before` is what stood: a line that goes on waiting keeps its
/// clock, and what has shipped stays, also of a line that is gone.
std::vector<store::PartRow> parts_after(const Decision& decision, const Program& program,
                                        const OrderDocument& order,
                                        const std::vector<store::PartRow>& before);
/// Gives parts that differ from before the order's new version.
void number_versions(std::vector<store::PartRow>& parts, const std::vector<store::PartRow>& before,
                     std::int64_t version);

/// Holds the lines that have waited since `limit` or longer, naming what they waited for
/// (language.md C9). Whether there were any.
bool hold_overdue(std::vector<store::PartRow>& parts, Timestamp limit,
                  std::int64_t waiting_limit_seconds);

/// The order's state by its parts: `waiting` or `decided`.
std::string_view state_of(const std::vector<store::PartRow>& parts);

}  // namespace consign
