#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <thread>

#include "cli/http_client.hpp"
#include "tests/unit/cli/run_consign.hpp"

using namespace consign::cli;

namespace {

const std::string kAnswer =
    R"({"decision":"d","order":{"shop":"nordic","id":"1001"},"state":"decided","rules":"3f2a00000000000000","at":"2026-11-21T10:00:03Z",)"
    R"("lines":[{"id":"1","parts":[{"id":"1","quantity":2,"outcome":"assigned","supplier":"acme","because":{"rule":"acme-tagged","file":"20-acme.rules","line":8}}]},)"
    R"({"id":"2","parts":[{"id":"1","quantity":1,"outcome":"waiting","reason":"waits for product p-78","waits_for":["product p-78"]}]}],)"
    R"("why":{"lines":[{"id":"1","rules":[{"rule":"acme-tagged","file":"20-acme.rules","line":8,"verdict":"fired"},)"
    R"({"rule":"bulky","file":"20-acme.rules","line":15,"verdict":"not_matched","part":"product.tag = \"bulky\"","saw":"\"acme\""}]},)"
    R"({"id":"2","rules":[{"rule":"acme-tagged","file":"20-acme.rules","line":8,"verdict":"unknown","waits_for":["product p-78"]}]}],"order":[]}})";

/// Answers one request on a socket with a canned response, and keeps what was asked.
class OneAnswer {
 public:
  OneAnswer(int socket, const std::string& status, const std::string& body) : socket_(socket) {
    const timeval patience{5, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    response_ = "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
    thread_ = std::thread([this] { serve(); });
  }
  ~OneAnswer() {
    finish();
    ::close(socket_);
  }
  /// What was asked; waits until it was answered.
  const std::string& request() {
    finish();
    return request_;
  }

 private:
  void finish() {
    if (thread_.joinable()) thread_.join();
  }
  void serve() {
    const int client = ::accept(socket_, nullptr, nullptr);
    if (client < 0) return;
    char block[4096];
    while (request_.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = ::recv(client, block, sizeof block, 0);
      if (got <= 0) break;
      request_.append(block, static_cast<std::size_t>(got));
    }
    ::send(client, response_.data(), response_.size(), MSG_NOSIGNAL);
    ::close(client);
  }

  int socket_;
  std::string response_, request_;
  std::thread thread_;
};

int listen_on_loopback(std::string& url) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(socket, 1) == 0);
  REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  return socket;
}

int listen_on_path(const std::string& path) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(socket, 1) == 0);
  return socket;
}

}  // namespace

TEST_CASE("explain asks the daemon with the token and tells each line's story") {
  std::string url;
  OneAnswer server(listen_on_loopback(url), "200 OK", kAnswer);
  const Ran ran = run_consign({"explain", "nordic", "10/01", "--server", url},
                              {.environment = {{"CONSIGN_TOKEN", "secret"}}});
  CHECK(ran.exit == 0);
  CHECK(server.request().starts_with("GET /v1/orders/nordic/10%2F01/why HTTP/1.1\r\n"));
  CHECK(holds(server.request(), "Authorization: Bearer secret\r\n"));
  CHECK(holds(ran.out, "decided at 2026-11-21T10:00:03Z by rule set 3f2a00000000\n"));
  CHECK(holds(ran.out, "line 1\n  2 pieces assigned to acme, by acme-tagged (20-acme.rules:8)\n"));
  CHECK(holds(ran.out, "`product.tag = \"bulky\"` does not hold; saw \"acme\"\n"));
  CHECK(holds(ran.out, "line 2\n  1 piece waiting: waits for product p-78\n"));
}

TEST_CASE("explain speaks over the Unix socket, with a token from a file") {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/consign.sock";
  OneAnswer server(listen_on_path(path), "200 OK", kAnswer);
  const std::string token = folder.write("admin.token", "from-file\n");
  const Ran ran = run_consign(
      {"explain", "nordic", "1001", "--socket", path, "--token-file", token, "--format", "json"});
  CHECK(ran.exit == 0);
  CHECK(ran.out == kAnswer + "\n");
  CHECK(holds(server.request(), "Authorization: Bearer from-file\r\n"));
}

TEST_CASE("explain of an order that is not there exits 1") {
  std::string url;
  OneAnswer server(listen_on_loopback(url), "404 Not Found", R"({"title":"not found"})");
  const Ran ran = run_consign({"explain", "nordic", "9", "--server", url});
  CHECK(ran.exit == 1);
  CHECK(ran.err == "order 9 of shop nordic is not known, or not yours to see\n");
}

TEST_CASE("explain without a right token says where one is taken from") {
  std::string url;
  OneAnswer server(listen_on_loopback(url), "401 Unauthorized", R"({"title":"who are you"})");
  const Ran ran = run_consign({"explain", "nordic", "9", "--server", url});
  CHECK(ran.exit == 2);
  CHECK(holds(ran.err, "answered 401: who are you; a token is taken from CONSIGN_TOKEN"));
}

TEST_CASE("explain without a daemon could not run") {
  const Ran ran = run_consign({"explain", "nordic", "1", "--socket", "/no/such/consign.sock"});
  CHECK(ran.exit == 2);
  CHECK(holds(ran.err, "no answer from /no/such/consign.sock: "));
}

TEST_CASE("a server's address is taken apart or refused") {
  CHECK(parse_server("http://[::1]:80")->host == "::1");
  CHECK(parse_server("http://localhost")->port == "7878");
  CHECK_FALSE(parse_server("localhost:7878").ok());
  CHECK(parse_server("https://localhost")->port == "7443");
  CHECK(parse_server("https://localhost")->tls.has_value());
  CHECK_FALSE(parse_server("http://localhost")->tls.has_value());
  CHECK_FALSE(parse_server("ftp://localhost").ok());
  CHECK_FALSE(parse_server("http://localhost/v1").ok());
}
