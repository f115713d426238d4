// A connection's bytes, in the clear or through TLS: one type, so that there is one session.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "daemon/http/server_tls.hpp"

namespace consign::http {

using Socket = boost::asio::generic::stream_protocol::socket;

/// An AsyncReadStream and AsyncWriteStream of Beast's. Used on the socket's executor only.
class AnyStream {
 public:
  using Plain = boost::beast::basic_stream<boost::asio::generic::stream_protocol,
                                           boost::asio::any_io_executor>;
  using executor_type = Plain::executor_type;

  /// Without `tls` in the clear.
  AnyStream(Socket socket, TlsContext tls);

  /// Before anything else. Whether the other end may be spoken to.
  boost::asio::awaitable<bool> handshake(std::chrono::seconds at_most);
  /// Who the other end has proved to be, of what is listed or not; after the handshake.
  const std::optional<ClientCertificate>& certificate() const { return certificate_; }
  /// Says that nothing more comes from us. More than once does no harm.
  boost::asio::awaitable<void> end_writing(std::chrono::seconds at_most);

  executor_type get_executor() { return plain_.get_executor(); }
  /// What is below TLS: timeouts, and bytes that nobody will look at.
  Plain& plain() { return plain_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return tls_ ? tls_->async_read_some(buffers, std::forward<Token>(token))
                : plain_.async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return tls_ ? tls_->async_write_some(buffers, std::forward<Token>(token))
                : plain_.async_write_some(buffers, std::forward<Token>(token));
  }

 private:
  Plain plain_;
  const TlsContext context_;  // outlives the stream that was made of it
  std::optional<boost::beast::ssl_stream<Plain&>> tls_;
  std::optional<ClientCertificate> certificate_;
  bool shaken_ = false, ended_ = false;
};

/// Whether an error means that the other end is gone or cannot be understood any more, so that an
/// answer would not reach it.
bool is_end_of_connection(const boost::system::error_code& error);

}  // namespace consign::http
