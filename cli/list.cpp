// consign list: the rules in the order in which they run.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/rules_source.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

/// What wins among the rules of each sort that the set has, in one line each.
std::vector<std::pair<std::string, std::string_view>> what_wins(const RuleSet& rules) {
  constexpr std::pair<Scope, std::string_view> kWins[] = {
      {Scope::order, "the first assign wins, and a hold wins wherever it stands"},
      {Scope::check, "forbid beats allow, wherever they stand"},
      {Scope::request,
       "deny beats review and review beats approve, wherever they stand; every `at most` cuts"},
      {Scope::event, "the first assign wins"},
  };
  std::vector<std::pair<std::string, std::string_view>> told;
  const auto has = [&](Scope scope) {
    for (const Rule& rule : rules.rules) {
      const Scope of = rule.scope == Scope::line ? Scope::order : rule.scope;
      if (of == scope) return true;
    }
    return false;
  };
  for (const auto& [scope, wins] : kWins) {
    if (!has(scope)) continue;
    told.emplace_back(scope == Scope::order   ? "line and order"
                      : scope == Scope::event ? "events of your own"
                                              : std::string(consign::name_of(scope)),
                      wins);
  }
  return told;
}

constexpr std::string_view kRunningOrder = "rules run in the order of file paths, then of lines";

/// The order in which rules run, and what wins: `…; on check: forbid beats allow …`.
std::string order_told(const RuleSet& rules, std::string_view between) {
  std::string told(kRunningOrder);
  for (const auto& [scope, wins] : what_wins(rules)) {
    told.append(between).append("on ").append(scope).append(": ").append(wins);
  }
  return told;
}

std::string_view name_of(Mode mode) {
  switch (mode) {
    case Mode::live:
      return "live";
    case Mode::shadow:
      return "shadow";
    case Mode::off:
      return "off";
  }
  return "";
}

/// All rules as they run: `otherwise` rules after the others (language.md C8).
std::vector<const Rule*> running_order(const RuleSet& rules) {
  std::vector<const Rule*> order;
  for (const bool otherwise : {false, true}) {
    for (const Rule& rule : rules.rules) {
      if (rule.otherwise == otherwise) order.push_back(&rule);
    }
  }
  return order;
}

boost::json::object to_json(const RuleSet& rules) {
  boost::json::array list;
  for (const Rule* rule : running_order(rules)) {
    const SourceId source = rule->name_span.source;
    boost::json::object json{{"rule", std::string(rule->name)},
                             {"on", rules.scope_name(*rule)},
                             {"mode", name_of(rule->mode)},
                             {"otherwise", rule->otherwise},
                             {"file", rules.sources->get(source).path},
                             {"line", rules.sources->position(source, rule->name_span.begin).line}};
    const RuleDetails& details = *rule->details;
    if (!details.about.empty()) json["about"] = std::string(details.about);
    if (!details.owner.empty()) json["owner"] = std::string(details.owner);
    if (!details.shops.empty()) {
      boost::json::array shops;
      for (const auto shop : details.shops) shops.emplace_back(std::string(shop));
      json["shops"] = std::move(shops);
    }
    if (details.from) json["from"] = format_timestamp(*details.from);
    if (details.until) json["until"] = format_timestamp(*details.until);
    list.push_back(std::move(json));
  }
  return {{"hash", rules.hash}, {"order", order_told(rules, "; ")}, {"rules", std::move(list)}};
}

Table to_table(const RuleSet& rules, std::string_view prefix) {
  Table table{{{"#"}, {"rule", true}, {"on"}, {"mode"}, {"where"}, {"about"}}, {}};
  std::size_t number = 0;
  for (const Rule* rule : running_order(rules)) {
    const Source& source = rules.sources->get(rule->name_span.source);
    const auto position = rules.sources->position(rule->name_span.source, rule->name_span.begin);
    table.rows.push_back(
        {std::to_string(++number), std::string(rule->name),
         std::string(rules.scope_name(*rule)) + (rule->otherwise ? ", otherwise" : ""),
         std::string(name_of(rule->mode)),
         std::string(prefix) + source.path + ':' + std::to_string(position.line),
         std::string(rule->details->about)});
  }
  return table;
}

}  // namespace

Exit run_list(const ListArguments& arguments, const Session& session) {
  const LoadedRules loaded = load_rules(arguments.path, session);
  if (loaded.rules == nullptr) return loaded.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(to_json(*loaded.rules)) << '\n';
    return kFine;
  }
  session.out << order_told(*loaded.rules, "\n") << "\n\n"
              << as_text(to_table(*loaded.rules, loaded.prefix), session.width,
                         session.color_on_out());
  return kFine;
}

}  // namespace consign::cli
