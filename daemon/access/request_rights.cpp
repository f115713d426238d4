#include "daemon/access/request_rights.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "consign/text.hpp"
#include "daemon/access/account_name.hpp"
#include "daemon/access/checking.hpp"

namespace consign {

using store::RequestRow;

std::string requester_text(const RequestRow& row, std::string_view member) {
  const boost::json::value document = boost::json::parse(row.document);
  const auto* requester = document.as_object().if_contains("requester");
  if (requester == nullptr || !requester->is_object()) return {};
  const auto* text = requester->as_object().if_contains(member);
  return text != nullptr && text->is_string() ? std::string(text->as_string()) : std::string();
}

bool is_about(const AccessIndex& access, const RequestRow& row, const store::Viewer& by) {
  if (by.is_administrator()) return false;
  if (row.account == by.account) return true;
  const auto me = access.account(by.account);
  if (me == nullptr || me->email.empty()) return false;
  const std::string email = requester_text(row, "email");
  return !email.empty() && ascii_lower(email) == ascii_lower(me->email);
}

bool may_decide(const DecidingContext& context, const AccessIndex& access, const RequestRow& row,
                const store::Viewer& viewer) {
  if (viewer.is_administrator()) return true;
  return row.filed_by != viewer.account && may_handle(context, access, row, viewer);
}

bool may_handle(const DecidingContext& context, const AccessIndex& access, const RequestRow& row,
                const store::Viewer& viewer) {
  if (viewer.is_administrator()) return true;
  if (viewer.blocked || is_about(access, row, viewer)) return false;
  if (row.reviewer.find(':') != std::string::npos) {
    return row.reviewer == viewer.account && !is_barred(access.standing(viewer.account));
  }
  const auto me = access.account(viewer.account);
  if (me == nullptr || is_barred(access.standing(viewer.account))) return false;
  const auto belongs = [&](const std::string& shop) { return me->has_seat_in(shop); };
  if (!row.reviewer.empty()) {
    return std::ranges::find(me->roles, row.reviewer) != me->roles.end() &&
           std::ranges::all_of(row.shops, belongs);
  }
  const Permission deciding = row.kind == "collaborator" ? Permission{"collaborators", "manage"}
                                                         : Permission{"staff", "create"};
  return std::ranges::all_of(row.shops, [&](const std::string& shop) {
    if (heads_shop(access, viewer.account, shop)) return true;
    const Check check{
        .account = viewer.account, .action = deciding, .resource = {.kind = "shop", .shop = shop}};
    // Only looking at a request is no use of the right to decide it.
    return answer_check(access, context.rules, context.settings, check, context.now, Use::asked)
        .allowed();
  });
}

bool heads_shop(const AccessIndex& access, std::string_view account, const std::string& shop) {
  const auto name = parse_account_name(account);
  if (!name || (name->kind != "owner" && name->kind != "main")) return false;
  const auto row = access.account(account);
  return row != nullptr && !is_barred(access.standing(account)) && row->has_seat_in(shop);
}

bool may_see(const DecidingContext& context, const AccessIndex& access, const RequestRow& row,
             const store::Viewer& viewer) {
  if (viewer.is_administrator()) return true;
  if (row.account == viewer.account || row.filed_by == viewer.account) return true;
  return may_decide(context, access, row, viewer);
}

}  // namespace consign
