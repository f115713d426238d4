// From the typed tree to the program: node for node as written, or simplified.

#include <array>
#include <utility>

#include "engine/cover_index.hpp"
#include "engine/growth.hpp"
#include "engine/simplify.hpp"

namespace consign {

namespace {

class Compiler {
 public:
  Compiler(std::shared_ptr<const RuleSet> rules, bool as_written)
      : rules_(*rules), builder_(std::move(rules), as_written), as_written_(as_written) {
    defines_.resize(rules_.defines.size());
  }

  /// Goes on from a program for a set that shares rules with its.
  Compiler(std::shared_ptr<const RuleSet> rules, const Program& previous, std::size_t added)
      : rules_(*rules), builder_(std::move(rules), previous, added), as_written_(false) {
    defines_.resize(rules_.defines.size());
  }

  std::shared_ptr<Program> compile() {
    for (const bool otherwise : {false, true}) {
      for (RuleIndex i = 0; i < rules_.rules.size(); ++i) add_if(i, otherwise);
    }
    auto program = finish();
    program->growth.parts = program->part_count();
    return program;
  }

  std::shared_ptr<Program> compile_scope(Scope scope, std::uint32_t event) {
    scope_ = scope;
    event_ = event;
    return compile();
  }

  /// `moved` gets, for each rule of the previous program by its place, the place that it has now,
  /// or kNone.
  std::shared_ptr<Program> compile(const Program& previous, const Difference& difference,
                                   std::vector<std::uint32_t>& moved) {
    auto& run = builder_.program().run;
    moved.assign(previous.run.size(), kNone);
    difference.each_rule(
        previous,
        [&](const CompiledRule& kept, std::uint32_t place) {
          moved[place] = static_cast<std::uint32_t>(run.size());
          run.push_back(kept);
          builder_.program().needs.push_back(previous.needs[place]);
        },
        [&](RuleIndex index, bool otherwise) { add_if(index, otherwise); });
    builder_.program().growth = difference.growth();
    return finish();
  }

 private:
  std::shared_ptr<Program> finish() {
    builder_.program().facts = facts_read();
    if (!as_written_) mark_kept(builder_.program(), builder_.first_node());
    return builder_.finish();
  }

  /// Adds a rule that runs among the others of its kind.
  void add_if(RuleIndex index, bool otherwise) {
    const Rule& rule = rules_.rules[index];
    if (rule.otherwise != otherwise || rule.mode == Mode::off) return;
    const bool on_order = rule.scope == Scope::line || rule.scope == Scope::order;
    const bool wanted = scope_ ? rule.scope == *scope_ && rule.event == event_ : on_order;
    if (wanted) add_rule(index);
  }

  void add_rule(RuleIndex index) {
    const Rule& rule = rules_.rules[index];
    CompiledRule compiled;
    compiled.rule = index & ((1u << 26) - 1);
    compiled.on_order = rule.scope == Scope::order;
    compiled.otherwise = rule.otherwise;
    compiled.shadow = rule.mode == Mode::shadow;
    const RuleDetails& only = *rule.details;
    compiled.limited = !only.shops.empty() || only.from || only.until;
    if (rule.condition) compiled.condition = node(*rule.condition);
    for (const Action& action : rule.actions) {
      const ActionKind kind = action.kind();
      if (kind == ActionKind::assign) {
        compiled.assigns = 1;
        builder_.add_needs(kNeedsStock);
      }
      if (kind == ActionKind::hold || kind == ActionKind::stop) compiled.stops_or_holds = 1;
      add_action(action);
    }
    builder_.program().run.push_back(compiled);
    builder_.program().needs.push_back(builder_.take_needs());
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
    Draft made = draft(expr, false);
    return builder_.add(made);
  }

  /// The expression, or the negation of the condition that it is. As written, nothing is negated
  /// but by a node of its own.
  Draft draft(const Expr& expr, bool negated) {
    return visit([&](const auto& each) { return build(each, expr, negated); }, expr);
  }

  // ---- operands --------------------------------------------------------------------------------

  static Node made_of(NodeKind kind, const Expr& expr) { return {kind, expr.type}; }

  Draft build(const Constant& constant, const Expr& expr, bool) {
    return {builder_.constant(constant.value), expr.span};
  }

