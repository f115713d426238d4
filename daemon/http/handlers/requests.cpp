// Requests for access: filing them, deciding those that wait for a person, and what becomes of
// invitations.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/access/requesting.hpp"
#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/kept_answers.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/request_view.hpp"
#include "daemon/wire/object_form.hpp"

namespace consign::http {
namespace {

const std::string& id_of(const Request& request) { return request.path.find("id")->second; }

Response refusal(const RequestFault& fault) {
  using Kind = RequestFault::Kind;
  switch (fault.kind) {
    case Kind::unknown:
      return problem_response(Problem::not_found, "");
    case Kind::forbidden:
      return problem_response(Problem::forbidden, fault.message);
    case Kind::conflict:
      return problem_response(Problem::state_conflict, fault.message);
    case Kind::too_many: {
      auto response = problem_response(Problem::too_many_attempts, fault.message);
      response.headers.emplace_back("Retry-After", std::to_string(fault.wait_seconds));
      return response;
    }
    case Kind::invalid:
      break;
  }
  return problem_response(Problem::invalid_document, "", {{fault.pointer, fault.message}});
}

// Only who may decide about it sees the link's secret: with it one becomes the account.
Response answer(UnitContext& unit, const Requested& done, const store::Viewer& viewer, int status) {
  auto out = request_to_json(done.row);
  if (!done.secret.empty() && may_handle(unit, unit.access, done.row, viewer)) {
    out = with_invitation(std::move(out), done.row, done.secret);
  }
  return json_response(status, out);
}

// What is stored of it, without the code: equal requests give equal texts.
std::string without_code(const JsonNode& root) {
  auto document = boost::json::parse(canonical_json(root)).as_object();
  document.erase("code");
  const auto again = parse_json(boost::json::serialize(document));
  return canonical_json(again->root());
}

Filing read_filing(const JsonNode& root, const UnitContext& unit, std::vector<JsonError>& faults) {
  static const ObjectForm form({Subject::request}, {"account", "supplier", "code"});
  Filing filing;
  auto asked = read_request(root, form, unit.rules.rules());
  if (!asked) {
    faults = asked.error();
    return filing;
  }
  filing.asked = std::move(asked.value());
  DocumentReader reader(root, "", faults);
  filing.account = reader.maybe_text("account").value_or("");
  filing.supplier = reader.maybe_text("supplier").value_or("");
  filing.code = reader.maybe_text("code");
  for (std::size_t i = 0; i < filing.asked.shops.size(); ++i) {
    if (unit.settings.find_shop(filing.asked.shops[i]) == nullptr) {
      faults.push_back(
          {"/shops/" + std::to_string(i), "no shop `" + filing.asked.shops[i] + "` is configured"});
    }
  }
  if (filing.account.empty() && filing.supplier.empty() && filing.asked.email.empty()) {
    reader.fault("requester",
                 "who it is for is wanted: the `email` of the `requester`, or an "
                 "`account` as `staff:anna`");
  }
  if (faults.empty()) filing.document = without_code(root);
  return filing;
}

// A document that may be left out altogether.
Result<JsonDocument, JsonError> body_of(const Request& request) {
  return parse_json(request.body.empty() ? "{}" : request.body);
}

using Step = Result<Requested, RequestFault> (*)(UnitContext&, const std::string&,
                                                 const std::string&, const store::Viewer&);

Reply step(const Request& request, Step todo) {
  const auto document = body_of(request);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  const std::string reason = reader.maybe_text("reason").value_or("");
  reader.finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply([=, id = id_of(request), viewer = request.viewer](UnitContext& unit) {
    const auto done = todo(unit, id, reason, viewer);
    return done ? answer(unit, *done, viewer, 200) : refusal(done.error());
  });
}

// Pages are cut from what the viewer may see, which the store cannot tell.
constexpr std::int64_t kLookedAt = 5'000;

}  // namespace

Reply post_request(const Request& request, Services&) {
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  return write_once(
      request, "POST /v1/requests",
      [body = request.body, viewer = request.viewer](UnitContext& unit) -> Response {
        const auto parsed = parse_json(body);
        std::vector<JsonError> faults;
        const Filing filing = read_filing(parsed->root(), unit, faults);
        if (!faults.empty()) {
          return problem_response(Problem::invalid_document, "", faults);
        }
        const auto filed = file_request(unit, filing, viewer);
        if (!filed) return refusal(filed.error());
        return answer(unit, *filed, viewer, filed->is_new ? 201 : 200);
      },
      "invitation");
}

Reply list_requests(const Request& request, Services& services) {
  const auto limit = limit_of(request);
  if (!limit) return no_such_page();
  const auto state = request.query_value("state");
  if (!state.empty() && !store::request_state_of(state)) {
    return problem_response(Problem::malformed_request,
                            "no request is `" + std::string(state) + "`");
  }
  return SlowReply{[&services, limit = *limit, viewer = request.viewer, state = std::string(state),
                    kind = std::string(request.query_value("kind")),
                    shop = std::string(request.query_value("shop")),
                    account = std::string(request.query_value("account")),
                    cursor = std::string(request.query_value("cursor"))] {
    const auto rules = services.rules.active();
    return services.readers.read([&](store::Connection& db) {
      Arena arena;
      const DecidingContext context{db, *rules, services.settings, arena, services.now()};
      boost::json::array items;
      std::string last = cursor;
      for (std::int64_t looked = 0; looked < kLookedAt;) {
        const auto rows = store::list_requests(
            db, {.state = state, .kind = kind, .shop = shop, .account = account}, last, limit);
        for (const auto& row : rows) {
          last = row.id;
          ++looked;
          if (!may_see(context, services.access, row, viewer)) continue;
          items.push_back(request_to_json(row));
          if (static_cast<std::int64_t>(items.size()) == limit) {
            return page_response(std::move(items), limit, last);
          }
        }
        if (static_cast<std::int64_t>(rows.size()) < limit) break;
      }
      return page_response(std::move(items), limit, last);
    });
  }};
}

Reply get_request(const Request& request, Services& services) {
  try {
    const auto rules = services.rules.active();
    return services.readers.read([&](store::Connection& db) {
      Arena arena;
      const DecidingContext context{db, *rules, services.settings, arena, services.now()};
      const auto row = store::find_request(db, id_of(request));
      if (!row || !may_see(context, services.access, *row, request.viewer)) {
        return problem_response(Problem::not_found, "");
      }
      auto out = request_to_json(*row);
      auto& history = out["history"].emplace_array();
      for (const auto& event : store::events_of(db, "request " + row->id)) {
        boost::json::object told{
            {"at", format_timestamp(event.at)}, {"what", event.what}, {"by", event.by.person}};
        const boost::json::value detail = boost::json::parse(event.detail);
        for (const auto& [name, value] : detail.as_object()) {
          told[name] = value;
        }
        history.push_back(std::move(told));
      }
      return json_response(200, out);
    });
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply accept_request(const Request& request, Services&) {
  const auto document = body_of(request);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  Adjustment adjustment{reader.maybe_permissions("permissions"), reader.maybe_time("until")};
  const auto role = reader.maybe_text("role");
  if (role && adjustment.permissions) reader.fault("role", "give a `role` or `permissions`");
  const std::string reason = reader.maybe_text("reason").value_or("");
  reader.finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply([=, id = id_of(request), viewer = request.viewer](UnitContext& unit) {
    Adjustment adjusted = adjustment;
    if (role) {
      const Role* found = unit.rules.rules().find_role(*role);
      if (found == nullptr) {
        return problem_response(Problem::invalid_document, "",
                                {{"/role", "there is no role `" + *role + "`"}});
      }
      adjusted.permissions = found->permissions;
    }
    const auto done = accept_request(unit, id, adjusted, reason, viewer);
    return done ? answer(unit, *done, viewer, 200) : refusal(done.error());
  });
}

Reply deny_request(const Request& request, Services&) {
  return step(request, consign::deny_request);
}

Reply cancel_request(const Request& request, Services&) {
  return step(request, consign::cancel_request);
}

Reply invite_again(const Request& request, Services&) {
  return step(request,
              [](UnitContext& unit, const std::string& id, const std::string&,
                 const store::Viewer& viewer) { return consign::invite_again(unit, id, viewer); });
}

// The link is the proof of who asks.
Reply activate_invitation(const Request& request, Services&) {
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  const std::string secret = reader.text("secret");
  reader.finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply([secret](UnitContext& unit) -> Response {
    const auto activated = activate(unit, secret);
    if (!activated) return refusal(activated.error());
    return json_response(200, boost::json::object{{"account", activated->row.account},
                                                  {"token", activated->token},
                                                  {"request", activated->row.id}});
  });
}

}  // namespace consign::http
