#include "daemon/http/peer.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace consign::http {

std::optional<uid_t> user_of_peer(int socket) {
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size) != 0 ||
      own.ss_family != AF_UNIX) {
    return std::nullopt;
  }
  ucred peer{};
  size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

bool is_administrator(uid_t user) { return user == 0 || user == geteuid(); }

}  // namespace consign::http
