// The daemon's inside without sockets: a real store, rules from a text, a clock that the test
// turns.
#pragma once

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/routes.hpp"
#include "daemon/orders/timers.hpp"
#include "daemon/rules/compile.hpp"
#include "daemon/store/rule_set_rows.hpp"
#include "tests/unit/daemon/temp_folder.hpp"

namespace consign::testing {

class World {
 public:
  explicit World(const std::string& rules_text) {
    settings.shops["outlet"] = {"outlet", "own", "", "", {}};
    use_rules(rules_text);
  }

  void use_rules(const std::string& text) {
    std::vector<RuleFile> files{{"10.rules", text}};
    auto compiled = compile_rules(files, {}, now);
    if (auto* refused = std::get_if<1>(&compiled)) FAIL((*refused)->rendered);
    rules.put_in_force(std::get<0>(compiled));
    REQUIRE(writer.run([&](store::Connection& db) {
      store::keep_rule_set(db, rules.active()->hash, *rules.active()->rules().sources, now);
    }) == store::Fate::committed);
  }

  http::Response call(http::Handler handler, http::Request request) {
    return http::carry_out(handler(request, services), services);
  }
  boost::json::value post(const std::string& order) {
    const auto response = call(http::post_order, {.body = order, .viewer = administrator});
    REQUIRE_MESSAGE(response.status == 201, response.body);
    return boost::json::parse(response.body);
  }
  http::Response order_for(const store::Viewer& viewer, const std::string& id) {
    return call(http::get_order, {.path = {{"shop", "outlet"}, {"id", id}}, .viewer = viewer});
  }
  boost::json::value order_now(const std::string& id) {
    const auto response = order_for(administrator, id);
    REQUIRE_MESSAGE(response.status == 200, response.body);
    return boost::json::parse(response.body);
  }
  void put_product(const std::string& id, const std::string& document) {
    const auto response =
        call(http::put_product, {.path = {{"shop", "outlet"}, {"id", id}}, .body = document});
    REQUIRE_MESSAGE(response.status < 300, response.body);
  }
  /// Lets time pass, and does what becomes due with it.
  void pass(std::int64_t seconds) {
    now.micros += seconds * 1'000'000;
    REQUIRE(writer.run(units.unit([](UnitContext& unit) { tick(unit); })) ==
            store::Fate::committed);
  }

  TempFolder folder;
  Settings settings;
  Timestamp now{1'763'719'200'000'000};
  const store::Viewer administrator{.token = "t", .account = "administrator"};
  CurrentRules rules;
  AccessIndex access;
  Units units{rules, settings, access, [this] { return now; }};
  store::Writer writer{folder / "consign.db", [](const std::string& why) { FAIL(why); }};
  store::ReaderPool readers{folder / "consign.db", 2};
  ProgramCache programs{rules, readers};
  WalletChanges wallet_changes;
  std::atomic<bool> draining = false;
  http::Services services{.settings = settings,
                          .rules = rules,
                          .programs = programs,
                          .writer = writer,
                          .readers = readers,
                          .units = units,
                          .access = access,
                          .wallet_changes = wallet_changes,
                          .now = [this] { return now; },
                          .reload = [] { return true; },
                          .run_aside = [](const std::function<void()>& work) { work(); },
                          .draining = draining};
};

}  // namespace consign::testing
