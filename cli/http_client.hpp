// One question to a running consignd: HTTP over TCP, in the clear or through TLS, or over a Unix
// socket.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "consign/result.hpp"

namespace consign::cli {

/// Files of PEM; empty: whom the system trusts, and no certificate of one's own.
struct TlsFiles {
  std::string authority, certificate, key;
};

/// Where the daemon listens, and who asks.
struct Server {
  std::string host, port;       ///< unless `socket` is set
  std::string socket;           ///< path of a Unix socket
  std::string token;            ///< may be empty
  std::optional<TlsFiles> tls;  ///< nothing: in the clear

  /// What messages call it.
  std::string name() const;
};

/// Takes `http://HOST[:PORT]` or `https://…` apart; port 7878, or 7443 with TLS, where none is
/// given.
Result<Server> parse_server(const std::string& url);

/// `text` as one segment of a URL's path.
std::string path_segment(const std::string& text);

struct HttpAnswer {
  unsigned status = 0;
  std::string body;
};

/// Sends one request, with a JSON body unless `body` is empty. Takes at most five seconds to
/// connect (with TLS, to agree on that, too) and thirty in all, and at most 64 MiB of answer.
Result<HttpAnswer> http_send(const Server& server, std::string_view method,
                             const std::string& target, const std::string& body);

/// Posts a file and waits for what comes of it: the same, with up to ten minutes in all and up to
/// 512 MiB of answer.
Result<HttpAnswer> http_upload(const Server& server, const std::string& target,
                               std::string_view content_type, std::string body);

/// The same for answers of any length: the body of a 200 goes to `out` as it comes, that of any
/// other answer into the result. A pause in it may last thirty seconds. An answer that breaks off
/// is an error, though what came of it is in `out`.
Result<HttpAnswer> http_download(const Server& server, std::string_view method,
                                 const std::string& target, const std::string& body,
                                 std::ostream& out);

}  // namespace consign::cli
