#include "daemon/access/given_json.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace consign {
namespace {

namespace json = boost::json;

json::array texts_of(const std::vector<Permission>& permissions) {
  json::array texts;
  for (const auto& each : permissions) texts.emplace_back(each.to_string());
  return texts;
}

std::vector<Permission> permissions_in(const json::value& texts) {
  std::vector<Permission> permissions;
  for (const auto& text : texts.as_array()) {
    const auto parsed = parse_permissions(std::string(text.as_string()));
    if (parsed) permissions.insert(permissions.end(), parsed->begin(), parsed->end());
  }
  return permissions;
}

void put_seconds(json::object& out, const char* name, const std::optional<std::int64_t>& seconds) {
  if (seconds) out[name] = *seconds;
}

std::optional<std::int64_t> seconds_in(const json::object& from, const char* name) {
  const auto* found = from.if_contains(name);
  return found == nullptr ? std::nullopt : std::optional(found->as_int64());
}

void put_time(json::object& out, const char* name, const std::optional<Timestamp>& time) {
  if (time) out[name] = time->micros;
}

std::optional<Timestamp> time_in(const json::object& from, const char* name) {
  const auto* found = from.if_contains(name);
  return found == nullptr ? std::nullopt : std::optional(Timestamp{found->as_int64()});
}

}  // namespace

Given given_of(const RequestOutcome& outcome, const AskedFor& asked, const RuleSet& rules) {
  Given given{outcome.given, outcome.caps, outcome.require_mfa, true};
  // An end that was worked out from now is worked out again when it begins.
  for (auto& each : given.given) each.until = std::nullopt;
  const Role* role = rules.find_role(asked.role);
  const bool has_role =
      role != nullptr && !given.given.empty() &&
      std::ranges::all_of(given.given, [&](const RequestOutcome::Given& each) {
        return std::ranges::all_of(role->permissions, [&](const Permission& one) {
          return std::ranges::any_of(each.permissions,
                                     [&](const Permission& held) { return held.covers(one); });
        });
      });
  given.whole_role = has_role;
  return given;
}

std::string given_to_json(const Given& given) {
  json::object out{{"require_mfa", given.require_mfa}, {"whole_role", given.whole_role}};
  auto& all = out["given"].emplace_array();
  for (const auto& each : given.given) {
    json::object one{{"shop", each.shop},
                     {"permissions", texts_of(each.permissions)},
                     {"rule", each.rule},
                     {"because", each.because}};
    put_seconds(one, "for_seconds", each.term.seconds);
    put_seconds(one, "idle_seconds", each.term.idle_seconds);
    put_time(one, "term_until", each.term.until);
    put_time(one, "until", each.until);
    all.push_back(std::move(one));
  }
  auto& caps = out["caps"].emplace_array();
  for (const auto& each : given.caps) {
    caps.push_back(
        {{"shop", each.shop}, {"at_most", texts_of(each.at_most)}, {"because", each.because}});
  }
  return json::serialize(out);
}

Given given_from_json(const std::string& text) {
  const json::object from = json::parse(text).as_object();
  Given given;
  given.require_mfa = from.at("require_mfa").as_bool();
  given.whole_role = from.at("whole_role").as_bool();
  for (const auto& value : from.at("given").as_array()) {
    const auto& one = value.as_object();
    RequestOutcome::Given each;
    each.shop = one.at("shop").as_string();
    each.permissions = permissions_in(one.at("permissions"));
    each.rule = one.at("rule").as_string();
    each.because = one.at("because").as_object();
    each.term.seconds = seconds_in(one, "for_seconds");
    each.term.idle_seconds = seconds_in(one, "idle_seconds");
    each.term.until = time_in(one, "term_until");
    each.until = time_in(one, "until");
    given.given.push_back(std::move(each));
  }
  for (const auto& value : from.at("caps").as_array()) {
    const auto& one = value.as_object();
    given.caps.push_back({std::string(one.at("shop").as_string()),
                          permissions_in(one.at("at_most")), one.at("because").as_object()});
  }
  return given;
}

}  // namespace consign
