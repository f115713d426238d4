// Accounts: who can act.
#include "daemon/access/accounts.hpp"

#include <boost/json/array.hpp>

#include "consign/schema.hpp"
#include "daemon/access/account_name.hpp"
#include "daemon/access/seats.hpp"
#include "daemon/http/account_view.hpp"
#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

using store::AccountRow;
using store::AccountState;

const std::string& name_in(const Request& request) { return request.path.find("account")->second; }

AccountRow read_account(DocumentReader& reader, const Settings& settings) {
  AccountRow row;
  row.name = reader.maybe_text("name").value_or("");
  row.email = reader.maybe_text("email").value_or("");
  row.shops = reader.maybe_texts("shops");
  row.roles = reader.maybe_texts("roles").value_or(std::vector<std::string>{});
  row.mfa = reader.flag("mfa");
  row.mfa_required = reader.flag("mfa_required");
  row.organization = reader.maybe_text("organization").value_or("");
  row.supplier = reader.maybe_text("supplier").value_or("");
  row.suspended_in = reader.maybe_texts("suspended_in").value_or(std::vector<std::string>{});
  if (reader.flag("suspended")) row.state = AccountState::suspended;
  reader.finish();
  for (const auto& shop : row.shops.value_or(std::vector<std::string>{})) {
    if (settings.find_shop(shop) == nullptr) {
      reader.fault("shops", "no shop `" + shop + "` is configured");
    }
  }
  return row;
}

Response no_such_name(const std::string& name) {
  return problem_response(Problem::malformed_request,
                          "`" + name + "` is no account; write it as `staff:anna`");
}

}  // namespace

Reply list_accounts(const Request& request, Services& services) {
  const auto limit = limit_of(request);
  if (!limit) return no_such_page();
  const auto kind = request.query_value("kind");
  if (!kind.empty() && !find_word(Domain::account_kind, kind)) {
    return problem_response(Problem::malformed_request,
                            "there is no kind of account `" + std::string(kind) + "`");
  }
  try {
    const auto rows = services.readers.read([&](store::Connection& db) {
      return store::list_accounts(db, kind, request.query_value("shop"),
                                  request.query_value("cursor"), *limit);
    });
    boost::json::array items;
    for (const auto& row : rows) items.push_back(account_to_json(row));
    return page_response(std::move(items), *limit, rows.empty() ? "" : rows.back().account);
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply put_account(const Request& request, Services& services) {
  if (!parse_account_name(name_in(request))) return no_such_name(name_in(request));
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  AccountRow row = read_account(reader, services.settings);
  row.account = name_in(request);
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply([row = std::move(row), by = request.viewer.as_actor()](UnitContext& unit) {
    const auto before = store::find_account(unit.db, row.account);
    const bool is_new = !before || before->state == AccountState::removed;
    if (const auto why = no_seat_for(unit, is_new ? nullptr : &*before, row)) {
      return problem_response(Problem::state_conflict, *why);
    }
    if (!row.supplier.empty() && !unit.rules.rules().find_supplier(row.supplier)) {
      return problem_response(Problem::invalid_document, "",
                              {{"/supplier", "no supplier `" + row.supplier + "` is declared"}});
    }
    const auto change = consign::put_account(unit, row, by);
    const auto stored = store::find_account(unit.db, row.account);
    return json_response(change == AccountChange::made ? 201 : 200, account_to_json(*stored));
  });
}

Reply get_account(const Request& request, Services& services) {
  const auto& viewer = request.viewer;
  const auto& name = name_in(request);
  if (!viewer.is_administrator() && viewer.account != name) {
    return problem_response(Problem::not_found, "");
  }
  try {
    return services.readers.read([&](store::Connection& db) {
      const auto row = store::find_account(db, name);
      if (!row || row->state == AccountState::removed) {
        return problem_response(Problem::not_found, "");
      }
      auto out = account_to_json(*row);
      boost::json::array history;
      for (const auto& event : store::events_of(db, "account " + name)) {
        history.push_back(
            {{"at", format_timestamp(event.at)}, {"what", event.what}, {"by", event.by.person}});
      }
      out["history"] = std::move(history);
      return json_response(200, out);
    });
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply delete_account(const Request& request, Services&) {
  return write_reply(
      [name = name_in(request), by = request.viewer.as_actor()](UnitContext& unit) -> Response {
        if (!parse_account_name(name) || !remove_account(unit, name, by)) {
          return problem_response(Problem::not_found, "");
        }
        return {.status = 204, .body = {}, .content_type = {}};
      });
}

}  // namespace consign::http
