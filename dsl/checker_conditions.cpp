// Conditions: comparisons, text tests, membership, junctions, quantifiers and the use of defines.

#include <re2/re2.h>

#include <algorithm>

#include "consign/text.hpp"
#include "dsl/checker.hpp"

namespace consign::check {

namespace {

constexpr std::size_t kDeepest = 1000;  ///< for the call stack; see operand()
/// Bounds what one regular expression may cost, in bytes of RE2's program and caches.
constexpr std::int64_t kRegexMemory = 1 << 20;

bool has_order(Type type) {
  switch (type) {
    case Type::number:
    case Type::money:
    case Type::weight:
    case Type::duration:
    case Type::time:
    case Type::day:
      return true;
    default:
      return false;
  }
}

TextMode mode_of(const Operand& left, bool exactly) {
  return left.type == Type::text && !exactly ? TextMode::folded : TextMode::exact;
}

bool is_day_literal(const Operand& operand) { return operand.literal && operand.type == Type::day; }

}  // namespace

ExprPtr Checker::condition(const ast::Expr& expr, Reach& reach) {
  reach_ = &reach;
  level_ = 0;
  return condition_node(expr);
}

Expr* Checker::inner(const ast::Expr& expr) {
  ++level_;
  reach_->depth = std::max(reach_->depth, level_);
  auto resolved = condition_node(expr);
  --level_;
  return resolved;
}

Expr* Checker::condition_node(const ast::Expr& expr) {
  if (nesting_ >= kDeepest) {
    world_.sink.report(Code::nested_too_deep, "this is nested too deeply")
        .primary(expr.span)
        .help("take parts of it out into a `define`");
    return nullptr;
  }
  ++nesting_;
  Expr* resolved = nullptr;
  if (const auto* comparison = expr.get_if<ast::CompareExpr>()) {
    resolved = compare(expr, *comparison);
  } else if (const auto* range = expr.get_if<ast::BetweenExpr>()) {
    resolved = between(expr, *range);
  } else if (const auto* member = expr.get_if<ast::MembershipExpr>()) {
    resolved = membership(expr, *member);
  } else if (const auto* parts = expr.get_if<ast::JunctionExpr>()) {
    resolved = junction(expr, *parts);
  } else if (const auto* negation = expr.get_if<ast::NotExpr>()) {
    if (auto operand = inner(*negation->operand))
      resolved = condition_made<NotExpr>(expr.span, operand);
  } else if (const auto* quantifier = expr.get_if<ast::QuantifiedExpr>()) {
    resolved = quantified(expr, *quantifier);
  } else {
    resolved = truth(expr);
  }
  --nesting_;
  return resolved;
}

Expr* Checker::truth(const ast::Expr& expr) {
  if (const auto* name = expr.get_if<ast::NameExpr>()) {
    if (const auto* define = world_.defines.find(name->name); define && !find_field(name->name)) {
      return define_use(expr, *define);
    }
  }
  Operand value = operand(expr);
  if (!value) return nullptr;
  if (value.type != Type::boolean || value.many) {
    auto message =
        world_.sink.report(Code::wrong_operand, world_.quoted(expr.span) + " is " + kind_of(value) +
                                                    ", not a condition");
    message.primary(expr.span, "a condition is expected here");
    if (value.expr->is<FieldRead>()) {
      const std::string text = world_.words(expr.span);
      message.help("compare it, for example `" + text + " = " + example_for(value, value) +
                   "`, or ask `" + text + " is present`");
    }
    return nullptr;
  }
  return condition_made<TruthTest>(expr.span, value.expr);
}

Expr* Checker::compare(const ast::Expr& expr, const ast::CompareExpr& written) {
  const OperatorRow* row = find_operator(written.op.text);
  if (!row || row->kind == OperatorKind::range || row->kind == OperatorKind::member) {
    auto message = world_.sink.report(Code::unknown_operator,
                                      "there is no operator " + ticked(written.op.text));
    message.primary(written.op.span, "unknown operator");
    std::vector<std::string_view> names;
    for (const OperatorRow& each : all_operators()) names.push_back(each.spelling);
    if (!suggest(message, written.op.text, names)) message.help("there are " + list_of(names));
    return nullptr;
  }
  switch (row->kind) {
    case OperatorKind::text:
      return text_test(expr, written, *row);
    case OperatorKind::presence:
      return presence(expr, written, (row->op == Operator::is_missing) != written.negated);
    default:
      break;
  }
  Operand left = operand(*written.left);
  Operand right = operand(*written.right);
  if (!left || !right) return nullptr;
  return compare_values(expr.span, *row, std::move(left), std::move(right));
}

bool Checker::order_allowed(const Operand& left, std::string_view op) {
  if (has_order(left.type)) return true;
  auto message =
      world_.sink.report(Code::no_order, world_.quoted(left.span) + " is " + kind_of(left) +
                                             ", which " + ticked(op) + " cannot order");
  message.primary(left.span, label_of(left));
  message.help(left.type == Type::text || left.type == Type::code
                   ? "compare texts with `=`, `!=`, `in`, `starts with`, `like`"
                   : "compare it with `=`, `!=` or `in`");
  return false;
}

Expr* Checker::compare_values(Span span, const OperatorRow& row, Operand left, Operand right) {
  if (right.many) {
    auto message = world_.sink.report(
        Code::many_values, world_.quoted(right.span) + " has many values and stands on the right");
    message.primary(right.span, "any number of values");
    if (left.many) {
      message.label(left.span, "and so has this")
          .help("compare one of the two with a single value");
    } else {
      message.help("put it on the left: `" + world_.words(right.span) + " " +
                   std::string(row.spelling) + " " + world_.words(left.span) + "`");
    }
    return nullptr;
  }
  if (!bend(left, right) || !bend(right, left)) return nullptr;
  if (is_day_literal(right) && left.type == Type::time && !as_day(left)) return nullptr;
  if (is_day_literal(left) && right.type == Type::time && !as_day(right)) return nullptr;
  if (!same_type(left, right)) {
    mismatch(left, row.spelling, right);
    return nullptr;
  }
  if (row.kind == OperatorKind::order && !order_allowed(left, row.spelling)) return nullptr;
  if (!currencies_compare(left, right)) return nullptr;
  if (left.any_of.size() > 1) std::swap(left, right);  // `=` and `!=` alone come this far
  if (right.any_of.size() > 1) {
    if (left.literal) {
      world_.sink
          .report(Code::wrong_operand, world_.quoted(left.span) + " and " +
                                           world_.quoted(right.span) +
                                           " are both written out, and there is nothing to compare")
          .primary(span)
          .help("compare a field, as in `check.action = " + world_.words(right.span) + "`");
      return nullptr;
    }
    return condition_made<Membership>(span, left.expr, right.any_of, std::string_view{},
                                      TextMode::exact, row.op == Operator::not_equal);
  }
  const TextMode mode = mode_of(left, left.exactly || right.exactly);
  return condition_made<Comparison>(span, row.op, left.expr, right.expr, mode);
}

bool Checker::valid_expression(std::string_view pattern, Span span) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  const RE2 expression(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (expression.ok()) return true;
  const bool too_large = expression.error_code() == RE2::ErrorPatternTooLarge;
  auto message = world_.sink.report(
      Code::bad_regex, too_large ? "this regular expression is too large"
                                 : "this is not a regular expression: " + expression.error());
  message.primary(span, too_large ? "" : expression.error_arg());
  message.help(too_large ? "make its repetitions smaller"
                         : "`matches` takes RE2's syntax; for `*` and `?` alone use `like`");
  return false;
}

Expr* Checker::text_test(const ast::Expr& expr, const ast::CompareExpr& written,
                         const OperatorRow& row) {
  Operand left = operand(*written.left);
  Operand right = operand(*written.right);
  if (!left || !right) return nullptr;
  if (left.type != Type::text && left.type != Type::code) {
    auto message = world_.sink.report(Code::type_mismatch,
                                      ticked(row.spelling) + " looks at letters, but " +
                                          world_.quoted(left.span) + " is " + kind_of(left));
    message.primary(left.span, label_of(left));
    message.help(has_order(left.type) ? "compare it with `=`, `<`, `>` or `between`"
                                      : "compare it with `=` or `in { … }`");
    return nullptr;
  }
  const auto* constant = right.literal ? right.expr->get_if<Constant>() : nullptr;
  if (!constant || constant->value.type != Type::text) {
    auto message = world_.sink.report(
        Code::wrong_operand, ticked(row.spelling) + " takes a text in quotes, but " +
                                 world_.quoted(right.span) + " is " +
                                 (constant ? label_of(right) : std::string("not a literal")));
    message.primary(right.span, "a text in quotes is expected here");
    if (constant) message.help("write " + ticked(quote(world_.words(right.span))));
    return nullptr;
  }
  if (row.op == Operator::matches && !valid_expression(constant->value.text, right.span)) {
    return nullptr;
  }
  if (row.op == Operator::contains && left.many) {
    world_.sink
        .report(Code::contains_on_many,
                "`contains` looks for letters inside each value of " + world_.quoted(left.span))
        .primary(written.op.span)
        .help("to ask whether one of the values is " + world_.quoted(right.span) + ", write `" +
              world_.words(left.span) + " = " + world_.words(right.span) + "`");
  }
  const bool lower = left.lower_case && row.op != Operator::matches;
  const std::string_view pattern =
      lower ? world_.pool->copy(ascii_lower(constant->value.text)) : constant->value.text;
  return condition_made<TextTest>(expr.span, row.op, left.expr, pattern,
                                  mode_of(left, right.exactly), written.negated);
}

Expr* Checker::presence(const ast::Expr& expr, const ast::CompareExpr& written, bool missing) {
  Operand value = operand(*written.left);
  if (!value) return nullptr;
  if (!value.expr->is<FieldRead>() && !value.expr->is<LookupExpr>()) {
    world_.sink
        .report(Code::wrong_operand,
                world_.quoted(value.span) + " is neither a field nor a row of a table")
        .primary(value.span, "only those can be missing");
    return nullptr;
  }
  return condition_made<PresenceTest>(expr.span, value.expr, missing);
}

Expr* Checker::between(const ast::Expr& expr, const ast::BetweenExpr& written) {
  Operand value = operand(*written.operand);
  Operand low = operand(*written.low);
  Operand high = operand(*written.high);
  if (!value || !low || !high) return nullptr;
  for (const Operand* each : {&value, &low, &high}) {
    if (!single(*each, "with `between`")) return nullptr;
  }
  if (!bend(low, value) || !bend(high, value)) return nullptr;
  if (value.type == Type::time && is_day_literal(low) && is_day_literal(high) && !as_day(value)) {
    return nullptr;
  }
  if (value.type == Type::time && is_day_literal(low) != is_day_literal(high)) {
    world_.sink
        .report(Code::type_mismatch, "one end of this `between` is a day and the other a time")
        .primary(low.span, kind_of(low))
        .primary(high.span, kind_of(high))
        .help("write both as days or both as times, or make two comparisons of it");
    return nullptr;
  }
  for (const Operand* end : {&low, &high}) {
    if (!same_type(value, *end)) {
      mismatch(value, end == &low ? ">=" : "<=", *end);
      return nullptr;
    }
  }
  if (!order_allowed(value, "between")) return nullptr;
  if (!currencies_compare(low, high) || !currencies_compare(value, low)) return nullptr;
  return condition_made<BetweenExpr>(expr.span, value.expr, low.expr, high.expr, written.negated);
}

Expr* Checker::membership(const ast::Expr& expr, const ast::MembershipExpr& written) {
  Operand value = operand(*written.operand);
  std::span<const ast::SpannedLiteral> members = written.members;
  if (written.list_name) {
    const auto* list = world_.lists.find(written.list_name->text);
    if (!list) {
      auto message = world_.sink.report(Code::unknown_name,
                                        "there is no list " + ticked(written.list_name->text));
      message.primary(written.list_name->span, "unknown list");
      if (!suggest(message, written.list_name->text, world_.lists.names())) {
        message.help("declare `list " + std::string(written.list_name->text) +
                     " = { \"…\" }`, or write the members in braces");
      }
      return nullptr;
    }
    if (world_.mixed_lists.contains(written.list_name->text)) return nullptr;
    members = world_.list_trees[list->index]->members;
  }
  if (!value) return nullptr;
  const auto is_day = [](const ast::SpannedLiteral& member) {
    return std::holds_alternative<ast::DayLiteral>(member.literal);
  };
  if (value.type == Type::time && !members.empty() &&
      std::all_of(members.begin(), members.end(), is_day) && !as_day(value)) {
    return nullptr;
  }
  std::string_view list_name;
  if (written.list_name) list_name = world_.lasting(*written.list_name);
  members_.clear();
  std::size_t exactly = 0;
  bool good = true;
  // A list that does not fit is told of once, not at each of its uses.
  const bool told = written.list_name && is_faulty(list_name, value);
  if (told) return nullptr;
  for (const ast::SpannedLiteral& member : members) {
    Constant room{};
    Operand each = literal(member.literal, member.span, room);
    if (!each || !bend(each, value)) {
      good = false;
      continue;
    }
    if (!same_type(value, each)) {
      auto message = world_.sink.report(
          Code::type_mismatch, world_.quoted(member.span) + " is " + kind_of(each) + " but " +
                                   world_.quoted(value.span) + " is " + kind_of(value));
      message.primary(member.span, label_of(each)).label(value.span, label_of(value));
      if (written.list_name) message.label(written.list_name->span, "compared with the list here");
      message.help("write a member like `" + example_for(value, each) + "`");
      good = false;
      continue;
    }
    if (each.exactly) ++exactly;
    if (each.any_of.empty()) {
      members_.push_back(room.value);
    } else {
      members_.insert(members_.end(), each.any_of.begin(), each.any_of.end());
    }
  }
  if (!good) {
    if (written.list_name) faulty_lists_.emplace(list_name, value.type, value.domain);
    return nullptr;
  }
  if (value.type == Type::text && exactly != 0 && exactly != members.size()) {
    world_.sink.report(Code::wrong_operand, "only some of these members stand after `exactly`")
        .primary(written.list_name ? written.list_name->span : expr.span)
        .help("write `exactly` before each of them, or before none");
    return nullptr;
  }
  const std::span<const Value> typed = world_.pool->copy(members_);
  return condition_made<Membership>(expr.span, value.expr, typed, list_name,
                                    mode_of(value, exactly != 0 || value.exactly), written.negated);
}

Expr* Checker::junction(const ast::Expr& expr, const ast::JunctionExpr& written) {
  const std::span<ExprPtr> typed = world_.pool->array<ExprPtr>(written.parts.size());
  auto next = typed.begin();
  bool good = true;
  for (const ast::ExprPtr& part : written.parts) {
    const bool nested = part->is<ast::JunctionExpr>();
    auto resolved = nested ? inner(*part) : condition_node(*part);
    good = good && resolved;
    *next++ = resolved;
  }
  if (!good) return nullptr;
  const Junction op = written.is_and ? Junction::conjunction : Junction::disjunction;
  return condition_made<JunctionExpr>(expr.span, op, typed);
}

Expr* Checker::quantified(const ast::Expr& expr, const ast::QuantifiedExpr& written) {
  if (!enter_quantifier(expr.span)) return nullptr;
  auto resolved = inner(*written.condition);
  in_quantifier_ = false;
  if (!resolved) return nullptr;
  Quantifier quantifier = Quantifier::any;
  switch (written.quantifier) {
    case ast::Quantifier::any:
      quantifier = Quantifier::any;
      break;
    case ast::Quantifier::every:
      quantifier = Quantifier::every;
      break;
    case ast::Quantifier::no:
      quantifier = Quantifier::no;
      break;
  }
  return condition_made<QuantifiedExpr>(expr.span, quantifier, resolved);
}

Expr* Checker::define_use(const ast::Expr& expr, const NameTable::Entry& define) {
  if (!resolve_define(define.index, expr.span)) return nullptr;
  const Reach& reach = world_.define_states[define.index].reach;
  if (in_quantifier_ && reach.quantifier) {
    world_.sink
        .report(Code::nested_quantifier, "a question about all lines stands inside another one")
        .primary(expr.span, "this define asks about all lines")
        .label(*reach.quantifier, "here")
        .help("ask two questions and join them with `and` or `or`");
    return nullptr;
  }
  const std::size_t depth = level_ + 1 + reach.depth;
  if (depth > world_.options.limits.nesting) {
    world_.sink
        .report(Code::nested_too_deep,
                "with the defines that it uses, this condition is nested more than " +
                    std::to_string(world_.options.limits.nesting) + " deep")
        .primary(expr.span)
        .help("make the defines flatter");
    return nullptr;
  }
  reach_->depth = std::max(reach_->depth, depth);
  const auto take = [&](std::optional<Reach::Read>& mine,
                        const std::optional<Reach::Read>& theirs) {
    if (theirs && !mine) mine = Reach::Read{expr.span, theirs->name};
  };
  take(in_quantifier_ ? reach_->order : reach_->line, reach.line);
  take(reach_->order, reach.order);
  take(reach_->shop, reach.shop);
  take(reach_->check, reach.check);
  take(reach_->request, reach.request);
  take(reach_->account, reach.account);
  if (reach.event && !note_event({expr.span, reach.event->name}, reach.event_index)) return nullptr;
  if (reach.quantifier && !reach_->quantifier) reach_->quantifier = expr.span;
  return condition_made<DefineUse>(expr.span, define.index);
}

bool Checker::resolve_define(std::uint32_t index, Span use) {
  DefineState& state = world_.define_states[index];
  if (state.state == DefineState::done) return true;
  if (state.state == DefineState::broken) return false;
  if (state.state == DefineState::open) {
    auto message = world_.sink.report(Code::recursive,
                                      ticked(state.tree->name.text) + " is defined by itself");
    message.primary(use, "used in its own definition");
    std::string circle;
    const auto first = std::find(open_defines_.begin(), open_defines_.end(), index);
    for (auto at = first; at != open_defines_.end(); ++at) {
      circle += ticked(world_.define_states[*at].tree->name.text) + " -> ";
    }
    message.label(state.tree->name.span, "defined here")
        .note(circle + ticked(state.tree->name.text));
    return false;
  }
  if (!state.tree->condition) {  // did not parse
    state.state = DefineState::broken;
    return false;
  }
  state.state = DefineState::open;
  open_defines_.push_back(index);
  Reach* const outer = std::exchange(reach_, &state.reach);
  const bool outer_quantifier = std::exchange(in_quantifier_, false);
  const std::size_t outer_level = std::exchange(level_, 0);
  ExprPtr condition = condition_node(*state.tree->condition);
  reach_ = outer;
  in_quantifier_ = outer_quantifier;
  level_ = outer_level;
  open_defines_.pop_back();
  state.state = condition ? DefineState::done : DefineState::broken;
  world_.rules.defines[index].condition = condition;
  return state.state == DefineState::done;
}

}  // namespace consign::check
