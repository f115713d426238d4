// From the typed tree to the program.

#include <utility>

#include "engine/builder.hpp"
#include "engine/cover_index.hpp"

namespace consign {

namespace {

class Compiler {
 public:
  Compiler(std::shared_ptr<const RuleSet> rules, bool as_written)
      : rules_(*rules), builder_(std::move(rules), as_written) {
    define_nodes_.assign(rules_.defines.size(), kNone);
  }

  std::shared_ptr<Program> compile() {
    for (const bool otherwise : {false, true}) {
      for (RuleIndex i = 0; i < rules_.rules.size(); ++i) {
        const Rule& rule = rules_.rules[i];
        if (rule.otherwise == otherwise && rule.mode != Mode::off) add_rule(i);
      }
    }
    builder_.program().facts = facts_read();
    return builder_.finish();
  }

 private:
  void add_rule(RuleIndex index) {
    const Rule& rule = rules_.rules[index];
    CompiledRule compiled;
    compiled.rule = index;
    if (rule.condition) compiled.condition = node(*rule.condition);
    for (const Action& action : rule.actions) {
      const ActionKind kind = action.kind();
      if (kind == ActionKind::assign) compiled.assigns = 1;
      if (kind == ActionKind::hold || kind == ActionKind::stop) compiled.stops_or_holds = 1;
      add_action(action);
    }
    builder_.program().run.push_back(compiled);
  }

  /// Gives slots to the fields that an action's texts and values read.
  void add_action(const Action& action) {
    if (const auto* hold = std::get_if<HoldAction>(&action.what)) add_template(hold->reason);
    if (const auto* tag = std::get_if<TagAction>(&action.what)) add_template(tag->tag);
    if (const auto* note = std::get_if<NoteAction>(&action.what)) add_template(note->text);
    if (const auto* notify = std::get_if<NotifyAction>(&action.what)) add_template(notify->text);
    if (const auto* set = std::get_if<SetAction>(&action.what)) {
      if (const auto* text = std::get_if<TextTemplate>(&set->value)) {
        add_template(*text);
      } else {
        builder_.program().value_nodes[set] = node(*std::get<ExprPtr>(set->value));
      }
    }
  }

  void add_template(const TextTemplate& text) {
    for (const auto& piece : text.pieces) {
      if (const auto* field = std::get_if<FieldRead>(&piece)) builder_.slot(*field);
    }
  }

  std::uint32_t node(const Expr& expr) {
    return std::visit([&](const auto& each) { return build(each, expr); }, expr.node);
  }

  // ---- operands --------------------------------------------------------------------------------

  std::uint32_t build(const Constant& constant, const Expr& expr) {
    return builder_.constant(constant.value, expr.span);
  }

  std::uint32_t build(const FieldRead&, const Expr& expr) {
    Node made{NodeKind::slot};
    read(expr, made);
    made.flags &= static_cast<std::uint8_t>(~Node::kOfSlot);
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const ArithmeticExpr& arithmetic, const Expr& expr) {
    Node made{NodeKind::arithmetic, expr.type};
    made.detail = static_cast<std::uint8_t>(arithmetic.op);
    made.a = node(*arithmetic.left);
    made.b = node(*arithmetic.right);
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const NegateExpr& negate, const Expr& expr) {
    Node made{NodeKind::negate, expr.type};
    made.a = node(*negate.operand);
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const CallExpr& call, const Expr& expr) {
    Node made{NodeKind::call, expr.type};
    made.detail = static_cast<std::uint8_t>(call.function);
    made.a = node(*call.operand);
    made.b = builder_.call(call, expr.span);
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const LookupExpr& lookup, const Expr& expr) {
    Node made{NodeKind::lookup, expr.type};
    compare_in(lookup.mode, made);
    made.a = node(*lookup.key);
    made.b = builder_.table(lookup, expr.span);
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const AggregateExpr& aggregate, const Expr& expr) {
    Node made{aggregate.summed ? NodeKind::sum_lines : NodeKind::count_lines, expr.type};
    if (aggregate.summed) made.a = node(*aggregate.summed);
    if (aggregate.filter) made.b = node(*aggregate.filter);
    return builder_.add(made, expr.span);
  }

  // ---- comparisons -----------------------------------------------------------------------------

  /// The left side: a slot, or an operand of any kind.
  void read(const Expr& operand, Node& made) {
    made.type = operand.type;
    if (const auto* field = std::get_if<FieldRead>(&operand.node)) {
      made.flags |= Node::kOfSlot;
      if (row_for(field->field) == Row::line) made.flags |= Node::kOnLine;
      made.a = builder_.slot(*field);
    } else {
      made.a = node(operand);
    }
  }

  static void compare_in(TextMode mode, Node& made) {
    if (mode == TextMode::folded) made.flags |= Node::kFolded;
  }
  static void negate(bool negated, Node& made) {
    if (negated) made.flags |= Node::kNegated;
  }

  /// The literal on the right side, if it is one that the left side's type can be compared with.
  static const Value* literal_for(const Expr& right, Type left) {
    const auto* constant = std::get_if<Constant>(&right.node);
    if (constant == nullptr) return nullptr;
    const Type type = constant->value.type;
    return type == left || (is_text(type) && is_text(left)) ? &constant->value : nullptr;
  }

