// Groups that events are given to, and who of them is on duty.
#include <algorithm>
#include <boost/json/array.hpp>

#include "consign/ruleset.hpp"
#include "daemon/events/duty.hpp"
#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/store/event_rows.hpp"

namespace consign::http {
namespace {

boost::json::object duty_to_json(store::Connection& db, const std::string& account) {
  const auto since = store::on_duty_since(db, account);
  boost::json::object out{{"account", account}, {"on_duty", since.has_value()}};
  if (since) out["since"] = format_timestamp(*since);
  return out;
}

bool has_member(const Group& group, const std::string& account) {
  return std::ranges::find(group.members, account) != group.members.end();
}

}  // namespace

Reply put_duty(const Request& request, Services&) {
  const auto& account = request.path.find("account")->second;
  const auto& viewer = request.viewer;
  if (viewer.blocked || (!viewer.is_administrator() && viewer.account != account)) {
    return problem_response(Problem::not_found, "");
  }
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  const bool on = reader.flag("on");
  if (!reader.has("on")) reader.fault("on", "`on` is missing: true or false");
  reader.finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply([account, on, by = viewer.as_actor()](UnitContext& unit) {
    if (!put_on_duty(unit, account, on, by)) return problem_response(Problem::not_found, "");
    return json_response(200, duty_to_json(unit.db, account));
  });
}

Reply list_groups(const Request& request, Services& services) {
  const auto& viewer = request.viewer;
  const auto rules = services.rules.active();
  try {
    return services.readers.read([&](store::Connection& db) {
      boost::json::array items;
      for (const Group& group : rules->rules().groups) {
        // Others than administrators see the groups that they are of.
        const bool seen =
            viewer.is_administrator() || (!viewer.blocked && has_member(group, viewer.account));
        if (!seen) continue;
        boost::json::array members;
        for (const auto& member : group.members) members.push_back(duty_to_json(db, member));
        boost::json::object item{{"group", group.name},
                                 {"members", std::move(members)},
                                 {"held", store::count_held(db, group.name)}};
        const auto last = store::last_turn(db, group.name);
        if (!last.empty()) item["last"] = last;
        items.push_back(std::move(item));
      }
      return json_response(200, {{"items", std::move(items)}, {"next", nullptr}});
    });
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

}  // namespace consign::http
