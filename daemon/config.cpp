// The only file of the daemon that sees yaml-cpp.
#include "daemon/config.hpp"

#include <arpa/inet.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

#include "consign/diagnostic.hpp"
#include "consign/schema.hpp"
#include "consign/text.hpp"
#include "daemon/access/account_name.hpp"

namespace consign {
namespace {

using Names = std::vector<std::string_view>;

std::string did_you_mean(std::string_view word, const Names& names) {
  const auto nearest = nearest_name(word, names);
  if (!nearest.empty()) return ", did you mean `" + std::string(nearest) + "`?";
  std::string all;
  for (const auto name : names) all += (all.empty() ? "`" : ", `") + std::string(name) + "`";
  return "; there are " + all;
}

class ConfigReader {
 public:
  ConfigReader(std::string name, std::filesystem::path folder)
      : name_(std::move(name)), folder_(std::move(folder)) {}

  void read(const YAML::Node& root) {
    if (!root.IsMap())
      return fault(root, "expected a map of settings, as `rules: /etc/consign/rules`");
    for (const auto& [key, value] :
         members(root,
                 {"rules", "data", "listen", "socket", "waiting_limit", "keep_deliveries",
                  "review_limit", "access_notices", "shops", "endpoints", "never_grant", "tls"})) {
      if (key == "rules") settings.rules = scalar(value, key);
      if (key == "data") settings.data = scalar(value, key);
      if (key == "listen") settings.listen = listen_address(value);
      if (key == "socket") settings.socket = scalar(value, key);
      if (key == "waiting_limit") read_duration(value, key, settings.waiting_limit_seconds);
      if (key == "keep_deliveries") read_duration(value, key, settings.keep_deliveries_seconds);
      if (key == "review_limit") read_duration(value, key, settings.review_limit_seconds);
      if (key == "access_notices") {
        settings.access_notices = scalar(value, key);
        endpoint_uses_.push_back({"", std::string(key), value});
      }
      if (key == "shops") read_shops(value);
      if (key == "endpoints") read_endpoints(value);
      if (key == "never_grant") read_never_grant(value);
      if (key == "tls") read_tls(value);
    }
    for (const auto& use : endpoint_uses_) check_endpoint(use);
  }

  void fault(const YAML::Mark& mark, const std::string& message) {
    faults.push_back(name_ + ":" + std::to_string(mark.line + 1) + ": " + message);
  }

  Settings settings;
  std::vector<std::string> faults;

 private:
  void fault(const YAML::Node& node, const std::string& message) { fault(node.Mark(), message); }

  // The members that are known; others, and those written twice, are faults.
  std::vector<std::pair<std::string, YAML::Node>> members(const YAML::Node& map,
                                                          const Names& known) {
    std::vector<std::pair<std::string, YAML::Node>> found;
    std::set<std::string> seen;
    for (const auto& member : map) {
      if (!member.first.IsScalar()) {
        fault(member.first, "expected the name of a setting");
        continue;
      }
      const std::string key = member.first.Scalar();
      if (!seen.insert(key).second) {
        fault(member.first, "`" + key + "` is written twice");
      } else if (!known.empty() && std::find(known.begin(), known.end(), key) == known.end()) {
        fault(member.first, "unknown setting `" + key + "`" + did_you_mean(key, known));
      } else {
        found.emplace_back(key, member.second);
      }
    }
    return found;
  }

