// One deadline holds for the whole attempt: the io_context runs until it, then the socket is closed
// and what is left of the attempt runs out. Only looking up a name cannot be broken off; there the
// system's own limit holds.
#include "daemon/effects/poster.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <exception>
#include <optional>

namespace consign {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::uint32_t kHeaderLimit = 16 << 10;

constexpr std::size_t kBodyLimit = 64 << 10;

// For hosts that are named by a number there is nothing to announce.
bool is_address(const std::string& host) {
  boost::system::error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

ssl::context make_tls(const std::string& ca_file) {
  ssl::context tls(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  tls.set_verify_mode(ssl::verify_peer);
  if (ca_file.empty()) {
    tls.set_default_verify_paths();
  } else {
    tls.load_verify_file(ca_file);
  }
  return tls;
}

class HttpPoster : public Poster {
 public:
  explicit HttpPoster(const Endpoint& endpoint) : endpoint_(endpoint), resolver_(context_) {}

  PostAnswer post(const PostHeaders& headers, const std::string& body) override {
    const auto request = request_of(headers, body);
    PostAnswer answer;
    broken_off_ = cancelled_;
    context_.restart();
    asio::co_spawn(context_, attempt(request, answer), [&answer](const std::exception_ptr& failed) {
      if (failed) answer = failure(failed);
    });
    context_.run_for(std::chrono::seconds(endpoint_.timeout_seconds));
    if (context_.stopped()) return answer;
    break_off();
    context_.run();
    // A status counts although the rest of the answer did not come.
    if (answer.status == 0) {
      answer.reason = "no answer within " + std::to_string(endpoint_.timeout_seconds) + " s";
    }
    return answer;
  }

  void cancel() override {
    cancelled_ = true;
    asio::post(context_, [this] { break_off(); });
  }

 private:
  using Request = http::request<http::string_body>;

  /// Lets break_off() find the socket for as long as there is one.
  class Reachable {
   public:
    Reachable(HttpPoster& poster, tcp::socket& socket) : poster_(poster) {
      poster_.socket_ = &socket;
    }
    ~Reachable() { poster_.socket_ = nullptr; }
    Reachable(const Reachable&) = delete;
    Reachable& operator=(const Reachable&) = delete;

   private:
    HttpPoster& poster_;
  };

  Request request_of(const PostHeaders& headers, const std::string& body) const {
    Request request(http::verb::post, endpoint_.address.target, 11);
    request.set(http::field::host, endpoint_.address.authority);
    request.set(http::field::user_agent, "consign");
    request.set(http::field::content_type, "application/json");
    request.set(http::field::connection, "close");
    for (const auto& [name, value] : endpoint_.headers) request.set(name, value);
    for (const auto& [name, value] : headers) request.set(name, value);
    request.body() = body;
    request.prepare_payload();
    return request;
  }

  static PostAnswer failure(const std::exception_ptr& failed) {
    try {
      std::rethrow_exception(failed);
    } catch (const boost::system::system_error& error) {
      return {.status = 0, .reason = error.code().message()};
    } catch (const std::exception& error) {
      return {.status = 0, .reason = error.what()};
    }
  }

  asio::awaitable<void> attempt(const Request& request, PostAnswer& answer) {
    if (!endpoint_.address.tls) {
      tcp::socket stream(context_);
      const Reachable reachable(*this, stream);
      co_await connect(stream);
      co_await exchange(stream, request, answer);
      co_return;
    }
    if (!tls_) tls_.emplace(make_tls(endpoint_.ca_file));
    ssl::stream<tcp::socket> stream(context_, *tls_);
    const Reachable reachable(*this, stream.next_layer());
    stream.set_verify_callback(ssl::host_name_verification(endpoint_.address.host));
    if (!is_address(endpoint_.address.host)) {
      SSL_set_tlsext_host_name(stream.native_handle(), endpoint_.address.host.c_str());
    }
    co_await connect(stream.next_layer());
    co_await stream.async_handshake(ssl::stream_base::client, asio::use_awaitable);
    co_await exchange(stream, request, answer);
  }

  asio::awaitable<void> connect(tcp::socket& socket) {
    const auto found = co_await resolver_.async_resolve(
        endpoint_.address.host, endpoint_.address.port, asio::use_awaitable);
    // Connecting would open a socket anew that was closed.
    if (broken_off_) throw boost::system::system_error(asio::error::operation_aborted);
    co_await asio::async_connect(socket, found, asio::use_awaitable);
  }

  template <class Stream>
  asio::awaitable<void> exchange(Stream& stream, const Request& request, PostAnswer& answer) {
    co_await http::async_write(stream, request, asio::use_awaitable);
    http::response_parser<http::string_body> parser;
    parser.header_limit(kHeaderLimit);
    parser.body_limit(boost::none);
    boost::beast::flat_buffer buffer;
    co_await http::async_read_header(stream, buffer, parser, asio::use_awaitable);
    const auto& response = parser.get();
    const auto retry_after = response[http::field::retry_after];
    answer = {.status = static_cast<int>(response.result_int()),
              .reason = std::string(response.reason()),
              .retry_after = std::string(retry_after)};
    // A short body is read to its end, so that its sender is not cut off in the middle of it. That
    // it breaks off is no failure here: whoever needs the body sees that it is not whole.
    boost::system::error_code error;
    while (!error && !parser.is_done() && parser.get().body().size() < kBodyLimit) {
      co_await http::async_read_some(stream, buffer, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
    }
    answer.body = parser.get().body().substr(0, kBodyLimit);
  }

  void break_off() {
    broken_off_ = true;
    resolver_.cancel();
    boost::system::error_code ignored;
    if (socket_ != nullptr) socket_->close(ignored);
  }

  const Endpoint& endpoint_;
  asio::io_context context_{1};
  tcp::resolver resolver_;
  std::optional<ssl::context> tls_;
  tcp::socket* socket_ = nullptr;  // of the attempt that is under way
  bool broken_off_ = false;        // likewise
  std::atomic<bool> cancelled_ = false;
};

}  // namespace

std::unique_ptr<Poster> make_http_poster(const Endpoint& endpoint) {
  return std::make_unique<HttpPoster>(endpoint);
}

}  // namespace consign
