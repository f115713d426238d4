// Answers under an Idempotency-Key: the same key gives the same answer for seven days, and whatever
// was asked for is done once.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/http/reply.hpp"
#include "daemon/store/ledger_rows.hpp"

namespace consign::http {

/// The key that the request brings, or nothing; or why it cannot be used.
Result<std::optional<store::IdempotencyKey>, Response> idempotency_key(const Request& request,
                                                                       std::string_view route);

/// What `make` answers, or what was answered under the key before. `fingerprint`: the text that has
/// to be the same each time. Answers that refuse are not kept.
Response answer_once(UnitContext& unit, const std::optional<store::IdempotencyKey>& key,
                     std::string_view fingerprint, const std::function<Response()>& make);

/// The reply of a write that is done once under the key that the request brings. Of its answer,
/// what `shown_once` names is not kept: secrets.
Reply write_once(const Request& request, std::string_view route, Write write,
                 std::string_view shown_once = {});

}  // namespace consign::http
