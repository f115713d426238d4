#include "daemon/config.hpp"

#include <doctest/doctest.h>

using namespace consign;

namespace {

std::vector<std::string> faults_of(const std::string& text) {
  auto result = read_config_text(text, "consignd.yaml", ".");
  return result.ok() ? std::vector<std::string>{} : result.error();
}

}  // namespace

TEST_CASE("a whole config is read") {
  const auto result = read_config_text(
      "rules: /etc/consign/rules\n"
      "data: /var/lib/consign\n"
      "listen: 127.0.0.1:7878\n"
      "socket: /run/consign/consign.sock\n"
      "waiting_limit: 90min\n"
      "keep_deliveries: 7 days\n"
      "shops:\n"
      "  nordic: { channel: Shopify, domain: Nordic.myshopify.com, plan: basic, webhook_secrets: [ "
      "a, b ] }\n"
      "  outlet: { channel: own }\n"
      "never_grant: [ \"staff:*\", \"orders:view+fulfill\" ]\n",
      "consignd.yaml", ".");
  REQUIRE(result.ok());
  CHECK(result->rules == "/etc/consign/rules");
  CHECK(result->listen->port == 7878);
  CHECK(result->waiting_limit_seconds == 5400);
  CHECK(result->keep_deliveries_seconds == 604'800);
  REQUIRE(result->find_shop("nordic") != nullptr);
  CHECK(result->find_shop("nordic")->channel == "shopify");
  CHECK(result->find_shop("nordic")->domain == "nordic.myshopify.com");
  CHECK(result->find_shop("nordic")->webhook_secrets == std::vector<std::string>{"a", "b"});
  CHECK(result->find_shop("fjord") == nullptr);
  REQUIRE(result->never_grant.size() == 3);
  CHECK(result->never_grant[2].to_string() == "orders:fulfill");
  CHECK(missing_settings(*result).empty());
}

TEST_CASE("an unknown setting suggests its neighbour, and all faults come at once") {
  CHECK(
      faults_of("ruels: x\nlisten: nowhere\nshops:\n  nordic: { channel: shopfy }\n") ==
      std::vector<std::string>{
          "consignd.yaml:1: unknown setting `ruels`, did you mean `rules`?",
          "consignd.yaml:2: `nowhere` is no address; write it as `127.0.0.1:7878` or `[::1]:7878`",
          "consignd.yaml:4: unknown channel `shopfy`, did you mean `shopify`?"});
}

TEST_CASE("a setting written twice is a fault") {
  CHECK(faults_of("rules: a\nrules: b\n") ==
        std::vector<std::string>{"consignd.yaml:2: `rules` is written twice"});
}

TEST_CASE("broken YAML is one fault with its line") {
  const auto faults = faults_of("rules: a\ndata: [\n");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].starts_with("consignd.yaml:3: "));
}

TEST_CASE("shops that share a secret are warned of") {
  const auto result = read_config_text(
      "shops:\n"
      "  a: { channel: shopify, domain: a.example, webhook_secrets: [ s ] }\n"
      "  b: { channel: shopify, domain: b.example, webhook_secrets: [ s ] }\n",
      "consignd.yaml", ".");
  REQUIRE(result.ok());
  REQUIRE(settings_warnings(*result).size() == 1);
  CHECK(settings_warnings(*result)[0] ==
        "shops `a` and `b` share a webhook secret: who can sign for one can sign for the other");
}

TEST_CASE("durations and addresses have one form") {
  CHECK(parse_duration("24h") == 86400);
  CHECK(parse_duration("30 days") == 2592000);
  CHECK_FALSE(parse_duration("24").has_value());
  CHECK_FALSE(parse_duration("-1h").has_value());
  CHECK(parse_listen_address("[::1]:0")->host == "::1");
  CHECK_FALSE(parse_listen_address("127.0.0.1").ok());
  CHECK_FALSE(parse_listen_address("127.0.0.1:70000").ok());
  CHECK_FALSE(parse_listen_address("example.com:80").ok());
}

TEST_CASE("endpoints are read with their secrets, and have the published schedule by default") {
  const auto result = read_config_text(
      "endpoints:\n"
      "  warehouse: { url: \"https://wms.example/in\", secret: "
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw }\n"
      "  chat:\n"
      "    url: http://127.0.0.1:9000/\n"
      "    secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"
      "    timeout: 5s\n"
      "    retries: [ 0s, 1min ]\n",
      "consignd.yaml", ".");
  REQUIRE(result.ok());
  const auto& warehouse = result->endpoints.at("warehouse");
  CHECK(warehouse.name == "warehouse");
  CHECK(warehouse.address.host == "wms.example");
  CHECK(warehouse.keys.size() == 1);
  CHECK(warehouse.timeout_seconds == 20);
  CHECK(warehouse.retries == published_retries());
  const auto& chat = result->endpoints.at("chat");
  CHECK(chat.timeout_seconds == 5);
  CHECK(chat.retries == std::vector<std::int64_t>{0, 60});
}

