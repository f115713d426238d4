#include "dsl/satisfiable.hpp"

#include <algorithm>
#include <bitset>
#include <span>

#include "consign/constants.hpp"
#include "consign/text.hpp"

namespace consign::check {

namespace {

/// Branches of disjunctions that one question may look at; beyond that the answer is "can hold".
constexpr std::size_t kMostBranches = 64;

std::string text_of(const RuleSet& rules, const Expr& expr);

/// An operand as a text that is the same for the same operand. Parts that are not worth comparing
/// go by their place in the file.
struct TextOf {
  const RuleSet& rules;
  const Expr& expr;

  std::string operator()(const Constant& node) const { return to_literal(node.value); }
  std::string operator()(const FieldRead& node) const {
    const FieldRow& row = row_of(node.field);
    return std::string(row.spelling) + (row.keyed() ? "[" + quote(node.key) + "]" : "");
  }
  std::string operator()(const ArithmeticExpr& node) const {
    constexpr const char* kSigns[] = {" + ", " - ", " * ", " / "};
    return "(" + text_of(rules, *node.left) + kSigns[static_cast<int>(node.op)] +
           text_of(rules, *node.right) + ")";
  }
  std::string operator()(const NegateExpr& node) const {
    return "-" + text_of(rules, *node.operand);
  }
  std::string operator()(const CallExpr& node) const {
    return std::string(row_of(node.function).spelling) + "(" + text_of(rules, *node.operand) +
           ", " + quote(node.zone_name) + ")";
  }
  std::string operator()(const LookupExpr& node) const {
    return rules.tables[node.table].name + "[" + text_of(rules, *node.key) + "]";
  }
  std::string operator()(const AggregateExpr& node) const {
    if (!node.summed && !node.filter) return "count of lines";
    return by_place();
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return by_place();
  }
  std::string by_place() const {
    return "#" + std::to_string(expr.span.source) + ":" + std::to_string(expr.span.begin) + ":" +
           std::to_string(expr.span.end);
  }
};

std::string text_of(const RuleSet& rules, const Expr& expr) {
  return visit(TextOf{rules, expr}, expr);
}

Candidate candidate_of(const Value& value, TextMode mode) {
  if (value.type == Type::boolean) {
    const std::string_view word = value.truth ? "true" : "false";
    return {std::string(word), word, false, false};
  }
  const bool folded = value.type == Type::text && mode == TextMode::folded;
  return {folded ? fold(value.text) : std::string(value.text), value.text, folded,
          value.type != Type::permission};
}

Decimal number_of(const Value& value) {
  if (value.type == Type::time) return Decimal(value.time.micros);
  if (value.type == Type::day) return Decimal(std::int64_t{value.day.days});
  return value.number;
}

/// The operator that holds where `op` does not, for a value that is there.
Operator opposite(Operator op) {
  switch (op) {
    case Operator::equal:
      return Operator::not_equal;
    case Operator::not_equal:
      return Operator::equal;
    case Operator::less:
      return Operator::greater_equal;
    case Operator::less_equal:
      return Operator::greater;
    case Operator::greater:
      return Operator::less_equal;
    case Operator::greater_equal:
      return Operator::less;
    default:
      return op;
  }
}

/// What `thing op value` leaves; `op` is already the opposite where the comparison must fail.
Remaining left_by(Operator op, const Value& value, TextMode mode, bool many) {
  Remaining left;
  if (is_textual(value.type)) {
    std::vector<Candidate> one;
    one.push_back(candidate_of(value, mode));
    if (op == Operator::not_equal) {
      left.excluded = std::move(one);
    } else if (many) {
      left.required.push_back(std::move(one));
    } else {
      left.among = std::move(one);
    }
    return left;
  }
  const Decimal number = number_of(value);
  left.currency = value.currency;
  switch (op) {
    case Operator::equal:
      left.numbers = {number};
      break;
    case Operator::not_equal:
      left.not_numbers = {number};
      break;
    case Operator::less:
      left.high = Bound{number, false};
      break;
    case Operator::less_equal:
      left.high = Bound{number, true};
      break;
    case Operator::greater:
      left.low = Bound{number, false};
      break;
    case Operator::greater_equal:
      left.low = Bound{number, true};
      break;
    default:
      break;
  }
  return left;
}

}  // namespace

bool is_textual(Type type) {
  return type == Type::text || type == Type::code || type == Type::enumeration ||
         type == Type::boolean || type == Type::permission;
}

const Expr* operand_of(const Expr& part) {
  if (const auto* comparison = part.get_if<Comparison>()) {
    return comparison->right->is<Constant>() ? comparison->left : nullptr;
  }
  if (const auto* membership = part.get_if<Membership>()) {
    return membership->members.empty() ? nullptr : membership->operand;
  }
  if (const auto* text_test = part.get_if<TextTest>()) return text_test->operand;
  if (const auto* truth = part.get_if<TruthTest>()) return truth->operand;
  return nullptr;
}

bool is_plain(const Expr* condition, std::vector<const Expr*>& parts) {
  parts.clear();
  if (!condition) return false;
  const auto* junction = condition->get_if<JunctionExpr>();
  if (!junction) {
    parts.push_back(condition);
  } else if (junction->op == Junction::conjunction) {
    parts.assign(junction->parts.begin(), junction->parts.end());
  } else {
    return false;
  }
  std::bitset<kFieldCount> seen;
  for (const Expr* part : parts) {
    const Expr* operand = operand_of(*part);
    const auto* read = operand ? operand->get_if<FieldRead>() : nullptr;
    if (!read || row_of(read->field).keyed()) return false;
    const auto field = static_cast<std::size_t>(read->field);
    if (seen.test(field)) return false;
    seen.set(field);
  }
  return true;
}

std::uint32_t Things::of(const RuleSet& rules, const Expr& operand) {
  const auto* read = operand.get_if<FieldRead>();
  if (!read || row_of(read->field).keyed()) return by_text(rules, operand);
  const auto at = fields_.find(read->field);
  if (at != fields_.end()) return at->second;
  return fields_[read->field] = by_text(rules, operand);
}

std::uint32_t Things::by_text(const RuleSet& rules, const Expr& operand) {
  const auto [at, added] =
      ids_.try_emplace(text_of(rules, operand), static_cast<std::uint32_t>(things_.size()));
  if (!added) return at->second;
  Thing thing{at->first, operand.type, {}};
  Value negated;
  if (const auto* read = operand.get_if<FieldRead>()) {
    const FieldRow& row = row_of(read->field);
    thing.start.many = row.many();
    // A line without a product has no product's fields, and facts may be missing.
    thing.start.must_be_present = !row.optional() && !row.many() && !row.fact();
  } else if (const Value* value = constant_of(operand, negated)) {
    thing.start = left_by(Operator::equal, *value, TextMode::exact, false);
    thing.start.must_be_present = true;
  } else if (const auto* call = operand.get_if<CallExpr>()) {
    if (call->function == Function::hour) {
      thing.start.low = Bound{Decimal(0), true};
      thing.start.high = Bound{Decimal(23), true};
    }
  } else if (const auto* aggregate = operand.get_if<AggregateExpr>()) {
    if (!aggregate->summed) thing.start.low = Bound{Decimal(0), true};
  }
  things_.push_back(std::move(thing));
  return at->second;
}

std::optional<Contradiction> Satisfiability::restrict(std::uint32_t thing, Remaining more,
                                                      const Item& item, State& state) {
  const auto [at, added] = state.environment.try_emplace(thing, things_.get(thing).start);
  Remaining& left = at->second;
  const std::size_t before = left.parts.size();
  const Span part = item.shown.value_or(item.expr->span);
  more.parts = {part};
  left.absorb(std::move(more));
  if (!left.contradicts()) return std::nullopt;
  Contradiction found{part, {}};
  for (const Span& other : std::span(left.parts).first(before)) {
    if (other != part && found.with.size() < 3 &&
        std::find(found.with.begin(), found.with.end(), other) == found.with.end()) {
      found.with.push_back(other);
    }
  }
  return found;
}

std::optional<Contradiction> Satisfiability::add_comparison(const Comparison& node,
                                                            const Item& item, State& state) {
  const Expr* thing = node.left;
  Value negated;
  const Value* value = constant_of(*node.right, negated);
  Operator op = node.op;
  if (!value) {
    value = constant_of(*node.left, negated);
    thing = node.right;
    op = mirrored(op);
  }
  // `!=` is the negation of `=`, so both come down to an operator and whether it has to fail.
  bool fails = item.negated;
  if (op == Operator::not_equal) {
    op = Operator::equal;
    fails = !fails;
  }
  if (!value) {
    if (fails) return std::nullopt;
    Remaining there;
    there.must_be_present = true;
    if (auto found = restrict(*node.left, there, item, state)) return found;
    return restrict(*node.right, there, item, state);
  }
  const std::uint32_t id = things_.of(rules_, *thing);
  const bool many = things_.get(id).start.many;
  Remaining left = left_by(fails ? opposite(op) : op, *value, node.mode, many);
  left.must_be_present = !fails;
  return restrict(id, std::move(left), item, state);
}

std::optional<Contradiction> Satisfiability::add_between(const BetweenExpr& node, const Item& item,
                                                         State& state) {
  if (node.negated != item.negated) return std::nullopt;  // two ranges: not followed
  Remaining left;
  left.must_be_present = true;
  Value negated_low, negated_high;
  const Value* low = constant_of(*node.low, negated_low);
  const Value* high = constant_of(*node.high, negated_high);
  if (low && high && low->currency == high->currency) {
    left.currency = low->currency;
    left.low = Bound{number_of(*low), true};
    left.high = Bound{number_of(*high), true};
  }
  return restrict(*node.operand, std::move(left), item, state);
}

std::optional<Contradiction> Satisfiability::add_membership(const Membership& node,
                                                            const Item& item, State& state) {
  const bool fails = node.negated != item.negated;
  const std::uint32_t id = things_.of(rules_, *node.operand);
  const bool many = things_.get(id).start.many;
  Remaining left;
  left.must_be_present = !fails;
  if (is_textual(node.operand->type)) {
    std::vector<Candidate> members;
    members.reserve(node.members.size());
    for (const Value& member : node.members) members.push_back(candidate_of(member, node.mode));
    if (fails) {
      left.excluded = std::move(members);
    } else if (many) {
      left.required.push_back(std::move(members));
    } else {
      left.among = std::move(members);
    }
  } else {
    std::vector<Decimal> numbers;
    for (const Value& member : node.members) {
      if (member.currency != node.members.front().currency) return std::nullopt;
      numbers.push_back(number_of(member));
    }
    if (!node.members.empty()) left.currency = node.members.front().currency;
    if (fails) {
      left.not_numbers = std::move(numbers);
    } else {
      left.numbers = std::move(numbers);
    }
  }
  return restrict(id, std::move(left), item, state);
}

std::optional<Contradiction> Satisfiability::add_truth(const TruthTest& node, const Item& item,
                                                       State& state) {
  Remaining left;
  left.must_be_present = !item.negated;
  const Candidate truth{"true", "true", false, false};
  if (item.negated) {
    left.excluded.push_back(truth);
  } else {
    left.among = {truth};
  }
  return restrict(*node.operand, std::move(left), item, state);
}

/// A quantifier's condition is about some line, of which nothing else is known.
std::optional<Contradiction> Satisfiability::add_inner(const Expr& condition, bool negated,
                                                       const Item& item) {
  State inner;
  Environment found;
  auto contradiction = add({&condition, negated, item.shown}, inner);
  if (!contradiction) contradiction = choose(std::move(inner), found);
  return contradiction;
}

std::optional<Contradiction> Satisfiability::add(Item item, State& state) {
  const Expr& expr = *item.expr;
  if (const auto* negation = expr.get_if<NotExpr>()) {
    return add({negation->operand, !item.negated, item.shown}, state);
  }
  if (const auto* use = expr.get_if<DefineUse>()) {
    return add(
        {rules_.defines[use->define].condition, item.negated, item.shown.value_or(expr.span)},
        state);
  }
  if (const auto* junction = expr.get_if<JunctionExpr>()) {
    if ((junction->op == Junction::conjunction) == item.negated) {
      state.choices.push_back(item);
      return std::nullopt;
    }
    for (const ExprPtr& part : junction->parts) {
      if (auto found = add({part, item.negated, item.shown}, state)) return found;
    }
    return std::nullopt;
  }
  if (const auto* quantified = expr.get_if<QuantifiedExpr>()) {
    const bool any_holds = quantified->quantifier == Quantifier::any && !item.negated;
    const bool none_fails = quantified->quantifier == Quantifier::no && item.negated;
    const bool not_every = quantified->quantifier == Quantifier::every && item.negated;
    if (!any_holds && !none_fails && !not_every) return std::nullopt;
    return add_inner(*quantified->condition, not_every, item);
  }
  if (const auto* truth = expr.get_if<TruthTest>()) return add_truth(*truth, item, state);
  if (const auto* node = expr.get_if<Comparison>()) return add_comparison(*node, item, state);
  if (const auto* node = expr.get_if<BetweenExpr>()) return add_between(*node, item, state);
  if (const auto* node = expr.get_if<Membership>()) return add_membership(*node, item, state);
  if (const auto* test = expr.get_if<TextTest>()) {
    const bool fails = test->negated != item.negated;
    Remaining left;
    left.must_be_present = !fails;
    left.tests.emplace_back(test, fails);
    return restrict(*test->operand, std::move(left), item, state);
  }
  if (const auto* test = expr.get_if<PresenceTest>()) {
    Remaining left;
    (test->wants_missing == item.negated ? left.must_be_present : left.must_be_missing) = true;
    return restrict(*test->operand, std::move(left), item, state);
  }
  return std::nullopt;
}

/// Looks for alternatives of the open disjunctions that hold together with all else.
std::optional<Contradiction> Satisfiability::choose(State state, Environment& found) {
  if (state.choices.empty()) {
    found = std::move(state.environment);
    return std::nullopt;
  }
  const Item choice = state.choices.back();
  state.choices.pop_back();
  std::optional<Contradiction> last;
  for (const ExprPtr& part : choice.expr->as<JunctionExpr>().parts) {
    if (branches_left_ == 0) {
      found = std::move(state.environment);
      return std::nullopt;
    }
    --branches_left_;
    State branch = state;
    last = add({part, choice.negated, choice.shown}, branch);
    if (!last) last = choose(std::move(branch), found);
    if (!last) return std::nullopt;
  }
  // None of the alternatives: the disjunction as a whole is what cannot hold.
  if (last) last->part = choice.shown.value_or(choice.expr->span);
  return last;
}

std::variant<Environment, Contradiction> Satisfiability::together(
    const std::vector<const Expr*>& conditions) {
  branches_left_ = kMostBranches;
  State state;
  for (const Expr* condition : conditions) {
    if (!condition) continue;
    if (auto contradiction = add({condition, false, std::nullopt}, state)) return *contradiction;
  }
  Environment found;
  if (auto contradiction = choose(std::move(state), found)) return *contradiction;
  return found;
}

Satisfiability::Alone Satisfiability::alone(const Expr* condition) {
  Alone found;
  branches_left_ = kMostBranches;
  State state;
  if (condition) found.contradiction = add({condition, false, std::nullopt}, state);
  if (found.contradiction || state.choices.empty()) {
    found.conjuncts = std::move(state.environment);
    return found;
  }
  found.conjuncts = state.environment;
  Environment all;
  found.contradiction = choose(std::move(state), all);
  return found;
}

Environment Satisfiability::conjuncts(const Expr* condition) {
  branches_left_ = kMostBranches;
  State state;
  if (condition) add({condition, false, std::nullopt}, state);
  return std::move(state.environment);
}

bool Satisfiability::always(const Expr& condition) const {
  if (const auto* truth = condition.get_if<TruthTest>()) {
    const auto* constant = truth->operand->get_if<Constant>();
    return constant && constant->value.truth;
  }
  if (const auto* use = condition.get_if<DefineUse>()) {
    return always(*rules_.defines[use->define].condition);
  }
  if (const auto* junction = condition.get_if<JunctionExpr>()) {
    const auto each = [&](const ExprPtr& part) { return always(*part); };
    return junction->op == Junction::conjunction
               ? std::all_of(junction->parts.begin(), junction->parts.end(), each)
               : std::any_of(junction->parts.begin(), junction->parts.end(), each);
  }
  return false;
}

}  // namespace consign::check
