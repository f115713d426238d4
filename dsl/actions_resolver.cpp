#include "dsl/actions_resolver.hpp"

#include <algorithm>
#include <set>

#include "consign/text.hpp"
#include "dsl/instants.hpp"

namespace consign::check {

bool belongs(ActionKind action, Scope scope) {
  const bool on_order = scope == Scope::line || scope == Scope::order;
  switch (action) {
    case ActionKind::assign:
    case ActionKind::hold:
    case ActionKind::set:
    case ActionKind::silence:
      return on_order;
    case ActionKind::tag:
    case ActionKind::note:
    case ActionKind::stop:
      return on_order || scope == Scope::event;
    case ActionKind::grant:
      return on_order || scope == Scope::request;
    case ActionKind::notify:
      return scope != Scope::check;
    case ActionKind::allow:
    case ActionKind::forbid:
      return scope == Scope::check;
    case ActionKind::approve:
    case ActionKind::deny:
    case ActionKind::review:
    case ActionKind::at_most:
    case ActionKind::require:
      return scope == Scope::request;
    case ActionKind::hand:
      return scope == Scope::event;
  }
  return false;
}

std::span<const Action> ActionsResolver::actions(std::span<const ast::Action> written,
                                                 std::optional<Scope> scope, Reach& reach) {
  reach_ = &reach;
  scope_ = scope;
  const auto is_foreign = [&](const ast::Action& action) {
    return scope && !belongs(action.kind(), *scope);
  };
  const ast::Action* first_assign = nullptr;
  for (const ast::Action& action : written) {
    const bool hands = std::holds_alternative<ast::Hand>(action.what);
    if (!hands && !std::holds_alternative<ast::Assign>(action.what)) continue;
    if (is_foreign(action)) continue;
    if (!first_assign) {
      first_assign = &action;
      continue;
    }
    if (hands) {
      world_.sink.report(Code::second_assign, "this rule assigns twice")
          .primary(action.span, "never reached: the event is given away by then")
          .label(first_assign->span, "the first assign")
          .help("name all who may get it in one `group`");
      continue;
    }
    world_.sink.report(Code::second_assign, "this rule assigns twice")
        .primary(action.span, "never reached: the line is given away by then")
        .label(first_assign->span, "the first assign")
        .help("name both suppliers in one: `assign to first available of { a, b }`");
  }
  const std::span<Action> resolved = world_.pool->array<Action>(written.size());
  std::size_t count = 0;
  const auto keep = [&](Span span, const auto& what) {
    if (what) resolved[count++] = {span, *what};
  };
  for (const ast::Action& action : written) {
    if (is_foreign(action)) continue;
    const Span span = action.span;
    if (const auto* assigning = std::get_if<ast::Assign>(&action.what)) {
      keep(span, assign(*assigning, span));
    } else if (const auto* holding = std::get_if<ast::Hold>(&action.what)) {
      keep(span, hold(*holding));
    } else if (const auto* tagging = std::get_if<ast::Tag>(&action.what)) {
      if (auto tag = text(tagging->tag)) resolved[count++] = {span, TagAction{*tag}};
    } else if (const auto* noting = std::get_if<ast::Note>(&action.what)) {
      if (auto note = text(noting->text)) resolved[count++] = {span, NoteAction{*note}};
    } else if (const auto* granting = std::get_if<ast::Grant>(&action.what)) {
      keep(span, grant(*granting, span, first_assign != nullptr));
    } else if (const auto* setting = std::get_if<ast::SetField>(&action.what)) {
      keep(span, set(*setting));
    } else if (const auto* notice = std::get_if<ast::Notify>(&action.what)) {
      std::optional<TextTemplate> said = notice->text ? text(*notice->text) : TextTemplate{};
      if (said) resolved[count++] = {span, NotifyAction{world_.lasting(notice->endpoint), *said}};
    } else if (std::holds_alternative<ast::Stop>(action.what)) {
      resolved[count++] = {span, StopAction{}};
    } else if (std::holds_alternative<ast::Silence>(action.what)) {
      resolved[count++] = {span, SilenceAction{}};
    } else if (std::holds_alternative<ast::Allow>(action.what)) {
      resolved[count++] = {span, AllowAction{}};
    } else if (const auto* forbidding = std::get_if<ast::Forbid>(&action.what)) {
      std::optional<TextTemplate> said =
          forbidding->reason ? text(*forbidding->reason) : TextTemplate{};
      if (said) resolved[count++] = {span, ForbidAction{*said}};
    } else if (const auto* approving = std::get_if<ast::Approve>(&action.what)) {
      if (const auto term_of = term(approving->term)) {
        resolved[count++] = {span, ApproveAction{*term_of}};
      }
    } else if (const auto* denying = std::get_if<ast::Deny>(&action.what)) {
      std::optional<TextTemplate> said = denying->reason ? text(*denying->reason) : TextTemplate{};
      if (said) resolved[count++] = {span, DenyAction{*said}};
    } else if (const auto* reviewing = std::get_if<ast::Review>(&action.what)) {
      keep(span, review(*reviewing));
    } else if (const auto* limiting = std::get_if<ast::AtMost>(&action.what)) {
      if (const auto most = permissions_.named(limiting->items)) {
        resolved[count++] = {span, AtMostAction{*most}};
      }
    } else if (std::holds_alternative<ast::Require>(action.what)) {
      resolved[count++] = {span, RequireAction{}};
    } else if (const auto* handing = std::get_if<ast::Hand>(&action.what)) {
      keep(span, hand(*handing));
    }
  }
  return resolved.first(count);
}

bool ActionsResolver::shares(const ast::Assign& written, std::span<AssignTarget> targets,
                             Span span) {
  Decimal sum;
  for (std::size_t i = 0; i < written.targets.size(); ++i) {
    const ast::Target& target = written.targets[i];
    const auto* percent =
        target.share ? std::get_if<ast::PercentLiteral>(&target.share->literal) : nullptr;
    if (!percent || percent->percent <= Decimal(0)) {
      world_.sink
          .report(Code::bad_shares, percent
                                        ? "a share must be more than 0%"
                                        : ticked(target.supplier.text) + " has no share in percent")
          .primary(target.share ? target.share->span : target.supplier.span)
          .help("write `" + std::string(target.supplier.text) + " 50%`");
      return false;
    }
    const auto more = sum.plus(percent->percent);
    sum = more.value_or(sum);
    if (i < targets.size()) targets[i].percent = percent->percent;
  }
  if (sum == Decimal(100)) return true;
  auto message = world_.sink.report(
      Code::bad_shares, "the shares add up to " + sum.to_canonical_string() + "%, not to 100%");
  message.primary(span);
  for (const ast::Target& target : written.targets) message.label(target.share->span);
  return false;
}

bool ActionsResolver::parts(const ast::Assign& written, AssignAction& action) {
  if (!written.in_parts) return true;
  action.at_most_parts = kAnyParts;
  if (!written.most_parts) return true;
  constexpr std::int64_t kMost = 1000;
  const Span place = written.most_parts->span;
  const auto most = std::get<ast::NumberLiteral>(written.most_parts->literal).number.to_int64();
  if (most && *most >= 2 && *most <= kMost) {
    action.at_most_parts = static_cast<std::uint32_t>(*most);
    return true;
  }
  auto message = world_.sink.report(Code::bad_suffix,
                                    most && *most == 1
                                        ? "a line in one part is not divided"
                                        : "a line goes in a whole number of parts, from 2 to 1000");
  message.primary(place).help(most && *most > kMost
                                  ? "for as many as it takes write `in parts`"
                                  : "write `in at most 2 parts`, or leave it out");
  return false;
}

std::optional<AssignAction> ActionsResolver::assign(const ast::Assign& written, Span span) {
  AssignAction action;
  action.or_next_rule = written.or_next_rule;
  action.keep_together = written.keep_together;
  bool good = parts(written, action);
  switch (written.choice) {
    case ast::Choice::only:
      action.choice = Choice::only;
      break;
    case ast::Choice::first:
      action.choice = Choice::first;
      break;
    case ast::Choice::cheapest:
      action.choice = Choice::cheapest;
      break;
    case ast::Choice::fastest:
      action.choice = Choice::fastest;
      break;
    case ast::Choice::split:
      action.choice = Choice::split;
      break;
    case ast::Choice::divide:
      action.choice = Choice::divide;
      break;
  }
  if (written.targets.empty()) {
    world_.sink.report(Code::bad_target, "this assign names no supplier")
        .primary(span)
        .help("name them in the braces, as in `{ bravo, acme }`");
    return std::nullopt;
  }
  std::map<std::uint32_t, Span> seen;
  const auto targets = world_.pool->array<AssignTarget>(written.targets.size());
  std::size_t count = 0;
  for (const ast::Target& target : written.targets) {
    const auto* supplier = world_.suppliers.find(target.supplier.text);
    if (!supplier) {
      auto message = world_.sink.report(Code::unknown_supplier,
                                        "there is no supplier " + ticked(target.supplier.text));
      message.primary(target.supplier.span, "unknown supplier");
      if (!suggest(message, target.supplier.text, world_.suppliers.names())) {
        message.help("declare it: `supplier " + std::string(target.supplier.text) +
                     " { name \"…\" }`");
      }
      good = false;
      continue;
    }
    if (written.targets.size() > 1) {
      const auto [at, added] = seen.emplace(supplier->index, target.supplier.span);
      if (!added) {
        world_.sink.report(Code::bad_target, ticked(target.supplier.text) + " stands here twice")
            .primary(target.supplier.span, "again")
            .label(at->second, "first here");
        good = false;
      }
    }
    targets[count++].supplier = supplier->index;
  }
  action.targets = targets.first(count);
  if (written.choice == ast::Choice::split || written.choice == ast::Choice::divide) {
    if (!shares(written, targets.first(count), span)) return std::nullopt;
  } else {
    for (const ast::Target& target : written.targets) {
      if (!target.share) continue;
      world_.sink.report(Code::bad_shares, "a share has no meaning here")
          .primary(target.share->span)
          .help("shares belong into `split { … }` or `divide { … }`");
      good = false;
    }
  }
  if (!good) return std::nullopt;
  warn_of_unknown_costs(written, action);
  return action;
}

void ActionsResolver::warn_of_unknown_costs(const ast::Assign& written,
                                            const AssignAction& action) {
  const bool cheapest = action.choice == Choice::cheapest;
  if (!cheapest && action.choice != Choice::fastest) return;
  const Supplier* with_cost = nullptr;
  for (std::size_t i = 0; i < action.targets.size(); ++i) {
    const Supplier& supplier = world_.rules.suppliers[action.targets[i].supplier];
    const Span place = written.targets[i].supplier.span;
    if (!(cheapest ? supplier.handling_cost.has_value() : supplier.lead_seconds.has_value())) {
      world_.sink
          .report(Code::costs_unknown, ticked(supplier.name) + (cheapest ? " has no handling cost"
                                                                         : " has no lead time"))
          .primary(place, cheapest ? "never the cheapest" : "never the fastest")
          .label(supplier.span, "declared here")
          .help(cheapest ? "add `handling cost 2.50 EUR` to the supplier"
                         : "add `lead time 2 days` to the supplier");
      continue;
    }
    if (!cheapest) continue;
    if (with_cost && !world_.rate_between(with_cost->handling_cost->currency,
                                          supplier.handling_cost->currency)) {
      const std::string own_currency(supplier.handling_cost->currency);
      const std::string other_currency(with_cost->handling_cost->currency);
      world_.sink
          .report(Code::costs_unknown, "the handling costs of " + ticked(with_cost->name) +
                                           " and " + ticked(supplier.name) + " do not compare")
          .primary(place, own_currency)
          .label(with_cost->span, other_currency)
          .help("declare `rate " + own_currency + " = 1.00 " + other_currency +
                "` with the rate that holds");
    }
    if (!with_cost) with_cost = &supplier;
  }
}

std::optional<std::int64_t> ActionsResolver::seconds(const ast::SpannedLiteral& written,
                                                     std::string_view what) {
  return positive_seconds(world_, written, what);
}

std::optional<HoldAction> ActionsResolver::hold(const ast::Hold& written) {
  auto reason = text(written.reason);
  HoldAction action;
  if (written.duration) {
    action.seconds = seconds(*written.duration, "a hold");
    if (!action.seconds) return std::nullopt;
  }
  if (!reason) return std::nullopt;
  action.reason = *reason;
  return action;
}

std::optional<GrantAction> ActionsResolver::grant(const ast::Grant& written, Span span,
                                                  bool rule_assigns) {
  auto permissions = permissions_.granted(written.items);
  bool good = permissions.has_value();
  GrantAction action;
  action.on_shop = written.on_shop;
  const bool on_request = scope_ == Scope::request;
  if (on_request && written.to) {
    const auto& [kind, id] = *written.to;
    world_.sink.report(Code::foreign_action, "in a rule on request a grant goes to who asks")
        .primary({kind.span.source, kind.span.begin, id.span.end})
        .help("leave `to …` out");
    good = false;
  } else if (!on_request && !written.to && !rule_assigns) {
    world_.sink.report(Code::grant_to_nobody, "this grant goes to nobody")
        .primary(span, "the rule has no `assign`")
        .help(
            "a grant goes to the supplier that the same rule's `assign` gives the line; or say to "
            "whom: `to staff:anna`");
    good = false;
  }
  if (written.to) {
    const auto account = account_of(world_, *written.to);
    if (account) action.to = world_.pool->make<Principal>(*account);
    good = good && account;
  }
  const auto lasts = term(written.term);
  if (!good || !lasts) return std::nullopt;
  action.term = *lasts;
  action.permissions = *permissions;
  return action;
}

std::optional<GrantTerm> ActionsResolver::term(const ast::Term& written) {
  GrantTerm term;
  bool good = true;
  if (written.duration) {
    term.seconds = seconds(*written.duration, "a grant");
    good = term.seconds.has_value();
  }
  if (written.until) {
    term.until = instant(world_, *written.until, true);
    good = good && term.until;
  }
  if (written.idle) {
    term.idle_seconds = seconds(*written.idle, "an idle time");
    good = good && term.idle_seconds;
  }
  if (!good) return std::nullopt;
  return term;
}

std::optional<ReviewAction> ActionsResolver::review(const ast::Review& written) {
  ReviewAction action;
  if (written.role) {
    if (!world_.roles.find(written.role->text)) {
      auto message =
          world_.sink.report(Code::unknown_role, "there is no role " + ticked(written.role->text));
      message.primary(written.role->span, "unknown role");
      if (!suggest(message, written.role->text, world_.roles.names())) {
        message.help("name a role that is declared, or an account, as `review by owner:olga`");
      }
      return std::nullopt;
    }
    action.role = world_.lasting(*written.role);
  }
  if (written.account) {
    const auto account = account_of(world_, *written.account);
    if (!account) return std::nullopt;
    action.account = world_.pool->make<Principal>(*account);
  }
  return action;
}

std::optional<HandAction> ActionsResolver::hand(const ast::Hand& written) {
  HandAction action;
  if (written.account) {
    const auto account = account_of(world_, *written.account);
    if (!account) return std::nullopt;
    action.account = world_.pool->make<Principal>(*account);
    return action;
  }
  const auto* group = world_.groups.find(written.group->text);
  if (!group) {
    auto message =
        world_.sink.report(Code::unknown_name, "there is no group " + ticked(written.group->text));
    message.primary(written.group->span, "unknown group");
    if (!suggest(message, written.group->text, world_.groups.names())) {
      message.help("declare it: `group " + std::string(written.group->text) + " { sub:anna }`");
    }
    return std::nullopt;
  }
  action.group = group->index;
  return action;
}

std::optional<SetAction> ActionsResolver::set(const ast::SetField& written) {
  const auto* own = world_.fields.find(written.field.text);
  if (!own) {
    const FieldRow* event_field = find_field(written.field.text);
    auto message = world_.sink.report(
        Code::unknown_field,
        event_field ? ticked(written.field.text) + " comes with the order and cannot be set"
                    : "there is no field " + ticked(written.field.text) + " to set");
    message.primary(written.field.span);
    if (event_field || !suggest(message, written.field.text, world_.fields.names())) {
      message.help("declare a field of your own: `field carrier: text`");
    }
    return std::nullopt;
  }
  const OwnField& field = world_.rules.fields[own->index];
  const bool takes_text = field.type == Type::text || field.type == Type::code;
  const auto refuse = [&](Span span, const std::string& is) {
    auto message =
        world_.sink.report(Code::type_mismatch, ticked(field.name) + " is " +
                                                    std::string(consign::describe(field.type)) +
                                                    " but " + world_.quoted(span) + " is " + is);
    message.primary(span, is).label(own->span, "declared here");
    return message;
  };
  if (written.text) {
    auto said = text(*written.text);
    if (!said) return std::nullopt;
    if (!takes_text) {
      refuse(written.text->span, "text");
      return std::nullopt;
    }
    return SetAction{own->index, *said};
  }
  Operand value = checker_.value(*written.value, *reach_);
  if (!value || !checker_.single(value, "as the value of a field")) return std::nullopt;
  Operand target;
  target.type = field.type;
  target.span = own->span;
  if (!checker_.bend(value, target)) return std::nullopt;
  if (value.type != field.type) {
    auto message = refuse(value.span, checker_.kind_of(value));
    if (takes_text) {
      message.help("write it into a text: `\"{" + world_.words(value.span) + "}\"`");
    } else {
      message.help("for example `set " + field.name + " = " + checker_.example_for(target, value) +
                   "`");
    }
    return std::nullopt;
  }
  return SetAction{own->index, ExprPtr(value.expr)};
}

}  // namespace consign::check
