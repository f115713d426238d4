// An endpoint: the address behind the name that rules write after `notify`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "consign/result.hpp"
#include "daemon/effects/schedule.hpp"

namespace consign {

/// Where to connect, and what to ask for there.
struct EndpointAddress {
  std::string url = {};   ///< as configured
  bool tls = false;       ///< https
  std::string host = {};  ///< a name or an IP address, without brackets
  std::string port = {};
  std::string authority = {};  ///< what the Host header says
  std::string target = {};     ///< path and query
};

/// How an endpoint says that it took a message: by its status alone, or in the body as well.
enum class AnswerForm : std::uint8_t { notice, shopify, shopee };

/// Where effects of one name go, and how. Owns everything; a plain value.
struct Endpoint {
  std::string name = {};
  EndpointAddress address = {};
  std::vector<std::string> keys = {};  ///< bytes; with several, each message carries a signature of
                                       ///< each: so a secret is changed without a gap
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< that each message carries
  AnswerForm form = AnswerForm::notice;
  std::string ca_file = {};           ///< PEM; empty: whom the system trusts
  std::int64_t timeout_seconds = 20;  ///< for one attempt, from the connection to the answer
  std::vector<std::int64_t> retries = published_retries();  ///< seconds after each failed attempt
};

/// Takes `http://…` or `https://…` apart. Refuses user names in it and fragments.
Result<EndpointAddress> parse_endpoint_url(std::string_view url);

/// The key in `whsec_` + base64, as Standard Webhooks writes secrets: 24 to 64 bytes.
Result<std::string> parse_webhook_secret(std::string_view text);

/// Whether each message may carry such a header; else why not. Those that frame the message or
/// belong to its signature are not for the configuration.
Status check_endpoint_header(std::string_view name, std::string_view value);

}  // namespace consign
