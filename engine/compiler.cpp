// From the typed tree to the program.

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "consign/text.hpp"
#include "engine/cover_index.hpp"
#include "engine/program.hpp"

namespace consign {

namespace {

std::uint32_t hash_of(std::string_view text) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>()(text));
}

}  // namespace

std::size_t Dictionary::slot_of(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].id != kNone && (slots_[at].hash != hash || texts_[slots_[at].id] != text)) {
    at = (at + 1) & mask;
  }
  return at;
}

void Dictionary::grow() {
  const std::vector<Slot> before =
      std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(slots_.size() * 2, 16)));
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : before) {
    if (slot.id == kNone) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].id != kNone) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::uint32_t Dictionary::intern(std::string_view text) {
  if (texts_.size() * 2 >= slots_.size()) grow();
  const std::uint32_t hash = hash_of(text);
  Slot& slot = slots_[slot_of(text, hash)];
  if (slot.id == kNone) {
    slot = {hash, static_cast<std::uint32_t>(texts_.size())};
    texts_.emplace_back(text);
  }
  return slot.id;
}

std::uint32_t Dictionary::find(std::string_view text) const {
  return texts_.empty() ? kNone : slots_[slot_of(text, hash_of(text))].id;
}

Program::Program() = default;
Program::~Program() = default;

Row row_for(Field field) {
  const Subject subject = row_of(field).subject;
  return subject == Subject::line || subject == Subject::product ? Row::line : Row::order;
}

std::uint32_t Program::find_slot(Field field, std::string_view key, Row row) const {
  const auto& slots = row == Row::line ? line_slots : order_slots;
  const auto it = std::find_if(slots.begin(), slots.end(), [&](const SlotSpec& each) {
    return each.field == field && each.key == key;
  });
  return it == slots.end() ? kNone : static_cast<std::uint32_t>(it - slots.begin());
}

namespace {

class Compiler {
 public:
  explicit Compiler(std::shared_ptr<const RuleSet> rules) : program_(std::make_shared<Program>()) {
    program_->rules = std::move(rules);
    define_nodes_.assign(program_->rules->defines.size(), kNone);
  }

  std::shared_ptr<const Program> compile(const CompileOptions& options) {
    const auto& rules = program_->rules->rules;
    program_->run.reserve(rules.size());
    for (const bool otherwise : {false, true}) {
      for (RuleIndex i = 0; i < rules.size(); ++i) {
        if (rules[i].otherwise == otherwise && rules[i].mode != Mode::off) add_rule(i);
      }
    }
    program_->facts = facts_read();
    if (options.index) program_->index = std::make_unique<CoverIndex>(*program_);
    return std::move(program_);
  }

