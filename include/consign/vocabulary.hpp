// Operators, functions and actions of the language: one row each in operators.def, functions.def,
// actions.def. `consign help` and the language reference are printed from these rows.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "consign/schema.hpp"
#include "consign/value.hpp"

namespace consign {

enum class OperatorKind : std::uint8_t { compare, order, range, member, text, presence };

enum class Operator : std::uint8_t {
#define OPERATOR(id, spelling, kind, left, right, help) id,
#include "consign/operators.def"
#undef OPERATOR
};

struct OperatorRow {
  Operator op;
  std::string_view spelling;
  OperatorKind kind;
  std::string_view left;
  std::string_view right;
  std::string_view help;
};
const OperatorRow& row_of(Operator op);
std::span<const OperatorRow> all_operators();
/// The operator spelled so ("starts with", one blank), or null.
const OperatorRow* find_operator(std::string_view spelling);

enum class Function : std::uint8_t {
#define FUNCTION(id, spelling, parameters, result, domain, help) id,
#include "consign/functions.def"
#undef FUNCTION
};

struct FunctionRow {
  Function function;
  std::string_view spelling;
  std::string_view parameters;
  Type result;
  Domain domain;
  std::string_view help;
};
const FunctionRow& row_of(Function function);
std::span<const FunctionRow> all_functions();
const FunctionRow* find_function(std::string_view spelling);

enum class ActionKind : std::uint8_t {
#define ACTION(id, spelling, form, help) id,
#include "consign/actions.def"
#undef ACTION
};

struct ActionRow {
  ActionKind action;
  std::string_view spelling;
  std::string_view form;
  std::string_view help;
};
const ActionRow& row_of(ActionKind action);
std::span<const ActionRow> all_actions();

}  // namespace consign
