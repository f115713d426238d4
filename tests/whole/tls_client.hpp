// One connection to a consignd that speaks TLS, kept until one of the two ends it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/support/certificates.hpp"
#include "tests/whole/client.hpp"

namespace consign::testing {

struct TlsWish {
  const Issued* certificate = nullptr;  ///< to show; null: none
  int least = 0, most = 0;              ///< versions as OpenSSL numbers them; 0: whatever there is
  std::string ciphers = {};             ///< of TLS 1.2 and before; empty: the usual ones
};

class TlsClient {
 public:
  /// Connects, trusting that authority. What goes wrong stands in `failure`.
  TlsClient(std::uint16_t port, const std::string& authority, const TlsWish& wish = {});
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  /// Status 0 where the connection has ended.
  Answer send(const std::string& method, const std::string& target, const std::string& token = "",
              const std::string& body = "");
  Answer get(const std::string& target, const std::string& token = "") {
    return send("GET", target, token);
  }
  const std::string& failure() const { return failure_; }
  /// The common name in the server's certificate.
  std::string server_name() const;
  /// Asks for new keys in the middle of the connection (TLS 1.2), as nobody should.
  void renegotiate();

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
  std::string failure_;
};

}  // namespace consign::testing
