#include "tests/whole/tls_client.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace consign::testing {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr timeval kPatience{30, 0};

}  // namespace

struct TlsClient::Connection {
  asio::io_context context;
  ssl::context tls{ssl::context::tls_client};
  std::unique_ptr<ssl::stream<tcp::socket>> stream;
  boost::beast::flat_buffer buffer;
};

TlsClient::TlsClient(std::uint16_t port, const std::string& authority, const TlsWish& wish)
    : connection_(std::make_unique<Connection>()) {
  auto& tls = connection_->tls;
  error_code error;
  tls.load_verify_file(authority, error);
  tls.set_verify_mode(ssl::verify_peer);
  auto* native = tls.native_handle();
  SSL_CTX_set_min_proto_version(native, wish.least);
  SSL_CTX_set_max_proto_version(native, wish.most);
  if (!wish.ciphers.empty()) SSL_CTX_set_cipher_list(native, wish.ciphers.c_str());
  if (wish.certificate != nullptr) {
    if (!error) tls.use_certificate_chain_file(wish.certificate->certificate, error);
    if (!error) tls.use_private_key_file(wish.certificate->key, ssl::context::pem, error);
  }
  connection_->stream =
      std::make_unique<ssl::stream<tcp::socket>>(connection_->context, connection_->tls);
  auto& socket = connection_->stream->next_layer();
  if (!error) socket.connect({asio::ip::address_v4::loopback(), port}, error);
  if (!error) {
    setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    connection_->stream->handshake(ssl::stream_base::client, error);
  }
  if (error) failure_ = error.message();
}

TlsClient::~TlsClient() = default;

Answer TlsClient::send(const std::string& method, const std::string& target,
                       const std::string& token, const std::string& body) {
  if (!failure_.empty()) return {};
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, "localhost");
  if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
  request.body() = body;
  if (method != "GET") request.prepare_payload();
  error_code error, unsent;
  http::write(*connection_->stream, request, unsent);
  // What the server said before it ended the connection is worth reading all the same.
  http::response_parser<http::string_body> parser;
  http::read(*connection_->stream, connection_->buffer, parser, error);
  if (error) {
    failure_ = error.message();
    return {};
  }
  return {.status = static_cast<int>(parser.get().result_int()),
          .body = parser.get().body(),
          .headers = {}};
}

std::string TlsClient::server_name() const {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      SSL_get1_peer_certificate(connection_->stream->native_handle()), X509_free);
  if (!certificate) return {};
  char name[64] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name,
                            sizeof name);
  return name;
}

void TlsClient::renegotiate() { SSL_renegotiate(connection_->stream->native_handle()); }

}  // namespace consign::testing
