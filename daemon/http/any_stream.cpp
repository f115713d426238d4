#include "daemon/http/any_stream.hpp"

#include <openssl/ssl.h>
#include <spdlog/spdlog.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>

namespace consign::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

}  // namespace

AnyStream::AnyStream(Socket socket, TlsContext tls)
    : plain_(std::move(socket)), context_(std::move(tls)) {
  if (context_) tls_.emplace(plain_, *context_);
}

asio::awaitable<bool> AnyStream::handshake(std::chrono::seconds at_most) {
  if (!tls_) co_return true;
  error_code error;
  plain_.expires_after(at_most);
  co_await tls_->async_handshake(asio::ssl::stream_base::server,
                                 asio::redirect_error(asio::use_awaitable, error));
  if (error) {
    spdlog::debug("http: no TLS with a client: {}", error.message());
    co_return false;
  }
  shaken_ = true;
  certificate_ = certificate_of_peer(tls_->native_handle());
  co_return true;
}

asio::awaitable<void> AnyStream::end_writing(std::chrono::seconds at_most) {
  if (std::exchange(ended_, true)) co_return;
  error_code ignored;  // the other end may be gone already
  if (shaken_) {
    // As if the other end had said its farewell: we say ours and do not wait for it.
    auto* connection = tls_->native_handle();
    SSL_set_shutdown(connection, SSL_get_shutdown(connection) | SSL_RECEIVED_SHUTDOWN);
    plain_.expires_after(at_most);
    co_await tls_->async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
  }
  plain_.socket().shutdown(Socket::shutdown_send, ignored);
}

bool is_end_of_connection(const error_code& error) {
  return error == asio::error::eof || error == asio::error::connection_reset ||
         error == beast::http::error::partial_message ||
         error == asio::ssl::error::stream_truncated ||
         error.category() == asio::error::get_ssl_category();
}

}  // namespace consign::http
