#include "daemon/effects/endpoint.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <optional>

#include "consign/text.hpp"

namespace consign {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::size_t kShortestKey = 24;
constexpr std::size_t kLongestKey = 64;

// The bytes of a base64 text with its padding, or nothing.
std::optional<std::string> decode_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size != static_cast<int>(bytes.size())) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && stop == end && port != 0;
}

// What HTTP or Standard Webhooks themselves say.
constexpr std::array<std::string_view, 15> kOwnHeaders{"host",
                                                       "connection",
                                                       "content-length",
                                                       "content-type",
                                                       "content-encoding",
                                                       "expect",
                                                       "keep-alive",
                                                       "transfer-encoding",
                                                       "te",
                                                       "trailer",
                                                       "upgrade",
                                                       "webhook-id",
                                                       "webhook-timestamp",
                                                       "webhook-signature",
                                                       "proxy-connection"};

bool is_token_character(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         kMarks.find(c) != std::string_view::npos;
}

bool is_control(char c) {
  constexpr char kDelete = 0x7F;
  return (c >= 0 && c < ' ') || c == kDelete;
}

}  // namespace

Result<EndpointAddress> parse_endpoint_url(std::string_view text) {
  const Error fault{"`" + std::string(text) +
                    "` is no address; write it as `https://shop.example/hooks`"};
  const auto url = boost::urls::parse_uri({text.data(), text.size()});
  if (!url || url->host().empty()) return fault;
  if (url->has_port() && !is_port(std::string_view(url->port()))) return fault;
  const bool tls = url->scheme_id() == boost::urls::scheme::https;
  if (!tls && url->scheme_id() != boost::urls::scheme::http) return fault;
  if (url->has_userinfo()) {
    return Error{"an endpoint's address holds no user name; messages are signed instead"};
  }
  if (url->has_fragment()) return Error{"an endpoint's address ends before the `#`"};
  EndpointAddress address;
  address.url = text;
  address.tls = tls;
  address.host = std::string(url->host_address());
  address.port = url->has_port() ? std::string(url->port()) : tls ? "443" : "80";
  address.authority = std::string(url->encoded_host_and_port());
  address.target = std::string(url->encoded_resource());
  if (!address.target.starts_with('/')) address.target.insert(0, "/");
  return address;
}

Result<std::string> parse_webhook_secret(std::string_view text) {
  const Error fault{
      "a secret is `whsec_` and 24 to 64 random bytes in base64; make one with "
      "`echo whsec_$(openssl rand -base64 32)`"};
  if (!text.starts_with(kSecretPrefix)) return fault;
  auto key = decode_base64(text.substr(kSecretPrefix.size()));
  if (!key || key->size() < kShortestKey || key->size() > kLongestKey) return fault;
  return std::move(*key);
}

Status check_endpoint_header(std::string_view name, std::string_view value) {
  const std::string quoted = "`" + std::string(name) + "`";
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_character)) {
    return Error{quoted + " is no name of a header; write it as `X-Shopify-Access-Token`"};
  }
  const std::string lower = ascii_lower(name);
  if (std::find(kOwnHeaders.begin(), kOwnHeaders.end(), lower) != kOwnHeaders.end()) {
    return Error{"the header " + quoted + " is consign's own; it cannot be set"};
  }
  if (value.empty() || trim(value).size() != value.size() ||
      std::any_of(value.begin(), value.end(), is_control)) {
    return Error{"the value of the header " + quoted +
                 " wants to be one line, without blanks around it"};
  }
  return std::monostate{};
}

}  // namespace consign
