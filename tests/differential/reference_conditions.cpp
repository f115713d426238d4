#include "tests/differential/reference_conditions.hpp"

#include <re2/re2.h>

#include "consign/text.hpp"

namespace consign::reference {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

Answer negation(Answer answer) {
  if (answer.truth == Truth::yes) {
    answer.truth = Truth::no;
  } else if (answer.truth == Truth::no) {
    answer.truth = Truth::yes;
  }
  return answer;
}

Answer negated_if(bool negated, Answer answer) {
  return negated ? negation(std::move(answer)) : answer;
}

/// B8: the deciding truth (false for `and`, true for `or`) beats an error, an error beats unknown.
Answer all_together(const std::vector<Answer>& answers, Truth deciding) {
  for (const Answer& answer : answers) {
    if (answer.truth == deciding) return Answer{deciding, {}, {}};
  }
  for (const Answer& answer : answers) {
    if (answer.truth == Truth::error) return answer;
  }
  FactNames facts;
  bool unknown = false;
  for (const Answer& answer : answers) {
    if (answer.truth != Truth::unknown) continue;
    unknown = true;
    facts.insert(answer.facts.begin(), answer.facts.end());
  }
  if (unknown) return Answer::unknown(facts);
  return Answer::of(deciding == Truth::no);
}
Answer and_of(const std::vector<Answer>& answers) { return all_together(answers, Truth::no); }
Answer or_of(const std::vector<Answer>& answers) { return all_together(answers, Truth::yes); }

/// A worth without values as the truth of a positive comparison.
Answer as_answer(const Worth& worth) {
  if (worth.state == Worth::State::error) return Answer::error(worth.cause);
  if (worth.state == Worth::State::unknown) return Answer::unknown(worth.facts);
  return Answer::of(false);
}

}  // namespace

Answer Evaluator::condition(const Expr* expr, Line line) const {
  if (expr == nullptr) return Answer::of(true);
  return visit(
      Overloaded{
          [&](const Comparison& node) {
            const bool lower = reads_lower_case(*node.left) || reads_lower_case(*node.right);
            const Worth left = operand(*node.left, line);
            const Worth right = operand(*node.right, line);
            if (node.op == Operator::not_equal) {
              return negation(compare(Operator::equal, left, right, node.mode, lower));
            }
            return compare(node.op, left, right, node.mode, lower);
          },
          [&](const BetweenExpr& node) {
            const Worth value = operand(*node.operand, line);
            const Worth low = operand(*node.low, line);
            const Worth high = operand(*node.high, line);
            return negated_if(
                node.negated,
                and_of({compare(Operator::greater_equal, value, low, TextMode::exact, false),
                        compare(Operator::less_equal, value, high, TextMode::exact, false)}));
          },
          [&](const Membership& node) { return negated_if(node.negated, membership(node, line)); },
          [&](const TextTest& node) { return negated_if(node.negated, text_test(node, line)); },
          [&](const PresenceTest& node) {
            const Worth worth = operand(*node.operand, line);
            if (worth.state != Worth::State::known) return as_answer(worth);
            return Answer::of(worth.values.empty() == node.wants_missing);
          },
          [&](const TruthTest& node) {
            const Worth worth = operand(*node.operand, line);
            if (worth.state != Worth::State::known || worth.values.empty()) return as_answer(worth);
            return Answer::of(worth.values.front().truth);
          },
          [&](const JunctionExpr& node) { return junction(node, line); },
          [&](const NotExpr& node) { return negation(condition(node.operand, line)); },
          [&](const QuantifiedExpr& node) { return quantified(node); },
          [&](const DefineUse& node) {
            return condition(rules_.defines[node.define].condition, line);
          },
          [&](const auto&) {
            const Worth worth = operand(*expr, line);
            if (worth.state != Worth::State::known || worth.values.empty()) return as_answer(worth);
            return Answer::of(worth.values.front().truth);
          }},
      *expr);
}

