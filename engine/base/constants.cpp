#include "consign/constants.hpp"

namespace consign {

namespace {

bool is_decimal(Type type) {
  return type == Type::number || type == Type::money || type == Type::weight ||
         type == Type::duration;
}

const Value* combined(const ArithmeticExpr& expr, Type type, Value& room) {
  Value left_room, right_room;
  const Value* left = constant_of(*expr.left, left_room);
  const Value* right = left == nullptr ? nullptr : constant_of(*expr.right, right_room);
  if (right == nullptr || !is_decimal(left->type) || !is_decimal(right->type)) return nullptr;
  const bool amounts = left->type == Type::money && right->type == Type::money;
  if (amounts && left->currency != right->currency) return nullptr;
  const auto number = [&]() -> std::optional<Decimal> {
    switch (expr.op) {
      case Arithmetic::add:
        return left->number.plus(right->number);
      case Arithmetic::subtract:
        return left->number.minus(right->number);
      case Arithmetic::multiply:
        return left->number.times(right->number);
      case Arithmetic::divide:
        return left->number.divided_by(right->number);
    }
    return std::nullopt;
  }();
  if (!number) return nullptr;
  room = {};
  room.type = type;
  room.number = *number;
  if (type == Type::money) {
    room.currency = left->type == Type::money ? left->currency : right->currency;
  }
  return &room;
}

}  // namespace

const Value* constant_of(const Expr& operand, Value& room) {
  if (const auto* constant = operand.get_if<Constant>()) return &constant->value;
  if (const auto* negate = operand.get_if<NegateExpr>()) {
    const Value* value = constant_of(*negate->operand, room);
    if (value == nullptr) return nullptr;
    room = *value;
    room.number = room.number.negated();
    return &room;
  }
  if (const auto* arithmetic = operand.get_if<ArithmeticExpr>()) {
    return combined(*arithmetic, operand.type, room);
  }
  return nullptr;
}

Operator mirrored(Operator op) {
  switch (op) {
    case Operator::less:
      return Operator::greater;
    case Operator::less_equal:
      return Operator::greater_equal;
    case Operator::greater:
      return Operator::less;
    case Operator::greater_equal:
      return Operator::less_equal;
    default:
      return op;
  }
}

}  // namespace consign
