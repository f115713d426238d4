#include "dsl/rule_resolver.hpp"

#include "dsl/instants.hpp"

namespace consign::check {

void RuleResolver::check_parts(const ast::Rule& written) {
  if (!written.condition && !written.otherwise) {
    world_.sink
        .report(Code::no_condition,
                "rule " + ticked(written.name.text) + " does not say when it fires")
        .primary(written.name.span, "no `when`")
        .help("to match all, say `when true`; for what no other rule has taken, say `otherwise`");
  }
  if (!written.then) {
    world_.sink
        .report(Code::no_action, "rule " + ticked(written.name.text) + " does not say what it does")
        .primary(written.name.span, "no `then`")
        .help("add what it does, for example `then tag \"check\"`");
  }
}

std::optional<Scope> RuleResolver::declared_scope(const ast::Rule& written, bool& known) {
  known = true;
  if (!written.scope) return std::nullopt;
  const std::string_view word = written.scope->text;
  if (word == "line") return Scope::line;
  if (word == "order") return Scope::order;
  known = false;
  if (word == "request" || word == "check" || world_.events.find(word)) {
    world_.sink
        .report(Code::not_in_version,
                "this version decides orders only, not rules `on " + std::string(word) + "`")
        .primary(written.scope->span);
    return std::nullopt;
  }
  auto message = world_.sink.report(Code::unknown_word, "there is no scope " + ticked(word));
  message.primary(written.scope->span, "unknown scope");
  if (!suggest(message, word, {"line", "order"})) message.help("rules are `on line` or `on order`");
  return std::nullopt;
}

void RuleResolver::settle_scope(const ast::Rule& written, const Reach& condition,
                                const Reach& actions, Rule& rule) {
  bool known = true;
  const std::optional<Scope> declared = declared_scope(written, known);
  const auto& line = condition.line;
  if (known && condition.access) {
    const auto& other = line ? line : condition.order;
    if (other && !declared) {
      world_.sink
          .report(Code::ambiguous_scope, "the condition reads " + ticked(other->name) + " and " +
                                             ticked(condition.access->name) +
                                             ", which belong to different events")
          .primary(condition.access->span, "of an access request or a check")
          .label(other->span, "of an order")
          .help("make two rules of it");
    } else {
      report_not_in_version(world_, *condition.access);
    }
    return;
  }
  rule.scope = declared.value_or(line ? Scope::line : Scope::order);
  if (!known || rule.scope == Scope::line) return;
  if (line) {
    world_.sink.report(Code::scope_mismatch, ticked(line->name) + " is read in a rule `on order`")
        .primary(line->span, "of which line?")
        .label(written.scope->span, "the rule is about whole orders")
        .help("ask about the lines with `any line (…)`, or write `on line`");
  }
  if (actions.line) {
    auto message = world_.sink.report(
        Code::scope_mismatch,
        ticked(actions.line->name) + " has no meaning in a rule about whole orders");
    message.primary(actions.line->span, "of which line?");
    if (written.scope) {
      message.label(written.scope->span, "the rule is about whole orders");
      message.help("write `on line`");
    } else {
      message.label(written.name.span,
                    rule.condition
                        ? "its condition reads no line, so the rule is `on order`"
                        : "without a condition that reads a line, the rule is `on order`");
      message.help("write `rule " + world_.words(written.name.span) + " on line`");
    }
  }
}

void RuleResolver::resolve_mode(const ast::Rule& written, Rule& rule) {
  if (!written.mode) return;
  const std::string_view word = written.mode->text;
  if (word == "live") {
    rule.mode = Mode::live;
  } else if (word == "shadow") {
    rule.mode = Mode::shadow;
  } else if (word == "off") {
    rule.mode = Mode::off;
  } else {
    const std::vector<std::string_view> modes = {"live", "shadow", "off"};
    auto message = world_.sink.report(Code::unknown_word, "there is no mode " + ticked(word));
    message.primary(written.mode->span, "unknown mode");
    if (!suggest(message, word, modes)) message.help("there are " + list_of(modes));
  }
}

void RuleResolver::resolve_details(const ast::Rule& written, Rule& rule) {
  const bool any = written.about || written.owner || written.from || written.until;
  if (!any && written.shops.empty()) return;
  auto* details = world_.pool->make<RuleDetails>();
  rule.details = details;
  if (written.about) details->about = world_.lasting(*written.about);
  if (written.owner) details->owner = world_.lasting(*written.owner);
  const auto shops = world_.pool->array<std::string_view>(written.shops.size());
  for (std::size_t i = 0; i < shops.size(); ++i) shops[i] = world_.lasting(written.shops[i]);
  details->shops = shops;
  if (written.from) details->from = instant(world_, *written.from, false);
  if (written.until) details->until = instant(world_, *written.until, true);
  if (!details->from || !details->until || *details->from < *details->until) return;
  world_.sink.report(Code::bad_period, "the rule ends before it begins")
      .primary(written.until->span, "until")
      .label(written.from->span, "from");
}

void RuleResolver::resolve(const ast::Rule& written, bool misread) {
  if (!misread) check_parts(written);
  Rule rule;
  rule.name = world_.lasting(written.name);
  rule.name_span = written.name.span;
  rule.otherwise = written.otherwise.has_value();
  resolve_mode(written, rule);
  resolve_details(written, rule);
  Reach condition, actions;
  if (written.condition) rule.condition = checker_.condition(*written.condition, condition);
  rule.actions = actions_.actions(written.actions, actions);
  if (actions.access) {
    report_not_in_version(world_, *actions.access);
  }
  // A condition that could not be resolved says nothing about the scope.
  if (rule.condition || !written.condition) settle_scope(written, condition, actions, rule);
  world_.file->rules.push_back(rule);
}

}  // namespace consign::check