  Draft build(const FieldRead&, const Expr& expr, bool) {
    Node made{NodeKind::slot};
    read(expr, made);
    made.flags &= static_cast<std::uint8_t>(~Node::kOfSlot);
    return {made, expr.span};
  }

  Draft build(const ArithmeticExpr& arithmetic, const Expr& expr, bool) {
    Value room;
    if (const Value* value = folded(expr, room)) return {builder_.constant(*value), expr.span};
    Node made = made_of(NodeKind::arithmetic, expr);
    made.detail = static_cast<std::uint8_t>(arithmetic.op);
    made.a = node(*arithmetic.left);
    made.b = node(*arithmetic.right);
    return {made, expr.span};
  }

  Draft build(const NegateExpr& negate, const Expr& expr, bool) {
    Value room;
    if (const Value* value = folded(expr, room)) return {builder_.constant(*value), expr.span};
    Node made = made_of(NodeKind::negate, expr);
    made.a = node(*negate.operand);
    return {made, expr.span};
  }

  Draft build(const CallExpr& call, const Expr& expr, bool) {
    Node made = made_of(NodeKind::call, expr);
    made.detail = static_cast<std::uint8_t>(call.function);
    made.a = node(*call.operand);
    made.b = builder_.call(call, expr.span);
    return {made, expr.span};
  }

  Draft build(const LookupExpr& lookup, const Expr& expr, bool) {
    Node made = made_of(NodeKind::lookup, expr);
    compare_in(lookup.mode, made);
    made.a = node(*lookup.key);
    made.b = builder_.table(lookup, expr.span);
    return {made, expr.span};
  }

  Draft build(const AggregateExpr& aggregate, const Expr& expr, bool) {
    Node made = made_of(aggregate.summed ? NodeKind::sum_lines : NodeKind::count_lines, expr);
    if (aggregate.summed) made.a = node(*aggregate.summed);
    if (aggregate.filter) {
      Draft filter = draft(*aggregate.filter, false);
      if (as_written_ || !is_constant(filter, true)) made.b = builder_.add(filter);
    }
    return {made, expr.span};
  }

  /// The value of an operand that is made of literals alone; as written, only that of a literal.
  const Value* folded(const Expr& operand, Value& room) const {
    if (as_written_ && !operand.is<Constant>()) return nullptr;
    return constant_of(operand, room);
  }

  // ---- comparisons -----------------------------------------------------------------------------

