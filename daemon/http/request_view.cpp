#include "daemon/http/request_view.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "daemon/access/given_json.hpp"

namespace consign::http {
namespace {

boost::json::array given_to_show(const store::RequestRow& row) {
  boost::json::array out;
  const Given given = given_from_json(row.given);
  for (const auto& each : given.given) {
    boost::json::array permissions;
    for (const auto& permission : each.permissions)
      permissions.emplace_back(permission.to_string());
    boost::json::object one{{"shop", each.shop}, {"permissions", std::move(permissions)}};
    if (each.until) {
      one["until"] = format_timestamp(*each.until);
    } else if (each.term.until) {
      one["until"] = format_timestamp(*each.term.until);
    } else if (each.term.seconds) {
      one["for_seconds"] = *each.term.seconds;
    }
    if (each.term.idle_seconds) one["idle_seconds"] = *each.term.idle_seconds;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

boost::json::object request_to_json(const store::RequestRow& row) {
  boost::json::object out{{"id", row.id},
                          {"kind", row.kind},
                          {"state", store::name_of(row.state)},
                          {"account", row.account}};
  const boost::json::value asked = boost::json::parse(row.document);
  for (const auto& [name, value] : asked.as_object()) {
    if (!out.contains(name)) out[name] = value;
  }
  out["decision"] = boost::json::parse(row.decision);
  const bool denied = row.state == store::RequestState::denied;
  if (!denied) out["given"] = given_to_show(row);
  if (!row.reviewer.empty()) out["reviewer"] = row.reviewer;
  if (!row.reason.empty()) out["reason"] = row.reason;
  if (row.decided_by) out["decided_by"] = *row.decided_by;
  out["filed_by"] = row.filed_by;
  out["filed_at"] = format_timestamp(row.filed_at);
  out["changed_at"] = format_timestamp(row.changed_at);
  if (row.due) out["expires"] = format_timestamp(*row.due);
  out["rules"] = row.rules;
  return out;
}

boost::json::object with_invitation(boost::json::object request, const store::RequestRow& row,
                                    const std::string& secret) {
  boost::json::object invitation{{"secret", secret}, {"activate", "/v1/invitations:activate"}};
  if (row.due) invitation["expires"] = format_timestamp(*row.due);
  request["invitation"] = std::move(invitation);
  return request;
}

}  // namespace consign::http
