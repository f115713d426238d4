// API tokens: made by administrators, shown once, listed and revoked by their own account, too.
#include "daemon/access/tokens.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/access/account_name.hpp"
#include "daemon/access/accounts.hpp"
#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

using store::TokenRow;

// A use that the store does not have yet is taken from memory.
boost::json::object token_to_json(const TokenRow& row, const AccessIndex& access, Timestamp now) {
  boost::json::object out{{"id", row.id}, {"account", row.account}, {"label", row.label}};
  if (row.permissions) out["permissions"] = json_texts(*row.permissions);
  if (row.shops) out["shops"] = json_texts(*row.shops);
  out["made_at"] = format_timestamp(row.made_at);
  out["made_by"] = row.made_by;
  if (row.expires) out["expires"] = format_timestamp(*row.expires);
  auto used = row.last_used ? row.last_used->micros : 0;
  if (const auto held = access.find_token(row.hash))
    used = std::max<std::int64_t>(used, held->last_used);
  if (used != 0) out["last_used"] = format_timestamp({used});
  if (row.revoked_at) out["revoked_at"] = format_timestamp(*row.revoked_at);
  const bool expired = row.expires && *row.expires <= now;
  out["state"] = row.revoked_at ? "revoked" : expired ? "expired" : "active";
  return out;
}

TokenRow read_token(DocumentReader& reader, const Settings& settings, Timestamp now) {
  TokenRow row;
  row.account = reader.text("account");
  if (!row.account.empty() && row.account != kAdministrator && !parse_account_name(row.account)) {
    reader.fault("account", "`" + row.account +
                                "` is no account; write `administrator`, or one as `staff:anna`");
  }
  row.label = reader.maybe_text("label").value_or("");
  if (const auto permissions = reader.maybe_permissions("permissions")) {
    row.permissions.emplace();
    for (const auto& each : *permissions) row.permissions->push_back(each.to_string());
  }
  row.shops = reader.maybe_texts("shops");
  for (const auto& shop : row.shops.value_or(std::vector<std::string>{})) {
    if (settings.find_shop(shop) == nullptr) {
      reader.fault("shops", "no shop `" + shop + "` is configured");
    }
  }
  row.expires = reader.maybe_time("expires");
  if (row.expires && *row.expires <= now) reader.fault("expires", "this has passed already");
  reader.finish();
  return row;
}

std::string kind_in_token(const std::string& account) {
  const auto name = parse_account_name(account);
  return name ? std::string(name->kind) : "admin";
}

Response store_token(UnitContext& unit, const TokenRow& row, const std::string& secret,
                     const store::Actor& by) {
  if (row.account != kAdministrator && !is_known_account(unit.db, unit.rules, row.account)) {
    return problem_response(Problem::invalid_document, "",
                            {{"/account", "there is no account `" + row.account + "`"}});
  }
  store::insert_token(unit.db, row, unit.now);
  const auto stored = store::find_token(unit.db, row.hash);
  store::record_event(
      unit.db, "token " + stored->id,
      {.at = unit.now,
       .what = "made",
       .by = by,
       .detail = boost::json::serialize(boost::json::object{{"account", stored->account}})});
  unit.db.after_commit([&access = unit.access, stored] { access.put_token(*stored); });
  auto out = token_to_json(*stored, unit.access, unit.now);
  out["token"] = secret;
  return json_response(201, out);
}

}  // namespace

Reply post_token(const Request& request, Services& services) {
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  TokenRow row = read_token(reader, services.settings, services.now());
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  auto secret = make_token(kind_in_token(row.account));
  if (!secret) return problem_response(Problem::internal, "the system gives no random numbers");
  row.hash = token_hash(*secret);
  row.made_by = request.viewer.account;
  return write_reply([row = std::move(row), secret = std::move(*secret),
                      by = request.viewer.as_actor()](UnitContext& unit) {
    return store_token(unit, row, secret, by);
  });
}

Reply list_tokens(const Request& request, Services& services) {
  const auto limit = limit_of(request);
  if (!limit) return no_such_page();
  const auto& viewer = request.viewer;
  const std::string account =
      viewer.is_administrator() ? std::string(request.query_value("account")) : viewer.account;
  try {
    const auto rows = services.readers.read([&](store::Connection& db) {
      return store::list_tokens(db, account, request.query_value("cursor"), *limit);
    });
    boost::json::array items;
    for (const auto& row : rows) {
      items.push_back(token_to_json(row, services.access, services.now()));
    }
    return page_response(std::move(items), *limit, rows.empty() ? "" : rows.back().id);
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

// A limited token revokes none but itself.
Reply delete_token(const Request& request, Services&) {
  return write_reply([id = request.path.find("id")->second,
                      viewer = request.viewer](UnitContext& unit) -> Response {
    const auto row = store::find_token_by_id(unit.db, id);
    const bool may = viewer.is_limited()
                         ? viewer.token == id
                         : viewer.is_administrator() || (row && row->account == viewer.account);
    if (!row || !may) return problem_response(Problem::not_found, "");
    if (store::revoke_token(unit.db, id, unit.now)) {
      store::record_event(
          unit.db, "token " + id,
          {.at = unit.now, .what = "revoked", .by = viewer.as_actor(), .detail = "{}"});
      unit.db.after_commit([&access = unit.access, id] { access.drop_tokens({id}); });
    }
    return {.status = 204, .body = {}, .content_type = {}};
  });
}

}  // namespace consign::http
