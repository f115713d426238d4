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

template <class Node>
std::unique_ptr<Expr> make(Span span, Node node) {
  return std::unique_ptr<Expr>(new Expr{span, Type::boolean, std::move(node)});
}

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

std::unique_ptr<Expr> Checker::inner(const ast::Expr& expr) {
  ++level_;
  reach_->depth = std::max(reach_->depth, level_);
  auto resolved = condition_node(expr);
  --level_;
  return resolved;
}

std::unique_ptr<Expr> Checker::condition_node(const ast::Expr& expr) {
  if (nesting_ >= kDeepest) {
    world_.sink.report(Code::nested_too_deep, "this is nested too deeply")
        .primary(expr.span)
        .help("take parts of it out into a `define`");
    return nullptr;
  }
  ++nesting_;
  std::unique_ptr<Expr> resolved;
  if (const auto* comparison = std::get_if<ast::CompareExpr>(&expr.node)) {
    resolved = compare(expr, *comparison);
  } else if (const auto* range = std::get_if<ast::BetweenExpr>(&expr.node)) {
    resolved = between(expr, *range);
  } else if (const auto* member = std::get_if<ast::MembershipExpr>(&expr.node)) {
    resolved = membership(expr, *member);
  } else if (const auto* parts = std::get_if<ast::JunctionExpr>(&expr.node)) {
    resolved = junction(expr, *parts);
  } else if (const auto* negation = std::get_if<ast::NotExpr>(&expr.node)) {
    if (auto operand = inner(*negation->operand))
      resolved = make(expr.span, NotExpr{std::move(operand)});
  } else if (const auto* quantifier = std::get_if<ast::QuantifiedExpr>(&expr.node)) {
    resolved = quantified(expr, *quantifier);
  } else {
    resolved = truth(expr);
  }
  --nesting_;
  return resolved;
}

std::unique_ptr<Expr> Checker::truth(const ast::Expr& expr) {
  if (const auto* name = std::get_if<ast::NameExpr>(&expr.node)) {
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
    if (std::holds_alternative<FieldRead>(value.expr->node)) {
      const std::string text = world_.words(expr.span);
      message.help("compare it, for example `" + text + " = " + example_for(value, value) +
                   "`, or ask `" + text + " is present`");
    }
    return nullptr;
  }
  return make(expr.span, TruthTest{std::move(value.expr)});
}

