// Bearer tokens: making them, and finding out whose they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/access/index.hpp"
#include "daemon/store/scoped_reads.hpp"

namespace consign {

/// "csg_KIND_" + 26 random base62 digits + 6 of their CRC-32, so that scanners for leaked secrets
/// can tell one, and a mistyped one is refused before anything is looked up. Nothing if the system
/// gives no randomness.
std::optional<std::string> make_token(std::string_view kind);

/// Whether it has the form of a token and its checksum fits.
bool is_well_formed_token(std::string_view token);

/// SHA-256 of the token, 32 bytes: all that is stored. Tokens are random, so that needs no slow
/// hash.
std::string token_hash(std::string_view token);

/// Whose token it is, or why it is refused. Notes its use. Reads no disk.
std::variant<store::Viewer, std::string_view> viewer_of_token(const AccessIndex& index,
                                                              std::string_view token,
                                                              Timestamp now);

}  // namespace consign
