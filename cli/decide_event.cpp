#include "cli/decide_event.hpp"

#include "daemon/wire/own_event.hpp"

namespace consign::cli {

EventDecider::EventDecider(std::shared_ptr<const RuleSet> rules, std::size_t event,
                           FactSource& facts, Timestamp now)
    : rules_(std::move(rules)),
      declared_(rules_->events[event]),
      program_(compile_scope(rules_, Scope::event, static_cast<std::uint32_t>(event))),
      facts_(facts),
      now_(now) {}

Result<boost::json::object, std::vector<JsonError>> EventDecider::answer(std::string_view bytes) {
  const auto document = parse_json(bytes);
  if (!document) return std::vector<JsonError>{document.error()};
  const auto event = read_own_event(document->root(), declared_);
  if (!event) return event.error();
  Facts joined;
  if (!event->shop.empty()) joined.shared = join_shop(event->shop, facts_);
  const auto decision = decide_event(*program_, event->record, joined.shared, now_, arena_);
  const auto id = event_decision_id(*rules_, *event, facts_to_json(joined), now_);
  return event_decision_to_json(decision, *rules_, *event, id, now_);
}

}  // namespace consign::cli