 private:
  void add_rule(RuleIndex index) {
    const Rule& rule = program_->rule(index);
    CompiledRule compiled;
    compiled.rule = index;
    if (rule.condition) compiled.condition = node(*rule.condition);
    for (const Action& action : rule.actions) {
      const ActionKind kind = action.kind();
      compiled.assigns |= kind == ActionKind::assign;
      compiled.stops_or_holds |= kind == ActionKind::hold || kind == ActionKind::stop;
      add_action(action);
    }
    program_->run.push_back(compiled);
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
        program_->value_nodes[set] = node(*std::get<ExprPtr>(set->value));
      }
    }
  }

  void add_template(const TextTemplate& text) {
    for (const auto& piece : text.pieces) {
      if (const auto* field = std::get_if<FieldRead>(&piece)) slot(*field);
    }
  }

  std::uint32_t slot(const FieldRead& read) {
    const Row row = row_for(read.field);
    const std::uint32_t known = program_->find_slot(read.field, read.key, row);
    if (known != kNone) return known;
    auto& slots = row == Row::line ? program_->line_slots : program_->order_slots;
    slots.push_back({read.field, read.key});
    return static_cast<std::uint32_t>(slots.size() - 1);
  }

  /// Texts that are written many times are one literal.
  std::uint32_t literal(const Value& value) {
    if (!is_text(value.type)) return add_literal(value);
    auto& known = text_literals_[static_cast<std::size_t>(value.type)];
    const std::uint32_t id = program_->exact.intern(value.text);
    if (id >= known.size()) known.resize(std::max<std::size_t>(id + 1, known.size() * 2), kNone);
    if (known[id] == kNone) known[id] = add_literal(value);
    return known[id];
  }

  std::uint32_t add_literal(const Value& value) {
    Literal& made = program_->literals.emplace_back();
    made.value = value;
    made.folded = fold(value.text);
    made.text.exact = made.value.text;
    made.text.folded = made.folded;
    made.text.exact_id = program_->exact.intern(made.value.text);
    made.text.folded_id = program_->folded.intern(made.folded);
    return static_cast<std::uint32_t>(program_->literals.size() - 1);
  }

  std::uint32_t add(Node node) {
    program_->nodes.push_back(node);
    return static_cast<std::uint32_t>(program_->nodes.size() - 1);
  }

  std::uint32_t node(const Expr& expr) {
    return std::visit(
        [&](const auto& each) {
          Node made{};
          made.type = expr.type;
          made.span = expr.span;
          return build(each, made);
        },
        expr.node);
  }

  std::uint32_t build(const Constant& constant, Node made) {
    made.kind = NodeKind::constant;
    made.a = literal(constant.value);
    return add(made);
  }

  std::uint32_t build(const FieldRead& read, Node made) {
    made.kind = NodeKind::slot;
    made.row = row_for(read.field);
    made.a = slot(read);
    return add(made);
  }

  std::uint32_t build(const ArithmeticExpr& expr, Node made) {
    made.kind = NodeKind::arithmetic;
    made.arithmetic = expr.op;
    made.a = node(*expr.left);
    made.b = node(*expr.right);
    return add(made);
  }

  std::uint32_t build(const NegateExpr& expr, Node made) {
    made.kind = NodeKind::negate;
    made.a = node(*expr.operand);
    return add(made);
  }

  std::uint32_t build(const CallExpr& expr, Node made) {
    made.kind = NodeKind::call;
    made.function = expr.function;
    made.zone = expr.zone;
    made.a = node(*expr.operand);
    if (expr.function == Function::weekday) {
      // The words of the result are literals like any others, so that they compare by number.
      made.b = static_cast<std::uint32_t>(program_->literals.size());
      for (const auto word : words_of(Domain::weekday)) add_literal(Value::of_enum(word));
    }
    return add(made);
  }

  std::uint32_t build(const LookupExpr& expr, Node made) {
    made.kind = NodeKind::lookup;
    made.mode = expr.mode;
    made.a = node(*expr.key);
    CompiledTable table;
    for (const auto& [key, value] : program_->rules->tables[expr.table].rows) {
      const std::uint32_t key_literal = literal(key);
      const std::uint32_t value_literal = literal(value);
      if (key.type == Type::text || key.type == Type::code || key.type == Type::enumeration) {
        table.by_text.emplace(program_->literals[key_literal].text.id(expr.mode), value_literal);
      } else {
        table.by_number.emplace_back(key_literal, value_literal);
      }
    }
    program_->tables.push_back(std::move(table));
    made.extra = static_cast<std::uint32_t>(program_->tables.size() - 1);
    return add(made);
  }

  std::uint32_t build(const AggregateExpr& expr, Node made) {
    made.kind = expr.summed ? NodeKind::sum_lines : NodeKind::count_lines;
    if (expr.summed) made.a = node(*expr.summed);
    if (expr.filter) made.b = node(*expr.filter);
    return add(made);
  }

  std::uint32_t build(const Comparison& expr, Node made) {
    const bool equality = expr.op == Operator::equal || expr.op == Operator::not_equal;
    made.kind = equality ? NodeKind::equal : NodeKind::order;
    made.negated = expr.op == Operator::not_equal;
    made.op = expr.op;
    made.mode = expr.mode;
    made.a = node(*expr.left);
    made.b = node(*expr.right);
    return add(made);
  }

  std::uint32_t build(const BetweenExpr& expr, Node made) {
    made.kind = NodeKind::between;
    made.negated = expr.negated;
    made.a = node(*expr.operand);
    made.b = node(*expr.low);
    made.c = node(*expr.high);
    return add(made);
  }

  std::uint32_t build(const Membership& expr, Node made) {
    made.kind = NodeKind::member;
    made.mode = expr.mode;
    made.negated = expr.negated;
    made.a = node(*expr.operand);
    MemberSet set;
    set.literals.reserve(expr.members.size());
    set.ids.reserve(expr.members.size());
    for (const Value& member : expr.members) {
      const std::uint32_t id = literal(member);
      set.literals.push_back(id);
      set.ids.push_back(program_->literals[id].text.id(expr.mode));
    }
    std::sort(set.ids.begin(), set.ids.end());
    program_->sets.push_back(std::move(set));
    made.extra = static_cast<std::uint32_t>(program_->sets.size() - 1);
    return add(made);
  }

  std::uint32_t build(const TextTest& expr, Node made) {
    made.kind = NodeKind::text_test;
    made.op = expr.op;
    made.mode = expr.mode;
    made.negated = expr.negated;
    made.a = node(*expr.operand);
    Pattern pattern;
    if (expr.op == Operator::matches) {
      made.mode = TextMode::exact;
      pattern.text = expr.pattern;
      pattern.regex = std::make_unique<RE2>(expr.pattern, RE2::Quiet);
    } else {
      pattern.text = expr.mode == TextMode::folded ? fold(expr.pattern) : expr.pattern;
    }
    program_->patterns.push_back(std::move(pattern));
    made.extra = static_cast<std::uint32_t>(program_->patterns.size() - 1);
    return add(made);
  }

  std::uint32_t build(const PresenceTest& expr, Node made) {
    made.kind = NodeKind::presence;
    made.negated = !expr.wants_missing;
    made.a = node(*expr.operand);
    return add(made);
  }

  std::uint32_t build(const TruthTest& expr, Node made) {
    made.kind = NodeKind::truth;
    made.a = node(*expr.operand);
    return add(made);
  }

  std::uint32_t build(const JunctionExpr& expr, Node made) {
    made.kind = expr.op == Junction::conjunction ? NodeKind::conjunction : NodeKind::disjunction;
    std::vector<std::uint32_t> parts;
    parts.reserve(expr.parts.size());
    for (const ExprPtr& part : expr.parts) parts.push_back(node(*part));
    made.first = static_cast<std::uint32_t>(program_->links.size());
    made.count = static_cast<std::uint32_t>(parts.size());
    program_->links.insert(program_->links.end(), parts.begin(), parts.end());
    return add(made);
  }

  std::uint32_t build(const NotExpr& expr, Node made) {
    made.kind = NodeKind::negation;
    made.a = node(*expr.operand);
    return add(made);
  }

  std::uint32_t build(const QuantifiedExpr& expr, Node made) {
    switch (expr.quantifier) {
      case Quantifier::any:
        made.kind = NodeKind::any_line;
        break;
      case Quantifier::every:
        made.kind = NodeKind::every_line;
        break;
      case Quantifier::no:
        made.kind = NodeKind::no_line;
        break;
    }
    made.a = node(*expr.condition);
    return add(made);
  }

  std::uint32_t build(const DefineUse& use, Node) {
    std::uint32_t& known = define_nodes_[use.define];
    if (known == kNone) known = node(*program_->rules->defines[use.define].condition);
    return known;
  }

  FactsNeeded facts_read() const {
    FactsNeeded needed;
    for (const SlotSpec& each : program_->line_slots) {
      needed.products |= row_of(each.field).subject == Subject::product;
    }
    for (const SlotSpec& each : program_->order_slots) {
      needed.shop |=
          row_of(each.field).subject == Subject::shop || each.field == Field::order_channel;
      needed.customer_orders |= each.field == Field::customer_orders_count;
      needed.customer_tags |= each.field == Field::customer_tag;
    }
    return needed;
  }

  std::shared_ptr<Program> program_;
  std::vector<std::uint32_t> define_nodes_;
  /// The literal of each exact text, by type.
  std::array<std::vector<std::uint32_t>, static_cast<std::size_t>(Type::permission) + 1>
      text_literals_;
};

}  // namespace

std::shared_ptr<const Program> compile(std::shared_ptr<const RuleSet> rules,
                                       const CompileOptions& options) {
  return Compiler(std::move(rules)).compile(options);
}

ProgramCost cost_of(const Program& program) {
  ProgramCost cost;
  cost.rules = program.run.size();
  cost.predicates = program.nodes.size();
  cost.bytes =
      program.nodes.capacity() * sizeof(Node) + program.links.capacity() * sizeof(std::uint32_t) +
      program.literals.size() * sizeof(Literal) + program.run.capacity() * sizeof(CompiledRule);
  if (program.index != nullptr) {
    const CoverIndex::Cost index = program.index->cost();
    cost.index_groups = index.groups;
    cost.bytes += index.bytes;
    for (const std::uint32_t place : index.unindexed) {
      const RuleIndex rule = program.run[place].rule;
      // `otherwise` rules cost nothing while other rules do their work.
      if (!program.rule(rule).otherwise) cost.unindexed.push_back(rule);
    }
  }
  return cost;
}

const RuleSet& rules_of(const Program& program) { return *program.rules; }
FactsNeeded facts_needed(const Program& program) { return program.facts; }

}  // namespace consign