  std::uint32_t build(const Comparison& comparison, const Expr& expr) {
    const bool equality = comparison.op == Operator::equal || comparison.op == Operator::not_equal;
    Node made{equality ? NodeKind::equal : NodeKind::order};
    made.detail = static_cast<std::uint8_t>(equality ? Operator::equal : comparison.op);
    negate(comparison.op == Operator::not_equal, made);
    compare_in(comparison.mode, made);
    read(*comparison.left, made);
    if (const Value* literal = literal_for(*comparison.right, made.type)) {
      made.flags |= Node::kLiteral;
      made.b = builder_.literal(*literal, comparison.mode);
    } else {
      made.b = node(*comparison.right);
    }
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const BetweenExpr& between, const Expr& expr) {
    Node made{NodeKind::between};
    negate(between.negated, made);
    read(*between.operand, made);
    const Value* low = literal_for(*between.low, made.type);
    const Value* high = literal_for(*between.high, made.type);
    if (low != nullptr && high != nullptr) {
      made.flags |= Node::kLiteral;
      const std::uint32_t first = builder_.literal(*low, TextMode::exact);
      made.b = builder_.pair(first, builder_.literal(*high, TextMode::exact));
    } else {
      const std::uint32_t first = node(*between.low);
      made.b = builder_.pair(first, node(*between.high));
    }
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const Membership& membership, const Expr& expr) {
    Node made{NodeKind::member};
    negate(membership.negated, made);
    compare_in(membership.mode, made);
    read(*membership.operand, made);
    std::vector<std::uint32_t> members;
    members.reserve(membership.members.size());
    for (const Value& member : membership.members) {
      members.push_back(builder_.literal(member, membership.mode));
    }
    made.b = builder_.set(made.type, std::move(members));
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const TextTest& test, const Expr& expr) {
    Node made{NodeKind::text_test};
    made.detail = static_cast<std::uint8_t>(test.op);
    negate(test.negated, made);
    compare_in(test.op == Operator::matches ? TextMode::exact : test.mode, made);
    read(*test.operand, made);
    made.b = builder_.pattern(test.op, test.pattern, made.mode());
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const PresenceTest& test, const Expr& expr) {
    Node made{NodeKind::presence};
    negate(!test.wants_missing, made);
    read(*test.operand, made);
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const TruthTest& test, const Expr& expr) {
    if (const auto* constant = std::get_if<Constant>(&test.operand->node)) {
      return builder_.constant(constant->value, expr.span);
    }
    Node made{NodeKind::truth};
    read(*test.operand, made);
    return builder_.add(made, expr.span);
  }

  // ---- conditions ------------------------------------------------------------------------------

  std::uint32_t build(const JunctionExpr& junction, const Expr& expr) {
    const std::size_t begin = parts_.size();
    for (const ExprPtr& part : junction.parts) parts_.push_back(node(*part));
    const std::uint32_t made = builder_.junction(
        junction.op == Junction::conjunction ? NodeKind::conjunction : NodeKind::disjunction,
        std::span(parts_).subspan(begin), expr.span);
    parts_.resize(begin);
    return made;
  }

  std::uint32_t build(const NotExpr& negation, const Expr& expr) {
    Node made{NodeKind::negation};
    made.a = node(*negation.operand);
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const QuantifiedExpr& quantified, const Expr& expr) {
    Node made{quantified.quantifier == Quantifier::any     ? NodeKind::any_line
              : quantified.quantifier == Quantifier::every ? NodeKind::every_line
                                                           : NodeKind::no_line};
    made.a = node(*quantified.condition);
    return builder_.add(made, expr.span);
  }

  std::uint32_t build(const DefineUse& use, const Expr&) {
    if (define_nodes_[use.define] == kNone) {
      define_nodes_[use.define] = node(*rules_.defines[use.define].condition);
    }
    return define_nodes_[use.define];
  }

  FactsNeeded facts_read() {
    FactsNeeded needed;
    for (const SlotSpec& each : builder_.program().line_slots) {
      needed.products |= row_of(each.field).subject == Subject::product;
    }
    for (const SlotSpec& each : builder_.program().order_slots) {
      needed.shop |=
          row_of(each.field).subject == Subject::shop || each.field == Field::order_channel;
      needed.customer_orders |= each.field == Field::customer_orders_count;
      needed.customer_tags |= each.field == Field::customer_tag;
    }
    return needed;
  }

  const RuleSet& rules_;
  Builder builder_;
  std::vector<std::uint32_t> define_nodes_;
  std::vector<std::uint32_t> parts_;  ///< of the junctions being built, the innermost at the end
};

}  // namespace

std::shared_ptr<const Program> compile(std::shared_ptr<const RuleSet> rules,
                                       const CompileOptions& options) {
  auto program = Compiler(std::move(rules), false).compile();
  if (options.index) program->index = std::make_unique<CoverIndex>(*program);
  return program;
}

std::shared_ptr<const Program> compile_as_written(std::shared_ptr<const RuleSet> rules) {
  return Compiler(std::move(rules), true).compile();
}

}  // namespace consign
