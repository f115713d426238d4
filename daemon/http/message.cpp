#include "daemon/http/message.hpp"

#include <boost/json/serialize.hpp>

namespace consign::http {

std::vector<std::string_view> Request::header(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [each, value] : headers) {
    if (each == name) values.push_back(value);
  }
  return values;
}

std::string_view Request::query_value(std::string_view name) const {
  for (const auto& [each, value] : query) {
    if (each == name) return value;
  }
  return {};
}

boost::json::array json_texts(const std::vector<std::string>& texts) {
  return boost::json::array(texts.begin(), texts.end());
}

Response json_response(int status, const boost::json::value& body) {
  return {.status = status, .body = boost::json::serialize(body)};
}

}  // namespace consign::http
