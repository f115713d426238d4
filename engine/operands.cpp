// Values over a frame: literals, fields, exact arithmetic, tables, counts and sums over lines.

#include <algorithm>

#include "engine/evaluator.hpp"

namespace consign {

namespace {

constexpr std::string_view kTooLarge = "a number is too large";
constexpr std::string_view kDivisionByZero = "division by zero";

}  // namespace

State weaker(State left, State right) {
  for (const State state : {State::missing, State::error, State::unknown}) {
    if (left == state || right == state) return state;
  }
  return State::present;
}

Operand Evaluator::operand(std::uint32_t index, std::uint32_t line) {
  const Node& node = program_.nodes[index];
  switch (node.kind) {
    case NodeKind::constant:
      return of_constant(node);
    case NodeKind::slot: {
      const Slot& values = slot(node, line);
      if (values.state == Known::known) {
        const Cell& cell = frame_.cells(values).front();
        return of_value(*cell.value, cell.text);
      }
      Operand none;
      none.type = node.type;
      none.state = values.state == Known::unknown ? State::unknown : State::missing;
      return none;
    }
    case NodeKind::arithmetic:
      return arithmetic(node, line);
    case NodeKind::negate:
      return negated(node, line);
    case NodeKind::call:
      return call(node, line);
    case NodeKind::lookup:
      return lookup(node, line);
    case NodeKind::count_lines:
    case NodeKind::sum_lines:
      return aggregate(node);
    case NodeKind::kept:
      if (at(index).kind >= NodeKind::constant) return kept_operand(node, line);
      [[fallthrough]];
    default: {
      // A condition standing as a value: `set flag = order.total > 5 EUR`.
      const Truth held = truth(index, line);
      if (held == Truth::error) return failed(cause_);
      Operand value;
      value.type = Type::boolean;
      value.state = held == Truth::unknown ? State::unknown : State::present;
      value.truth = held == Truth::yes;
      return value;
    }
  }
}

Operand Evaluator::kept_operand(const Node& node, std::uint32_t line) {
  const std::uint32_t key_line = node.row() == Row::line ? line : kNoLine;
  if (const std::uint64_t* known = memo_.find(node.a, key_line)) {
    return *reinterpret_cast<const Operand*>(*known);
  }
  const Operand found = operand(node.a, line);
  if (found.state != State::error) {
    auto* kept = new (memory_->allocate(sizeof(Operand), alignof(Operand))) Operand(found);
    memo_.put(node.a, key_line, reinterpret_cast<std::uint64_t>(kept));
  }
  return found;
}

Operand Evaluator::of_value(const Value& value, const Text& text) const {
  Operand operand;
  operand.state = State::present;
  operand.type = value.type;
  operand.text = text;
  operand.low = operand.high = value.number;
  operand.currency = value.currency;
  operand.time = value.time;
  operand.day = value.day;
  operand.truth = value.truth;
  return operand;
}

Operand Evaluator::of_literal(Literal literal, TextMode mode) const {
  Operand operand;
  operand.state = State::present;
  operand.type = literal.type;
  if (is_text(literal.type)) {
    const bool folded = mode == TextMode::folded;
    (folded ? operand.text.folded : operand.text.exact) =
        program_.dictionary(mode).text(literal.number);
    (folded ? operand.text.folded_id : operand.text.exact_id) = literal.number;
  } else if (is_quantity(literal.type)) {
    operand.low = operand.high = program_.decimal(literal.number);
    operand.currency = program_.currency(literal);
  } else if (literal.type == Type::time) {
    operand.time = program_.times[literal.number];
  } else if (literal.type == Type::day) {
    operand.day = Day{static_cast<std::int32_t>(literal.number)};
  } else {
    operand.truth = literal.number != 0;
  }
  return operand;
}

Operand Evaluator::of_constant(const Node& node) const {
  Operand operand = of_literal({node.type, node.a}, TextMode::exact);
  if (is_text(node.type)) {
    operand.text.folded = program_.folded.text(node.b);
    operand.text.folded_id = node.b;
  }
  return operand;
}

Value Evaluator::value_of(const Operand& operand) {
  Value value;
  value.type = operand.type;
  value.text = operand.text.exact;
  value.number = operand.low;
  value.currency = operand.currency;
  value.time = operand.time;
  value.day = operand.day;
  value.truth = operand.truth;
  return value;
}

Operand Evaluator::failed(std::string_view cause) {
  cause_ = cause;
  Operand operand;
  operand.state = State::error;
  operand.cause = cause;
  return operand;
}

std::string_view Evaluator::no_rate(std::string_view from, std::string_view to) {
  return join_text({"no rate between ", from, " and ", to}, memory_);
}

bool Evaluator::same_currency(const Operand& left, Operand& right) {
  if (left.type != Type::money || left.currency == right.currency) return true;
  const auto low = convert(*program_.rules, right.low, right.currency, left.currency);
  const auto high = convert(*program_.rules, right.high, right.currency, left.currency);
  if (!low || !high) {
    const auto one = convert(*program_.rules, Decimal(1), right.currency, left.currency);
    cause_ = one ? kTooLarge : no_rate(left.currency, right.currency);
    return false;
  }
  right.low = *low;
  right.high = *high;
  right.currency = left.currency;
  return true;
}

Operand Evaluator::negated(const Node& node, std::uint32_t line) {
  Operand value = operand(node.a, line);
  if (value.state != State::present) return value;
  const Decimal low = value.high.negated();
  value.high = value.low.negated();
  value.low = low;
  return value;
}

namespace {

/// The smallest and the largest of what `op` makes of the bounds; nothing where one does not fit.
template <class Op>
std::optional<std::pair<Decimal, Decimal>> over_bounds(const Operand& left, const Operand& right,
                                                       Op op) {
  std::optional<std::pair<Decimal, Decimal>> bounds;
  for (const Decimal& a : {left.low, left.high}) {
    for (const Decimal& b : {right.low, right.high}) {
      const std::optional<Decimal> value = op(a, b);
      if (!value) return std::nullopt;
      if (!bounds) bounds.emplace(*value, *value);
      bounds->first = std::min(bounds->first, *value);
      bounds->second = std::max(bounds->second, *value);
    }
  }
  return bounds;
}

}  // namespace

Operand Evaluator::arithmetic(const Node& node, std::uint32_t line) {
  Operand left = operand(node.a, line);
  Operand right = operand(node.b, line);
  Operand result;
  result.type = node.type;
  result.state = weaker(left.state, right.state);
  if (result.state == State::error) {
    return failed(left.state == State::error ? left.cause : right.cause);
  }
  if (result.state != State::present) return result;

  if (left.type == Type::time || right.type == Type::time) {
    // time - time, time ± duration, duration + time; durations are in seconds. A time has no range:
    // one moved by an open duration is not known.
    if (left.is_open() || right.is_open()) {
      result.state = State::unknown;
      return result;
    }
    const auto micros = [](const Operand& each) {
      return each.type == Type::time ? std::optional(Decimal(each.time.micros))
                                     : each.low.times(Decimal(1'000'000));
    };
    const auto a = micros(left), b = micros(right);
    if (!a || !b) return failed(kTooLarge);
    const auto sum = node.arithmetic() == Arithmetic::add ? a->plus(*b) : a->minus(*b);
    if (!sum) return failed(kTooLarge);
    if (node.type == Type::time) {
      const auto whole = Decimal::floor(*sum).to_int64();  // to the microsecond
      if (!whole) return failed(kTooLarge);
      result.time = Timestamp{*whole};
    } else {
      result.low = result.high = *sum->divided_by(Decimal(1'000'000));
    }
    return result;
  }

  const bool of_money = left.type == Type::money && right.type == Type::money;
  if (of_money && !same_currency(left, right)) return failed(cause_);
  result.currency = left.type == Type::money ? left.currency : right.currency;
  if (node.type != Type::money) result.currency = {};

  std::optional<std::pair<Decimal, Decimal>> bounds;
  switch (node.arithmetic()) {
    case Arithmetic::add:
      bounds =
          over_bounds(left, right, [](const Decimal& a, const Decimal& b) { return a.plus(b); });
      break;
    case Arithmetic::subtract:
      bounds =
          over_bounds(left, right, [](const Decimal& a, const Decimal& b) { return a.minus(b); });
      break;
    case Arithmetic::multiply:
      bounds =
          over_bounds(left, right, [](const Decimal& a, const Decimal& b) { return a.times(b); });
      break;
    case Arithmetic::divide:
      if (right.low == right.high && right.low.is_zero()) return failed(kDivisionByZero);
      if (right.low <= Decimal(0) && right.high >= Decimal(0)) {
        result.state = State::unknown;  // whether it divides by zero hangs on facts still to come
        return result;
      }
      bounds = over_bounds(left, right,
                           [](const Decimal& a, const Decimal& b) { return a.divided_by(b); });
      break;
  }
  if (!bounds) return failed(kTooLarge);
  result.low = bounds->first;
  result.high = bounds->second;
  return result;
}

Operand Evaluator::call(const Node& node, std::uint32_t line) {
  const Operand time = operand(node.a, line);
  if (time.state != State::present) {
    Operand none = time;
    none.type = node.type;
    return none;
  }
  const Call& how = program_.calls[node.b];
  const LocalTime local = local_time(time.time, *how.zone);
  switch (node.function()) {
    case Function::hour: {
      Operand result;
      result.state = State::present;
      result.type = Type::number;
      result.low = result.high = Decimal(local.hour);
      return result;
    }
    case Function::weekday:
      return of_constant(at(how.weekdays + static_cast<std::uint32_t>(local.weekday)));
    case Function::date: {
      Operand result;
      result.state = State::present;
      result.type = Type::day;
      result.day = local.day;
      return result;
    }
  }
  return failed("not a function");
}

Operand Evaluator::lookup(const Node& node, std::uint32_t line) {
  const Operand key = operand(node.a, line);
  if (key.state != State::present) {
    Operand none = key;
    none.type = node.type;
    return none;
  }
  const CompiledTable& table = *program_.tables[node.b];
  if (key.text.id(node.mode()) != kNone) {
    const auto it = table.by_text.find(key.text.id(node.mode()));
    if (it != table.by_text.end()) return of_constant(at(it->second));
  }
  for (const auto& [row_key, value] : table.by_number) {
    const Truth fits = same(key, of_literal(row_key, node.mode()), node.mode());
    if (fits == Truth::yes) return of_constant(at(value));
    if (fits == Truth::error) return failed(cause_);
    if (fits == Truth::unknown) {
      Operand unknown;
      unknown.type = node.type;
      unknown.state = State::unknown;
      return unknown;
    }
  }
  Operand none;
  none.type = node.type;
  return none;
}

Operand Evaluator::aggregate(const Node& node) {
  Operand total;
  total.state = State::present;
  total.type = node.type;
  if (node.type == Type::money) total.currency = frame_.currency();
  Operand error;
  bool unbounded = false;
  for (std::uint32_t line = 0; line < frame_.line_count(); ++line) {
    const Truth wanted = node.b == kNone ? Truth::yes : truth(node.b, line);
    if (wanted == Truth::no) continue;
    if (wanted == Truth::error) {
      if (error.state != State::error) error = failed(cause_);
      continue;
    }
    Operand value;
    if (node.kind == NodeKind::count_lines) {
      value.state = State::present;
      value.low = value.high = Decimal(1);
    } else {
      value = operand(node.a, line);
      if (value.state == State::missing) continue;
      if (value.state == State::unknown) {
        unbounded = true;
        continue;
      }
      if (value.state == State::present && !same_currency(total, value)) value = failed(cause_);
      if (value.state == State::error) {
        if (error.state != State::error) error = value;
        continue;
      }
    }
    if (wanted == Truth::unknown) {  // counted or not: the range reaches from without it to with it
      value.low = std::min(value.low, Decimal(0));
      value.high = std::max(value.high, Decimal(0));
    }
    const auto low = total.low.plus(value.low), high = total.high.plus(value.high);
    if (!low || !high) {
      if (error.state != State::error) error = failed(kTooLarge);
      continue;
    }
    total.low = *low;
    total.high = *high;
  }
  if (error.state == State::error) {
    cause_ = error.cause;
    return error;
  }
  if (unbounded) total.state = State::unknown;
  return total;
}

}  // namespace consign