  /// The left side: a slot, or an operand of any kind.
  void read(const Expr& operand, Node& made) {
    made.type = operand.type;
    if (const auto* field = operand.get_if<FieldRead>()) {
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

  Draft comparison(Node made, const Expr& expr, bool negated) {
    if (negated) made.flags |= Node::kNegated;
    if (!as_written_) simplifier_.comparison(made);
    return {made, expr.span};
  }

  /// The literal on the right side, if it is one that the left side's type can be compared with.
  const Value* literal_for(const Expr& right, Type left, Value& room) const {
    const Value* value = folded(right, room);
    if (value == nullptr) return nullptr;
    return value->type == left || (is_text(value->type) && is_text(left)) ? value : nullptr;
  }

  Draft build(const Comparison& comparison, const Expr& expr, bool negated) {
    const Expr* left = comparison.left;
    const Expr* right = comparison.right;
    Operator op = comparison.op == Operator::not_equal ? Operator::equal : comparison.op;
    negated ^= comparison.op == Operator::not_equal;
    Value room;
    if (!as_written_) {
      if (const auto known = compared(op, *left, *right)) {
        return {constant(*known != negated), expr.span};
      }
      // An amount is brought to the left side's currency, so there it matters which that is.
      if (left->type != Type::money && right->is<FieldRead>() && folded(*left, room) != nullptr) {
        std::swap(left, right);
        op = mirrored(op);
      }
    }
    Node made{op == Operator::equal ? NodeKind::equal : NodeKind::order};
    made.detail = static_cast<std::uint8_t>(op);
    compare_in(comparison.mode, made);
    read(*left, made);
    if (const Value* literal = literal_for(*right, made.type, room)) {
      made.flags |= Node::kLiteral;
      made.b = builder_.literal(*literal, comparison.mode);
    } else {
      made.b = node(*right);
    }
    return this->comparison(made, expr, negated);
  }

  Draft build(const BetweenExpr& between, const Expr& expr, bool negated) {
    Node made{NodeKind::between};
    read(*between.operand, made);
    Value low_room, high_room;
    const Value* low = literal_for(*between.low, made.type, low_room);
    const Value* high = literal_for(*between.high, made.type, high_room);
    if (low != nullptr && high != nullptr) {
      made.flags |= Node::kLiteral;
      const std::uint32_t first = builder_.literal(*low, TextMode::exact);
      made.b = builder_.pair(first, builder_.literal(*high, TextMode::exact));
    } else {
      const std::uint32_t first = node(*between.low);
      made.b = builder_.pair(first, node(*between.high));
    }
    return comparison(made, expr, negated != between.negated);
  }

  Draft build(const Membership& membership, const Expr& expr, bool negated) {
    Node made{NodeKind::member};
    made.flags = Node::kLiteral;
    compare_in(membership.mode, made);
    read(*membership.operand, made);
    members_.clear();
    for (const Value& member : membership.members) {
      members_.push_back(builder_.literal(member, membership.mode));
    }
    made.b = builder_.set(made.type, members_);
    return comparison(made, expr, negated != membership.negated);
  }

  Draft build(const TextTest& test, const Expr& expr, bool negated) {
    const bool is_regex = test.op == Operator::matches;
    Node made{NodeKind::text_test};
    compare_in(is_regex ? TextMode::exact : test.mode, made);
    read(*test.operand, made);
    std::pair<Operator, std::string_view> what{test.op,
                                               builder_.in_mode(test.pattern, made.mode())};
    if (!as_written_ && test.op == Operator::like) what = plain_test(what.second);
    made.detail = static_cast<std::uint8_t>(what.first);
    if (what.first == Operator::equal) {
      made.kind = NodeKind::equal;
      made.flags |= Node::kLiteral;
      made.b = builder_.text(what.second, made.mode());
    } else {
      made.b = builder_.pattern(what.second, is_regex);
    }
    return comparison(made, expr, negated != test.negated);
  }

  Draft build(const PresenceTest& test, const Expr& expr, bool negated) {
    Node made{NodeKind::presence};
    read(*test.operand, made);
    return comparison(made, expr, negated == test.wants_missing);
  }

  Draft build(const TruthTest& test, const Expr& expr, bool negated) {
    if (const auto* constant = test.operand->get_if<Constant>()) {
      return {this->constant(constant->value.truth != negated), expr.span};
    }
    Node made{NodeKind::truth};
    read(*test.operand, made);
    return comparison(made, expr, negated);
  }

  // ---- conditions ------------------------------------------------------------------------------

  static Node constant(bool truth) {
    Node made{NodeKind::constant};
    made.a = truth ? 1 : 0;
    return made;
  }
  static bool is_constant(const Draft& draft, bool truth) {
    return draft.node.kind == NodeKind::constant && (draft.node.a != 0) == truth;
  }

  /// The kind of a junction, or of its negation.
  static NodeKind kind_of(const JunctionExpr& junction, bool negated) {
    return (junction.op == Junction::conjunction) != negated ? NodeKind::conjunction
                                                             : NodeKind::disjunction;
  }

  Draft build(const JunctionExpr& junction, const Expr& expr, bool negated) {
    const NodeKind kind = kind_of(junction, negated);
    const std::size_t begin = parts_.size();
    const auto done = [&](const Draft& made) {
      parts_.resize(begin);
      return made;
    };
    if (as_written_) {
      for (const ExprPtr& part : junction.parts) {
        Draft made = draft(*part, false);
        builder_.add(made);
        parts_.push_back(made);
      }
    } else {
      add_parts(junction, kind, negated);
      const bool decided = simplifier_.decide(kind, parts_, begin);
      if (decided || parts_.size() == begin) {
        return done({constant((kind == NodeKind::conjunction) != decided), expr.span});
      }
      if (parts_.size() == begin + 1) return done(parts_.back());
    }
    return done(builder_.junction(kind, std::span(parts_).subspan(begin), expr.span));
  }

  /// The parts of a junction, with those of junctions of the same kind that stand among them.
  void add_parts(const JunctionExpr& junction, NodeKind kind, bool negated) {
    for (const ExprPtr& part : junction.parts) {
      const Expr* inner = part;
      bool inner_negated = negated;
      while (const auto* negation = inner->get_if<NotExpr>()) {
        inner = negation->operand;
        inner_negated = !inner_negated;
      }
      const auto* nested = inner->get_if<JunctionExpr>();
      if (nested != nullptr && kind_of(*nested, inner_negated) == kind) {
        add_parts(*nested, kind, inner_negated);
        continue;
      }
      const Draft made = draft(*inner, inner_negated);
      if (made.node.kind != kind) {
        parts_.push_back(made);
        continue;
      }
      for (const std::uint32_t each : builder_.program().parts(made.node)) {
        parts_.push_back(builder_.known(each));
      }
    }
  }

  Draft build(const NotExpr& negation, const Expr& expr, bool negated) {
    if (!as_written_) return draft(*negation.operand, !negated);
    Node made{NodeKind::negation};
    made.a = node(*negation.operand);
    return {made, expr.span};
  }

  Draft build(const QuantifiedExpr& quantified, const Expr& expr, bool negated) {
    // That not every line does is that some line does not.
    const bool every = quantified.quantifier == Quantifier::every;
    Draft inner = draft(*quantified.condition, every && negated);
    const bool any = every ? negated : (quantified.quantifier == Quantifier::any) != negated;
    Node made{any ? NodeKind::any_line : every ? NodeKind::every_line : NodeKind::no_line};
    // Without lines, nothing holds for any and all holds for every line.
    const bool settles = made.kind == NodeKind::every_line;
    if (!as_written_ && is_constant(inner, settles)) {
      return {constant(made.kind != NodeKind::any_line), expr.span};
    }
    made.a = builder_.add(inner);
    return {made, expr.span};
  }

  Draft build(const DefineUse& use, const Expr&, bool negated) {
    auto& [drafts, needs] = defines_[use.define];
    if (drafts[negated].number == kNone) {
      const std::uint8_t before = builder_.take_needs();
      Draft made = draft(*rules_.defines[use.define].condition, negated);
      builder_.add(made);
      drafts[negated] = made;
      needs = builder_.take_needs();
      builder_.add_needs(before);
    }
    builder_.add_needs(needs);
    return drafts[negated];
  }

  FactsNeeded facts_read() {
    std::uint8_t all = kNeedsNothing;
    for (const std::uint8_t needs : builder_.program().needs) all |= needs;
    FactsNeeded needed;
    needed.products = (all & kNeedsProducts) != 0;
    needed.shop = (all & kNeedsShop) != 0;
    needed.customer_orders = (all & kNeedsCustomerOrders) != 0;
    needed.customer_tags = (all & kNeedsCustomerTags) != 0;
    needed.stock = (all & kNeedsStock) != 0;
    return needed;
  }

  const RuleSet& rules_;
  Builder builder_;
  const bool as_written_;
  std::optional<Scope> scope_;  ///< whose rules; nothing: those on line and on order
  std::uint32_t event_ = 0;     ///< of scope event
  Simplifier simplifier_{builder_};
  struct DefineDrafts {
    std::array<Draft, 2> drafts;  ///< as it is, and negated
    std::uint8_t needs = kNeedsNothing;
  };
  std::vector<DefineDrafts> defines_;
  std::vector<std::uint32_t> members_;  ///< of one set, for its room
  std::vector<Draft> parts_;            ///< of the junctions being built, the innermost at the end
};

}  // namespace

std::shared_ptr<const Program> compile_scope(std::shared_ptr<const RuleSet> rules, Scope scope,
                                             std::uint32_t event) {
  return Compiler(std::move(rules), false).compile_scope(scope, event);
}

std::shared_ptr<const Program> compile(std::shared_ptr<const RuleSet> rules,
                                       const CompileOptions& options,
                                       const std::shared_ptr<const Program>& previous) {
  const CoverIndex* index = previous == nullptr ? nullptr : previous->index.get();
  if (options.index && index != nullptr && index->always() == options.always) {
    if (const auto difference = Difference::between(*previous, *rules, options.always)) {
      std::vector<std::uint32_t> moved;
      auto program = Compiler(std::move(rules), *previous, difference->added())
                         .compile(*previous, *difference, moved);
      program->index = std::make_shared<const CoverIndex>(*program, *index, moved);
      return program;
    }
  }
  auto program = Compiler(std::move(rules), false).compile();
  if (options.index) program->index = std::make_shared<const CoverIndex>(*program, options.always);
  return program;
}

std::shared_ptr<const Program> compile_as_written(std::shared_ptr<const RuleSet> rules) {
  return Compiler(std::move(rules), true).compile();
}

}  // namespace consign
