#include "cli/http_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <boost/url/url_view.hpp>
#include <chrono>

namespace consign::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;
using Code = boost::system::error_code;

constexpr std::chrono::seconds kToConnect{5}, kInAll{30};
constexpr std::uint64_t kLargestAnswer = 64u << 20;

http::request<http::string_body> make_request(const Server& server, std::string_view method,
                                              const std::string& target, const std::string& body) {
  http::request<http::string_body> request;
  request.method_string({method.data(), method.size()});
  request.target(target);
  request.version(11);
  request.set(http::field::host, server.socket.empty() ? server.host : "localhost");
  request.set(http::field::user_agent, "consign");
  request.set(http::field::accept, "application/json");
  request.keep_alive(false);
  if (!server.token.empty()) request.set(http::field::authorization, "Bearer " + server.token);
  if (method != "GET" && method != "DELETE") {
    request.set(http::field::content_type, "application/json");
    request.body() = body;
    request.prepare_payload();
  }
  return request;
}

/// Sends and receives on a connected stream. Asynchronous inside, since only then do timeouts hold.
template <class Protocol>
Code exchange(asio::io_context& context, beast::basic_stream<Protocol>& stream,
              const http::request<http::string_body>& request, HttpAnswer& answer) {
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kLargestAnswer);
  Code result;
  stream.expires_after(kInAll);
  http::async_write(stream, request, [&](Code write_error, std::size_t) {
    result = write_error;
    if (write_error) return;
    http::async_read(stream, buffer, parser,
                     [&](Code read_error, std::size_t) { result = read_error; });
  });
  context.restart();
  context.run();
  if (result) return result;
  answer.status = parser.get().result_int();
  answer.body = std::move(parser.get().body());
  return {};
}

Code ask_tcp(const Server& server, const http::request<http::string_body>& request,
             HttpAnswer& answer) {
  asio::io_context context;
  Tcp::resolver resolver(context);
  Code result;
  const auto addresses = resolver.resolve(server.host, server.port, result);
  if (result) return result;
  beast::basic_stream<Tcp> stream(context);
  stream.expires_after(kToConnect);
  stream.async_connect(addresses, [&](Code error, const Tcp::endpoint&) { result = error; });
  context.run();
  return result ? result : exchange(context, stream, request, answer);
}

Code ask_socket(const Server& server, const http::request<http::string_body>& request,
                HttpAnswer& answer) {
  asio::io_context context;
  beast::basic_stream<Local> stream(context);
  Code result;
  stream.expires_after(kToConnect);
  stream.async_connect(Local::endpoint(server.socket), [&](Code error) { result = error; });
  context.run();
  return result ? result : exchange(context, stream, request, answer);
}

}  // namespace

std::string Server::name() const { return socket.empty() ? "http://" + host + ':' + port : socket; }

Result<Server> parse_server(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->host().empty()) {
    return Error{'`' + url + "` is no address; write it as `http://127.0.0.1:7878`"};
  }
  if (parsed->scheme() != "http") {
    return Error{"`" + std::string(parsed->scheme()) +
                 "` is not in this version; consignd itself speaks `http`"};
  }
  if (!parsed->encoded_path().empty() && parsed->encoded_path() != "/") {
    return Error{"an address ends after the port: `" + url + '`'};
  }
  Server server;
  server.host = parsed->host_address();  // without the brackets of IPv6
  server.port = parsed->has_port() ? std::string(parsed->port()) : "7878";
  return server;
}

std::string path_segment(const std::string& text) {
  return boost::urls::encode(text, boost::urls::pchars);
}

Result<HttpAnswer> http_send(const Server& server, std::string_view method,
                             const std::string& target, const std::string& body) {
  const auto request = make_request(server, method, target, body);
  HttpAnswer answer;
  Code error;
  try {
    error = server.socket.empty() ? ask_tcp(server, request, answer)
                                  : ask_socket(server, request, answer);
  } catch (const boost::system::system_error& problem) {  // a socket's path that is too long
    error = problem.code();
  }
  if (error) return Error{"no answer from " + server.name() + ": " + error.message()};
  return answer;
}

}  // namespace consign::cli
