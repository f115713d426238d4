// `consign decide --kind NAME` for events that the rule set declares.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "consign/engine.hpp"
#include "consign/result.hpp"
#include "daemon/wire/facts.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign::cli {

/// Decides events of one name, offline. Who is on duty is not known here: an event for a group says
/// which, and not whom of it.
class EventDecider {
 public:
  /// `event`: index into RuleSet::events. What is given must outlive it.
  EventDecider(std::shared_ptr<const RuleSet> rules, std::size_t event, FactSource& facts,
               Timestamp now);
  Result<boost::json::object, std::vector<JsonError>> answer(std::string_view bytes);

 private:
  std::shared_ptr<const RuleSet> rules_;
  const OwnEvent& declared_;
  std::shared_ptr<const Program> program_;
  FactSource& facts_;
  Timestamp now_;
  Arena arena_;
};

}  // namespace consign::cli
