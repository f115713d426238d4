// The server: listens on TCP and on a Unix socket, reads requests, writes what handlers answer.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "consign/result.hpp"
#include "daemon/config.hpp"
#include "daemon/http/server_tls.hpp"
#include "daemon/http/services.hpp"

namespace consign::http {

/// Runs on the io_context that it is given, on however many threads run that.
class Server {
 public:
  Server(boost::asio::io_context& context, Services& services);
  ~Server();

  /// Starts to listen; the address that it got (port 0 asks for any free one), or why not.
  Result<ListenAddress> listen_tcp(const ListenAddress& address);
  /// The same, speaking TLS only.
  Result<ListenAddress> listen_tls(const ListenAddress& address, std::unique_ptr<ServerTls> tls);
  /// Takes the place of a socket that a process which is gone has left.
  Status listen_unix(const std::filesystem::path& path);

  /// Closes the listeners and idle connections; the others end after their answer. `done` is called
  /// (on the io_context) when all have ended.
  void drain(std::function<void()> done);
  std::size_t connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace consign::http
