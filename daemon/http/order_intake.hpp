// The one way by which clients' orders go in, in whatever form they came.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "daemon/http/reply.hpp"
#include "daemon/store/ledger_rows.hpp"
#include "daemon/wire/order_reader.hpp"

namespace consign::http {

/// The answer where there is no such shop for who asks.
std::optional<Response> refuse_shop(const std::string& shop, const Request& request,
                                    const Services& services);

/// The write that takes the order in, or gives the answer that the key was given before: 201 for a
/// revision that is new, else 200. Or the problem that its shop is none of the asker's.
std::variant<Response, Write> intake(OrderDocument order, const Request& request,
                                     const Services& services,
                                     std::optional<store::IdempotencyKey> key = std::nullopt);

}  // namespace consign::http
