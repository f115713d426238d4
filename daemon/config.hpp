// What consignd is told at its start: consignd.yaml and the options that override it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/permission.hpp"
#include "consign/result.hpp"
#include "daemon/access/certificates.hpp"
#include "daemon/effects/endpoint.hpp"
#include "daemon/http/server_tls.hpp"

namespace consign {

/// A shop, as consignd.yaml names it.
struct ShopSettings {
  std::string id;
  std::string channel;                       ///< a word of the domain `channel`
  std::string plan;                          ///< a word of the domain `plan`, or empty
  std::string domain;                        ///< lower case, or empty
  std::vector<std::string> webhook_secrets;  ///< more than one while a secret is being changed
  std::string fulfillments = {};  ///< the endpoint that is told what has shipped, or empty
  std::string wallet = {};        ///< the endpoint that is told of wallet passwords, or empty
};

struct ListenAddress {
  std::string host;  ///< an IP address
  std::uint16_t port = 0;
};

/// Where TLS is spoken, and which client certificates need no token.
struct TlsSettings {
  ListenAddress listen;
  http::TlsFiles files;
  CertificateHolders clients;
};

struct Settings {
  std::filesystem::path rules, data;
  std::optional<ListenAddress> listen;
  std::optional<std::filesystem::path> socket;
  std::optional<TlsSettings> tls;
  std::int64_t waiting_limit_seconds = 24 * 3600;
  std::int64_t review_limit_seconds = 30 * 24 * 3600;  ///< how long a request waits for a person
  std::string access_notices;  ///< the endpoint that hears of requests and accounts, or empty
  std::int64_t keep_deliveries_seconds = 30 * 24 * 3600;  ///< after they were delivered
  std::map<std::string, ShopSettings, std::less<>> shops;
  std::map<std::string, Endpoint, std::less<>> endpoints;
  std::vector<Permission> never_grant;

  const ShopSettings* find_shop(std::string_view id) const;
};

/// Reads a config file; on failure every fault that was found, each with file and line. Does not
/// ask that it is complete: options may add the rest.
Result<Settings, std::vector<std::string>> read_config(const std::filesystem::path& file);
/// The same from a text; `name` stands in messages, secrets' and certificates' files are relative
/// to `folder`.
Result<Settings, std::vector<std::string>> read_config_text(const std::string& text,
                                                            const std::string& name,
                                                            const std::filesystem::path& folder);

/// What is missing before it can serve; empty if nothing.
std::vector<std::string> missing_settings(const Settings& settings);
/// What an operator should know about, such as shops that share a secret.
std::vector<std::string> settings_warnings(const Settings& settings);

/// "127.0.0.1:7878", "[::1]:0".
Result<ListenAddress> parse_listen_address(std::string_view text);
/// "90s", "15min", "24h", "30 days" in seconds; nothing for another form.
std::optional<std::int64_t> parse_duration(std::string_view text);

}  // namespace consign
