// From a method and a target to a route, and from a token, a certificate or a socket to who asks.
#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "consign/text.hpp"
#include "daemon/access/account_name.hpp"
#include "daemon/access/certificates.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/access/tokens.hpp"
#include "daemon/access/viewing.hpp"
#include "daemon/http/peer.hpp"
#include "daemon/http/routes.hpp"
#include "daemon/http/token_limits.hpp"

namespace consign::http {
namespace {

using Segments = std::vector<std::string>;

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> parts;
  path.remove_prefix(1);
  for (;;) {
    const auto end = path.find('/');
    parts.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return parts;
    path.remove_prefix(end + 1);
  }
}

// What a path names goes into the store and into answers: so it has to be text.
bool is_plain_text(const std::string& segment) {
  return is_valid_utf8(segment) &&
         std::none_of(segment.begin(), segment.end(),
                      [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool fits(const Route& route, const Segments& segments,
          std::map<std::string, std::string, std::less<>>& parameters) {
  const auto pattern = split_path(route.path);
  if (pattern.size() != segments.size()) return false;
  parameters.clear();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].starts_with('{')) {
      // What follows the brace is a verb: `{id}:resend`.
      const auto end = pattern[i].find('}');
      const auto verb = pattern[i].substr(end + 1);
      std::string_view value = segments[i];
      if (!value.ends_with(verb)) return false;
      value.remove_suffix(verb.size());
      if (value.empty()) return false;
      parameters.emplace(pattern[i].substr(1, end - 1), value);
    } else if (pattern[i] != segments[i]) {
      return false;
    }
  }
  return true;
}

// The token of the one Authorization header, or empty.
std::string_view bearer_token(const Request& request) {
  const auto headers = request.header("authorization");
  if (headers.size() != 1) return {};
  constexpr std::string_view kScheme = "Bearer ";
  const auto value = headers.front();
  if (value.size() <= kScheme.size() ||
      ascii_lower(value.substr(0, kScheme.size())) != ascii_lower(kScheme)) {
    return {};
  }
  return value.substr(kScheme.size());
}

using Known = std::variant<store::Viewer, std::string>;

Known viewer_by_token(const Request& request, Services& services) {
  const auto token = bearer_token(request);
  if (token.empty()) return "send `Authorization: Bearer TOKEN`";
  auto known = viewer_of_token(services.access, token, services.now());
  if (const auto* refused = std::get_if<std::string_view>(&known)) return std::string(*refused);
  return std::get<store::Viewer>(std::move(known));
}

// Who asks, or why that is not known. A token that was sent decides, whatever else the connection
// proves.
Known viewer_of(const Request& request, Services& services) {
  if (!request.header("authorization").empty()) return viewer_by_token(request, services);
  if (request.peer && is_administrator(*request.peer)) {
    return store::Viewer{.token = "uid " + std::to_string(*request.peer),
                         .account = std::string(kAdministrator)};
  }
  if (request.certificate && services.settings.tls) {
    auto known = viewer_of_certificate(services.access, services.settings.tls->clients,
                                       *request.certificate, services.now());
    if (auto* refused = std::get_if<std::string>(&known)) {
      *refused += "; a token would do: `Authorization: Bearer TOKEN`";
    }
    return known;
  }
  return viewer_by_token(request, services);
}

// The one order that a request is about, if it is about one.
std::optional<store::OrderKey> order_in(const Request& request) {
  const auto shop = request.path.find("shop"), id = request.path.find("id");
  if (shop == request.path.end() || id == request.path.end()) return std::nullopt;
  return store::OrderKey{shop->second, id->second};
}

}  // namespace

std::variant<Matched, Response> find_route(std::string_view method, std::string_view target) {
  const auto url = boost::urls::parse_origin_form({target.data(), target.size()});
  if (!url) return problem_response(Problem::malformed_request, "the target is no URL path");
  Segments segments;
  for (const auto segment : url->segments()) segments.emplace_back(segment);
  if (!std::all_of(segments.begin(), segments.end(), is_plain_text)) {
    return problem_response(Problem::malformed_request, "the target is no plain text");
  }

  Matched matched{};
  std::string allowed;
  for (const Route& route : routes()) {
    if (!fits(route, segments, matched.path)) continue;
    if (route.method != method) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
      continue;
    }
    matched.route = &route;
    for (const auto parameter : url->params()) {
      matched.query.emplace_back(parameter.key, parameter.value);
    }
    return matched;
  }
  if (allowed.empty()) return problem_response(Problem::not_found, "");
  auto response = problem_response(Problem::method_not_allowed, "");
  response.headers.emplace_back("Allow", allowed);
  return response;
}

std::optional<Response> authorize(const Route& route, Request& request, Services& services) {
  if (route.access == Access::open) return std::nullopt;
  auto known = viewer_of(request, services);
  if (const auto* refused = std::get_if<std::string>(&known)) {
    return problem_response(Problem::unauthorized, *refused);
  }
  auto& viewer = std::get<store::Viewer>(known);
  const auto rules = services.rules.active();
  if (route.access == Access::reader) {
    look_again(viewer, services.access, *rules, services.settings, order_in(request),
               services.now(), route.writes ? Use::noted : Use::asked);
  } else {
    recognize(viewer, services.access, *rules);
  }
  if (route.access == Access::administrator && !viewer.is_administrator()) {
    return problem_response(Problem::forbidden, "");
  }
  request.viewer = std::move(viewer);
  return beyond_limits(route, request);
}

}  // namespace consign::http
