// The operands' half of the evaluator: fields, arithmetic, tables, sums and the order of values.

#include <map>

#include "consign/text.hpp"
#include "tests/differential/reference_conditions.hpp"

namespace consign::reference {
namespace {

constexpr const char* kTooLarge = "a number is too large";
constexpr const char* kDivisionByZero = "division by zero";

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

int sign_of(std::strong_ordering ordering) { return ordering < 0 ? -1 : ordering > 0 ? 1 : 0; }

std::optional<std::int64_t> micros_of(const Decimal& seconds) {
  const auto micros = seconds.times(Decimal(1'000'000));
  if (!micros) return std::nullopt;
  return Decimal::floor(*micros).to_int64();
}

/// Folding is the costliest thing that the reference does, and the words of random worlds are few.
const std::string& folded(std::string_view text) {
  thread_local std::map<std::string, std::string, std::less<>> known;
  auto it = known.find(text);
  if (it == known.end()) it = known.emplace(text, fold(text)).first;
  return it->second;
}

}  // namespace

Worth Worth::of(Value value) {
  Worth worth;
  worth.values.push_back(std::move(value));
  return worth;
}
Worth Worth::unknown(FactNames facts) {
  Worth worth;
  worth.state = State::unknown;
  worth.facts = std::move(facts);
  return worth;
}
Worth Worth::error(std::string cause) {
  Worth worth;
  worth.state = State::error;
  worth.cause = std::move(cause);
  return worth;
}

std::optional<Worth> without_values(const Worth& left, const Worth& right) {
  if (left.missing() || right.missing()) return Worth{};
  for (const Worth* side : {&left, &right}) {
    if (side->state == Worth::State::error) return *side;
  }
  if (left.state == Worth::State::known && right.state == Worth::State::known) return std::nullopt;
  FactNames facts = left.facts;
  facts.insert(right.facts.begin(), right.facts.end());
  return Worth::unknown(facts);
}

std::string comparable(std::string_view text, TextMode mode, bool lower_case) {
  if (mode == TextMode::folded) return folded(text);
  return lower_case ? ascii_lower(text) : std::string(text);
}

bool reads_lower_case(const Expr& expr) {
  const auto* read = expr.get_if<FieldRead>();
  return read != nullptr && row_of(read->field).lower_case();
}

Worth Evaluator::operand(const Expr& expr, Line line) const {
  return visit(Overloaded{[&](const Constant& node) { return Worth::of(node.value); },
                          [&](const FieldRead& node) { return field(node, line); },
                          [&](const ArithmeticExpr& node) { return arithmetic(node, line); },
                          [&](const NegateExpr& node) { return negate(node, line); },
                          [&](const CallExpr& node) { return call(node, line); },
                          [&](const LookupExpr& node) { return lookup(node, line); },
                          [&](const AggregateExpr& node) { return aggregate(node, expr.type); },
                          [&](const auto&) {
                            const Answer answer = condition(&expr, line);
                            switch (answer.truth) {
                              case Truth::unknown:
                                return Worth::unknown(answer.facts);
                              case Truth::error:
                                return Worth::error(answer.cause);
                              default:
                                return Worth::of(Value::of_bool(answer.truth == Truth::yes));
                            }
                          }},
               expr);
}

Worth Evaluator::field(const FieldRead& read, Line line) const {
  const FieldRow& row = row_of(read.field);
  if (read.field == Field::now) return Worth::of(Value::of_time(now_));
  const auto values_in = [&](const Record& record) {
    const auto values =
        row.keyed() ? record.keyed(read.field, read.key) : record.values(read.field);
    Worth worth;
    worth.values.assign(values.begin(), values.end());
    return worth;
  };
  switch (row.subject) {
    case Subject::line:
      return line ? values_in(event_.lines[*line]) : Worth{};
    case Subject::product: {
      if (!line) return {};
      const Facts::Product& product = facts_.products.at(*line);
      if (product.state == Known::unknown) return Worth::unknown({product.name});
      return product.state == Known::known ? values_in(*product.record) : Worth{};
    }
    case Subject::shop:
      return values_in(facts_.shared);
    default: {
      Worth own = values_in(event_.order);
      return own.values.empty() && row.fact() ? values_in(facts_.shared) : own;
    }
  }
}

std::string Evaluator::text(const TextTemplate& text, Line line) const {
  std::string out;
  for (const TextTemplate::Piece& piece : text.pieces) {
    if (const auto* literal = std::get_if<std::string_view>(&piece)) {
      out += *literal;
      continue;
    }
    const Worth worth = field(std::get<FieldRead>(piece), line);
    if (worth.state == Worth::State::unknown) out += "?";
    for (std::size_t i = 0; i < worth.values.size(); ++i) {
      out += (i == 0 ? "" : ", ") + to_text(worth.values[i]);
    }
  }
  return out;
}

Worth Evaluator::arithmetic(const ArithmeticExpr& node, Line line) const {
  const Worth left = operand(*node.left, line);
  const Worth right = operand(*node.right, line);
  if (auto decided = without_values(left, right)) return *decided;
  FactNames facts = left.facts;
  facts.insert(right.facts.begin(), right.facts.end());

  const bool of_time =
      left.values.front().type == Type::time || right.values.front().type == Type::time;
  if (of_time && (left.high || right.high)) return Worth::unknown(facts);

  const Value least_right = right.values.front();
  const Value most_right = right.high.value_or(least_right);
  if (left.values.front().type == Type::money) {
    // Without a rate it fails, whatever the amounts turn out to be.
    const Outcome converted = in_currency(least_right, left.values.front().currency);
    if (!converted.cause.empty()) return Worth::error(converted.cause);
  }
  if (node.op == Arithmetic::divide && right.high && !(Decimal(0) < least_right.number) &&
      !most_right.number.is_negative()) {
    return Worth::unknown(facts);
  }
  Worth result;
  for (const Value& a : {left.values.front(), left.high.value_or(left.values.front())}) {
    for (const Value& b : {least_right, most_right}) {
      Outcome corner = calculate(node.op, a, b);
      if (!corner.cause.empty()) return Worth::error(corner.cause);
      if (result.values.empty()) {
        result.values = {corner.value};
        result.high = corner.value;
        continue;
      }
      const auto beyond = [&](const Value& bound) {
        return order_of(corner.value, bound, TextMode::exact, false).sign;
      };
      if (beyond(result.values.front()) < 0) result.values.front() = corner.value;
      if (beyond(*result.high) > 0) result.high = corner.value;
    }
  }
  if (order_of(result.values.front(), *result.high, TextMode::exact, false).sign == 0) {
    result.high.reset();
  } else {
    result.facts = facts;
  }
  return result;
}

Evaluator::Outcome Evaluator::in_currency(const Value& value, std::string_view currency) const {
  if (value.type != Type::money || value.currency == currency) return {value, {}};
  if (const auto amount = convert(rules_, value.number, value.currency, currency)) {
    return {Value::of_money(*amount, currency), {}};
  }
  for (const Rate& rate : rules_.rates) {
    if ((rate.from == value.currency && rate.to == currency) ||
        (rate.to == value.currency && rate.from == currency)) {
      return {{}, kTooLarge};
    }
  }
  return {{}, "no rate between " + std::string(currency) + " and " + std::string(value.currency)};
}

Evaluator::Outcome Evaluator::calculate(Arithmetic op, const Value& left,
                                        const Value& given_right) const {
  const bool adds = op == Arithmetic::add || op == Arithmetic::subtract;
  Value right = given_right;
  if (left.type == Type::money && right.type == Type::money) {
    Outcome converted = in_currency(right, left.currency);
    if (!converted.cause.empty()) return converted;
    right = converted.value;
  }

  if (left.type == Type::time && right.type == Type::time) {
    std::int64_t micros = 0;
    if (__builtin_sub_overflow(left.time.micros, right.time.micros, &micros))
      return {{}, kTooLarge};
    return {Value::of_duration(*Decimal(micros).divided_by(Decimal(1'000'000))), {}};
  }
  if (left.type == Type::time || right.type == Type::time) {
    const Value& time = left.type == Type::time ? left : right;
    const Value& duration = left.type == Type::time ? right : left;
    const auto micros =
        micros_of(op == Arithmetic::subtract ? duration.number.negated() : duration.number);
    std::int64_t sum = 0;
    if (!micros || __builtin_add_overflow(time.time.micros, *micros, &sum)) return {{}, kTooLarge};
    return {Value::of_time(Timestamp{sum}), {}};
  }

  std::optional<Decimal> number;
  switch (op) {
    case Arithmetic::add:
      number = left.number.plus(right.number);
      break;
    case Arithmetic::subtract:
      number = left.number.minus(right.number);
      break;
    case Arithmetic::multiply:
      number = left.number.times(right.number);
      break;
    case Arithmetic::divide:
      if (right.number.is_zero()) return {{}, kDivisionByZero};
      number = left.number.divided_by(right.number);
      break;
  }
  if (!number) return {{}, kTooLarge};
  // Money by a number is money; money by money is a number; a number times money is money.
  Value result = left;
  if (!adds && left.type == Type::number) result = right;
  if (op == Arithmetic::divide && left.type == right.type) result = Value::of_number(*number);
  result.number = *number;
  return {result, {}};
}

Worth Evaluator::negate(const NegateExpr& node, Line line) const {
  Worth worth = operand(*node.operand, line);
  for (Value& value : worth.values) value.number = value.number.negated();
  if (worth.high) {
    worth.high->number = worth.high->number.negated();
    std::swap(worth.values.front(), *worth.high);
  }
  return worth;
}

Worth Evaluator::call(const CallExpr& node, Line line) const {
  const Worth worth = operand(*node.operand, line);
  if (worth.state != Worth::State::known || worth.values.empty()) return worth;
  const LocalTime local = local_time(worth.values.front().time, *node.zone);
  switch (node.function) {
    case Function::hour:
      return Worth::of(Value::of_number(Decimal(local.hour)));
    case Function::weekday:
      return Worth::of(
          Value::of_enum(words_of(Domain::weekday)[static_cast<std::size_t>(local.weekday)]));
    case Function::date:
      return Worth::of(Value::of_day(local.day));
  }
  return {};
}

Worth Evaluator::lookup(const LookupExpr& node, Line line) const {
  const Worth key = operand(*node.key, line);
  if (key.state != Worth::State::known || key.values.empty()) return key;
  for (const auto& [row_key, row_value] : rules_.tables[node.table].rows) {
    const Answer found =
        compare(Operator::equal, key, Worth::of(row_key), node.mode, reads_lower_case(*node.key));
    if (found.truth == Truth::yes) return Worth::of(row_value);
    if (found.truth == Truth::unknown) return Worth::unknown(found.facts);
  }
  return {};
}

Worth Evaluator::aggregate(const AggregateExpr& node, Type type) const {
  Value least;
  least.type = node.summed ? type : Type::number;
  if (least.type == Type::money) least.currency = event_.order.text(Field::order_currency);
  Value most = least;

  std::optional<std::string> failure;
  bool unknown = false;
  FactNames facts;
  for (std::size_t i = 0; i < event_.lines.size(); ++i) {
    const Answer counts = condition(node.filter, i);
    if (counts.truth == Truth::no) continue;
    const auto fail = [&](const std::string& cause) { failure = failure.value_or(cause); };
    if (counts.truth == Truth::error) {
      fail(counts.cause);
      continue;
    }
    Worth part = node.summed ? operand(*node.summed, i) : Worth::of(Value::of_number(Decimal(1)));
    if (part.state == Worth::State::error) {
      fail(part.cause);
      continue;
    }
    if (part.missing()) continue;
    if (part.state == Worth::State::unknown || counts.truth == Truth::unknown) {
      facts.insert(part.facts.begin(), part.facts.end());
      facts.insert(counts.facts.begin(), counts.facts.end());
    }
    if (part.state == Worth::State::unknown) {
      unknown = true;
      continue;
    }
    const Outcome value = in_currency(part.values.front(), least.currency);
    if (!value.cause.empty()) {
      fail(value.cause);
      continue;
    }
    const bool surely = counts.truth == Truth::yes;
    const bool negative = value.value.number.is_negative();
    const auto add = [&](Value& bound) {
      if (const auto sum = bound.number.plus(value.value.number)) {
        bound.number = *sum;
      } else {
        fail(kTooLarge);
      }
    };
    if (surely || negative) add(least);
    if (surely || !negative) add(most);
  }
  if (failure) return Worth::error(*failure);
  if (unknown) return Worth::unknown(facts);
  Worth worth = Worth::of(least);
  if (least.number != most.number) {
    worth.high = most;
    worth.facts = facts;
  }
  return worth;
}

Evaluator::Ordering Evaluator::order_of(const Value& left, const Value& right, TextMode mode,
                                        bool lower_case) const {
  switch (left.type) {
    case Type::text:
    case Type::code:
    case Type::enumeration:
    case Type::permission: {
      const int order =
          comparable(left.text, mode, lower_case).compare(comparable(right.text, mode, lower_case));
      return {order, {}};
    }
    case Type::number:
    case Type::weight:
    case Type::duration:
      return {sign_of(left.number <=> right.number), {}};
    case Type::money: {
      const Outcome converted = in_currency(right, left.currency);
      if (!converted.cause.empty()) return {0, converted.cause};
      return {sign_of(left.number <=> converted.value.number), {}};
    }
    case Type::time:
      return {sign_of(left.time <=> right.time), {}};
    case Type::day:
      return {sign_of(left.day <=> right.day), {}};
    case Type::boolean:
      return {int(left.truth) - int(right.truth), {}};
  }
  return {};
}

}  // namespace consign::reference
