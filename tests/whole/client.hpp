// A small blocking HTTP client for tests. One request at a time; failures to connect or to read
// show as status 0.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace consign::testing {

struct Answer {
  int status = 0;
  std::string body;
  std::map<std::string, std::string> headers;  ///< names in lower case

  boost::json::value json() const;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class Client {
 public:
  Client(std::uint16_t port, std::string token);
  /// Over a Unix socket.
  Client(std::string socket_path, std::string token);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Keeps its connection open between requests, and makes a new one where that was closed.
  Answer send(const std::string& method, const std::string& target, const std::string& body = "",
              const Headers& headers = {});
  Answer get(const std::string& target) { return send("GET", target); }
  Answer post(const std::string& target, const std::string& body, const Headers& headers = {}) {
    return send("POST", target, body, headers);
  }
  Answer put(const std::string& target, const std::string& body) {
    return send("PUT", target, body);
  }

 private:
  struct Connection;
  std::uint16_t port_ = 0;
  std::string socket_path_, token_;
  std::unique_ptr<Connection> connection_;
};

/// Sends these bytes over a connection of their own and reads until the peer closes or two seconds
/// pass.
std::string send_raw(std::uint16_t port, const std::string& bytes);

}  // namespace consign::testing
