// The questions turned round: who may do this, and what may this account do? Answered from memory,
// by the same rules as checks.
#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <map>

#include "daemon/access/account_name.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/http/grant_view.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

boost::json::object told(const HeldGrant& grant) {
  boost::json::object out{{"on", on_to_json(grant)}};
  if (grant.until) out["until"] = format_timestamp(*grant.until);
  out["because"] = because_of_grant(grant);
  return out;
}

}  // namespace

Reply who_may(const Request& request, Services& services) {
  const auto limit = limit_of(request);
  if (!limit) return no_such_page();
  const auto permissions = parse_permissions(request.query_value("permission"));
  const Place place{.shop = request.query_value("shop"),
                    .order = request.query_value("order"),
                    .line = request.query_value("line")};
  if (!permissions || permissions->size() != 1 || permissions->front().is_wildcard() ||
      place.shop.empty()) {
    return problem_response(
        Problem::malformed_request,
        "`permission` (a single one, as `orders:refund`) and `shop` are wanted");
  }
  const auto rules = services.rules.active();
  boost::json::array items;
  std::string last;
  if (!is_banned(*rules, services.settings, permissions->front())) {
    const auto holders = services.access.holders_of(
        permissions->front(), place, services.now(), request.query_value("cursor"),
        static_cast<std::size_t>(*limit),
        [&](std::string_view account) { return rules_let_act(*rules, account); });
    for (const auto& [account, grant] : holders) {
      auto item = told(*grant);
      item["account"] = account;
      items.push_back(std::move(item));
      last = account;
    }
  }
  return page_response(std::move(items), *limit, last);
}

// One item for each permission and place, in a fixed order. A wildcard stands for what it holds
// and no ban takes away; it is told as written, with the bans.
Reply may(const Request& request, Services& services) {
  const auto& name = request.path.find("account")->second;
  const auto limit = limit_of(request);
  const auto after = number_of(request, "cursor", 0);
  if (!limit || !after || *after < 0) return no_such_page();
  const auto& viewer = request.viewer;
  if ((!viewer.is_administrator() && viewer.account != name) || !parse_account_name(name)) {
    return problem_response(Problem::not_found, "");
  }
  const auto rules = services.rules.active();
  std::vector<std::shared_ptr<const HeldGrant>> held;
  if (rules_let_act(*rules, name)) held = services.access.held_by(name, services.now());
  const auto shop = request.query_value("shop");
  std::erase_if(held, [&](const auto& grant) {
    if (!shop.empty() && grant->shop != shop) return true;
    const auto banned_whole = [&](const std::vector<Permission>& bans) {
      return std::any_of(bans.begin(), bans.end(),
                         [&](const Permission& ban) { return ban.covers(grant->permission); });
    };
    return banned_whole(services.settings.never_grant) || banned_whole(rules->rules().never_grant);
  });
  const auto key = [](const HeldGrant& grant) {
    return std::tie(grant.shop, grant.order, grant.line, grant.part, grant.permission, grant.id);
  };
  std::sort(held.begin(), held.end(),
            [&](const auto& a, const auto& b) { return key(*a) < key(*b); });
  boost::json::array items;
  const auto size = static_cast<std::int64_t>(held.size());
  const std::int64_t end = std::min(size, *after + *limit);
  for (std::int64_t i = *after; i < end; ++i) {
    const HeldGrant& grant = *held[static_cast<std::size_t>(i)];
    auto item = told(grant);
    item["permission"] = grant.permission.to_string();
    items.push_back(std::move(item));
  }
  return page_response(std::move(items), *limit, std::to_string(end));
}

}  // namespace consign::http
