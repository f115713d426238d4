// `a != b` is `not (a = b)`, and so holds where `a` is missing. Whoever writes it into an `allow`
// mostly thinks of accounts that have some other `a`, and lets in those that have none, too.
//
// What stands beside the comparison in the same `and` and holds only where the field is there, such
// as `a is present`, makes it mean what it says.

#include "dsl/allow_warnings.hpp"

#include <algorithm>
#include <set>

namespace consign::check {

namespace {

/// The first field or look-up of an operand that may be missing, or null.
const Expr* may_be_missing(const Expr& operand) {
  if (const auto* read = operand.get_if<FieldRead>()) {
    const FieldRow& row = row_of(read->field);
    return row.optional() || row.many() ? &operand : nullptr;
  }
  if (operand.is<LookupExpr>()) return &operand;
  if (const auto* negation = operand.get_if<NegateExpr>())
    return may_be_missing(*negation->operand);
  if (const auto* call = operand.get_if<CallExpr>()) return may_be_missing(*call->operand);
  if (const auto* arithmetic = operand.get_if<ArithmeticExpr>()) {
    const Expr* left = may_be_missing(*arithmetic->left);
    return left ? left : may_be_missing(*arithmetic->right);
  }
  return nullptr;
}

/// A comparison or test as it must turn out.
struct Leaf {
  std::vector<const Expr*> operands;
  bool fails = false;
};

/// Nothing for what is made of other conditions.
std::optional<Leaf> leaf_of(const Expr& expr, bool negated) {
  if (const auto* node = expr.get_if<Comparison>()) {
    return Leaf{{node->left, node->right}, negated != (node->op == Operator::not_equal)};
  }
  if (const auto* node = expr.get_if<BetweenExpr>()) {
    return Leaf{{node->operand, node->low, node->high}, negated != node->negated};
  }
  if (const auto* node = expr.get_if<Membership>()) {
    return Leaf{{node->operand}, negated != node->negated};
  }
  if (const auto* node = expr.get_if<TextTest>()) {
    return Leaf{{node->operand}, negated != node->negated};
  }
  if (const auto* node = expr.get_if<TruthTest>()) return Leaf{{node->operand}, negated};
  return std::nullopt;
}

class NegationFinder {
 public:
  /// `does`: what the rule does where its condition holds, as in "allows".
  NegationFinder(const RuleSet& rules, Satisfiability& satisfiability, DiagnosticSink& sink,
                 std::string does)
      : rules_(rules), satisfiability_(satisfiability), sink_(sink), does_(std::move(does)) {}

  bool find(const Expr& condition) {
    walk({&condition, false, condition.span}, {});
    return found_;
  }

 private:
  using Things = std::set<std::uint32_t>;
  struct Part {
    const Expr* expr;
    bool negated;
    Span shown;  ///< its own, or that of the define's use that it comes from
  };

  /// The same without `not` and defines around it.
  Part bare(Part part) const {
    const auto own = [&](const Expr& inner) {
      return part.shown == part.expr->span ? inner.span : part.shown;
    };
    for (;;) {
      if (const auto* negation = part.expr->get_if<NotExpr>()) {
        part = {negation->operand, !part.negated, own(*negation->operand)};
      } else if (const auto* use = part.expr->get_if<DefineUse>()) {
        part.expr = rules_.defines[use->define].condition;
      } else {
        return part;
      }
    }
  }

  /// Adds what must be there for the part to hold.
  void note_present(const Part& written, Things& present) {
    const Part part = bare(written);
    if (const auto* test = part.expr->get_if<PresenceTest>()) {
      if (test->wants_missing == part.negated) present.insert(thing_of(*test->operand));
    } else if (const auto leaf = leaf_of(*part.expr, part.negated); leaf && !leaf->fails) {
      for (const Expr* operand : leaf->operands) {
        if (const Expr* needed = may_be_missing(*operand)) present.insert(thing_of(*needed));
      }
    }
  }

  void walk(const Part& written, Things present) {
    const Part part = bare(written);
    if (const auto* junction = part.expr->get_if<JunctionExpr>()) {
      const auto inner = [&](const Expr& each) {
        return Part{&each, part.negated, part.shown == part.expr->span ? each.span : part.shown};
      };
      if ((junction->op == Junction::conjunction) != part.negated) {
        for (const ExprPtr& each : junction->parts) note_present(inner(*each), present);
      }
      for (const ExprPtr& each : junction->parts) walk(inner(*each), present);
    } else if (const auto leaf = leaf_of(*part.expr, part.negated); leaf && leaf->fails) {
      for (const Expr* operand : leaf->operands) {
        const Expr* missing = may_be_missing(*operand);
        if (missing && !present.contains(thing_of(*missing))) return warn(part, *missing);
      }
    }
  }

  std::uint32_t thing_of(const Expr& operand) { return satisfiability_.thing_of(operand); }

  void warn(const Part& part, const Expr& missing) {
    found_ = true;
    const std::string field(rules_.sources->text(missing.span));
    sink_
        .report(Code::negation_allows,
                "this rule also " + does_ + " where `" + field + "` is missing")
        .primary(part.shown, "holds where there is none")
        .help("say what it has to be, as in `" + field + " = …`, or add `" + field +
              " is present and …`");
  }

  const RuleSet& rules_;
  Satisfiability& satisfiability_;
  DiagnosticSink& sink_;
  const std::string does_;
  bool found_ = false;
};

}  // namespace

bool warn_of_negations(const RuleSet& rules, const Rule& rule, Satisfiability& satisfiability,
                       DiagnosticSink& sink) {
  const auto allows = [](const Action& action) {
    return action.kind() == ActionKind::allow || action.kind() == ActionKind::approve ||
           action.kind() == ActionKind::grant;
  };
  if (rule.scope != Scope::check && rule.scope != Scope::request) return false;
  if (!rule.condition) return false;
  const auto allowing = std::find_if(rule.actions.begin(), rule.actions.end(), allows);
  if (allowing == rule.actions.end()) return false;
  const std::string does(row_of(allowing->kind()).spelling);
  return NegationFinder(rules, satisfiability, sink, does + "s").find(*rule.condition);
}

}  // namespace consign::check