std::unique_ptr<Expr> Checker::compare(const ast::Expr& expr, const ast::CompareExpr& written) {
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

std::unique_ptr<Expr> Checker::compare_values(Span span, const OperatorRow& row, Operand left,
                                              Operand right) {
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
  const TextMode mode = mode_of(left, left.exactly || right.exactly);
  return make(span, Comparison{row.op, std::move(left.expr), std::move(right.expr), mode});
}

bool Checker::valid_expression(const std::string& pattern, Span span) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  const RE2 expression(pattern, options);
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

std::unique_ptr<Expr> Checker::text_test(const ast::Expr& expr, const ast::CompareExpr& written,
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
  const auto* constant = right.literal ? std::get_if<Constant>(&right.expr->node) : nullptr;
  if (!constant || constant->value.type != Type::text) {
    auto message = world_.sink.report(
        Code::wrong_operand, ticked(row.spelling) + " takes a text in quotes, but " +
                                 world_.quoted(right.span) + " is " +
                                 (constant ? label_of(right) : std::string("not a literal")));
    message.primary(right.span, "a text in quotes is expected here");
    if (constant) message.help("write " + ticked(quote(world_.words(right.span))));
    return nullptr;
  }
  if (row.op == Operator::matches &&
      !valid_expression(std::string(constant->value.text), right.span)) {
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
  TextTest test{row.op, nullptr,
                lower ? ascii_lower(constant->value.text) : std::string(constant->value.text),
                mode_of(left, right.exactly), written.negated};
  test.operand = std::move(left.expr);
  return make(expr.span, std::move(test));
}

std::unique_ptr<Expr> Checker::presence(const ast::Expr& expr, const ast::CompareExpr& written,
                                        bool missing) {
  Operand value = operand(*written.left);
  if (!value) return nullptr;
  if (!std::holds_alternative<FieldRead>(value.expr->node) &&
      !std::holds_alternative<LookupExpr>(value.expr->node)) {
    world_.sink
        .report(Code::wrong_operand,
                world_.quoted(value.span) + " is neither a field nor a row of a table")
        .primary(value.span, "only those can be missing");
    return nullptr;
  }
  return make(expr.span, PresenceTest{std::move(value.expr), missing});
}

std::unique_ptr<Expr> Checker::between(const ast::Expr& expr, const ast::BetweenExpr& written) {
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
  return make(expr.span, BetweenExpr{std::move(value.expr), std::move(low.expr),
                                     std::move(high.expr), written.negated});
}

std::unique_ptr<Expr> Checker::membership(const ast::Expr& expr,
                                          const ast::MembershipExpr& written) {
  Operand value = operand(*written.operand);
  const std::vector<ast::SpannedLiteral>* members = &written.members;
  if (written.list_name) {
    const auto* list = world_.lists.find(written.list_name->text);
    if (!list) {
      auto message = world_.sink.report(Code::unknown_name,
                                        "there is no list " + ticked(written.list_name->text));
      message.primary(written.list_name->span, "unknown list");
      if (!suggest(message, written.list_name->text, world_.lists.names())) {
        message.help("declare `list " + written.list_name->text +
                     " = { \"…\" }`, or write the members in braces");
      }
      return nullptr;
    }
    if (world_.mixed_lists.contains(written.list_name->text)) return nullptr;
    members = &world_.list_trees[list->index]->members;
  }
  if (!value) return nullptr;
  const auto is_day = [](const ast::SpannedLiteral& member) {
    return std::holds_alternative<ast::DayLiteral>(member.literal);
  };
  if (value.type == Type::time && !members->empty() &&
      std::all_of(members->begin(), members->end(), is_day) && !as_day(value)) {
    return nullptr;
  }
  Membership typed;
  typed.negated = written.negated;
  if (written.list_name) typed.list_name = written.list_name->text;
  typed.members.reserve(members->size());
  std::size_t exactly = 0;
  bool good = true;
  // A list that does not fit is told of once, not at each of its uses.
  const auto list_id = std::tuple(typed.list_name, value.type, value.domain);
  const bool told = written.list_name && faulty_lists_.contains(list_id);
  for (const ast::SpannedLiteral& member : *members) {
    if (told) return nullptr;
    Operand each = literal(member);
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
    typed.members.push_back(std::get<Constant>(each.expr->node).value);
  }
  if (!good) {
    if (written.list_name) faulty_lists_.insert(list_id);
    return nullptr;
  }
  if (value.type == Type::text && exactly != 0 && exactly != members->size()) {
    world_.sink.report(Code::wrong_operand, "only some of these members stand after `exactly`")
        .primary(written.list_name ? written.list_name->span : expr.span)
        .help("write `exactly` before each of them, or before none");
    return nullptr;
  }
  typed.mode = mode_of(value, exactly != 0 || value.exactly);
  typed.operand = std::move(value.expr);
  return make(expr.span, std::move(typed));
}

std::unique_ptr<Expr> Checker::junction(const ast::Expr& expr, const ast::JunctionExpr& written) {
  JunctionExpr typed;
  typed.op = written.is_and ? Junction::conjunction : Junction::disjunction;
  typed.parts.reserve(written.parts.size());
  bool good = true;
  for (const ast::ExprPtr& part : written.parts) {
    const bool nested = std::holds_alternative<ast::JunctionExpr>(part->node);
    auto resolved = nested ? inner(*part) : condition_node(*part);
    good = good && resolved;
    typed.parts.push_back(std::move(resolved));
  }
  if (!good) return nullptr;
  return make(expr.span, std::move(typed));
}

std::unique_ptr<Expr> Checker::quantified(const ast::Expr& expr,
                                          const ast::QuantifiedExpr& written) {
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
  return make(expr.span, QuantifiedExpr{quantifier, std::move(resolved)});
}

std::unique_ptr<Expr> Checker::define_use(const ast::Expr& expr, const NameTable::Entry& define) {
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
  if (reach.quantifier && !reach_->quantifier) reach_->quantifier = expr.span;
  return make(expr.span, DefineUse{define.index});
}

bool Checker::resolve_define(std::uint32_t index, Span use) {
  DefineState& state = world_.define_states[index];
  if (state.state == DefineState::done) return true;
  if (state.state == DefineState::broken) return false;
  if (state.state == DefineState::open) {
    auto message =
        world_.sink.report(Code::recursive, "`" + state.tree->name.text + "` is defined by itself");
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
  if (condition && state.reach.access) {
    report_not_in_version(world_, *state.reach.access);
    condition = nullptr;
  }
  state.state = condition ? DefineState::done : DefineState::broken;
  world_.rules.defines[index].condition = std::move(condition);
  return state.state == DefineState::done;
}

}  // namespace consign::check
