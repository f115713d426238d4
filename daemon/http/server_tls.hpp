// What TLS needs at our end: our certificate and its key, and whom clients' certificates are from.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consign/result.hpp"
#include "daemon/access/certificates.hpp"

struct ssl_st;  // OpenSSL's SSL
namespace boost::asio::ssl {
class context;
}

namespace consign::http {

/// PEM files.
struct TlsFiles {
  std::filesystem::path certificate;  ///< and those between it and its root, in that order
  std::filesystem::path key;
  std::filesystem::path client_ca;  ///< empty: clients are not asked for certificates
};

/// Which file is to blame, and why.
struct TlsFault {
  enum class File { certificate, key, client_ca } file;
  std::string message;
};

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// TLS 1.2 and 1.3 with authenticated encryption only; no renegotiation, and no resumption, which
/// would let a client back in without its certificate being verified again.
Result<TlsContext, TlsFault> load_tls(const TlsFiles& files);

/// Follows the files: connections that begin after they changed get what they hold then. One thread
/// at a time.
class ServerTls {
 public:
  static Result<std::unique_ptr<ServerTls>, TlsFault> open(TlsFiles files);

  /// For the next connection. Looks at the files every two seconds at most; those that cannot be
  /// used leave what was there before, and an error in the log.
  TlsContext current();

 private:
  struct Stamp {
    std::int64_t seconds = 0, nanoseconds = 0, size = -1;
    std::uint64_t inode = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  explicit ServerTls(TlsFiles files);
  static Stamp stamp_of(const std::filesystem::path& file);
  std::vector<Stamp> stamps() const;

  const TlsFiles files_;
  std::vector<Stamp> seen_;
  std::chrono::steady_clock::time_point looked_;
  TlsContext context_;
};

/// The certificate of the other end of a connection whose handshake is done; nothing if it showed
/// none.
std::optional<ClientCertificate> certificate_of_peer(ssl_st* connection);

}  // namespace consign::http
