#include "daemon/http/header_check.hpp"

#include <algorithm>
#include <charconv>

#include "consign/text.hpp"

namespace consign::http {
namespace {

constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kTokenMarks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_upper_token(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

std::string_view trim_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find("\r\n");
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

HeaderFault bad(std::string_view why) { return {Problem::malformed_request, why}; }

// Counts and values of the fields that say where a request ends and whom it is for.
class Fields {
 public:
  std::optional<HeaderFault> take(std::string_view line) {
    if (line.front() == ' ' || line.front() == '\t') return bad("a folded header line");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return bad("a header line without a colon");
    const auto name = line.substr(0, colon);
    const auto value = trim_blanks(line.substr(colon + 1));
    if (!is_token(name)) return bad("a header name that is no token");
    if (has_control(value)) return bad("a control character in a header");
    const std::string lower = ascii_lower(name);
    if (lower == "host") ++hosts;
    if (lower == "host" && value.empty()) return bad("an empty Host header");
    if (lower == "content-length") return take_length(value);
    if (lower == "transfer-encoding") return take_coding(value);
    if (lower == "expect") return take_expectation(value);
    return std::nullopt;
  }

  int hosts = 0;
  HeaderFacts facts;

 private:
  std::optional<HeaderFault> take_length(std::string_view value) {
    if (facts.content_length) return bad("more than one Content-Length");
    const bool digits = !value.empty() && std::all_of(value.begin(), value.end(),
                                                      [](char c) { return c >= '0' && c <= '9'; });
    std::uint64_t length = 0;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (!digits || error != std::errc()) return bad("a Content-Length that is no number");
    facts.content_length = length;
    return std::nullopt;
  }

  std::optional<HeaderFault> take_coding(std::string_view value) {
    if (facts.chunked) return bad("more than one Transfer-Encoding");
    if (ascii_lower(value) != "chunked") {
      return HeaderFault{Problem::not_implemented, "a Transfer-Encoding other than chunked"};
    }
    facts.chunked = true;
    return std::nullopt;
  }

  std::optional<HeaderFault> take_expectation(std::string_view value) {
    if (ascii_lower(value) != "100-continue") {
      return HeaderFault{Problem::expectation_failed, "an expectation other than 100-continue"};
    }
    facts.expects_continue = true;
    return std::nullopt;
  }
};

}  // namespace

Result<std::optional<std::size_t>, HeaderFault> find_header_end(std::string_view bytes) {
  if (bytes.starts_with('\r') || bytes.starts_with('\n')) return bad("an empty line at the start");
  for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    if (bytes[at - 1] != '\r') return bad("a line feed without a carriage return");
    if (at >= 3 && bytes.substr(at - 3, 4) == "\r\n\r\n") return std::optional(at + 1);
  }
  return std::optional<std::size_t>();
}

Result<HeaderFacts, HeaderFault> check_header(std::string_view raw) {
  std::string_view rest = raw;
  const auto request_line = take_line(rest);
  const auto first_blank = request_line.find(' ');
  const auto last_blank = request_line.rfind(' ');
  if (first_blank == std::string_view::npos || first_blank == last_blank) {
    return bad("a request line that is not `METHOD target HTTP/1.1`");
  }
  const auto method = request_line.substr(0, first_blank);
  const auto target = request_line.substr(first_blank + 1, last_blank - first_blank - 1);
  const auto version = request_line.substr(last_blank + 1);
  if (!is_upper_token(method)) return bad("a method that is not in capitals");
  if (!target.starts_with('/')) return bad("a target that is not a path");
  if (has_control(target) || target.find(' ') != std::string_view::npos) {
    return bad("a target with blanks or control characters");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return bad("a version that is not HTTP/1.1");

  Fields fields;
  fields.facts.http_1_1 = version == "HTTP/1.1";
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (line.empty()) break;
    if (line.find('\r') != std::string_view::npos) return bad("a bare carriage return");
    if (const auto fault = fields.take(line)) return *fault;
  }
  const HeaderFacts& facts = fields.facts;
  if (fields.hosts > 1 || (fields.hosts == 0 && facts.http_1_1)) return bad("not exactly one Host");
  if (facts.chunked && !facts.http_1_1) return bad("chunked in HTTP/1.0");
  if (facts.chunked && facts.content_length) {
    return bad("both Content-Length and Transfer-Encoding");
  }
  const bool has_body = facts.chunked || facts.content_length.value_or(0) > 0;
  if (has_body && (method == "GET" || method == "DELETE" || method == "HEAD")) {
    return bad("a body on a request that takes none");
  }
  return facts;
}

}  // namespace consign::http
