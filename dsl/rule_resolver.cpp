#include "dsl/rule_resolver.hpp"

#include <algorithm>

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
              ticked(!written.scope                     ? "then tag \"check\""
                     : written.scope->text == "check"   ? "then allow"
                     : written.scope->text == "request" ? "then review"
                                                        : "then tag \"check\""));
  }
}

std::optional<RuleResolver::ScopeOf> RuleResolver::declared_scope(const ast::Rule& written,
                                                                  bool& known) {
  known = true;
  if (!written.scope) return std::nullopt;
  const std::string_view word = written.scope->text;
  for (const Scope scope : {Scope::line, Scope::order, Scope::check, Scope::request}) {
    if (word == name_of(scope)) return ScopeOf{scope};
  }
  if (const auto* event = world_.events.find(word)) return ScopeOf{Scope::event, event->index};
  known = false;
  auto message = world_.sink.report(Code::unknown_word, "there is no scope " + ticked(word));
  message.primary(written.scope->span, "unknown scope");
  std::vector<std::string_view> names = {"line", "order", "check", "request"};
  for (const std::string_view event : world_.events.names()) names.push_back(event);
  if (!suggest(message, word, names)) {
    message.help(
        "rules are `on line`, `on order`, `on check`, `on request`, or on a declared event");
  }
  return std::nullopt;
}

