// Operands: literals, arithmetic, functions and counts over lines.

#include <algorithm>

#include "dsl/checker.hpp"

namespace consign::check {

namespace {

/// Deeper trees than any that people write; the guard is for the call stack.
constexpr std::size_t kDeepest = 1000;

bool has_arithmetic(Type type) {
  return type == Type::number || type == Type::money || type == Type::weight ||
         type == Type::duration;
}

/// The type of `left op right`, or nothing where there is no such arithmetic.
std::optional<Type> result_of(ast::BinaryOp op, Type left, Type right) {
  switch (op) {
    case ast::BinaryOp::add:
      if (left == right && has_arithmetic(left)) return left;
      if (left == Type::time && right == Type::duration) return Type::time;
      if (left == Type::duration && right == Type::time) return Type::time;
      return std::nullopt;
    case ast::BinaryOp::subtract:
      if (left == right && has_arithmetic(left)) return left;
      if (left == Type::time && right == Type::duration) return Type::time;
      if (left == Type::time && right == Type::time) return Type::duration;
      return std::nullopt;
    case ast::BinaryOp::multiply:
      if (left == Type::number && has_arithmetic(right)) return right;
      if (right == Type::number && has_arithmetic(left)) return left;
      return std::nullopt;
    case ast::BinaryOp::divide:
      if (right == Type::number && has_arithmetic(left)) return left;
      if (left == right && has_arithmetic(left)) return Type::number;
      return std::nullopt;
  }
  return std::nullopt;
}

std::string_view verb_of(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::add:
      return "added to";
    case ast::BinaryOp::subtract:
      return "subtracted from";
    case ast::BinaryOp::multiply:
      return "multiplied with";
    case ast::BinaryOp::divide:
      return "divided by";
  }
  return "";
}

Arithmetic arithmetic_of(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::add:
      return Arithmetic::add;
    case ast::BinaryOp::subtract:
      return Arithmetic::subtract;
    case ast::BinaryOp::multiply:
      return Arithmetic::multiply;
    case ast::BinaryOp::divide:
      return Arithmetic::divide;
  }
  return Arithmetic::add;
}

}  // namespace

std::optional<Value> value_of(const ast::Literal& literal) {
  if (const auto* text = std::get_if<ast::TextLiteral>(&literal)) return Value::of_text(text->text);
  if (const auto* number = std::get_if<ast::NumberLiteral>(&literal)) {
    return Value::of_number(number->number);
  }
  if (const auto* money = std::get_if<ast::MoneyLiteral>(&literal)) {
    return Value::of_money(money->amount, money->currency);
  }
  if (const auto* weight = std::get_if<ast::WeightLiteral>(&literal)) {
    return Value::of_weight(weight->grams);
  }
  if (const auto* duration = std::get_if<ast::DurationLiteral>(&literal)) {
    return Value::of_duration(duration->seconds);
  }
  if (const auto* day = std::get_if<ast::DayLiteral>(&literal)) return Value::of_day(day->day);
  if (const auto* time = std::get_if<ast::TimeLiteral>(&literal)) return Value::of_time(time->time);
  if (const auto* truth = std::get_if<ast::BoolLiteral>(&literal))
    return Value::of_bool(truth->truth);
  return std::nullopt;
}

std::string_view describe(const ast::Literal& literal) {
  if (std::holds_alternative<ast::PercentLiteral>(literal)) return "a percentage";
  if (std::holds_alternative<ast::PermissionLiteral>(literal)) return "a permission";
  const std::optional<Value> value = value_of(literal);
  return value ? consign::describe(value->type) : "a literal";
}

std::string Checker::label_of(const Operand& operand) const {
  if (operand.type == Type::enumeration) return std::string(consign::describe(operand.domain));
  return std::string(consign::describe(operand.type));
}

std::string Checker::kind_of(const Operand& operand) const {
  return (operand.type == Type::enumeration ? "a " : "") + label_of(operand);
}

