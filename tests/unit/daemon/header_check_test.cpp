#include "daemon/http/header_check.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace consign;
using namespace consign::http;

namespace {

// The status with which a header is refused, or 200.
int status_of(const std::string& raw) {
  const auto end = find_header_end(raw);
  if (!end) return row_of(end.error().problem).status;
  if (!*end) return 0;
  const auto facts = check_header(std::string_view(raw).substr(0, **end));
  return facts ? 200 : row_of(facts.error().problem).status;
}

const std::string kPost = "POST /v1/orders HTTP/1.1\r\nHost: x\r\n";

}  // namespace

TEST_CASE("plain headers are taken") {
  CHECK(status_of("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") == 200);
  CHECK(status_of("GET /healthz HTTP/1.0\r\n\r\n") == 200);
  CHECK(status_of(kPost + "Content-Length: 5\r\n\r\n") == 200);
  CHECK(status_of(kPost + "Transfer-Encoding: chunked\r\n\r\n") == 200);
  CHECK(status_of(kPost + "Content-Length: 0\r\nExpect: 100-continue\r\n\r\n") == 200);
}

TEST_CASE("a header that has not all come yet is waited for") {
  CHECK(status_of("GET /healthz HTTP/1.1\r\nHost: x\r\n") == 0);
  CHECK(status_of("GE") == 0);
}

TEST_CASE("whatever two readers could frame differently is refused") {
  CHECK(status_of(kPost + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n") == 400);
  CHECK(status_of(kPost + "Content-Length: 5, 5\r\n\r\n") == 400);
  CHECK(status_of(kPost + "Content-Length: +5\r\n\r\n") == 400);
  CHECK(status_of(kPost + "Content-Length: 0x5\r\n\r\n") == 400);
  CHECK(status_of(kPost + "Content-Length:\r\n\r\n") == 400);
  CHECK(status_of(kPost + "Content-Length: 99999999999999999999\r\n\r\n") == 400);
  CHECK(status_of(kPost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(status_of(kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n") ==
        400);
  CHECK(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(status_of(kPost + "Transfer-Encoding: gzip\r\n\r\n") == 501);
  CHECK(status_of(kPost + "Transfer-Encoding: identity\r\n\r\n") == 501);
  CHECK(status_of(kPost + "Transfer-Encoding: xchunked\r\n\r\n") == 501);
  CHECK(status_of(kPost + "Transfer-Encoding: gzip, chunked\r\n\r\n") == 501);
  CHECK(status_of(kPost + "X: a\r\n b\r\n\r\n") == 400);
  CHECK(status_of(kPost + "Host: y\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(status_of("get / HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\nHost: x\n\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost : x\r\n\r\n") == 400);
  CHECK(status_of(kPost + "X: a\rb\r\n\r\n") == 400);
  CHECK(status_of(kPost + std::string("X: a\0b\r\n\r\n", 11)) == 400);
  CHECK(status_of("GET / HTTP/2.0\r\nHost: x\r\n\r\n") == 400);
  CHECK(status_of("GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(status_of("GET /  HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(status_of("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n") == 400);
  CHECK(status_of(kPost + "Expect: tea\r\n\r\n") == 417);
}
