// The conditions' half of the reference: four-valued logic over the typed tree (language, section
// B).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consign/event.hpp"
#include "consign/ruleset.hpp"

namespace consign::reference {

using FactNames = std::set<std::string>;

enum class Truth { no, yes, unknown, error };

/// What a condition says, with the facts it waits for (unknown) or the cause of its error.
struct Answer {
  Truth truth = Truth::no;
  FactNames facts;
  std::string cause;

  static Answer of(bool holds) { return {holds ? Truth::yes : Truth::no, {}, {}}; }
  static Answer unknown(FactNames facts) { return {Truth::unknown, std::move(facts), {}}; }
  static Answer error(std::string cause) { return {Truth::error, {}, std::move(cause)}; }
};

/// What an operand is worth: values (none: missing), or unknown, or an error. With `high`, its one
/// value is the least and `high` the greatest that it may turn out to be, depending on `facts`.
struct Worth {
  enum class State { known, unknown, error };
  State state = State::known;
  std::vector<Value> values;
  std::optional<Value> high;
  FactNames facts;
  std::string cause;

  bool missing() const { return state == State::known && values.empty(); }
  static Worth of(Value value);
  static Worth unknown(FactNames facts);
  static Worth error(std::string cause);
};

/// One event with its facts, at one time, before one rule set.
class Evaluator {
 public:
  Evaluator(const RuleSet& rules, const Event& event, const Facts& facts, Timestamp now)
      : rules_(rules), event_(event), facts_(facts), now_(now) {}

  using Line = std::optional<std::size_t>;
  /// The condition for a line, or (without one) for the order. A null condition holds.
  Answer condition(const Expr* expr, Line line) const;
  Worth operand(const Expr& expr, Line line) const;
  Worth field(const FieldRead& read, Line line) const;
  std::string text(const TextTemplate& text, Line line) const;

 private:
  Answer junction(const JunctionExpr& node, Line line) const;
  Answer quantified(const QuantifiedExpr& node) const;
  Answer compare(Operator op, const Worth& left, const Worth& right, TextMode mode,
                 bool lower_case) const;
  Answer membership(const Membership& node, Line line) const;
  Answer text_test(const TextTest& node, Line line) const;
  Worth arithmetic(const ArithmeticExpr& node, Line line) const;
  Worth negate(const NegateExpr& node, Line line) const;
  Worth call(const CallExpr& node, Line line) const;
  Worth lookup(const LookupExpr& node, Line line) const;
  Worth aggregate(const AggregateExpr& node, Type type) const;

  struct Outcome {
    Value value;
    std::string cause;  ///< not empty: there is no value
  };
  Outcome calculate(Arithmetic op, const Value& left, const Value& right) const;
  /// The value with its amount in `currency`, if it is money.
  Outcome in_currency(const Value& value, std::string_view currency) const;
  struct Ordering {
    int sign = 0;
    std::string cause;
  };
  Ordering order_of(const Value& left, const Value& right, TextMode mode, bool lower_case) const;

  const RuleSet& rules_;
  const Event& event_;
  const Facts& facts_;
  Timestamp now_;
};

/// What comes of two operands where a missing one, else an error, else an unknown one decides
/// alone.
std::optional<Worth> without_values(const Worth& left, const Worth& right);
/// A text as it is compared.
std::string comparable(std::string_view text, TextMode mode, bool lower_case);
/// Whether the expression is a field that is compared in lower case.
bool reads_lower_case(const Expr& expr);

}  // namespace consign::reference