Operand Checker::operand(const ast::Expr& expr) {
  if (nesting_ >= kDeepest) {
    world_.sink.report(Code::nested_too_deep, "this is nested too deeply")
        .primary(expr.span)
        .help("take parts of it out into a `define`");
    return {};
  }
  ++nesting_;
  Operand resolved = operand_node(expr);
  --nesting_;
  resolved.span = expr.span;
  return resolved;
}

Operand Checker::operand_node(const ast::Expr& expr) {
  if (const auto* node = expr.get_if<ast::LiteralExpr>()) {
    Constant room{};
    Operand read = literal(node->literal, node->span, room);
    if (read) read.expr = world_.pool->make<Constant>(room);
    return read;
  }
  if (const auto* node = expr.get_if<ast::NameExpr>()) return name(expr, *node);
  if (const auto* node = expr.get_if<ast::IndexExpr>()) return index(expr, *node);
  if (const auto* node = expr.get_if<ast::BinaryExpr>()) return arithmetic(expr, *node);
  if (const auto* node = expr.get_if<ast::NegateExpr>()) return negation(expr, *node);
  if (const auto* node = expr.get_if<ast::CallExpr>()) return call(expr, *node);
  if (const auto* node = expr.get_if<ast::AggregateExpr>()) return aggregate(expr, *node);
  world_.sink.report(Code::wrong_operand, world_.quoted(expr.span) + " is a condition, not a value")
      .primary(expr.span, "a value is expected here")
      .help("join conditions with `and`, `or`, `not`");
  return {};
}

Operand Checker::literal(const ast::Literal& written, Span span, Constant& room) {
  if (const auto* named = std::get_if<ast::PermissionLiteral>(&written)) {
    return permission(*named, span, room);
  }
  Operand operand;
  operand.span = span;
  std::optional<Value> value = value_of(written);
  if (!value) {
    world_.sink
        .report(Code::wrong_operand, world_.quoted(span) + " is " + std::string(describe(written)) +
                                         ", which has no place here")
        .primary(span)
        .help(
            "shares stand in `split { … }` and `divide { … }`; in a condition write the number, "
            "for example `order.total * 0.1`");
    return operand;
  }
  if (value->type == Type::money) {
    const auto currency = find_word(Domain::currency, value->currency);
    if (!currency) {
      auto message = world_.sink.report(Code::unknown_currency,
                                        "there is no currency " + ticked(value->currency));
      message.primary(span, "not an ISO 4217 code");
      const auto words = words_of(Domain::currency);
      suggest(message, value->currency, {words.begin(), words.end()});
      return operand;
    }
    value->currency = *currency;
  }
  operand.type = value->type;
  operand.literal = true;
  if (const auto* text = std::get_if<ast::TextLiteral>(&written)) {
    operand.flexible = true;
    operand.exactly = text->exactly;
  }
  value->text = world_.lasting(value->text, span.source);
  room = {{span, operand.type, ExprNodes::kind_of<Constant>()}, *value};
  operand.expr = &room;
  return operand;
}

Operand Checker::permission(const ast::PermissionLiteral& written, Span span, Constant& room) {
  Operand operand;
  operand.span = span;
  operand.type = Type::permission;
  const auto singles = permissions_.singles(written, span);
  if (!singles) return operand;
  const std::span<Value> values = world_.pool->array<Value>(singles->size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = Value::of_code(world_.pool->copy((*singles)[i].to_string()));
    values[i].type = Type::permission;
  }
  operand.literal = true;
  operand.any_of = values;
  room = {{span, operand.type, ExprNodes::kind_of<Constant>()}, values.front()};
  operand.expr = &room;
  return operand;
}

