// Every endpoint: one row each.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/http/problem.hpp"
#include "daemon/http/reply.hpp"

namespace consign::http {

/// Who may use a route.
enum class Access {
  open,     ///< no token: health, and channels' deliveries, which are signed
  account,  ///< any token; what it sees depends on whose it is
  reader,   ///< likewise, and grants count: what they let the account see and do is looked up
  administrator,
};

using Handler = Reply (*)(const Request&, Services&);

struct Route {
  std::string_view method;
  std::string_view path;  ///< segments in braces are parameters, a verb may follow
  Handler handler;
  Access access;
  std::size_t body_limit;  ///< bytes; 0: takes no body
  bool writes;             ///< turned away before its body is read while the writer is busy
  bool secret = false;     ///< its body is overwritten once it was read
};

std::span<const Route> routes();

/// A route that fits, and what the target says; or why there is none.
struct Matched {
  const Route* route;
  std::map<std::string, std::string, std::less<>> path;
  std::vector<std::pair<std::string, std::string>> query;
};
std::variant<Matched, Response> find_route(std::string_view method, std::string_view target);

/// Finds out who asks and whether the route is for them; a response if not.
std::optional<Response> authorize(const Route& route, Request& request, Services& services);

}  // namespace consign::http
