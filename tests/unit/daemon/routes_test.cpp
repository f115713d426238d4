#include "daemon/http/routes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <set>
#include <string>

#include "daemon/http/openapi_document.hpp"

using namespace consign::http;

namespace {

std::set<std::string> documented() {
  std::set<std::string> found;
  const auto document = boost::json::parse(openapi_document());
  for (const auto& [path, item] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      if (method == "parameters") continue;
      std::string upper(method);
      std::transform(upper.begin(), upper.end(), upper.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      found.insert(upper + " " + std::string(path));
    }
  }
  return found;
}

// The route's path and its parameters, or the status of the refusal.
std::string look_up(std::string_view method, std::string_view target) {
  const auto found = find_route(method, target);
  if (const auto* response = std::get_if<Response>(&found)) return std::to_string(response->status);
  const auto& matched = std::get<Matched>(found);
  std::string text(matched.route->path);
  for (const auto& [name, value] : matched.path) text += " " + name + "=" + value;
  return text;
}

}  // namespace

TEST_CASE("routes and the OpenAPI document name the same endpoints") {
  std::set<std::string> in_code;
  for (const Route& route : routes()) {
    in_code.insert(std::string(route.method) + " " + std::string(route.path));
  }
  CHECK(in_code == documented());
}

TEST_CASE("open routes are those that the document opens") {
  const auto document = boost::json::parse(openapi_document());
  for (const Route& route : routes()) {
    CAPTURE(route.path);
    std::string method(route.method);
    std::transform(method.begin(), method.end(), method.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto& operation =
        document.at("paths").as_object().at(route.path).as_object().at(method).as_object();
    CHECK(operation.contains("security") == (route.access == Access::open));
    CHECK(operation.contains("requestBody") ==
          (route.body_limit > 0 && route.path != "/v1/rules:reload"));
  }
}

TEST_CASE("every problem of the code has the status that its type promises") {
  for (const auto& row : all_problems()) {
    CAPTURE(row.type);
    CHECK(&row_of(row.problem) == &row);
    CHECK(problem_response(row.problem, "").status == row.status);
  }
}

TEST_CASE("a path is matched segment by segment, decoded") {
  CHECK(look_up("GET", "/v1/orders/nordic/1001") == "/v1/orders/{shop}/{id} id=1001 shop=nordic");
  CHECK(look_up("GET", "/v1/orders/nordic/a%2Fb%20c") ==
        "/v1/orders/{shop}/{id} id=a/b c shop=nordic");
  CHECK(look_up("GET", "/v1/orders?limit=5") == "/v1/orders");
  CHECK(look_up("POST", "/v1/orders:batch") == "/v1/orders:batch");
  CHECK(look_up("POST", "/v1/deliveries/msg_1:resend") == "/v1/deliveries/{id}:resend id=msg_1");
  CHECK(look_up("POST", "/v1/deliveries/:resend") == "405");
  CHECK(look_up("POST", "/v1/deliveries/msg_1") == "405");
  CHECK(look_up("GET", "/v1/orders/nordic/") == "404");
  CHECK(look_up("GET", "/v1/orders/") == "404");
  CHECK(look_up("GET", "/v1/nothing") == "404");
  CHECK(look_up("PATCH", "/v1/orders") == "405");
  CHECK(look_up("GET", "/v1/orders/%zz/1") == "400");
  CHECK(look_up("GET", "/v1/orders/nordic/%ff") == "400");
  CHECK(look_up("GET", "/v1/orders/nordic/a%00b") == "400");
}

TEST_CASE("a method that a path does not know is told which it knows") {
  const auto found = find_route("PATCH", "/v1/shops/nordic/products/p-1");
  const auto& response = std::get<Response>(found);
  REQUIRE(response.headers.size() == 1);
  CHECK(response.headers[0].first == "Allow");
  CHECK(response.headers[0].second == "PUT, GET, DELETE");
}