Operand Checker::arithmetic(const ast::Expr& expr, const ast::BinaryExpr& written) {
  Operand left = operand(*written.left);
  Operand right = operand(*written.right);
  if (!left || !right) return {};
  if (!single(left, "in arithmetic") || !single(right, "in arithmetic")) return {};
  const std::optional<Type> type = result_of(written.op, left.type, right.type);
  if (!type) {
    const bool subtracting = written.op == ast::BinaryOp::subtract;
    const Operand& first = subtracting ? right : left;
    const Operand& second = subtracting ? left : right;
    auto message = world_.sink.report(
        Code::bad_arithmetic,
        kind_of(first) + " cannot be " + std::string(verb_of(written.op)) + " " + kind_of(second));
    message.primary(written.op_span)
        .label(left.span, label_of(left))
        .label(right.span, label_of(right));
    if (left.type == Type::day || right.type == Type::day) {
      message.help("count with times instead: `order.placed_at + 3 days`");
    } else {
      message.help(
          "numbers, money, weights and durations add up with their like and can be "
          "multiplied with numbers; a time takes a duration");
    }
    return {};
  }
  const bool adds = written.op == ast::BinaryOp::add || written.op == ast::BinaryOp::subtract;
  if ((adds || *type == Type::number) && !currencies_compare(left, right)) return {};
  Operand operand;
  operand.type = *type;
  operand.expr = world_.make<ArithmeticExpr>(expr.span, *type, arithmetic_of(written.op), left.expr,
                                             right.expr);
  return operand;
}

Operand Checker::negation(const ast::Expr& expr, const ast::NegateExpr& written) {
  Operand inner = operand(*written.operand);
  if (!inner || !single(inner, "after a minus")) return {};
  if (!has_arithmetic(inner.type)) {
    world_.sink
        .report(Code::bad_arithmetic,
                world_.quoted(inner.span) + " is " + kind_of(inner) + ", which has no negative")
        .primary(inner.span, label_of(inner));
    return {};
  }
  Operand operand;
  operand.type = inner.type;
  operand.expr = world_.make<NegateExpr>(expr.span, inner.type, inner.expr);
  return operand;
}

const TimeZone* Checker::declared_zone(Span span, std::string_view because) {
  if (world_.zone) return world_.zone;
  if (!world_.zone_declared) {
    world_.sink.report(Code::needs_time_zone, std::string(because))
        .primary(span, "in which time zone?")
        .help("declare `timezone \"Europe/Stockholm\"` once in the rule set");
  }
  return nullptr;
}

const TimeZone* Checker::named_zone(const ast::Expr& written) {
  const auto* literal = written.get_if<ast::LiteralExpr>();
  const auto* text = literal ? std::get_if<ast::TextLiteral>(&literal->literal) : nullptr;
  if (!text) {
    world_.sink.report(Code::wrong_operand, "a time zone is a text in quotes")
        .primary(written.span)
        .help("for example `\"Europe/Stockholm\"`");
    return nullptr;
  }
  const TimeZone* zone = find_time_zone(text->text);
  if (!zone) report_unknown_zone(world_, {text->text, written.span});
  return zone;
}

Operand Checker::call(const ast::Expr& expr, const ast::CallExpr& written) {
  const FunctionRow* row = find_function(written.function.text);
  if (!row) {
    auto message = world_.sink.report(Code::unknown_function,
                                      "there is no function " + ticked(written.function.text));
    message.primary(written.function.span, "unknown function");
    std::vector<std::string_view> names;
    for (const FunctionRow& each : all_functions()) names.push_back(each.spelling);
    if (!suggest(message, written.function.text, names))
      message.help("there are " + list_of(names));
    return {};
  }
  const std::string form = std::string(row->spelling) + std::string(row->parameters);
  if (written.arguments.empty() || written.arguments.size() > 2) {
    world_.sink
        .report(Code::wrong_operand,
                ticked(row->spelling) + " takes a time and, after a comma, a time zone")
        .primary(expr.span)
        .help("write " + ticked(form));
    return {};
  }
  Operand time = operand(*written.arguments[0]);
  const TimeZone* zone = nullptr;
  std::string_view zone_name;
  if (written.arguments.size() == 2) {
    zone = named_zone(*written.arguments[1]);
    if (zone) {
      const auto& literal = written.arguments[1]->as<ast::LiteralExpr>();
      zone_name =
          world_.lasting(std::get<ast::TextLiteral>(literal.literal).text, literal.span.source);
    }
  } else {
    zone = declared_zone(expr.span, ticked(row->spelling) + " depends on the time zone");
    if (zone) zone_name = world_.lasting(*world_.rules.time_zone, expr.span.source);
  }
  if (!time || !zone) return {};
  if (time.type != Type::time) {
    world_.sink
        .report(Code::type_mismatch, ticked(row->spelling) + " takes a time but " +
                                         world_.quoted(time.span) + " is " + kind_of(time))
        .primary(time.span, label_of(time))
        .help("for example `" + std::string(row->spelling) + "(order.placed_at)`");
    return {};
  }
  Operand operand;
  operand.type = row->result;
  operand.domain = row->domain;
  operand.expr =
      world_.make<CallExpr>(expr.span, row->result, row->function, time.expr, zone_name, zone);
  return operand;
}

