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
        .help("add what it does, for example " +
              ticked(written.scope && written.scope->text == "check" ? "then allow"
                                                                     : "then tag \"check\""));
  }
}

std::optional<Scope> RuleResolver::declared_scope(const ast::Rule& written, bool& known) {
  known = true;
  if (!written.scope) return std::nullopt;
  const std::string_view word = written.scope->text;
  if (word == "line") return Scope::line;
  if (word == "order") return Scope::order;
  if (word == "check") return Scope::check;
  known = false;
  if (word == "request" || world_.events.find(word)) {
    world_.sink
        .report(
            Code::not_in_version,
            "this version decides orders and checks only, not rules `on " + std::string(word) + "`")
        .primary(written.scope->span);
    return std::nullopt;
  }
  auto message = world_.sink.report(Code::unknown_word, "there is no scope " + ticked(word));
  message.primary(written.scope->span, "unknown scope");
  if (!suggest(message, word, {"line", "order", "check"})) {
    message.help("rules are `on line`, `on order` or `on check`");
  }
  return std::nullopt;
}

std::optional<Scope> RuleResolver::settle_scope(const ast::Rule& written, const Reach& condition,
                                                bool resolved) {
  bool known = true;
  const std::optional<Scope> declared = declared_scope(written, known);
  if (!known || !resolved) return declared;
  const auto& of_order = condition.line ? condition.line : condition.order;
  const auto& of_access = condition.request ? condition.request : condition.check;
  if (of_order && of_access && !declared) {
    world_.sink
        .report(Code::ambiguous_scope, "the condition reads " + ticked(of_order->name) + " and " +
                                           ticked(of_access->name) +
                                           ", which belong to different events")
        .primary(of_access->span, condition.request ? "of an access request" : "of a check")
        .label(of_order->span, "of an order")
        .help("make two rules of it");
    return std::nullopt;
  }
  if (condition.request) {
    report_not_in_version(world_, *condition.request);
    return std::nullopt;
  }
  const Scope inferred = condition.check  ? Scope::check
                         : condition.line ? Scope::line
                                          : Scope::order;
  const Scope scope = declared.value_or(inferred);
  if (scope == Scope::order && condition.line) {
    world_.sink
        .report(Code::scope_mismatch,
                ticked(condition.line->name) + " is read in a rule `on order`")
        .primary(condition.line->span, "of which line?")
        .label(written.scope->span, "the rule is about whole orders")
        .help("ask about the lines with `any line (…)`, or write `on line`");
  }
  check_reads(written, scope, condition);
  return scope;
}

/// Hangs on a message where the rule's scope comes from.
void RuleResolver::label_scope(DiagnosticSink::Builder& message, const ast::Rule& written,
                               Scope scope) {
  const std::string about = scope == Scope::check  ? "the rule is about checks"
                            : scope == Scope::line ? "the rule is about lines"
                                                   : "the rule is about whole orders";
  if (written.scope) {
    message.label(written.scope->span, about);
  } else if (scope == Scope::order) {
    message.label(written.name.span,
                  written.condition
                      ? "its condition reads no line and no check, so the rule is `on order`"
                      : "without a condition that reads a line or a check, the rule is `on order`");
  } else {
    message.label(written.name.span,
                  "its condition reads a " + std::string(name_of(scope)) + ", so " + about);
  }
}

/// What the rule's event does not have at all.
void RuleResolver::check_reads(const ast::Rule& written, Scope scope, const Reach& reach) {
  const bool on_check = scope == Scope::check;
  const auto& foreign = !on_check     ? reach.check
                        : reach.line  ? reach.line
                        : reach.order ? reach.order
                                      : reach.shop;
  if (!foreign) return;
  // A question about all lines names no field.
  const bool asks_lines = reach.quantifier && foreign->span == *reach.quantifier;
  auto message = world_.sink.report(
      Code::foreign_field,
      (asks_lines ? "the lines of an order are" : ticked(foreign->name) + " is") +
          " read in a rule on " + std::string(name_of(scope)));
  message.primary(foreign->span, on_check ? "a check does not have it" : "of which check?");
  label_scope(message, written, scope);
  message.help(on_check ? "a rule on check reads `check.*`, `account.*` and `now`"
                        : "only rules on check read `check.*` and `account.*`");
}

void RuleResolver::check_actions(const ast::Rule& written, Scope scope, const Reach& condition) {
  const ast::Action* first_answer = nullptr;
  for (const ast::Action& action : written.actions) {
    if (!belongs(action.kind(), scope)) {
      const std::string spelling(action.kind() == ActionKind::silence
                                     ? "do not notify channel"
                                     : row_of(action.kind()).spelling);
      auto message = world_.sink.report(
          Code::foreign_action,
          ticked(spelling) + " has no meaning in a rule on " + std::string(name_of(scope)));
      message.primary(action.span, scope == Scope::check ? "there is no order here"
                                                         : "there is no check to answer here");
      label_scope(message, written, scope);
      const bool reads_order = condition.line || condition.order || condition.shop;
      message.help(scope == Scope::check ? "a rule on check may `allow` or `forbid`"
                   : reads_order ? "rules on check answer, and they read `check.*` and `account.*`"
                   : written.scope
                       ? "write `on check`"
                       : "write `rule " + world_.words(written.name.span) + " on check`");
      continue;
    }
    if (scope != Scope::check) continue;
    if (!first_answer) first_answer = &action;
    if (action.kind() == first_answer->kind()) continue;
    world_.sink.report(Code::allows_and_forbids, "this rule both allows and forbids")
        .primary(action.span)
        .label(first_answer->span)
        .help("`forbid` would win each time: keep one of the two, or make two rules of it");
    return;
  }
}

void RuleResolver::check_texts(const ast::Rule& written, const Rule& rule, const Reach& actions) {
  if (rule.scope == Scope::order && actions.line) {
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
  check_reads(written, rule.scope, actions);
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
  // A condition that could not be resolved says nothing about the scope.
  const std::optional<Scope> scope =
      settle_scope(written, condition, rule.condition || !written.condition);
  rule.scope = scope.value_or(Scope::order);
  if (scope) check_actions(written, *scope, condition);
  rule.actions = actions_.actions(written.actions, scope, actions);
  if (actions.request) {
    report_not_in_version(world_, *actions.request);
  } else if (scope) {
    check_texts(written, rule, actions);
  }
  world_.file->rules.push_back(rule);
}

}  // namespace consign::check
