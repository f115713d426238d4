// Events that a rule set declares: the body of `POST /v1/events/NAME`, and what was decided about
// one.
//
// Two members are everybody's: `id`, by which an event is known, and `at`, when it happened. All
// others are the fields that the rule set declares, and any of them may be left out. Where a field
// is itself called `id` or `at`, the one member is both.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "consign/engine.hpp"
#include "consign/result.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// An event as it came in. Owns its texts.
struct OwnEventDocument {
  std::string name;  ///< of the event, as the rule set declares it
  std::string id;
  std::string shop;  ///< the field `shop`; empty: it has none, or says none
  std::optional<Timestamp> happened_at;
  Record record;          ///< its fields
  std::string canonical;  ///< the document's canonical JSON
};

/// Reads one. What is wrong with it is told all at once.
Result<OwnEventDocument, std::vector<JsonError>> read_own_event(const JsonNode& document,
                                                                const OwnEvent& declared);

/// "there is no event `x`; the rules declare `conversation`", with the nearest name.
std::string no_such_event(const RuleSet& rules, std::string_view name);

/// The index of an event of that name in RuleSet::events.
std::optional<std::size_t> find_event_index(const RuleSet& rules, std::string_view name);

/// 32 hexadecimal digits, the same for the same inputs (language.md D1).
std::string event_decision_id(const RuleSet& rules, const OwnEventDocument& event,
                              std::string_view facts, Timestamp now);

/// A decision without any rule, for an event that no rule is on.
EventDecision no_rule_decides(Arena& arena);

/// What the rules say, as the wire form has it: decision, event, state, assigned_to or group,
/// because, reason, tags, notes, rules, at, and what is seldom there.
boost::json::object event_decision_to_json(const EventDecision& decision, const RuleSet& rules,
                                           const OwnEventDocument& event, std::string_view id,
                                           Timestamp now);

}  // namespace consign