std::optional<RuleResolver::ScopeOf> RuleResolver::settle_scope(const ast::Rule& written,
                                                                const Reach& condition,
                                                                bool resolved) {
  bool known = true;
  const std::optional<ScopeOf> declared = declared_scope(written, known);
  if (!known || !resolved) return declared;
  // What it reads, by the events that have it. Accounts ask checks and file requests.
  struct Of {
    const std::optional<Reach::Read>& read;
    const char* event;
    ScopeOf scope;
  };
  const bool of_check = condition.check || (condition.account && !condition.request);
  std::vector<Of> read;
  const auto add = [&](const std::optional<Reach::Read>& what, const char* event, ScopeOf scope) {
    if (what) read.push_back({what, event, scope});
  };
  const Scope of_orders = condition.line ? Scope::line : Scope::order;
  add(condition.line ? condition.line : condition.order, "of an order", {of_orders});
  add(condition.request, "of an access request", {Scope::request});
  if (of_check) {
    add(condition.check ? condition.check : condition.account, "of a check", {Scope::check});
  }
  add(condition.event, "of an event", {Scope::event, condition.event_index});
  if (read.size() > 1 && !declared) {
    world_.sink
        .report(Code::ambiguous_scope, "the condition reads " + ticked(read[0].read->name) +
                                           " and " + ticked(read[1].read->name) +
                                           ", which belong to different events")
        .primary(read[1].read->span, read[1].event)
        .label(read[0].read->span, read[0].event)
        .help("make two rules of it");
    return std::nullopt;
  }
  const ScopeOf inferred = read.empty() ? ScopeOf{Scope::order} : read[0].scope;
  const ScopeOf scope = declared.value_or(inferred);
  if (scope.scope == Scope::order && condition.line) {
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

std::string RuleResolver::called(ScopeOf scope) const {
  return scope.scope == Scope::event ? world_.rules.events[scope.event].name
                                     : std::string(name_of(scope.scope));
}

/// Hangs on a message where the rule's scope comes from.
void RuleResolver::label_scope(DiagnosticSink::Builder& message, const ast::Rule& written,
                               ScopeOf of) {
  const Scope scope = of.scope;
  const std::string about = scope == Scope::check     ? "the rule is about checks"
                            : scope == Scope::line    ? "the rule is about lines"
                            : scope == Scope::request ? "the rule is about requests for access"
                            : scope == Scope::event ? "the rule is about each " + ticked(called(of))
                                                    : "the rule is about whole orders";
  if (written.scope) {
    message.label(written.scope->span, about);
  } else if (scope == Scope::order) {
    message.label(
        written.name.span,
        written.condition
            ? "its condition reads no line, check or request, so the rule is `on order`"
            : "without a condition that reads a line, check or request, the rule is `on order`");
  } else {
    message.label(written.name.span, "its condition reads a " + called(of) + ", so " + about);
  }
}

/// What the rule's event does not have at all.
void RuleResolver::check_reads(const ast::Rule& written, ScopeOf of, const Reach& reach) {
  const Scope scope = of.scope;
  const bool on_order = scope == Scope::line || scope == Scope::order;
  const bool another_event =
      reach.event && (scope != Scope::event || reach.event_index != of.event);
  struct Foreign {
    bool is;
    const std::optional<Reach::Read>& read;
    const char* of_which;
    const char* help;
  };
  const Foreign reads[] = {
      {!on_order, reach.line, "of which line?", ""},
      {!on_order, reach.order, "of which order?", ""},
      {scope == Scope::check, reach.shop, "", ""},
      {scope != Scope::check, reach.check, "of which check?", "only rules on check read `check.*`"},
      {scope != Scope::request, reach.request, "of which request?",
       "only rules on request read `request.*`"},
      {scope != Scope::check && scope != Scope::request, reach.account, "of which account?",
       "only rules on check and on request read `account.*`"},
      {another_event, reach.event, "of which event?", "only rules on that event read its fields"},
  };
  const auto* foreign =
      std::ranges::find_if(reads, [](const Foreign& each) { return each.is && each.read; });
  if (foreign == std::end(reads)) return;
  const Reach::Read& read = *foreign->read;
  // A question about all lines names no field.
  const bool asks_lines = reach.quantifier && read.span == *reach.quantifier;
  auto message = world_.sink.report(
      Code::foreign_field, (asks_lines ? "the lines of an order are" : ticked(read.name) + " is") +
                               " read in a rule on " + called(of));
  message.primary(read.span,
                  on_order ? foreign->of_which : "a " + called(of) + " does not have it");
  label_scope(message, written, of);
  if (on_order) {
    message.help(foreign->help);
  } else if (scope == Scope::check) {
    message.help("a rule on check reads `check.*`, `account.*` and `now`");
  } else if (scope == Scope::request) {
    message.help("a rule on request reads `request.*`, `account.*`, `shop.*` and `now`");
  } else {
    message.help("a rule on " + called(of) + " reads `" + called(of) + ".*`, `shop.*` and `now`");
  }
}

namespace {

std::string spelled(ActionKind action) {
  switch (action) {
    case ActionKind::silence:
      return "do not notify channel";
    case ActionKind::at_most:
      return "at most";
    case ActionKind::require:
      return "require mfa";
    case ActionKind::hand:
      return "assign to group";
    default:
      return std::string(row_of(action).spelling);
  }
}

/// What an action that answers says.
struct Answer {
  bool lets;
  const char* does;
};

std::optional<Answer> answer_of(ActionKind action, Scope scope) {
  switch (action) {
    case ActionKind::allow:
      return Answer{true, "allows"};
    case ActionKind::approve:
      return Answer{true, "approves"};
    case ActionKind::grant:
      return scope == Scope::request ? std::optional(Answer{true, "grants"}) : std::nullopt;
    case ActionKind::forbid:
      return Answer{false, "forbids"};
    case ActionKind::deny:
      return Answer{false, "denies"};
    default:
      return std::nullopt;
  }
}

/// What of an event an action is about.
const char* nothing_here(ActionKind action) {
  if (belongs(action, Scope::check)) return "there is no check to answer here";
  if (belongs(action, Scope::line)) return "there is no order here";
  if (belongs(action, Scope::request)) return "there is no request to answer here";
  return "there is no event to give to anybody here";
}

}  // namespace

void RuleResolver::check_actions(const ast::Rule& written, ScopeOf of, const Reach& condition) {
  const Scope scope = of.scope;
  const ast::Action* first_answer = nullptr;
  for (const ast::Action& action : written.actions) {
    const ActionKind kind = action.kind();
    if (!belongs(kind, scope)) {
      auto message =
          world_.sink.report(Code::foreign_action,
                             ticked(spelled(kind)) + " has no meaning in a rule on " + called(of));
      message.primary(action.span, nothing_here(kind));
      label_scope(message, written, of);
      const bool reads_order = condition.line || condition.order || condition.shop;
      if (scope == Scope::check) {
        message.help("a rule on check may `allow` or `forbid`");
      } else if (scope == Scope::request) {
        message.help(
            "a rule on request may `approve`, `deny`, `review`, `grant`, say `at most …` and "
            "`require mfa`, and `notify`");
      } else if (scope == Scope::event) {
        message.help(
            "a rule on an event may `assign to group NAME` or to an account, `tag`, "
            "`note`, `notify` and `stop`");
      } else if (kind == ActionKind::hand) {
        message.help(
            "declare an event and write `on` and its name; orders go to suppliers, as in "
            "`assign to acme`");
      } else {
        const std::string home = belongs(kind, Scope::check) ? "check" : "request";
        message.help(reads_order ? "rules on " + home + " answer, and they read `" + home +
                                       ".*` and `account.*`"
                     : written.scope
                         ? "write `on " + home + "`"
                         : "write `rule " + world_.words(written.name.span) + " on " + home + "`");
      }
      continue;
    }
    const auto answer = answer_of(kind, scope);
    if (!answer) continue;
    if (!first_answer) first_answer = &action;
    const auto first = answer_of(first_answer->kind(), scope);
    if (answer->lets == first->lets) continue;
    const bool on_check = scope == Scope::check;
    const Answer& letting = answer->lets ? *answer : *first;
    world_.sink
        .report(Code::allows_and_forbids, std::string("this rule both ") + letting.does + " and " +
                                              (on_check ? "forbids" : "denies"))
        .primary(action.span)
        .label(first_answer->span)
        .help(std::string(on_check ? "`forbid`" : "`deny`") +
              " would win each time: keep one of the two, or make two rules of it");
    return;
  }
}

void RuleResolver::check_texts(const ast::Rule& written, ScopeOf scope, bool has_condition,
                               const Reach& actions) {
  if (scope.scope == Scope::order && actions.line) {
    auto message = world_.sink.report(
        Code::scope_mismatch,
        ticked(actions.line->name) + " has no meaning in a rule about whole orders");
    message.primary(actions.line->span, "of which line?");
    if (written.scope) {
      message.label(written.scope->span, "the rule is about whole orders");
      message.help("write `on line`");
    } else {
      message.label(written.name.span,
                    has_condition
                        ? "its condition reads no line, so the rule is `on order`"
                        : "without a condition that reads a line, the rule is `on order`");
      message.help("write `rule " + world_.words(written.name.span) + " on line`");
    }
  }
  check_reads(written, scope, actions);
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
  const std::optional<ScopeOf> scope =
      settle_scope(written, condition, rule.condition || !written.condition);
  if (scope) {
    rule.scope = scope->scope;
    rule.event = scope->event;
    check_actions(written, *scope, condition);
  }
  rule.actions = actions_.actions(written.actions,
                                  scope ? std::optional(scope->scope) : std::nullopt, actions);
  if (scope) check_texts(written, *scope, rule.condition != nullptr, actions);
  world_.file->rules.push_back(rule);
}

}  // namespace consign::check
