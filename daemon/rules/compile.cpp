#include "daemon/rules/compile.hpp"

#include <chrono>
#include <utility>

#include "consign/hash.hpp"
#include "daemon/wire/decision_json.hpp"

namespace consign {
namespace {

std::vector<ActiveRules::File> summarise(const RuleSet& rules) {
  std::vector<ActiveRules::File> files;
  for (SourceId id = 0; id < rules.sources->size(); ++id) {
    const Source& source = rules.sources->get(id);
    files.push_back({source.path, to_hex(source.sha256), 0});
  }
  for (const Rule& rule : rules.rules) ++files[rule.name_span.source].rules;
  return files;
}

/// The programs of the scopes beside line and order that have rules.
void compile_scopes(const std::shared_ptr<const RuleSet>& rules, ActiveRules& active) {
  active.events.resize(rules->events.size());
  for (const Rule& rule : rules->rules) {
    if (rule.mode == Mode::off) continue;
    if (rule.scope == Scope::check && !active.checks) {
      active.checks = compile_scope(rules, Scope::check);
    } else if (rule.scope == Scope::request && !active.requests) {
      active.requests = compile_scope(rules, Scope::request);
    } else if (rule.scope == Scope::event && !active.events[rule.event]) {
      active.events[rule.event] = compile_scope(rules, Scope::event, rule.event);
    }
  }
}

}  // namespace

Compiled compile_rules(std::vector<RuleFile> files, const CheckOptions& options, Timestamp now) {
  RuleSetLoader loader(options);
  return compile_rules(sources_of(std::move(files)), loader, now, nullptr);
}

Compiled compile_rules(RuleSources files, RuleSetLoader& loader, Timestamp now,
                       const std::shared_ptr<const Program>& previous) {
  const auto start = std::chrono::steady_clock::now();
  const CheckResult checked = loader.check(std::move(files));
  if (checked.ok()) {
    auto active = std::make_shared<ActiveRules>();
    active->program = compile(checked.rules, {}, previous);
    compile_scopes(checked.rules, *active);
    active->hash = checked.rules->hash;
    active->since = now;
    active->files = summarise(*checked.rules);
    active->cost = cost_to_json(*active->program);
    active->cost["load_ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(
                                  std::chrono::steady_clock::now() - start)
                                  .count();
    return active;
  }
  auto refused = std::make_shared<RefusedRules>();
  refused->hash = rule_set_hash(*checked.sources);
  refused->at = now;
  for (const auto& diagnostic : checked.diagnostics) {
    refused->messages.push_back(diagnostic_to_json(diagnostic, *checked.sources));
    refused->rendered += render(diagnostic, *checked.sources);
  }
  return refused;
}

std::shared_ptr<const RefusedRules> refuse(std::string hash, const std::string& why,
                                           Timestamp now) {
  auto refused = std::make_shared<RefusedRules>();
  refused->hash = std::move(hash);
  refused->at = now;
  refused->messages.push_back({{"severity", "error"}, {"message", why}});
  refused->rendered = "error: " + why + "\n";
  return refused;
}

std::string hash_of(const RuleSources& files) {
  SourceMap sources;
  for (const auto& file : files) sources.add(file);
  return rule_set_hash(sources);
}

RuleSources sources_of(std::vector<RuleFile> files) {
  RuleSources sources;
  for (RuleFile& file : files) {
    sources.push_back(std::make_shared<const Source>(std::move(file.path), std::move(file.text)));
  }
  return sources;
}

}  // namespace consign
