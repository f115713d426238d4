// Bearer tokens: making them, and finding out whose they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/store/scoped_reads.hpp"

namespace consign {

/// "csg_admin_" + 26 random base62 digits + 6 of their CRC-32, so that scanners for leaked secrets
/// can tell one. Nothing if the system gives no randomness.
std::optional<std::string> make_token(std::string_view kind);

/// SHA-256 of the token, 32 bytes: all that is stored. Tokens are random, so that needs no slow
/// hash.
std::string token_hash(std::string_view token);

/// Whose token it is; nothing for an unknown one. Throws StoreError.
std::optional<store::Viewer> viewer_of_token(store::Connection& db, std::string_view token);

}  // namespace consign