TEST_CASE("an endpoint without address or secret is refused, and one that cannot be used") {
  CHECK(faults_of("endpoints: { warehouse: {} }") ==
        std::vector<std::string>{
            "consignd.yaml:1: endpoint `warehouse` has no `url`",
            "consignd.yaml:1: endpoint `warehouse` has no `secret`, which its messages are signed "
            "with; make one with `echo whsec_$(openssl rand -base64 32)`"});
  CHECK(
      faults_of("endpoints:\n  a:\n    url: wms.example\n    secret: secret\n    timeouts: 1\n") ==
      std::vector<std::string>{
          "consignd.yaml:5: unknown setting `timeouts`, did you mean `timeout`?",
          "consignd.yaml:3: `wms.example` is no address; write it as "
          "`https://shop.example/hooks`",
          "consignd.yaml:4: a secret is `whsec_` and 24 to 64 random bytes in base64; make one "
          "with `echo whsec_$(openssl rand -base64 32)`"});
}

TEST_CASE("a shop names the endpoint that is told what has shipped, wherever it stands") {
  const auto result = read_config_text(
      "shops:\n"
      "  nordic: { channel: shopify, fulfillments: nordic-admin }\n"
      "endpoints:\n"
      "  nordic-admin:\n"
      "    url: https://nordic.myshopify.com/admin/api/2026-10/graphql.json\n"
      "    secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"
      "    headers: { X-Shopify-Access-Token: \"shpat_1\" }\n"
      "    form: shopify\n",
      "consignd.yaml", ".");
  REQUIRE(result.ok());
  CHECK(result->find_shop("nordic")->fulfillments == "nordic-admin");
  const auto& endpoint = result->endpoints.at("nordic-admin");
  CHECK(endpoint.form == AnswerForm::shopify);
  REQUIRE(endpoint.headers.size() == 1);
  CHECK(endpoint.headers[0].first == "X-Shopify-Access-Token");
  CHECK(endpoint.headers[0].second == "shpat_1");

  CHECK(faults_of("shops:\n  nordic: { channel: shopify, fulfillments: nordic }\n") ==
        std::vector<std::string>{"consignd.yaml:2: shop `nordic` has `fulfillments: nordic`, but "
                                 "there is no endpoint `nordic`; add it under `endpoints`"});
  CHECK(faults_of("shops: { nordic: { channel: own, fulfillments: admn } }\n"
                  "endpoints: { admin: { url: \"http://127.0.0.1/\", secret: "
                  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw } }\n") ==
        std::vector<std::string>{"consignd.yaml:1: shop `nordic` has `fulfillments: admn`, but "
                                 "there is no endpoint `admn`, did you mean `admin`?"});
  CHECK(faults_of("shops:\n  sg: { channel: shopee, wallet: sg }\n") ==
        std::vector<std::string>{"consignd.yaml:2: shop `sg` has `wallet: sg`, but "
                                 "there is no endpoint `sg`; add it under `endpoints`"});
}

TEST_CASE("headers that frame or sign a message are not for the configuration") {
  const auto faults = [](const std::string& more) {
    return faults_of(
        "endpoints:\n  a:\n    url: http://127.0.0.1/\n"
        "    secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n    " +
        more + "\n");
  };
  CHECK(faults("headers: { Content-length: 1, Webhook-Id: x, \"a b\": c, X-A: \"b\\nc\" }") ==
        std::vector<std::string>{
            "consignd.yaml:5: the header `Content-length` is consign's own; it cannot be set",
            "consignd.yaml:5: the header `Webhook-Id` is consign's own; it cannot be set",
            "consignd.yaml:5: `a b` is no name of a header; write it as `X-Shopify-Access-Token`",
            "consignd.yaml:5: the value of the header `X-A` wants to be one line, without blanks "
            "around it"});
  CHECK(faults("headers: { X-A: b, x-a: c }") ==
        std::vector<std::string>{"consignd.yaml:5: the header `x-a` is written twice"});
  CHECK(
      faults("form: shopfy") ==
      std::vector<std::string>{"consignd.yaml:5: unknown form `shopfy`, did you mean `shopify`?"});
}
