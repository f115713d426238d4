#include "cli/http_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/version.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <boost/url/url_view.hpp>
#include <chrono>
#include <ostream>

namespace consign::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;
using Code = boost::system::error_code;

constexpr std::chrono::seconds kToConnect{5};

/// How long an exchange may take in all, and how long its answer may be.
struct Bounds {
  std::chrono::seconds in_all{30};
  std::uint64_t answer = 64u << 20;
};
constexpr Bounds kUpload{std::chrono::minutes(10), 512u << 20};

using Request = http::request<http::string_body>;

Request make_request(const Server& server, std::string_view method, const std::string& target,
                     std::string body, std::string_view content_type = "application/json") {
  Request request;
  request.method_string({method.data(), method.size()});
  request.target(target);
  request.version(11);
  request.set(http::field::host, server.socket.empty() ? server.host : "localhost");
  request.set(http::field::user_agent, "consign");
  request.keep_alive(false);
  if (!server.token.empty()) request.set(http::field::authorization, "Bearer " + server.token);
  if (method != "GET" && method != "DELETE") {
    request.set(http::field::content_type, {content_type.data(), content_type.size()});
    request.body() = std::move(body);
    request.prepare_payload();
  }
  return request;
}

/// Sends a request and receives the answer on a connected stream. Asynchronous inside, since only
/// then do timeouts hold.
template <class Stream>
class Exchange {
 public:
  Exchange(Stream& stream, const Request& request, const Bounds& bounds, std::ostream* out)
      : stream_(stream), request_(request), bounds_(bounds), out_(out) {
    if (out_ != nullptr) {
      parser_.body_limit(boost::none);
    } else {
      parser_.body_limit(bounds_.answer);
    }
  }

  Code run(asio::io_context& context, HttpAnswer& answer) {
    beast::get_lowest_layer(stream_).expires_after(bounds_.in_all);
    http::async_write(stream_, request_, [this](Code error, std::size_t) {
      result_ = error;
      if (!error) read_on();
    });
    context.restart();
    context.run();
    if (result_) return result_;
    answer.status = parser_.get().result_int();
    answer.body = std::move(parser_.get().body());
    return {};
  }

 private:
  void read_on() {
    http::async_read_some(stream_, buffer_, parser_, [this](Code error, std::size_t) {
      result_ = error;
      if (error) return;
      pass_on();
      if (!parser_.is_done()) read_on();
    });
  }

  void pass_on() {
    if (out_ == nullptr || !parser_.is_header_done() || parser_.get().result_int() != 200) return;
    *out_ << parser_.get().body();
    parser_.get().body().clear();
    beast::get_lowest_layer(stream_).expires_after(bounds_.in_all);
  }

  Stream& stream_;
  const Request& request_;
  const Bounds bounds_;
  std::ostream* out_;  // null: the whole answer is kept
  beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
  Code result_;
};

Code connect(asio::io_context& context, beast::basic_stream<Tcp>& stream, const Server& server) {
  Tcp::resolver resolver(context);
  Code result;
  const auto addresses = resolver.resolve(server.host, server.port, result);
  if (result) return result;
  stream.expires_after(kToConnect);
  stream.async_connect(addresses, [&](Code error, const Tcp::endpoint&) { result = error; });
  context.run();
  return result;
}

Code ask_tcp(const Server& server, const Request& request, const Bounds& bounds, std::ostream* out,
             HttpAnswer& answer) {
  asio::io_context context;
  beast::basic_stream<Tcp> stream(context);
  const Code result = connect(context, stream, server);
  return result ? result : Exchange(stream, request, bounds, out).run(context, answer);
}

