// What accounts hold on all of a shop, set shop by shop.
#include <algorithm>
#include <boost/json/array.hpp>

#include "daemon/access/account_name.hpp"
#include "daemon/access/memberships.hpp"
#include "daemon/access/requesting.hpp"
#include "daemon/http/account_view.hpp"
#include "daemon/http/document_reader.hpp"
#include "daemon/http/grant_view.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

const std::string& account_in(const Request& request) {
  return request.path.find("account")->second;
}
const std::string& shop_in(const Request& request) { return request.path.find("shop")->second; }

// Whether somebody may say what the account holds in the shop: administrators, and main accounts in
// their own shops of the sub-accounts that they have there already.
bool may_manage(const store::Viewer& viewer, const AccessIndex& access, const std::string& account,
                const std::string& shop) {
  if (viewer.is_administrator()) return true;
  const auto manager = parse_account_name(viewer.account);
  const auto name = parse_account_name(account);
  if (!manager || manager->kind != "main" || !name || name->kind != "sub") return false;
  const auto row = access.account(account);
  if (row == nullptr || !row->shops || row->state == store::AccountState::removed ||
      !heads_shop(access, viewer.account, shop)) {
    return false;
  }
  return std::ranges::any_of(*row->shops, [&](const std::string& each) {
    return heads_shop(access, viewer.account, each);
  });
}

}  // namespace

Reply put_account_shop(const Request& request, Services& services) {
  if (!parse_account_name(account_in(request)) ||
      services.settings.find_shop(shop_in(request)) == nullptr) {
    return problem_response(Problem::not_found, "");
  }
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  WantedGrant wanted{
      .account = account_in(request),
      .permissions = reader.maybe_permissions("permissions").value_or(std::vector<Permission>()),
      .shop = shop_in(request),
      .order = {},
      .line = {},
      .until = reader.maybe_time("until"),
      .reason = reader.maybe_text("reason").value_or("")};
  const std::string role = reader.maybe_text("role").value_or("");
  if (role.empty() == wanted.permissions.empty()) {
    reader.fault("role", "give a `role`, or `permissions`: one of the two");
  }
  reader.finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply([wanted = std::move(wanted), role,
                      viewer = request.viewer](UnitContext& unit) mutable -> Response {
    if (!may_manage(viewer, unit.access, wanted.account, wanted.shop)) {
      return problem_response(Problem::not_found, "");
    }
    if (!role.empty()) {
      const Role* found = unit.rules.rules().find_role(role);
      if (found == nullptr) {
        return problem_response(Problem::invalid_document, "",
                                {{"/role", "there is no role `" + role + "`"}});
      }
      wanted.permissions = found->permissions;
      wanted.because["role"] = role;
    }
    const auto account = store::find_account(unit.db, wanted.account);
    const bool is_supplier = wanted.account.starts_with(kSupplierPrefix);
    wanted.assigned_only = is_supplier || (account && !account->supplier.empty());
    const auto made = set_in_shop(unit, wanted, viewer.as_actor());
    if (!made) return problem_response(Problem::invalid_document, "", made.error());
    return json_response(made->is_new ? 201 : 200,
                         grant_to_json(store::grant_rows(unit.db, made->id), unit.now));
  });
}

Reply delete_account_shop(const Request& request, Services&) {
  return write_reply([account = account_in(request), shop = shop_in(request),
                      viewer = request.viewer](UnitContext& unit) -> Response {
    if (!may_manage(viewer, unit.access, account, shop) ||
        !take_out_of_shop(unit, account, shop, viewer.as_actor())) {
      return problem_response(Problem::not_found, "");
    }
    return {.status = 204, .body = {}, .content_type = {}};
  });
}

Reply resume_account_in_shop(const Request& request, Services&) {
  return write_reply([account = account_in(request), shop = shop_in(request),
                      by = request.viewer.as_actor()](UnitContext& unit) -> Response {
    const auto done = resume_in_shop(unit, account, shop, by);
    if (!done) return problem_response(Problem::state_conflict, done.error().front().message);
    if (!*done) return problem_response(Problem::not_found, "");
    return json_response(200, account_to_json(*store::find_account(unit.db, account)));
  });
}

}  // namespace consign::http
