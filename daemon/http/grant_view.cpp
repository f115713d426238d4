#include "daemon/http/grant_view.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace consign::http {
namespace {

using store::GrantRow;
using store::GrantState;

boost::json::object on_to_json(std::string_view shop, std::string_view order, std::string_view line,
                               std::int64_t part) {
  boost::json::object on{{"shop", shop}};
  if (order.empty()) return on;
  on["order"] = order;
  if (!line.empty()) on["line"] = line;
  if (part != 0) on["part"] = std::to_string(part);
  return on;
}

bool any_is(const std::vector<GrantRow>& rows, GrantState state) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const GrantRow& row) { return row.state == state; });
}

}  // namespace

boost::json::object on_to_json(const HeldGrant& grant) {
  return on_to_json(grant.shop, grant.order, grant.line, grant.part);
}

boost::json::object grant_frame(const GrantRow& row) {
  boost::json::object out{
      {"id", row.id},
      {"account", row.account},
      {"permissions", boost::json::array()},
      {"on", on_to_json(row.order.shop, row.on_shop ? "" : row.order.id, row.line, row.part)}};
  if (row.until) out["until"] = format_timestamp(*row.until);
  if (row.idle_seconds) out["idle_seconds"] = *row.idle_seconds;
  if (row.assigned_only) out["assigned_only"] = true;
  out["because"] = boost::json::parse(row.because);
  return out;
}

std::string_view state_of_grant(const std::vector<GrantRow>& rows, Timestamp now) {
  for (const auto& row : rows) {
    if (store::is_standing(row) && row.until && *row.until <= now) return "expired";
  }
  if (any_is(rows, GrantState::open)) return "active";
  for (const auto state : {GrantState::suspended, GrantState::ended}) {
    if (any_is(rows, state)) return store::name_of(state);
  }
  return store::name_of(GrantState::revoked);
}

boost::json::object grant_to_json(const std::vector<GrantRow>& rows, Timestamp now) {
  // What was cut out has no part in the others' story.
  const bool all_revoked = std::all_of(rows.begin(), rows.end(), [](const GrantRow& row) {
    return row.state == GrantState::revoked;
  });
  const auto counts = [&](const GrantRow& row) {
    return all_revoked || row.state != GrantState::revoked;
  };
  const auto first = std::find_if(rows.begin(), rows.end(), counts);
  auto out = grant_frame(*first);
  out["state"] = state_of_grant(rows, now);
  out["made_at"] = format_timestamp(first->made_at);
  if (first->ended_at) out["ended_at"] = format_timestamp(*first->ended_at);
  boost::json::array cut;
  std::optional<Timestamp> used;
  for (const auto& row : rows) {
    if (row.last_used) used = std::max(used.value_or(*row.last_used), *row.last_used);
    if (counts(row)) {
      out["permissions"].as_array().push_back(boost::json::string(row.permission));
    } else {
      cut.push_back(boost::json::string(row.permission));
    }
  }
  if (used) out["last_used"] = format_timestamp(*used);
  if (!cut.empty()) out["cut"] = std::move(cut);
  return out;
}

}  // namespace consign::http
