#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "consign/schema.hpp"
#include "daemon/app.hpp"
#include "daemon/config.hpp"

namespace {

struct Options {
  std::string config, rules, data, listen, socket;
  std::vector<std::string> shops;
};

// `nordic`, or `nordic=shopify`.
consign::Status add_shop(const std::string& option, consign::Settings& settings) {
  const auto equals = option.find('=');
  const std::string id = option.substr(0, equals);
  const std::string channel = equals == std::string::npos ? "own" : option.substr(equals + 1);
  const auto word = consign::find_word(consign::Domain::channel, channel);
  if (id.empty() || !word) {
    return consign::Error{"--shop: `" + option +
                          "` is no shop; write its name and, if you like, its channel: "
                          "`nordic=shopify`"};
  }
  settings.shops[id].channel = *word;
  return consign::done();
}

// The config file first, then the options, which override it.
consign::Result<consign::Settings, std::vector<std::string>> settle(const Options& options) {
  consign::Settings settings;
  if (!options.config.empty()) {
    auto read = consign::read_config(options.config);
    if (!read) return read.error();
    settings = std::move(read.value());
  }
  if (!options.rules.empty()) settings.rules = options.rules;
  if (!options.data.empty()) settings.data = options.data;
  if (!options.socket.empty()) settings.socket = options.socket;
  if (!options.listen.empty()) {
    auto address = consign::parse_listen_address(options.listen);
    if (!address) return std::vector<std::string>{"--listen: " + address.error().message};
    settings.listen = *address;
  }
  for (const std::string& shop : options.shops) {
    const auto added = add_shop(shop, settings);
    if (!added) return std::vector<std::string>{added.error().message};
  }
  auto missing = consign::missing_settings(settings);
  if (!missing.empty()) return missing;
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("consignd decides, by rule files, who fulfils an order and who may see and do what.",
               "consignd");
  Options options;
  app.add_option("--config", options.config, "consignd.yaml")->type_name("FILE");
  app.add_option("--rules", options.rules, "the folder of the rule files")->type_name("DIR");
  app.add_option("--data", options.data, "the folder of the store")->type_name("DIR");
  app.add_option("--listen", options.listen, "where to listen; port 0: any free one")
      ->type_name("ADDR:PORT");
  app.add_option("--socket", options.socket, "a Unix socket to listen on")->type_name("PATH");
  app.add_option("--shop", options.shops,
                 "a shop whose orders are taken, of the kind `own` or as said; may be repeated")
      ->type_name("ID[=CHANNEL]");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }

  auto logger = spdlog::stderr_color_mt("consignd");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  spdlog::set_default_logger(logger);

  const auto settings = settle(options);
  if (!settings) {
    for (const auto& fault : settings.error())
      std::fprintf(stderr, "consignd: %s\n", fault.c_str());
    return 1;
  }
  return consign::run(*settings);
}
