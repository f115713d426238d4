// What a token that is limited to some permissions or shops may ask for.
#pragma once

#include <optional>

#include "daemon/http/routes.hpp"

namespace consign::http {

/// Why the request is beyond what its token is limited to, or nothing. A route that is not in the
/// table of token_limits.cpp is closed to limited tokens; where the shop stands in the body or in
/// the query, the handler asks the viewer.
std::optional<Response> beyond_limits(const Route& route, const Request& request);

}  // namespace consign::http
