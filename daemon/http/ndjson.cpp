#include "daemon/http/ndjson.hpp"

namespace consign::http {

std::vector<std::string_view> lines_of(std::string_view body) {
  std::vector<std::string_view> lines;
  while (!body.empty()) {
    const auto end = body.find('\n');
    const auto line = body.substr(0, end);
    body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) lines.push_back(line);
  }
  return lines;
}

Response as_lines(const std::vector<Response>& responses, std::string_view member) {
  Response all{.status = 200, .body = {}, .content_type = "application/x-ndjson"};
  for (const auto& response : responses) {
    all.body += "{\"status\":" + std::to_string(response.status) + ",\"" +
                std::string(response.status < 300 ? member : "problem") + "\":" + response.body +
                "}\n";
  }
  return all;
}

}  // namespace consign::http
