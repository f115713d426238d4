// Events that the rules declare: taking them in, looking at them, and what persons do to them.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>

#include "consign/diagnostic.hpp"
#include "daemon/access/account_name.hpp"
#include "daemon/events/handing.hpp"
#include "daemon/events/taking.hpp"
#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/order_intake.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

using store::EventKey;
using store::StandingEvent;

const std::string& name_in(const Request& request) { return request.path.find("name")->second; }

EventKey key_in(const Request& request) {
  return {name_in(request), request.path.find("id")->second};
}

Response undeclared(const ActiveRules& rules, const std::string& name) {
  return problem_response(Problem::not_found, no_such_event(rules.rules(), name));
}

boost::json::object to_json(const StandingEvent& event) {
  boost::json::object out{{"event", {{"name", event.key.name}, {"id", event.key.id}}},
                          {"state", event.state}};
  if (!event.shop.empty()) out["shop"] = event.shop;
  if (!event.account.empty() && event.state != "held") out["assigned_to"] = event.account;
  if (!event.account.empty() && event.state == "held") out["waits_for"] = event.account;
  if (!event.group.empty()) out["group"] = event.group;
  if (!event.reason.empty()) out["reason"] = event.reason;
  out["received_at"] = format_timestamp(event.received_at);
  out["changed_at"] = format_timestamp(event.changed_at);
  return out;
}

// Administrators see every event, others what is or was theirs.
bool sees(const store::Viewer& viewer, const StandingEvent& event) {
  if (viewer.blocked) return false;
  return viewer.is_administrator() || (event.account == viewer.account && event.state != "held");
}

boost::json::array history_of(store::Connection& db, const EventKey& key) {
  boost::json::array history;
  for (const auto& event : store::events_of(db, store::subject_of(key))) {
    boost::json::object told{
        {"at", format_timestamp(event.at)}, {"what", event.what}, {"by", event.by.person}};
    const auto detail = boost::json::parse(event.detail);
    for (const auto& [name, value] : detail.as_object()) told[name] = value;
    history.push_back(std::move(told));
  }
  return history;
}

// The event as it came and stands, and for administrators what was decided, by which rules, and
// who has done what.
Response whole(store::Connection& db, const StandingEvent& event, const store::Viewer& viewer) {
  auto out = to_json(event);
  const auto row = store::find_event(db, event.key);
  auto decision = boost::json::parse(row->answer);
  out["tags"] = decision.at("tags");
  boost::json::array notes;
  for (const auto& note : decision.at("notes").as_array()) {
    notes.push_back(boost::json::object{{"text", note.at("text")}});
  }
  out["notes"] = std::move(notes);
  if (viewer.is_administrator()) {
    out["decision"] = std::move(decision);
    out["history"] = history_of(db, event.key);
  }
  // The document goes in as it is: numbers stay as they were written.
  std::string body = boost::json::serialize(out);
  body.back() = ',';
  return {.status = 200, .body = body + "\"document\":" + row->body + '}'};
}

Response answer_to(const TakenEvent& taken, const ActiveRules& rules, const std::string& name) {
  switch (taken.how) {
    case EventTaking::decided:
      return {.status = 201, .body = taken.answer};
    case EventTaking::known:
      return {.status = 200, .body = taken.answer};
    case EventTaking::undeclared:
      return undeclared(rules, name);
    case EventTaking::faulty:
      return problem_response(Problem::invalid_document, "", taken.faults);
    case EventTaking::conflict:
      break;
  }
  return problem_response(Problem::state_conflict,
                          "the event of this id was taken in before, with another body");
}

Response answer_to(UnitContext& unit, EventChange change, const EventKey& key,
                   const store::Viewer& viewer) {
  switch (change) {
    case EventChange::not_found:
      return problem_response(Problem::not_found, "");
    case EventChange::closed:
      return problem_response(Problem::state_conflict, "the event is closed");
    case EventChange::done:
      break;
  }
  return whole(unit.db, *store::find_standing(unit.db, key), viewer);
}

std::string no_such_group(const RuleSet& rules, const std::string& group) {
  std::vector<std::string_view> names;
  for (const auto& each : rules.groups) names.push_back(each.name);
  const auto near = nearest_name(group, names);
  return "the rules declare no group `" + group + "`" +
         (near.empty() ? "" : "; did you mean `" + std::string(near) + "`?");
}

}  // namespace