  std::string scalar(const YAML::Node& node, std::string_view what) {
    if (node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
    fault(node, "`" + std::string(what) + "` wants one value");
    return {};
  }

  std::vector<std::string> scalars(const YAML::Node& node, std::string_view what) {
    std::vector<std::string> values;
    if (!node.IsSequence()) {
      fault(node, "`" + std::string(what) + "` wants a list, as `[ \"…\" ]`");
      return values;
    }
    for (const auto& item : node) values.push_back(scalar(item, what));
    return values;
  }

  std::string word(const YAML::Node& node, Domain domain, std::string_view what) {
    const std::string text = scalar(node, what);
    if (text.empty()) return {};
    if (const auto known = find_word(domain, text)) return std::string(*known);
    const auto words = words_of(domain);
    fault(node, "unknown " + std::string(what) + " `" + text + "`" +
                    did_you_mean(text, {words.begin(), words.end()}));
    return {};
  }

  std::optional<ListenAddress> listen_address(const YAML::Node& node) {
    const std::string text = scalar(node, "listen");
    if (text.empty()) return std::nullopt;
    auto address = parse_listen_address(text);
    if (address) return *address;
    fault(node, address.error().message);
    return std::nullopt;
  }

  void read_tls(const YAML::Node& node) {
    if (!node.IsMap()) {
      return fault(node,
                   "`tls` wants a map, as `{ listen: 0.0.0.0:7443, certificate: server.pem, key: "
                   "server.key }`");
    }
    const auto faults_before = faults.size();
    TlsSettings tls;
    for (const auto& [key, value] :
         members(node, {"listen", "certificate", "key", "client_ca", "clients"})) {
      if (key == "listen") tls.listen = listen_address(value).value_or(ListenAddress{});
      if (key == "certificate") tls.files.certificate = readable_file(value, key);
      if (key == "key") tls.files.key = readable_file(value, key);
      if (key == "client_ca") tls.files.client_ca = readable_file(value, key);
      if (key == "clients") read_clients(value, tls.clients);
    }
    for (const char* key : {"listen", "certificate", "key"}) {
      if (!node[key]) fault(node, "`tls` has no `" + std::string(key) + "`");
    }
    if (node["clients"] && !node["client_ca"]) {
      fault(node["clients"], "`clients` needs `client_ca`: without it no certificate is asked for");
    }
    if (faults.size() == faults_before) check_tls_files(node, tls.files);
    settings.tls = std::move(tls);
  }

  void check_tls_files(const YAML::Node& node, const http::TlsFiles& files) {
    const auto loaded = http::load_tls(files);
    if (loaded) return;
    using File = http::TlsFault::File;
    const File file = loaded.error().file;
    fault(node[file == File::key           ? "key"
               : file == File::certificate ? "certificate"
                                           : "client_ca"],
          loaded.error().message);
  }

  void read_clients(const YAML::Node& node, CertificateHolders& clients) {
    if (!node.IsMap()) {
      return fault(node, "`clients` wants a map, as `{ \"ab12…\": staff:anna }`");
    }
    for (const auto& [written, value] : members(node, {})) {
      const auto hash = parse_key_hash(written);
      const std::string account = scalar(value, written);
      if (!hash) {
        fault(value,
              "`" + written + "` is no SHA-256 of a public key, which has 64 hexadecimal digits");
      } else if (!account.empty() && is_account(value, account) &&
                 !clients.emplace(*hash, account).second) {
        fault(value, "the key `" + *hash + "` is listed twice");
      }
    }
  }

  bool is_account(const YAML::Node& node, const std::string& text) {
    if (text == kAdministrator || parse_account_name(text)) return true;
    const auto kind = text.substr(0, text.find(':'));
    if (find_word(Domain::account_kind, kind)) {
      fault(node, "`" + text + "` is no account; write it as `staff:anna`");
      return false;
    }
    const auto words = words_of(Domain::account_kind);
    Names names(words.begin(), words.end());
    names.push_back(kAdministrator);
    fault(node, "unknown account kind `" + kind + "`" + did_you_mean(kind, names));
    return false;
  }

  // The seconds of a duration of at least `least`, or nothing after a fault.
  std::optional<std::int64_t> duration(const YAML::Node& node, std::string_view what,
                                       std::int64_t least) {
    const std::string text = scalar(node, what);
    if (text.empty()) return std::nullopt;
    const auto seconds = parse_duration(text);
    if (seconds && *seconds >= least) return seconds;
    fault(node, "`" + text + "` is no duration; write it as `24h` or `30min`");
    return std::nullopt;
  }

  void read_duration(const YAML::Node& node, std::string_view what, std::int64_t& to) {
    if (const auto seconds = duration(node, what, 1)) to = *seconds;
  }

  void read_never_grant(const YAML::Node& node) {
    if (!node.IsSequence()) {
      return fault(node, "`never_grant` wants a list, as `[ \"staff:*\" ]`");
    }
    for (const auto& item : node) {
      const std::string text = scalar(item, "never_grant");
      if (text.empty()) continue;
      const auto permissions = parse_permissions(text);
      if (!permissions) {
        fault(item, "`" + text + "` is no permission; write it as `orders:view` or `staff:*`");
        continue;
      }
      settings.never_grant.insert(settings.never_grant.end(), permissions->begin(),
                                  permissions->end());
    }
  }

  void read_shops(const YAML::Node& node) {
    if (!node.IsMap()) {
      return fault(node, "`shops` wants a map, as `nordic: { channel: shopify }`");
    }
    for (const auto& [id, value] : members(node, {})) read_shop(id, value);
  }

  void read_shop(const std::string& id, const YAML::Node& node) {
    ShopSettings shop;
    shop.id = id;
    if (!node.IsMap()) return fault(node, "shop `" + id + "` wants a map, as `{ channel: own }`");
    for (const auto& [key, value] :
         members(node, {"channel", "plan", "domain", "webhook_secrets", "webhook_secrets_file",
                        "fulfillments", "wallet"})) {
      if (key == "channel") shop.channel = word(value, Domain::channel, "channel");
      if (key == "plan") shop.plan = word(value, Domain::plan, "plan");
      if (key == "domain") shop.domain = ascii_lower(scalar(value, key));
      if (key == "webhook_secrets") add(shop.webhook_secrets, scalars(value, key));
      if (key == "webhook_secrets_file") add(shop.webhook_secrets, secrets_of_file(value, key));
      if (key == "fulfillments" || key == "wallet") {
        (key == "wallet" ? shop.wallet : shop.fulfillments) = scalar(value, key);
        endpoint_uses_.push_back({id, key, value});
      }
    }
    if (!node["channel"]) {
      fault(node, "shop `" + id + "` has no `channel`; a shop of your own has `channel: own`");
    }
    if (!shop.webhook_secrets.empty() && shop.domain.empty()) {
      fault(node, "shop `" + id +
                      "` has webhook secrets but no `domain`; a delivery is taken only "
                      "for the domain that it names");
    }
    settings.shops.emplace(id, std::move(shop));
  }

  /// A setting that names an endpoint, of a shop or (without one) of all.
  struct EndpointUse {
    std::string shop, setting;
    YAML::Node name;
  };

  // When all endpoints are known: they may stand below the shops.
  void check_endpoint(const EndpointUse& use) {
    const YAML::Node& node = use.name;
    if (!node.IsScalar() || node.Scalar().empty() || settings.endpoints.contains(node.Scalar())) {
      return;
    }
    Names names;
    for (const auto& [name, endpoint] : settings.endpoints) names.push_back(name);
    fault(node,
          (use.shop.empty() ? "there is `" : "shop `" + use.shop + "` has `") + use.setting + ": " +
              node.Scalar() + "`, but there is no endpoint `" + node.Scalar() + "`" +
              (names.empty() ? "; add it under `endpoints`" : did_you_mean(node.Scalar(), names)));
  }

  void read_endpoints(const YAML::Node& node) {
    if (!node.IsMap()) {
      return fault(
          node, "`endpoints` wants a map, as `warehouse: { url: \"https://…\", secret_file: … }`");
    }
    for (const auto& [name, value] : members(node, {})) read_endpoint(name, value);
  }

  void read_endpoint(const std::string& name, const YAML::Node& node) {
    if (!node.IsMap()) {
      return fault(node, "endpoint `" + name + "` wants a map, as `{ url: \"https://…\" }`");
    }
    Endpoint endpoint;
    for (const auto& [key, value] : members(node, {"url", "secret", "secret_file", "headers",
                                                   "form", "ca_file", "timeout", "retries"})) {
      if (key == "url") read_url(value, endpoint);
      if (key == "secret") add_key(value, scalar(value, key), endpoint);
      if (key == "secret_file") {
        for (const auto& secret : secrets_of_file(value, key)) add_key(value, secret, endpoint);
      }
      if (key == "headers") read_headers(value, endpoint);
      if (key == "form") read_form(value, endpoint);
      if (key == "ca_file") endpoint.ca_file = readable_file(value, key);
      if (key == "timeout") {
        endpoint.timeout_seconds = duration(value, key, 1).value_or(endpoint.timeout_seconds);
      }
      if (key == "retries") read_retries(value, endpoint);
    }
    endpoint.name = name;
    if (!node["url"]) fault(node, "endpoint `" + name + "` has no `url`");
    if (!node["secret"] && !node["secret_file"]) {
      fault(node, "endpoint `" + name +
                      "` has no `secret`, which its messages are signed with; make one with "
                      "`echo whsec_$(openssl rand -base64 32)`");
    }
    settings.endpoints.emplace(name, std::move(endpoint));
  }

  void read_url(const YAML::Node& node, Endpoint& endpoint) {
    const std::string text = scalar(node, "url");
    if (text.empty()) return;
    auto address = parse_endpoint_url(text);
    if (!address) return fault(node, address.error().message);
    endpoint.address = std::move(address.value());
  }

  void add_key(const YAML::Node& node, const std::string& secret, Endpoint& endpoint) {
    if (secret.empty()) return;
    auto key = parse_webhook_secret(secret);
    if (!key) return fault(node, key.error().message);
    endpoint.keys.push_back(std::move(key.value()));
  }

  void read_headers(const YAML::Node& node, Endpoint& endpoint) {
    if (!node.IsMap()) {
      return fault(node, "`headers` wants a map, as `{ X-Shopify-Access-Token: \"shpat_…\" }`");
    }
    std::set<std::string> seen;
    for (const auto& [name, value] : members(node, {})) {
      const std::string text = value.IsScalar() ? value.Scalar() : std::string();
      if (const auto checked = check_endpoint_header(name, text); !checked) {
        fault(value, checked.error().message);
      } else if (!seen.insert(ascii_lower(name)).second) {
        fault(value, "the header `" + name + "` is written twice");
      } else {
        endpoint.headers.emplace_back(name, text);
      }
    }
  }

  void read_form(const YAML::Node& node, Endpoint& endpoint) {
    constexpr std::array<std::pair<std::string_view, AnswerForm>, 3> kForms{
        {{"notice", AnswerForm::notice},
         {"shopify", AnswerForm::shopify},
         {"shopee", AnswerForm::shopee}}};
    const std::string text = scalar(node, "form");
    if (text.empty()) return;
    Names names;
    for (const auto& [name, form] : kForms) {
      if (name == text) {
        endpoint.form = form;
        return;
      }
      names.push_back(name);
    }
    fault(node, "unknown form `" + text + "`" + did_you_mean(text, names));
  }

  void read_retries(const YAML::Node& node, Endpoint& endpoint) {
    if (!node.IsSequence()) {
      return fault(node, "`retries` wants a list of durations, as `[ 5s, 5min, 30min ]`");
    }
    endpoint.retries.clear();
    for (const auto& item : node) {
      if (const auto seconds = duration(item, "retries", 0)) endpoint.retries.push_back(*seconds);
    }
  }

  std::string readable_file(const YAML::Node& node, std::string_view what) {
    const std::string name = scalar(node, what);
    if (name.empty()) return {};
    const auto file = folder_ / name;
    if (!std::ifstream(file)) fault(node, "cannot read `" + name + "`");
    return file.string();
  }

  static void add(std::vector<std::string>& to, std::vector<std::string> from) {
    for (auto& text : from) {
      if (!text.empty()) to.push_back(std::move(text));
    }
  }

  // One secret a line.
  std::vector<std::string> secrets_of_file(const YAML::Node& node, std::string_view what) {
    std::vector<std::string> secrets;
    const std::string name = scalar(node, what);
    if (name.empty()) return secrets;
    std::ifstream in(folder_ / name);
    if (!in) {
      fault(node, "cannot read `" + name + "`");
      return secrets;
    }
    for (std::string line; std::getline(in, line);) {
      const auto secret = trim(line);
      if (!secret.empty()) secrets.emplace_back(secret);
    }
    if (secrets.empty()) fault(node, "`" + name + "` holds no secret");
    return secrets;
  }

  std::string name_;
  std::filesystem::path folder_;
  std::vector<EndpointUse> endpoint_uses_;
};

}  // namespace

const ShopSettings* Settings::find_shop(std::string_view id) const {
  const auto found = shops.find(id);
  return found == shops.end() ? nullptr : &found->second;
}

Result<Settings, std::vector<std::string>> read_config_text(const std::string& text,
                                                            const std::string& name,
                                                            const std::filesystem::path& folder) {
  ConfigReader reader(name, folder);
  try {
    reader.read(YAML::Load(text));
  } catch (const YAML::Exception& error) {
    reader.fault(error.mark, error.msg);
  }
  if (!reader.faults.empty()) return std::move(reader.faults);
  return std::move(reader.settings);
}

Result<Settings, std::vector<std::string>> read_config(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    return std::vector<std::string>{"cannot read " + file.string()};
  }
  return read_config_text(text.str(), file.string(), file.parent_path());
}

std::vector<std::string> missing_settings(const Settings& settings) {
  std::vector<std::string> missing;
  if (settings.rules.empty()) missing.push_back("no rules folder: give `--rules DIR` or `rules:`");
  if (settings.data.empty()) missing.push_back("no data folder: give `--data DIR` or `data:`");
  if (!settings.listen && !settings.socket && !settings.tls) {
    missing.push_back("nowhere to listen: give `--listen ADDR:PORT` or `--socket PATH`");
  }
  return missing;
}

std::vector<std::string> settings_warnings(const Settings& settings) {
  std::vector<std::string> warnings;
  std::map<std::string_view, std::string_view> owner_of;
  for (const auto& [id, shop] : settings.shops) {
    for (const auto& secret : shop.webhook_secrets) {
      const auto [other, is_new] = owner_of.emplace(secret, id);
      if (is_new || other->second == id) continue;
      warnings.push_back("shops `" + std::string(other->second) + "` and `" + id +
                         "` share a webhook secret: who can sign for one can sign for the other");
    }
  }
  if (settings.shops.empty()) {
    warnings.push_back(
        "no shops are configured, so every order is answered 404; name one in the config file or "
        "with `--shop ID`");
  }
  return warnings;
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const Error fault{"`" + std::string(text) +
                    "` is no address; write it as `127.0.0.1:7878` or `[::1]:7878`"};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return fault;
  auto host = text.substr(0, colon);
  const auto port_text = text.substr(colon + 1);
  if (host == "localhost") host = "127.0.0.1";
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  ListenAddress address{std::string(host), 0};
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET, address.host.c_str(), bytes.data()) != 1 &&
      inet_pton(AF_INET6, address.host.c_str(), bytes.data()) != 1) {
    return fault;
  }
  const auto* end = port_text.data() + port_text.size();
  const auto [stop, error] = std::from_chars(port_text.data(), end, address.port);
  if (error != std::errc() || stop != end || port_text.empty()) return fault;
  return address;
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  constexpr std::int64_t kLongest = 10LL * 365 * 24 * 3600;
  std::int64_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || count < 0) return std::nullopt;
  const auto unit = trim(std::string_view(stop, static_cast<std::size_t>(end - stop)));
  std::int64_t seconds = 0;
  if (unit == "s") seconds = 1;
  if (unit == "min") seconds = 60;
  if (unit == "h") seconds = 3600;
  if (unit == "d" || unit == "day" || unit == "days") seconds = 24 * 3600;
  if (seconds == 0 || count > kLongest / seconds) return std::nullopt;
  return count * seconds;
}

}  // namespace consign
