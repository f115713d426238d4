// What an account may do, as a menu: by area, in the words of the vocabulary, with the shops.
//
// Nothing of it is stored. It is what checks would answer at this moment, so it cannot fall behind.
#include <boost/json/array.hpp>
#include <map>
#include <set>
#include <utility>

#include "daemon/access/account_name.hpp"
#include "daemon/access/reach.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

// Where something may be done: on all of these shops, or on some orders or lines of those.
struct Shops {
  std::set<std::string> whole, some;
};
using Reach = std::map<Permission, Shops>;

// What a grant holds, each permission by itself. Of a resource whose actions have no names a
// wildcard stays one.
std::vector<Permission> singles_of(const Permission& held, const RuleSet& rules) {
  if (!held.is_wildcard()) return {held};
  std::vector<Permission> singles;
  for (const Permission& each : rules.vocabulary) {
    if (held.covers(each) && !each.is_wildcard()) singles.push_back(each);
  }
  if (singles.empty()) singles.push_back(held);
  return singles;
}

Reach reach_of(const Services& services, const ActiveRules& rules, const std::string& account) {
  const Timestamp now = services.now();
  const auto& settings = services.settings;
  const bool is_login = services.access.employer_of(account).has_value();
  Reach reach;
  for (const auto& grant : grants_that_count(services.access, rules, settings, account, "", now)) {
    const bool on_shop = grant->order.empty() && !grant->assigned_only && !is_login;
    for (const auto& permission : singles_of(grant->permission, rules.rules())) {
      const auto known = reach.find(permission);
      if (known != reach.end() &&
          (on_shop ? known->second.whole : known->second.some).contains(grant->shop)) {
        continue;
      }
      if (permission != grant->permission &&
          !grant_lets(services.access, rules, settings, account, *grant, permission, now)) {
        continue;
      }
      auto& shops = reach[permission];
      (on_shop ? shops.whole : shops.some).insert(grant->shop);
    }
  }
  for (const auto& each : allowed_by_rules(services.access, rules, settings, account, "", now)) {
    reach[each.permission].whole.insert(each.shop);
  }
  for (auto& [permission, shops] : reach) {
    for (const auto& shop : shops.whole) shops.some.erase(shop);
  }
  return reach;
}

// "draft_orders" is the area "Draft orders".
std::string area_title(std::string_view resource) {
  std::string title(resource);
  for (char& c : title) {
    if (c == '_') c = ' ';
  }
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') {
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
  }
  return title;
}

boost::json::object entry(const Permission& permission, std::string_view title,
                          const std::set<std::string>& shops) {
  return {{"permission", permission.to_string()},
          {"title", title},
          {"shops", boost::json::array(shops.begin(), shops.end())}};
}

class Menu {
 public:
  void add(const Permission& permission, std::string_view title, const Shops& shops) {
    auto& entries = area(permission.resource).at("entries").as_array();
    if (!shops.whole.empty()) entries.push_back(entry(permission, title, shops.whole));
    if (shops.some.empty()) return;
    auto assigned = entry(permission, title, shops.some);
    assigned["assigned_only"] = true;
    entries.push_back(std::move(assigned));
  }
  boost::json::array take() { return std::move(items_); }

 private:
  boost::json::object& area(const std::string& resource) {
    for (auto& item : items_) {
      if (item.at("area").as_string() == resource) return item.as_object();
    }
    items_.push_back(
        {{"area", resource}, {"title", area_title(resource)}, {"entries", boost::json::array()}});
    return items_.back().as_object();
  }

  boost::json::array items_;
};

// In the order of the vocabulary that ships; what the rule set adds comes last.
boost::json::array menu_of(Reach reach) {
  Menu menu;
  for (const PermissionRow& row : all_permissions()) {
    const auto found = reach.find({std::string(row.resource), std::string(row.action)});
    if (found == reach.end()) continue;
    menu.add(found->first, row.help, found->second);
    reach.erase(found);
  }
  for (const auto& [permission, shops] : reach) {
    menu.add(permission, permission.to_string(), shops);
  }
  return menu.take();
}

}  // namespace

Reply get_menu(const Request& request, Services& services) {
  const auto& name = request.path.find("account")->second;
  const auto& viewer = request.viewer;
  if ((!viewer.is_administrator() && viewer.account != name) || !parse_account_name(name)) {
    return problem_response(Problem::not_found, "");
  }
  return SlowReply{[name, &services] {
    const auto rules = services.rules.active();
    return json_response(200,
                         {{"account", name}, {"items", menu_of(reach_of(services, *rules, name))}});
  }};
}

}  // namespace consign::http
