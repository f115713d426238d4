// Grants: making them by hand, looking at them, and what persons do to them.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <functional>

#include "daemon/access/account_name.hpp"
#include "daemon/access/granting.hpp"
#include "daemon/http/document_reader.hpp"
#include "daemon/http/grant_view.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

using store::GrantRow;

const std::string& id_of(const Request& request) { return request.path.find("id")->second; }

WantedGrant read_grant(DocumentReader& reader, const Settings& settings) {
  WantedGrant wanted;
  wanted.account = reader.text("account");
  if (!wanted.account.empty() && !parse_account_name(wanted.account)) {
    reader.fault("account", "`" + wanted.account + "` is no account; write it as `staff:anna`");
  }
  wanted.permissions = reader.maybe_permissions("permissions").value_or(std::vector<Permission>{});
  if (wanted.permissions.empty()) reader.fault("permissions", "at least one permission is wanted");
  auto on = reader.object("on");
  wanted.shop = on.text("shop");
  wanted.order = on.maybe_text("order").value_or("");
  wanted.line = on.maybe_text("line").value_or("");
  if (!wanted.shop.empty() && settings.find_shop(wanted.shop) == nullptr) {
    on.fault("shop", "no shop `" + wanted.shop + "` is configured");
  }
  if (wanted.order.empty() && !wanted.line.empty()) on.fault("line", "a line is one of an `order`");
  on.finish();
  wanted.until = reader.maybe_time("until");
  wanted.reason = reader.maybe_text("reason").value_or("");
  reader.finish();
  return wanted;
}

GrantChange read_change(GrantChange::Kind kind, DocumentReader& reader) {
  GrantChange change{.kind = kind, .reason = reader.maybe_text("reason").value_or("")};
  if (kind == GrantChange::Kind::adjust) {
    change.permissions = reader.maybe_permissions("permissions");
    change.until = reader.maybe_time("until");
    if (change.permissions && change.permissions->empty()) {
      reader.fault("permissions", "nothing would be left; to end the grant, revoke it");
    }
  }
  reader.finish();
  return change;
}

Reply change(GrantChange::Kind kind, const Request& request) {
  const auto document = parse_json(request.body.empty() ? "{}" : request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  auto wanted = read_change(kind, reader);
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply([id = id_of(request), wanted = std::move(wanted),
                      by = request.viewer.as_actor()](UnitContext& unit) {
    const auto done = change_grant(unit, id, wanted, by);
    if (!done) return problem_response(Problem::invalid_document, "", done.error());
    if (!*done) return problem_response(Problem::not_found, "");
    return json_response(200, grant_to_json(store::grant_rows(unit.db, id), unit.now));
  });
}

// Made, what persons did, and its end, in that order.
boost::json::array history_of(store::Connection& db, const std::vector<GrantRow>& rows,
                              Timestamp now) {
  const GrantRow& first = rows.front();
  boost::json::array history{boost::json::object{{"at", format_timestamp(first.made_at)},
                                                 {"what", "made"},
                                                 {"because", boost::json::parse(first.because)}}};
  for (const auto& event : store::events_of(db, "grant " + first.id)) {
    if (event.what == "made") continue;  // told already, as that of a rule's grant
    boost::json::object told{
        {"at", format_timestamp(event.at)}, {"what", event.what}, {"by", event.by.person}};
    const auto detail = boost::json::parse(event.detail);
    for (const auto& [name, value] : detail.as_object()) told[name] = value;
    history.push_back(std::move(told));
  }
  const auto state = state_of_grant(rows, now);
  for (const auto& row : rows) {
    const auto end = state == "expired" ? row.until
                     : state == "ended" ? row.ended_at
                                        : std::nullopt;
    if (!end) continue;
    history.push_back({{"at", format_timestamp(*end)}, {"what", state}});
    break;
  }
  return history;
}

// The grants' rows, grant by grant, in the order of their ids.
void each_grant(store::Connection& db, Timestamp now, std::string_view after,
                const std::function<void(const std::vector<GrantRow>&)>& each) {
  std::vector<GrantRow> rows;
  store::each_standing_grant(db, now, [&](const GrantRow& row) {
    if (row.id <= after) return;
    if (!rows.empty() && rows.front().id != row.id) {
      each(rows);
      rows.clear();
    }
    rows.push_back(row);
  });
  if (!rows.empty()) each(rows);
}

}  // namespace

