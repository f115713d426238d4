#include "daemon/effects/endpoint.hpp"

#include <doctest/doctest.h>

#include "daemon/effects/schedule.hpp"
#include "daemon/effects/signing.hpp"

using namespace consign;

namespace {

constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

Timestamp at(std::int64_t seconds) { return {seconds * 1'000'000}; }

}  // namespace

TEST_CASE("a message is signed as Standard Webhooks' own libraries sign it") {
  const auto key = parse_webhook_secret(kSecret);
  REQUIRE(key.ok());
  CHECK(webhook_signature({*key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1'614'265'330,
                          R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("while a secret is changed a message carries a signature of each") {
  const auto key = parse_webhook_secret(kSecret);
  const auto both = webhook_signature({*key, std::string(24, 'x')}, "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                      1'614'265'330, R"({"test": 2432232314})");
  CHECK(both.starts_with("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,"));
  CHECK(both.size() == 2 * 47 + 1);
}

TEST_CASE("a secret is 24 to 64 bytes in base64 behind `whsec_`") {
  CHECK(parse_webhook_secret(kSecret)->size() == 24);
  CHECK(parse_webhook_secret("whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=")->size() == 26);
  for (const std::string text :
       {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2L*LaSw",
        "whsec_================================"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_webhook_secret(text).ok());
  }
  CHECK_FALSE(parse_webhook_secret("whsec_" + std::string(4 * 22, 'A')).ok());
}

TEST_CASE("an address is taken apart, and one with a user name or a fragment is refused") {
  const auto plain = parse_endpoint_url("http://127.0.0.1:8080/hooks?from=consign");
  REQUIRE(plain.ok());
  CHECK_FALSE(plain->tls);
  CHECK(plain->host == "127.0.0.1");
  CHECK(plain->port == "8080");
  CHECK(plain->authority == "127.0.0.1:8080");
  CHECK(plain->target == "/hooks?from=consign");

  const auto bare = parse_endpoint_url("https://Shop.example");
  REQUIRE(bare.ok());
  CHECK(bare->tls);
  CHECK(bare->port == "443");
  CHECK(bare->target == "/");
  const auto query_only = parse_endpoint_url("https://shop.example?a=b");
  REQUIRE(query_only.ok());
  CHECK(query_only->target == "/?a=b");

  const auto v6 = parse_endpoint_url("http://[::1]:80/");
  REQUIRE(v6.ok());
  CHECK(v6->host == "::1");
  CHECK(v6->authority == "[::1]:80");

  for (const std::string url :
       {"", "shop.example", "/hooks", "ftp://shop.example/", "http://", "http:///x",
        "https://me:secret@shop.example/", "https://shop.example/#part",
        "https://shop.example:99999/", "https://shop example/"}) {
    CAPTURE(url);
    CHECK_FALSE(parse_endpoint_url(url).ok());
  }
}

TEST_CASE("a failed delivery is tried again by the published schedule, then given up") {
  const auto retries = published_retries();
  std::vector<std::int64_t> after;
  for (std::int64_t failed = 1; failed <= 9; ++failed) {
    after.push_back(next_attempt(retries, failed, at(0), 0.5)->micros / 1'000'000);
  }
  CHECK(after ==
        std::vector<std::int64_t>{5, 300, 1'800, 7'200, 18'000, 36'000, 50'400, 72'000, 86'400});
  CHECK_FALSE(next_attempt(retries, 10, at(0), 0.5).has_value());
}

TEST_CASE("jitter spreads a retry over ten percent to either side") {
  CHECK(next_attempt({100}, 1, at(1'000), 0.0) == at(1'090));
  CHECK(next_attempt({100}, 1, at(1'000), 0.5) == at(1'100));
  CHECK(next_attempt({100}, 1, at(1'000), 0.9999)->micros < at(1'110).micros);
}

TEST_CASE("Retry-After is read as seconds or as a date, and believed for a day at most") {
  CHECK(retry_after("120", at(1'000)) == at(1'120));
  CHECK(retry_after("0", at(1'000)) == at(1'000));
  CHECK(retry_after("999999999999", at(0)) == at(86'400));
  CHECK(retry_after("Fri, 21 Nov 2025 10:00:30 GMT", at(1'763'719'200)) == at(1'763'719'230));
  CHECK(retry_after("Fri, 21 Nov 2025 09:00:00 GMT", at(1'763'719'200)) == at(1'763'719'200));
  for (const std::string text : {"", "soon", "-5", "12x", "Friday"}) {
    CAPTURE(text);
    CHECK_FALSE(retry_after(text, at(0)).has_value());
  }
}