Reply post_event(const Request& request, Services& services) {
  const auto rules = services.rules.active();
  const auto& name = name_in(request);
  const OwnEvent* declared = rules->rules().find_event(name);
  if (declared == nullptr) return undeclared(*rules, name);
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  auto event = read_own_event(document->root(), *declared);
  if (!event) return problem_response(Problem::invalid_document, "", event.error());
  if (!event->shop.empty()) {
    if (auto refused = refuse_shop(event->shop, request, services)) return std::move(*refused);
  } else if (request.viewer.shops) {
    return problem_response(Problem::forbidden,
                            "the token is limited to shops, and the event is of none");
  }
  // The document is used up by the one time that the write runs.
  auto once = std::make_shared<OwnEventDocument>(std::move(*event));
  return write_reply([once, hash = rules->hash, name](UnitContext& unit) {
    return answer_to(take_event(unit, std::move(*once), hash), unit.rules, name);
  });
}

Reply list_events(const Request& request, Services& services) {
  const auto limit = limit_of(request);
  const auto after = number_of(request, "cursor", 0);
  if (!limit || !after) return no_such_page();
  const auto& viewer = request.viewer;
  const auto& name = name_in(request);
  store::EventFilter filter{.account = std::string(request.query_value("assigned_to")),
                            .state = std::string(request.query_value("state"))};
  // Others than administrators see what is theirs, whatever they ask for.
  const bool nothing = viewer.blocked || (!viewer.is_administrator() && !filter.account.empty() &&
                                          filter.account != viewer.account);
  if (!viewer.is_administrator()) filter.account = viewer.account;
  const auto rules = services.rules.active();
  const bool declared = rules->rules().find_event(name) != nullptr;
  try {
    return services.readers.read([&](store::Connection& db) -> Response {
      // What came while an event was declared stays to be seen.
      if (!declared && store::list_events(db, name, {}, 0, 1).empty()) {
        return undeclared(*rules, name);
      }
      if (nothing) return page_response({}, *limit, "");
      const auto events = store::list_events(db, name, filter, *after, *limit);
      boost::json::array items;
      for (const auto& event : events) items.push_back(to_json(event));
      return page_response(std::move(items), *limit,
                           events.empty() ? "" : std::to_string(events.back().seq));
    });
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply get_event(const Request& request, Services& services) {
  try {
    return services.readers.read([&](store::Connection& db) {
      const auto event = store::find_standing(db, key_in(request));
      if (!event || !sees(request.viewer, *event)) {
        return problem_response(Problem::not_found, "");
      }
      return whole(db, *event, request.viewer);
    });
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply reassign_event(const Request& request, Services& services) {
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  const auto to = reader.maybe_text("to"), group = reader.maybe_text("group");
  reader.finish();
  if (faults.empty() && to.has_value() == group.has_value()) {
    reader.fault("", "say either `to`, an account, or `group`");
  }
  if (to && !parse_account_name(*to)) {
    reader.fault("to", "`" + *to + "` is no account; write it as `sub:anna`");
  }
  if (group && find_group(services.rules.active()->rules(), *group) == nullptr) {
    reader.fault("group", no_such_group(services.rules.active()->rules(), *group));
  }
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply(
      [key = key_in(request), to, group, viewer = request.viewer](UnitContext& unit) -> Response {
        const auto by = viewer.as_actor();
        if (group) {
          if (find_group(unit.rules.rules(), *group) == nullptr) {
            return problem_response(Problem::invalid_document, "",
                                    {{"/group", no_such_group(unit.rules.rules(), *group)}});
          }
          return answer_to(unit, reassign_to_group(unit, key, *group, by), key, viewer);
        }
        std::string why;
        const auto change = reassign_to_account(unit, key, *to, by, why);
        if (!why.empty()) return problem_response(Problem::invalid_document, "", {{"/to", why}});
        return answer_to(unit, change, key, viewer);
      });
}

Reply close_event(const Request& request, Services&) {
  const auto document = parse_json(request.body.empty() ? "{}" : request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader(document->root(), "", faults).finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  if (request.viewer.blocked) return problem_response(Problem::not_found, "");
  return write_reply([key = key_in(request), viewer = request.viewer](UnitContext& unit) {
    const std::string only = viewer.is_administrator() ? "" : viewer.account;
    return answer_to(unit, consign::close_event(unit, key, only, viewer.as_actor()), key, viewer);
  });
}

}  // namespace consign::http
