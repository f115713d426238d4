#include "daemon/http/page.hpp"

#include <charconv>

#include "daemon/http/problem.hpp"

namespace consign::http {

std::optional<std::int64_t> number_of(const Request& request, std::string_view name,
                                      std::int64_t otherwise) {
  const auto text = request.query_value(name);
  if (text.empty()) return otherwise;
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> limit_of(const Request& request) {
  const auto limit = number_of(request, "limit", kUsualLimit);
  if (!limit || *limit < 1 || *limit > kLargestLimit) return std::nullopt;
  return limit;
}

Response no_such_page() {
  return problem_response(Problem::malformed_request,
                          "`limit` is 1 to 500, `cursor` is one that a list gave");
}

Response page_response(boost::json::array items, std::int64_t limit, std::string_view last) {
  boost::json::value next;
  if (static_cast<std::int64_t>(items.size()) == limit) next = boost::json::string(last);
  return json_response(200, {{"items", std::move(items)}, {"next", std::move(next)}});
}

}  // namespace consign::http
