// Who is at the other end of a Unix socket.
#pragma once

#include <sys/types.h>

#include <optional>

namespace consign::http {

/// The user that connected, as the kernel knows it; nothing for another kind of socket.
std::optional<uid_t> user_of_peer(int socket);

/// Whether that user administers this daemon: root, or the user that it runs as.
bool is_administrator(uid_t user);

}  // namespace consign::http
