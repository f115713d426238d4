#include <doctest/doctest.h>
#include <signal.h>

#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;

namespace {

std::string status_line(const std::string& answer) { return answer.substr(0, answer.find("\r\n")); }

}  // namespace

TEST_CASE("requests that could be framed otherwise are answered and the connection is closed") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", "supplier acme { name \"A\" }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto port = daemon.port();
  const std::string next = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  const auto post = [&](const std::string& headers, const std::string& body) {
    return send_raw(port,
                    "POST /v1/orders HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body + next);
  };
  for (const auto* headers :
       {"Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5, 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"}) {
    const auto answer = post(headers, "hello");
    CHECK(status_line(answer) == "HTTP/1.1 400 Bad Request");
    // One answer only: what follows is not read as a request.
    CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);
  }
  CHECK(status_line(post("Transfer-Encoding: gzip\r\n", "")) == "HTTP/1.1 501 Not Implemented");
  CHECK(status_line(
            send_raw(port, "GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + std::string(9000, 'a') +
                               "\r\n\r\n")) == "HTTP/1.1 431 Request Header Fields Too Large");
  CHECK(status_line(send_raw(port, "GET /healthz HTTP/1.1\n\n")) == "HTTP/1.1 400 Bad Request");
  const std::string token = "Authorization: Bearer " + daemon.token() + "\r\n";
  CHECK(status_line(post(token + "Content-Length: 99999999\r\n", "")) ==
        "HTTP/1.1 413 Payload Too Large");
  // The answer reaches those, too, who send it all before they read.
  const std::string large(6'000'000, ' ');
  CHECK(status_line(post(token + "Content-Length: 6000000\r\n", large)) ==
        "HTTP/1.1 413 Payload Too Large");
}

TEST_CASE("plain requests may follow each other on a connection, in pieces and in chunks") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", "supplier acme { name \"A\" }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const std::string token = "Authorization: Bearer " + daemon.token() + "\r\n";
  const std::string answer =
      send_raw(daemon.port(),
               "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
               "POST /v1/orders HTTP/1.1\r\nHost: x\r\n" +
                   token +
                   "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n"
                   "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(status_line(answer) == "HTTP/1.1 200 OK");
  CHECK(answer.find("HTTP/1.1 400 Bad Request") != std::string::npos);
  CHECK(answer.find("malformed-json") != std::string::npos);
  CHECK(answer.rfind("HTTP/1.1 200 OK") > answer.find("malformed-json"));

  const std::string expecting = send_raw(
      daemon.port(), "POST /v1/orders HTTP/1.1\r\nHost: x\r\n" + token +
                         "Content-Length: 1\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
  CHECK(status_line(expecting) == "HTTP/1.1 100 Continue");
}

TEST_CASE("SIGTERM ends the daemon although a connection stands idle") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", "supplier acme { name \"A\" }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto client = daemon.client();
  REQUIRE(client->get("/v1/rules").status == 200);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(daemon.end(SIGTERM) == 0);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("the OpenAPI document is served") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", "supplier acme { name \"A\" }\n");
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  CHECK(daemon.client()->get("/v1/openapi.json").json().at("openapi") == "3.1.0");
}
