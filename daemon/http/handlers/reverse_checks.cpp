// The questions turned round: who may do this, and what may this account do? Answered from memory,
// by the same rules as checks.
#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <map>

#include "daemon/access/account_name.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/access/reach.hpp"
#include "daemon/http/grant_view.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

boost::json::object told(const HeldGrant& grant) {
  boost::json::object out{{"on", on_to_json(grant)}};
  if (grant.assigned_only) out["assigned_only"] = true;
  if (grant.until) out["until"] = format_timestamp(*grant.until);
  out["because"] = because_of_grant(grant);
  return out;
}

// Where rules on check have a say, or grants on assigned lines only, each account is asked about by
// itself.
struct Holder {
  std::string account;
  CheckAnswer answer;
};

std::vector<Holder> holders(const Services& services, const ActiveRules& rules,
                            const Permission& permission, const Place& place,
                            std::string_view after, std::size_t limit) {
  Check check{
      .account = {},
      .action = permission,
      .resource = {.kind = place.line.empty() ? (place.order.empty() ? "shop" : "order") : "line",
                   .shop = std::string(place.shop),
                   .id = std::string(place.order),
                   .line = std::string(place.line)}};
  auto names = services.access.names_after(after);
  for (const Supplier& supplier : rules.rules().suppliers) {
    auto name = std::string(kSupplierPrefix) + supplier.name;
    const auto at = std::lower_bound(names.begin(), names.end(), name);
    if (name > after && (at == names.end() || *at != name)) names.insert(at, std::move(name));
  }
  std::vector<Holder> found;
  for (auto& name : names) {
    check.account = std::move(name);
    auto answer =
        answer_check(services.access, rules, services.settings, check, services.now(), Use::asked);
    if (!answer.allowed()) continue;
    found.push_back({check.account, std::move(answer)});
    if (found.size() == limit) break;
  }
  return found;
}

boost::json::object told(const Holder& holder, const Place& place) {
  boost::json::object out;
  if (holder.answer.grant != nullptr) {
    out = told(*holder.answer.grant);
  } else {
    out["on"] = {{"shop", place.shop}};
    out["because"] = holder.answer.because;
  }
  out["account"] = holder.account;
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
  const bool banned = is_banned(*rules, services.settings, permissions->front());
  // What counts for assigned lines only is asked for by the check alone.
  if (!banned && (rules->checks != nullptr || services.access.has_assigned_only())) {
    for (const auto& holder :
         holders(services, *rules, permissions->front(), place, request.query_value("cursor"),
                 static_cast<std::size_t>(*limit))) {
      items.push_back(told(holder, place));
      last = holder.account;
    }
  } else if (!banned) {
    const auto held = services.access.holders_of(
        permissions->front(), place, services.now(), request.query_value("cursor"),
        static_cast<std::size_t>(*limit),
        [&](std::string_view account) { return rules_let_act(*rules, account); });
    for (const auto& [account, grant] : held) {
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
  const auto shop = request.query_value("shop");
  const Timestamp now = services.now();
  auto held = grants_that_count(services.access, *rules, services.settings, name, shop, now);
  const auto key = [](const HeldGrant& grant) {
    return std::tie(grant.shop, grant.order, grant.line, grant.part, grant.permission, grant.id);
  };
  std::sort(held.begin(), held.end(),
            [&](const auto& a, const auto& b) { return key(*a) < key(*b); });
  boost::json::array all;
  for (const auto& grant : held) {
    auto item = told(*grant);
    item["permission"] = grant->permission.to_string();
    all.push_back(std::move(item));
  }
  for (auto& each : allowed_by_rules(services.access, *rules, services.settings, name, shop, now)) {
    all.push_back({{"on", {{"shop", each.shop}}},
                   {"because", std::move(each.because)},
                   {"permission", each.permission.to_string()}});
  }
  const auto size = static_cast<std::int64_t>(all.size());
  const std::int64_t end = std::min(size, *after + *limit);
  boost::json::array items;
  for (std::int64_t i = *after; i < end; ++i) {
    items.push_back(std::move(all[static_cast<std::size_t>(i)]));
  }
  return page_response(std::move(items), *limit, std::to_string(end));
}

}  // namespace consign::http