Reply post_grant(const Request& request, Services& services) {
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  auto wanted = read_grant(reader, services.settings);
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply(
      [wanted = std::move(wanted), by = request.viewer.as_actor()](UnitContext& unit) {
        const auto made = make_grant(unit, wanted, by);
        if (!made) return problem_response(Problem::invalid_document, "", made.error());
        return json_response(made->is_new ? 201 : 200,
                             grant_to_json(store::grant_rows(unit.db, made->id), unit.now));
      });
}

Reply list_grants(const Request& request, Services& services) {
  const auto limit = limit_of(request);
  if (!limit) return no_such_page();
  const auto& viewer = request.viewer;
  if (viewer.blocked) return page_response({}, *limit, "");
  const std::string account =
      viewer.is_administrator() ? std::string(request.query_value("account")) : viewer.account;
  std::string wildcard;
  if (const auto permission = request.query_value("permission"); !permission.empty()) {
    const auto parsed = parse_permissions(permission);
    if (!parsed || parsed->size() != 1) {
      return problem_response(Problem::malformed_request,
                              "`permission` is a single one, as `orders:view`");
    }
    wildcard = parsed->front().resource + ":*";
  }
  try {
    const Timestamp now = services.now();
    return services.readers.read([&](store::Connection& db) {
      const auto ids = store::list_grants(db,
                                          {.account = account,
                                           .shop = request.query_value("shop"),
                                           .permission = request.query_value("permission"),
                                           .wildcard = wildcard,
                                           .state = request.query_value("state")},
                                          now, request.query_value("cursor"), *limit);
      boost::json::array items;
      for (const auto& id : ids) items.push_back(grant_to_json(store::grant_rows(db, id), now));
      return page_response(std::move(items), *limit, ids.empty() ? "" : ids.back());
    });
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply get_grant(const Request& request, Services& services) {
  try {
    const Timestamp now = services.now();
    return services.readers.read([&](store::Connection& db) {
      const auto rows = store::grant_rows(db, id_of(request));
      const auto& viewer = request.viewer;
      if (rows.empty() || viewer.blocked ||
          (!viewer.is_administrator() && rows.front().account != viewer.account)) {
        return problem_response(Problem::not_found, "");
      }
      auto out = grant_to_json(rows, now);
      out["history"] = history_of(db, rows, now);
      return json_response(200, out);
    });
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply revoke_grant(const Request& request, Services&) {
  return change(GrantChange::Kind::revoke, request);
}
Reply suspend_grant(const Request& request, Services&) {
  return change(GrantChange::Kind::suspend, request);
}
Reply resume_grant(const Request& request, Services&) {
  return change(GrantChange::Kind::resume, request);
}
Reply adjust_grant(const Request& request, Services&) {
  return change(GrantChange::Kind::adjust, request);
}

Reply review_grants(const Request& request, Services& services) {
  const auto limit = limit_of(request);
  if (!limit) return no_such_page();
  const auto unused = number_of(request, "unused_days", ReviewLimits().unused_days);
  const auto old = number_of(request, "old_days", ReviewLimits().old_days);
  if (!unused || !old || *unused < 1 || *old < 1 || *unused > 36'500 || *old > 36'500) {
    return problem_response(Problem::malformed_request,
                            "`unused_days` and `old_days` are numbers of days, 1 to 36500");
  }
  const ReviewLimits limits{*unused, *old};
  return SlowReply{
      [limits, limit = *limit, after = std::string(request.query_value("cursor")), &services] {
        const Timestamp now = services.now();
        return services.readers.read([&](store::Connection& db) {
          boost::json::array items;
          std::string last;
          each_grant(db, now, after, [&](const std::vector<GrantRow>& rows) {
            if (static_cast<std::int64_t>(items.size()) == limit) return;
            const auto findings = review_grant(rows, limits, now);
            if (findings.empty()) return;
            auto item = grant_to_json(rows, now);
            auto& told = item["findings"].emplace_array();
            for (const auto finding : findings) told.emplace_back(finding);
            items.push_back(std::move(item));
            last = rows.front().id;
          });
          return page_response(std::move(items), limit, last);
        });
      }};
}

}  // namespace consign::http