bool Checker::enter_quantifier(Span span) {
  if (in_quantifier_) {
    world_.sink
        .report(Code::nested_quantifier, "a question about all lines stands inside another one")
        .primary(span, "inside it, `line` is already one of the lines")
        .help("ask two questions and join them with `and` or `or`");
    return false;
  }
  if (!reach_->quantifier) reach_->quantifier = span;
  if (!reach_->order) reach_->order = Reach::Read{span, "lines"};
  in_quantifier_ = true;
  return true;
}

Operand Checker::aggregate(const ast::Expr& expr, const ast::AggregateExpr& written) {
  if (!enter_quantifier(expr.span)) return {};
  Operand summed;
  bool good = true;
  if (written.is_sum) {
    summed = operand(*written.summed);
    good = static_cast<bool>(summed) && single(summed, "in a sum");
    if (good && !has_arithmetic(summed.type)) {
      world_.sink
          .report(Code::bad_arithmetic,
                  world_.quoted(summed.span) + " is " + kind_of(summed) + ", which has no sum")
          .primary(summed.span, label_of(summed))
          .help("sum numbers, money, weights or durations, for example `sum of line.quantity`");
      good = false;
    }
  }
  Expr* filter = nullptr;
  if (written.filter) {
    filter = inner(*written.filter);
    good = good && filter;
  }
  in_quantifier_ = false;
  if (!good) return {};
  Operand operand;
  operand.type = written.is_sum ? summed.type : Type::number;
  operand.expr = world_.make<AggregateExpr>(expr.span, operand.type, summed.expr, filter);
  return operand;
}

bool Checker::single(const Operand& operand, std::string_view where) {
  if (!operand.many) return true;
  world_.sink
      .report(Code::many_values, world_.quoted(operand.span) +
                                     " has many values and cannot stand " + std::string(where))
      .primary(operand.span, "any number of values")
      .help("compare it on the left side, for example `" + world_.words(operand.span) +
            " = \"…\"`, which holds if one of them is equal");
  return false;
}

bool Checker::currencies_compare(const Operand& left, const Operand& right) {
  const auto* a = left.expr->get_if<Constant>();
  const auto* b = right.expr->get_if<Constant>();
  if (!a || !b || left.type != Type::money || right.type != Type::money) return true;
  const std::string from(a->value.currency), to(b->value.currency);
  if (world_.rate_between(from, to)) return true;
  world_.sink
      .report(Code::missing_rate,
              "no rate is declared between " + ticked(from) + " and " + ticked(to))
      .primary(right.span, to)
      .label(left.span, from)
      .help("declare one, for example `rate " + to + " = 0.92 " + from + "`");
  return false;
}

bool Checker::as_day(Operand& time) {
  const TimeZone* zone = declared_zone(
      time.span, "comparing " + world_.quoted(time.span) + " with a day depends on the time zone");
  if (!zone) return false;
  const Span span = time.expr->span;
  time.expr = world_.make<CallExpr>(span, Type::day, Function::date, time.expr,
                                    world_.lasting(*world_.rules.time_zone, span.source), zone);
  time.type = Type::day;
  return true;
}

Operand Checker::value(const ast::Expr& expr, Reach& reach) {
  reach_ = &reach;
  return operand(expr);
}

}  // namespace consign::check
