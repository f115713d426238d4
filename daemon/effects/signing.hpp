// Signatures of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace consign {

/// The value of the header `webhook-signature`: for each key `v1,` and the signature in base64,
/// with blanks between them. `seconds` is what `webhook-timestamp` says: seconds since 1970.
std::string webhook_signature(const std::vector<std::string>& keys, std::string_view id,
                              std::int64_t seconds, std::string_view body);

}  // namespace consign
