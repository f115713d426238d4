#include "daemon/store/json_texts.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace consign::store {

std::string texts_to_json(const std::vector<std::string>& texts) {
  return boost::json::serialize(boost::json::array(texts.begin(), texts.end()));
}

std::vector<std::string> texts_from_json(const std::string& json) {
  std::vector<std::string> texts;
  if (json.empty()) return texts;
  const auto array = boost::json::parse(json);
  for (const auto& text : array.as_array()) texts.emplace_back(text.as_string());
  return texts;
}

}  // namespace consign::store
