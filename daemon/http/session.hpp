// One connection.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>

#include "daemon/http/any_stream.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/reply.hpp"
#include "daemon/http/services.hpp"

namespace consign::http {

/// Serves a connection until it ends. All of it runs on the socket's executor, a strand.
class Session : public std::enable_shared_from_this<Session> {
 public:
  /// With `tls` the connection begins with a handshake.
  Session(Socket socket, Services& services, TlsContext tls);

  boost::asio::awaitable<void> run();
  /// Ends the connection as soon as no request is under way. Safe from any thread.
  void drain();

 private:
  enum class Next { another, end };
  boost::asio::awaitable<Next> serve_one();
  boost::asio::awaitable<std::optional<std::size_t>> read_header();
  boost::asio::awaitable<void> write(Response response, bool keep_alive);
  boost::asio::awaitable<bool> write_stream(StreamReply reply, bool keep_alive, bool chunked);
  boost::asio::awaitable<Next> refuse(Response response);
  boost::asio::awaitable<void> linger();

  Services& services_;
  AnyStream stream_;
  const std::optional<uid_t> peer_;
  boost::beast::flat_buffer buffer_;
  bool idle_ = true;       // between requests; on the strand
  bool draining_ = false;  // likewise
  int served_ = 0;
};

}  // namespace consign::http
