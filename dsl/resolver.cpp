// The order of resolving: names first, then what stands for itself, then defines, then rules.

#include "dsl/resolver.hpp"

#include <algorithm>

#include "dsl/actions_resolver.hpp"
#include "dsl/declarations_resolver.hpp"
#include "dsl/parser.hpp"
#include "dsl/rule_resolver.hpp"
#include "dsl/supplier_resolver.hpp"

namespace consign {

namespace {

using namespace check;

/// The declarations of a set by kind, in the order of their files. Where names become indices,
/// those that could not be read have their place, too: null.
struct Declared {
  std::vector<const ast::Supplier*> suppliers;
  std::vector<const ast::Table*> tables;
  std::vector<const ast::OwnField*> fields;
  std::vector<const ast::Permissions*> permissions;
  std::vector<const ast::NeverGrant*> bans;
  std::vector<const ast::List*> lists;
  std::vector<const ast::OwnEvent*> events;
  std::vector<const ast::Group*> groups;
  std::vector<const ast::AccountPolicy*> policies;
  std::vector<const ast::RateDecl*> rates;
  std::vector<const ast::TimeZoneDecl*> zones;
  std::vector<const ast::Overlaps*> overlaps;
};

void declare(World& world, const ast::Declaration& declaration, Declared& into) {
  RuleSet& rules = world.rules;
  if (const auto* supplier = std::get_if<ast::Supplier>(&declaration.what)) {
    const auto index = static_cast<std::uint32_t>(rules.suppliers.size());
    if (!world.suppliers.declare(supplier->name, index, world.sink)) return;
    rules.suppliers.emplace_back();
    rules.suppliers.back().name = supplier->name.text;
    rules.suppliers.back().span = supplier->name.span;
    into.suppliers.push_back(declaration.broken ? nullptr : supplier);
  } else if (const auto* list = std::get_if<ast::List>(&declaration.what)) {
    const auto index = static_cast<std::uint32_t>(world.list_trees.size());
    if (!world.lists.declare(list->name, index, world.sink)) return;
    world.list_trees.push_back(list);
    if (!declaration.broken) into.lists.push_back(list);
  } else if (const auto* table = std::get_if<ast::Table>(&declaration.what)) {
    const auto index = static_cast<std::uint32_t>(rules.tables.size());
    if (!world.tables.declare(table->name, index, world.sink)) return;
    rules.tables.push_back({std::string(table->name.text), table->name.span, Type::text, {}});
    into.tables.push_back(declaration.broken ? nullptr : table);
  } else if (const auto* role = std::get_if<ast::Role>(&declaration.what)) {
    const auto index = static_cast<std::uint32_t>(world.role_trees.size());
    if (world.roles.declare(role->name, index, world.sink)) world.role_trees.push_back(role);
  } else if (const auto* define = std::get_if<ast::Define>(&declaration.what)) {
    const auto index = static_cast<std::uint32_t>(rules.defines.size());
    if (!world.defines.declare(define->name, index, world.sink)) return;
    rules.defines.push_back({std::string(define->name.text), define->name.span, nullptr});
    world.define_states.emplace_back();
    world.define_states.back().tree = define;
  } else if (const auto* field = std::get_if<ast::OwnField>(&declaration.what)) {
    const auto index = static_cast<std::uint32_t>(rules.fields.size());
    if (!world.fields.declare(field->name, index, world.sink)) return;
    rules.fields.push_back({std::string(field->name.text), field->name.span, Type::text});
    into.fields.push_back(declaration.broken ? nullptr : field);
  } else if (const auto* event = std::get_if<ast::OwnEvent>(&declaration.what)) {
    const auto index = static_cast<std::uint32_t>(rules.events.size());
    if (!world.events.declare(event->name, index, world.sink)) return;
    rules.events.push_back({std::string(event->name.text), event->name.span, {}});
    into.events.push_back(declaration.broken ? nullptr : event);
  } else if (const auto* group = std::get_if<ast::Group>(&declaration.what)) {
    const auto index = static_cast<std::uint32_t>(rules.groups.size());
    if (!world.groups.declare(group->name, index, world.sink)) return;
    rules.groups.push_back({std::string(group->name.text), group->name.span, {}});
    into.groups.push_back(declaration.broken ? nullptr : group);
  } else if (declaration.broken) {
    // What has no name to keep is told of by its reader alone; days still have a zone.
    if (std::holds_alternative<ast::TimeZoneDecl>(declaration.what)) world.zone_declared = true;
  } else if (const auto* permissions = std::get_if<ast::Permissions>(&declaration.what)) {
    into.permissions.push_back(permissions);
  } else if (const auto* bans = std::get_if<ast::NeverGrant>(&declaration.what)) {
    into.bans.push_back(bans);
  } else if (const auto* policy = std::get_if<ast::AccountPolicy>(&declaration.what)) {
    if (!world.policies.declare(policy->kind, 0, world.sink)) return;
    rules.account_policies.emplace_back();
    rules.account_policies.back().kind = policy->kind.text;
    rules.account_policies.back().span = policy->kind.span;
    into.policies.push_back(policy);
  } else if (const auto* rate = std::get_if<ast::RateDecl>(&declaration.what)) {
    into.rates.push_back(rate);
  } else if (const auto* zone = std::get_if<ast::TimeZoneDecl>(&declaration.what)) {
    into.zones.push_back(zone);
  } else if (const auto* overlaps = std::get_if<ast::Overlaps>(&declaration.what)) {
    into.overlaps.push_back(overlaps);
  }
}

/// Places of the errors that reading has found, in order.
std::vector<Span> places_of_errors(const DiagnosticSink& sink) {
  std::vector<Span> places;
  for (const Diagnostic& diagnostic : sink.sorted()) {
    if (diagnostic.severity() == Severity::error && diagnostic.place()) {
      places.push_back(*diagnostic.place());
    }
  }
  return places;
}

bool any_within(const std::vector<Span>& places, Span span) {
  const auto before = [](const Span& a, const Span& b) {
    return std::tie(a.source, a.begin) < std::tie(b.source, b.begin);
  };
  const auto at = std::lower_bound(places.begin(), places.end(), span, before);
  return at != places.end() && at->source == span.source && at->begin <= span.end;
}

}  // namespace

std::shared_ptr<RuleSet> resolve(const std::vector<std::shared_ptr<const ast::File>>& files,
                                 std::shared_ptr<const SourceMap> sources,
                                 const CheckOptions& options, std::vector<ResolvedFile>& resolved,
                                 DiagnosticSink& sink) {
  auto rules = std::make_shared<RuleSet>();
  rules->sources = std::move(sources);
  World world(*rules, *rules->sources, options, sink);
  const std::vector<Span> misread = places_of_errors(sink);

  Declared declared;
  const auto most_rules_of = [](const ast::File& file) {
    return file.declarations.size() + file.unread.size();
  };
  std::size_t most_rules = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!resolved[i].rules) most_rules += most_rules_of(*files[i]);
  }
  world.rule_names.reserve(most_rules);
  for (const auto& file : files) {
    for (const ast::Declaration& declaration : file->declarations) {
      declare(world, declaration, declared);
    }
  }

  std::optional<Span> zone_place, overlaps_place;
  for (const auto* zone : declared.zones) resolve_time_zone(world, *zone, zone_place);
  for (const auto* overlaps : declared.overlaps) resolve_overlaps(world, *overlaps, overlaps_place);
  std::vector<Span> rate_places;
  for (const auto* rate : declared.rates) resolve_rate(world, *rate, rate_places);
  for (const auto* list : declared.lists) check_list(world, *list);
  for (std::size_t i = 0; i < declared.tables.size(); ++i) {
    if (declared.tables[i]) resolve_table(world, *declared.tables[i], rules->tables[i]);
  }
  for (std::size_t i = 0; i < declared.fields.size(); ++i) {
    if (declared.fields[i]) resolve_own_field(world, *declared.fields[i], rules->fields[i]);
  }
  for (std::size_t i = 0; i < declared.events.size(); ++i) {
    if (declared.events[i]) resolve_own_event(world, *declared.events[i], rules->events[i]);
  }
  for (std::size_t i = 0; i < declared.groups.size(); ++i) {
    if (declared.groups[i]) resolve_group(world, *declared.groups[i], rules->groups[i]);
  }
  for (std::size_t i = 0; i < declared.policies.size(); ++i) {
    resolve_policy(world, *declared.policies[i], rules->account_policies[i]);
  }
  for (std::size_t i = 0; i < declared.suppliers.size(); ++i) {
    if (declared.suppliers[i]) resolve_supplier(world, *declared.suppliers[i], rules->suppliers[i]);
  }

  PermissionsResolver permissions(world);
  permissions.add_vocabulary(declared.permissions);
  permissions.check_roles();
  permissions.add_bans(declared.bans);

  Checker checker(world, permissions);
  for (std::uint32_t i = 0; i < world.define_states.size(); ++i) {
    const ast::Define& define = *world.define_states[i].tree;
    if (find_field(define.name.text)) {
      sink.report(Code::duplicate_name, ticked(define.name.text) + " is a field of the event")
          .primary(define.name.span)
          .help("choose another name");
    }
    checker.resolve_define(i, define.name.span);
  }

  ActionsResolver actions(world, checker, permissions);
  RuleResolver resolver(world, checker, actions);
  std::size_t since_count = 0;
  // Whether to go on.
  const auto resolve_rule = [&](const ast::Rule& rule, bool was_misread) {
    const ast::Word name{world.lasting(rule.name), rule.name.span};
    if (world.rule_names.declare(name, 0, sink)) resolver.resolve(rule, was_misread);
    // Counting messages takes a walk over them, so not after each rule.
    constexpr std::size_t kBetweenCounts = 256;
    return ++since_count % kBetweenCounts != 0 || sink.error_count() <= options.limits.messages;
  };
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!resolved[i].rules) {
      const ast::File& file = *files[i];
      auto made = std::make_shared<FileRules>();
      made->source = rules->sources->share(file.source);
      made->rules.reserve(most_rules_of(file));
      world.file = made.get();
      world.pool = &made->pool;
      world.self_contained = true;
      permissions.begin_file();
      const std::size_t messages = sink.size();
      bool go_on = true;
      for (const ast::Declaration& declaration : file.declarations) {
        const auto* rule = std::get_if<ast::Rule>(&declaration.what);
        if (!rule || declaration.broken) continue;
        go_on = resolve_rule(*rule, any_within(misread, declaration.span));
        if (!go_on) break;
      }
      if (go_on && !parse_unread(file, *rules->sources, options.limits, [&](const ast::Rule& rule) {
            return go_on = resolve_rule(rule, false);
          })) {
        return nullptr;
      }
      resolved[i] = {std::move(made), world.self_contained && sink.size() == messages};
      if (!go_on) break;
    }
    rules->rules.add(resolved[i].rules);
  }
  return rules;
}

}  // namespace consign
