#include "daemon/effects/poster.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <thread>

#include "tests/support/certificates.hpp"
#include "tests/unit/daemon/temp_folder.hpp"

using namespace consign;
using consign::testing::Authority;
using consign::testing::TempFolder;

namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

// Takes one connection, reads a request's header and gives the answer; no answer: waits for the
// other side to close.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : answer_(std::move(answer)) {
    thread_ = std::thread([this] {
      error_code error;
      tcp::socket socket(context_);
      acceptor_.accept(socket, error);
      if (!error) talk(socket);
    });
  }
  OneAnswer(std::string answer, const std::string& certificate, const std::string& key)
      : answer_(std::move(answer)) {
    tls_.use_certificate_file(certificate, ssl::context::pem);
    tls_.use_private_key_file(key, ssl::context::pem);
    thread_ = std::thread([this] {
      error_code error;
      ssl::stream<tcp::socket> stream(context_, tls_);
      acceptor_.accept(stream.next_layer(), error);
      stream.handshake(ssl::stream_base::server, error);
      if (!error) talk(stream);
    });
  }
  ~OneAnswer() { thread_.join(); }

  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }
  std::string request() {
    thread_.join();
    thread_ = std::thread([] {});
    return request_;
  }

 private:
  template <class Stream>
  void talk(Stream& stream) {
    error_code error;
    asio::read_until(stream, asio::dynamic_buffer(request_), "{}", error);
    asio::write(stream, asio::buffer(answer_), error);
    char byte = 0;
    if (answer_.empty()) asio::read(stream, asio::buffer(&byte, 1), error);
  }

  std::string answer_, request_;
  asio::io_context context_;
  ssl::context tls_{ssl::context::tls_server};
  tcp::acceptor acceptor_{context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::thread thread_;
};

Endpoint endpoint_at(const std::string& url) {
  Endpoint endpoint;
  endpoint.address = parse_endpoint_url(url).value();
  endpoint.timeout_seconds = 5;
  return endpoint;
}

PostAnswer post_to(const Endpoint& endpoint) {
  return make_http_poster(endpoint)->post({{"webhook-id", "msg_1"}}, "{}");
}

}  // namespace

TEST_CASE("a post carries its headers and body, and brings back status and Retry-After") {
  OneAnswer receiver(
      "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
  auto endpoint = endpoint_at("http://127.0.0.1:" + receiver.port() + "/in?a=b");
  endpoint.headers = {{"X-Shopify-Access-Token", "shpat_1"}};
  const auto answer = post_to(endpoint);
  CHECK(answer.status == 503);
  CHECK(answer.body == "no");
  CHECK(answer.reason == "Busy");
  CHECK(answer.retry_after == "7");
  const auto request = receiver.request();
  CHECK(
      request.starts_with("POST /in?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + receiver.port() + "\r\n"));
  CHECK(request.find("\r\nwebhook-id: msg_1\r\n") != std::string::npos);
  CHECK(request.find("\r\nX-Shopify-Access-Token: shpat_1\r\n") != std::string::npos);
  CHECK(request.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
  CHECK(request.ends_with("\r\n\r\n{}"));
}

TEST_CASE("of a long body the beginning is brought back") {
  constexpr std::size_t kLimit = 64 << 10;
  OneAnswer receiver("HTTP/1.1 200 OK\r\n\r\n" + std::string(2 * kLimit, 'x'));
  const auto answer = post_to(endpoint_at("http://127.0.0.1:" + receiver.port()));
  CHECK(answer.status == 200);
  CHECK(answer.body == std::string(kLimit, 'x'));
}

TEST_CASE("a redirect is brought back as it is, and not followed") {
  OneAnswer receiver("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n");
  CHECK(post_to(endpoint_at("http://127.0.0.1:" + receiver.port())).status == 302);
}

TEST_CASE("an answer that is no HTTP, and none at all, are failures with a reason") {
  {
    OneAnswer receiver("hello\r\n\r\n");
    const auto answer = post_to(endpoint_at("http://127.0.0.1:" + receiver.port()));
    CHECK(answer.status == 0);
    CHECK(answer.reason == "bad version");
  }
  std::string port;
  {
    OneAnswer receiver("HTTP/1.1 204 No Content\r\n\r\n");
    port = receiver.port();
    CHECK(post_to(endpoint_at("http://127.0.0.1:" + port)).status == 204);
  }
  CHECK(post_to(endpoint_at("http://127.0.0.1:" + port)).reason == "Connection refused");
}

TEST_CASE("a receiver that says nothing is waited for no longer than its timeout") {
  OneAnswer receiver("");
  auto endpoint = endpoint_at("http://127.0.0.1:" + receiver.port());
  endpoint.timeout_seconds = 1;
  const auto began = std::chrono::steady_clock::now();
  const auto answer = post_to(endpoint);
  CHECK(answer.status == 0);
  CHECK(answer.reason == "no answer within 1 s");
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(4));
}

TEST_CASE("a post that is under way can be broken off") {
  OneAnswer receiver("");
  const auto endpoint = endpoint_at("http://127.0.0.1:" + receiver.port());
  const auto poster = make_http_poster(endpoint);
  const auto began = std::chrono::steady_clock::now();
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    poster->cancel();
  });
  CHECK(poster->post({}, "{}").status == 0);
  other.join();
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(4));
}

TEST_CASE("over HTTPS a certificate that is trusted and names the host is needed") {
  const TempFolder folder;
  Authority authority(folder.path(), "authority");
  const auto [certificate, key, hash] = authority.issue("receiver", "DNS:localhost");
  const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  {
    OneAnswer receiver(ok, certificate, key);
    auto endpoint = endpoint_at("https://localhost:" + receiver.port() + "/");
    endpoint.ca_file = authority.file();
    const auto answer = post_to(endpoint);
    CHECK_MESSAGE(answer.status == 200, answer.reason);
  }
  {
    OneAnswer receiver(ok, certificate, key);
    const auto answer = post_to(endpoint_at("https://localhost:" + receiver.port() + "/"));
    CHECK(answer.status == 0);
    CHECK(answer.reason.find("certificate verify failed") != std::string::npos);
  }
  {
    OneAnswer receiver(ok, certificate, key);
    auto endpoint = endpoint_at("https://127.0.0.1:" + receiver.port() + "/");
    endpoint.ca_file = authority.file();
    CHECK(post_to(endpoint).status == 0);
  }
}
