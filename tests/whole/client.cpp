#include "tests/whole/client.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>

namespace consign::testing {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Socket = asio::generic::stream_protocol::socket;

constexpr std::uint64_t kLargestAnswer = 256u << 20;

void limit_waiting(Socket& socket, int seconds) {
  const timeval time{seconds, 0};
  setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

}  // namespace

struct Client::Connection {
  asio::io_context context;
  Socket socket{context};
  boost::beast::flat_buffer buffer;
};

boost::json::value Answer::json() const {
  error_code error;
  return boost::json::parse(body, error);
}

Client::Client(std::uint16_t port, std::string token) : port_(port), token_(std::move(token)) {}
Client::Client(std::string socket_path, std::string token)
    : socket_path_(std::move(socket_path)), token_(std::move(token)) {}
Client::~Client() = default;

Answer Client::send(const std::string& method, const std::string& target, const std::string& body,
                    const Headers& headers) {
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, "localhost");
  if (!token_.empty()) request.set(http::field::authorization, "Bearer " + token_);
  for (const auto& [name, value] : headers) request.insert(name, value);
  request.body() = body;
  if (method != "GET" && method != "DELETE") request.prepare_payload();

  // The second try is for a connection that was closed since the last request.
  const bool had_connection = connection_ != nullptr;
  for (int attempt = 0; attempt < (had_connection ? 2 : 1); ++attempt) {
    error_code error;
    if (connection_ == nullptr) {
      connection_ = std::make_unique<Connection>();
      if (socket_path_.empty()) {
        connection_->socket.connect(
            asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port_), error);
      } else {
        connection_->socket.connect(asio::local::stream_protocol::endpoint(socket_path_), error);
      }
      if (!error) limit_waiting(connection_->socket, 30);
    }
    if (!error) http::write(connection_->socket, request, error);
    http::response_parser<http::string_body> parser;
    parser.body_limit(kLargestAnswer);
    if (!error) http::read(connection_->socket, connection_->buffer, parser, error);
    if (error) {
      connection_.reset();
      continue;
    }
    Answer answer{.status = static_cast<int>(parser.get().result_int()),
                  .body = parser.get().body(),
                  .headers = {}};
    for (const auto& field : parser.get()) {
      std::string name(field.name_string());
      for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      answer.headers[name] = std::string(field.value());
    }
    if (!parser.get().keep_alive()) connection_.reset();
    return answer;
  }
  return {};
}

std::string send_raw(std::uint16_t port, const std::string& bytes) {
  asio::io_context context;
  Socket socket(context);
  error_code error;
  socket.connect(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port), error);
  if (error) return {};
  limit_waiting(socket, 2);
  asio::write(socket, asio::buffer(bytes), error);
  std::string answer;
  asio::read(socket, asio::dynamic_buffer(answer), error);
  return answer;
}

}  // namespace consign::testing