Answer Evaluator::junction(const JunctionExpr& node, Line line) const {
  std::vector<Answer> parts;
  for (const ExprPtr& part : node.parts) parts.push_back(condition(part, line));
  return node.op == Junction::conjunction ? and_of(parts) : or_of(parts);
}

Answer Evaluator::quantified(const QuantifiedExpr& node) const {
  std::vector<Answer> parts;
  for (std::size_t i = 0; i < event_.lines.size(); ++i) {
    parts.push_back(condition(node.condition, i));
  }
  switch (node.quantifier) {
    case Quantifier::any:
      return or_of(parts);
    case Quantifier::every:
      return and_of(parts);
    case Quantifier::no:
      return negation(or_of(parts));
  }
  return {};
}

Answer Evaluator::compare(Operator op, const Worth& left, const Worth& right, TextMode mode,
                          bool lower_case) const {
  if (const auto decided = without_values(left, right)) return as_answer(*decided);
  FactNames facts = left.facts;
  facts.insert(right.facts.begin(), right.facts.end());
  std::vector<Answer> elements;
  for (const Value& least_left : left.values) {
    for (const Value& least_right : right.values) {
      const Value& most_left = left.high ? *left.high : least_left;
      const Value& most_right = right.high ? *right.high : least_right;
      const Ordering low = order_of(least_left, most_right, mode, lower_case);
      const Ordering high = order_of(most_left, least_right, mode, lower_case);
      if (!low.cause.empty() || !high.cause.empty()) {
        elements.push_back(Answer::error(low.cause.empty() ? high.cause : low.cause));
        continue;
      }
      bool surely = false, never = false;
      switch (op) {
        case Operator::equal:
          surely = low.sign == 0 && high.sign == 0;
          never = low.sign > 0 || high.sign < 0;
          break;
        case Operator::less:
          surely = high.sign < 0, never = low.sign >= 0;
          break;
        case Operator::less_equal:
          surely = high.sign <= 0, never = low.sign > 0;
          break;
        case Operator::greater:
          surely = low.sign > 0, never = high.sign <= 0;
          break;
        case Operator::greater_equal:
          surely = low.sign >= 0, never = high.sign < 0;
          break;
        default:
          break;
      }
      elements.push_back(surely || never ? Answer::of(surely) : Answer::unknown(facts));
    }
  }
  return or_of(elements);
}

Answer Evaluator::membership(const Membership& node, Line line) const {
  const Worth value = operand(*node.operand, line);
  if (value.state == Worth::State::error || value.missing()) return as_answer(value);
  std::vector<Answer> parts;
  for (const Value& member : node.members) {
    parts.push_back(compare(Operator::equal, value, Worth::of(member), node.mode,
                            reads_lower_case(*node.operand)));
  }
  return or_of(parts);
}

Answer Evaluator::text_test(const TextTest& node, Line line) const {
  const Worth worth = operand(*node.operand, line);
  if (worth.state != Worth::State::known || worth.values.empty()) return as_answer(worth);
  const bool lower = reads_lower_case(*node.operand);
  const std::string pattern = comparable(node.pattern, node.mode, lower);
  for (const Value& value : worth.values) {
    const std::string text = comparable(value.text, node.mode, lower);
    bool holds = false;
    switch (node.op) {
      case Operator::contains:
        holds = text.find(pattern) != std::string::npos;
        break;
      case Operator::starts_with:
        holds = text.starts_with(pattern);
        break;
      case Operator::ends_with:
        holds = text.ends_with(pattern);
        break;
      case Operator::like:
        holds = glob_matches(pattern, text);
        break;
      case Operator::matches:
        holds = RE2::PartialMatch(value.text, RE2(node.pattern));
        break;
      default:
        break;
    }
    if (holds) return Answer::of(true);
  }
  return Answer::of(false);
}

}  // namespace consign::reference
