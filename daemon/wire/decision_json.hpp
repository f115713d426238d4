// Decisions, reasons and messages as JSON (api.md). The same code writes for the daemon and for
// `consign decide`, so the same inputs give the same bytes.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/engine.hpp"
#include "daemon/wire/order_reader.hpp"

namespace consign {

/// A quantity: a number where it is whole, else its digits as text, so that no reader makes a
/// binary fraction of them.
boost::json::value quantity_to_json(const Decimal& quantity);

/// The id of a decision: a hash of engine version, rule set, event, facts, the prior state and now,
/// in hexadecimal, 32 digits.
std::string decision_id(const Program& program, const OrderDocument& order, const Facts& facts,
                        const Prior* prior, Timestamp now);

/// The answer to an order.
boost::json::object decision_to_json(const Decision& decision, const Program& program,
                                     const OrderDocument& order, std::string_view id);

/// The id of a grant of that decision.
std::string grant_id(std::string_view decision_id, const GrantMade& grant,
                     const OrderDocument& order);

/// {"rule","file","line"}.
boost::json::object because_to_json(const RuleSet& rules, RuleIndex rule);
boost::json::object because_to_json(const Program& program, RuleIndex rule);

/// Per line, every rule that was considered: {"lines":[{"id","rules":[…]}],"order":[…]}.
boost::json::object explanation_to_json(const Explanation& explanation, const Program& program,
                                        const OrderDocument& order);

/// A prior state as canonical JSON, and back: stored with the decision that it was used for.
std::string prior_to_json(const Prior& prior);
Prior prior_from_json(std::string_view json);

/// What the program is made of: {"rules","predicates","index_groups","unindexed":[{"rule","file",
/// "line","why"}],"bytes"}.
boost::json::object cost_to_json(const Program& program);

/// One message:
/// {"code","severity","message","file","line","column","end_line","end_column","text","labels",
/// "notes","help"}.
boost::json::object diagnostic_to_json(const Diagnostic& diagnostic, const SourceMap& sources);

}  // namespace consign
