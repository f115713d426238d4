#include "daemon/effects/answer.hpp"

#include <doctest/doctest.h>

using namespace consign;

namespace {

std::string refusal(AnswerForm form, int status, const std::string& body) {
  return refusal_in(form, {.status = status, .reason = "Said", .body = body}).value_or("");
}

}  // namespace

TEST_CASE("a webhook is taken by any 2xx, whatever the body says") {
  CHECK(refusal(AnswerForm::notice, 200, R"({"errors":[{"message":"no"}]})").empty());
  CHECK(refusal(AnswerForm::notice, 204, "").empty());
  CHECK(refusal(AnswerForm::notice, 302, "") == "answered 302 Said");
  CHECK(refusal_in(AnswerForm::notice, {.status = 0, .reason = "Connection refused"}) ==
        "Connection refused");
}

TEST_CASE("Shopify answers 200 and refuses in the body: its first message is the problem") {
  const auto shopify = [](const std::string& body) {
    return refusal(AnswerForm::shopify, 200, body);
  };
  CHECK(
      shopify(R"({"data":{"fulfillmentCreate":{"fulfillment":{"id":"gid://shopify/Fulfillment/1",)"
              R"("status":"SUCCESS"},"userErrors":[]}}})")
          .empty());
  CHECK(shopify(R"({"data":{"fulfillmentCreate":{"fulfillment":null,"userErrors":[{"field":null,)"
                R"("message":"Line item is already fulfilled"},{"message":"more"}]}}})") ==
        "answered 200, but Line item is already fulfilled");
  CHECK(shopify(R"({"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]})") ==
        "answered 200, but Throttled");
  CHECK(shopify(R"({"errors":"[API] Invalid API key"})") ==
        "answered 200, but [API] Invalid API key");
  CHECK(shopify(R"({"errors":[{}]})") == "answered 200, but errors");
  CHECK(shopify(R"({"data":{"fulfillmentCreate":null}})") ==
        "answered 200, but `fulfillmentCreate` is null");
  CHECK(shopify("{}") == "answered 200, but there is no `data` in it");
  CHECK(shopify("<html>") == "answered 200, but its body is no JSON object");
  CHECK(shopify("") == "answered 200, but its body is no JSON object");
  CHECK(refusal(AnswerForm::shopify, 502, "{}") == "answered 502 Said");
}

TEST_CASE("Shopee says an error as a word, empty where all is well") {
  const auto shopee = [](const std::string& body) {
    return refusal(AnswerForm::shopee, 200, body);
  };
  CHECK(shopee(R"({"error":"","message":"","request_id":"1"})").empty());
  CHECK(shopee("{}").empty());
  CHECK(shopee(R"({"error":"logistics.error_param","message":"wrong order"})") ==
        "answered 200, but logistics.error_param: wrong order");
}

TEST_CASE("what the other side says is told on one line and not at length") {
  const std::string long_text = std::string(299, 'x') + "\xC3\xA9" + std::string(500, 'y');
  CHECK(refusal(AnswerForm::shopify, 200, R"({"errors":")" + long_text + "\"}") ==
        "answered 200, but " + std::string(299, 'x') + "…");
  CHECK(refusal(AnswerForm::shopify, 200, R"({"errors":"a\nb"})") == "answered 200, but a b");
}