Result<ssl::context> make_tls(const TlsFiles& files) {
  ssl::context tls(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  tls.set_verify_mode(ssl::verify_peer);
  Code error;
  if (files.authority.empty()) {
    tls.set_default_verify_paths(error);
  } else {
    tls.load_verify_file(files.authority, error);
  }
  if (error) return Error{"cannot trust whom `" + files.authority + "` names: " + error.message()};
  if (files.certificate.empty()) return Result<ssl::context>(std::move(tls));
  tls.use_certificate_chain_file(files.certificate, error);
  if (error) return Error{"`" + files.certificate + "` holds no certificate: " + error.message()};
  tls.use_private_key_file(files.key, ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(tls.native_handle()) != 1) {
    return Error{"`" + files.key + "` holds no key of the certificate in `" + files.certificate +
                 "`: " + (error ? error.message() : "it is of another kind")};
  }
  return Result<ssl::context>(std::move(tls));
}

bool is_address(const std::string& host) {
  Code error;
  asio::ip::make_address(host, error);
  return !error;
}

Code ask_tls(const Server& server, ssl::context& tls, const Request& request, const Bounds& bounds,
             std::ostream* out, HttpAnswer& answer) {
  asio::io_context context;
  beast::ssl_stream<beast::basic_stream<Tcp>> stream(context, tls);
  stream.set_verify_callback(ssl::host_name_verification(server.host));
  if (!is_address(server.host)) {
    SSL_set_tlsext_host_name(stream.native_handle(), server.host.c_str());
  }
  Code result = connect(context, stream.next_layer(), server);
  if (result) return result;
  stream.async_handshake(ssl::stream_base::client, [&](Code error) { result = error; });
  context.restart();
  context.run();
  return result ? result : Exchange(stream, request, bounds, out).run(context, answer);
}

Code ask_socket(const Server& server, const Request& request, const Bounds& bounds,
                std::ostream* out, HttpAnswer& answer) {
  asio::io_context context;
  beast::basic_stream<Local> stream(context);
  Code result;
  stream.expires_after(kToConnect);
  stream.async_connect(Local::endpoint(server.socket), [&](Code error) { result = error; });
  context.run();
  return result ? result : Exchange(stream, request, bounds, out).run(context, answer);
}

std::string in_words(const Code& error, const Server& server) {
  const bool is_untrusted =
      error.category() == asio::error::get_ssl_category() &&
      ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_CERTIFICATE_VERIFY_FAILED;
  if (!is_untrusted) return error.message();
  return "its certificate does not prove that it is `" + server.host +
         "`; `--ca FILE` names whom to trust where the system does not know them";
}

Result<HttpAnswer> ask(const Server& server, const Request& request, const Bounds& bounds,
                       std::ostream* out) {
  HttpAnswer answer;
  Code error;
  std::optional<ssl::context> tls;
  if (server.tls) {
    auto made = make_tls(*server.tls);
    if (!made) return made.error();
    tls = std::move(*made);
  }
  try {
    error = tls                     ? ask_tls(server, *tls, request, bounds, out, answer)
            : server.socket.empty() ? ask_tcp(server, request, bounds, out, answer)
                                    : ask_socket(server, request, bounds, out, answer);
  } catch (const boost::system::system_error& problem) {  // a socket's path that is too long
    error = problem.code();
  }
  if (error) return Error{"no answer from " + server.name() + ": " + in_words(error, server)};
  return answer;
}

}  // namespace

std::string Server::name() const {
  if (!socket.empty()) return socket;
  return (tls ? "https://" : "http://") + host + ':' + port;
}

Result<Server> parse_server(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->host().empty()) {
    return Error{'`' + url + "` is no address; write it as `http://127.0.0.1:7878`"};
  }
  const bool is_tls = parsed->scheme() == "https";
  if (!is_tls && parsed->scheme() != "http") {
    return Error{"consignd speaks `http` and `https`, not `" + std::string(parsed->scheme()) + "`"};
  }
  if (!parsed->encoded_path().empty() && parsed->encoded_path() != "/") {
    return Error{"an address ends after the port: `" + url + '`'};
  }
  Server server;
  server.host = parsed->host_address();  // without the brackets of IPv6
  server.port = parsed->has_port() ? std::string(parsed->port()) : is_tls ? "7443" : "7878";
  if (is_tls) server.tls.emplace();
  return server;
}

std::string path_segment(const std::string& text) {
  return boost::urls::encode(text, boost::urls::pchars);
}

Result<HttpAnswer> http_send(const Server& server, std::string_view method,
                             const std::string& target, const std::string& body) {
  return ask(server, make_request(server, method, target, body), {}, nullptr);
}

Result<HttpAnswer> http_upload(const Server& server, const std::string& target,
                               std::string_view content_type, std::string body) {
  return ask(server, make_request(server, "POST", target, std::move(body), content_type), kUpload,
             nullptr);
}

Result<HttpAnswer> http_download(const Server& server, std::string_view method,
                                 const std::string& target, const std::string& body,
                                 std::ostream& out) {
  return ask(server, make_request(server, method, target, body), {}, &out);
}

}  // namespace consign::cli
