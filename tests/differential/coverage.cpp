#include "tests/differential/coverage.hpp"

#include <algorithm>
#include <set>

#include "tests/differential/index_kinds.hpp"

namespace consign::reference {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

constexpr Type kTypes[] = {Type::text,  Type::code,   Type::enumeration, Type::number,
                           Type::money, Type::weight, Type::duration,    Type::time,
                           Type::day,   Type::boolean};
constexpr const char* kQuantifiers[] = {"any", "every", "no"};
constexpr const char* kArithmetic[] = {"+", "-", "*", "/"};
constexpr const char* kChoices[] = {"only", "first", "cheapest", "fastest", "split", "divide"};
constexpr const char* kKnown[] = {"known", "missing", "unknown"};

/// Why a supplier does not take a line, with what differs from one to the other left out.
constexpr const char* kRefusals[] = {"suspended",
                                     "rejected it",
                                     "rejected it: …",
                                     "does not serve shop …",
                                     "serves only some countries and the order names none",
                                     "does not serve …",
                                     "takes … orders a day and has them",
                                     "takes … orders an hour and has them",
                                     "0 left, … wanted",
                                     "… left, … wanted",
                                     "has what it reports by SKU, and the line has none"};

bool fits(std::string_view text, std::string_view pattern) {
  constexpr std::string_view kGap = "…";
  const std::size_t gap = pattern.find(kGap);
  if (gap == std::string_view::npos) return text == pattern;
  if (!text.starts_with(pattern.substr(0, gap))) return false;
  text.remove_prefix(gap);
  const std::string_view rest = pattern.substr(gap + kGap.size());
  for (std::size_t at = 1; at <= text.size(); ++at) {
    if (fits(text.substr(at), rest)) return true;
  }
  return false;
}

/// Those in a reason that speaks of suppliers: "acme: suspended; bravo: 1 left, 2 wanted".
std::vector<std::string> refusals_in(std::string_view reason) {
  std::vector<std::string> out;
  while (!reason.empty()) {
    const std::size_t end = std::min(reason.find("; "), reason.size());
    const std::string_view one = reason.substr(0, end);
    reason.remove_prefix(std::min(end + 2, reason.size()));
    const std::size_t colon = one.find(": ");
    if (colon == std::string_view::npos) continue;
    const auto* found =
        std::find_if(std::begin(kRefusals), std::end(kRefusals),
                     [&](const char* each) { return fits(one.substr(colon + 2), each); });
    if (found != std::end(kRefusals)) out.emplace_back(*found);
  }
  return out;
}

std::string operator_on(Operator op, Type type, bool negated) {
  return std::string(negated ? "not " : "") + std::string(row_of(op).spelling) + " on " +
         std::string(name_of(type));
}

bool has_order(Type type) { return type >= Type::number && type <= Type::day; }
bool is_literal(const ExprPtr& expr) { return expr->is<Constant>(); }

/// Whether there is such a comparison in the language; texts alone hold letters, what is measured
/// alone has an order, and a presence is asked of fields.
bool exists(Operator op, Type type, bool negated) {
  const bool letters = type == Type::text || type == Type::code;
  switch (row_of(op).kind) {
    case OperatorKind::compare:
      return !negated;
    case OperatorKind::order:
      return has_order(type) && !negated;
    case OperatorKind::range:
      return has_order(type);
    case OperatorKind::member:
      return true;
    case OperatorKind::text:
      return letters;
    case OperatorKind::presence:
      return !negated &&
             (letters || type == Type::enumeration || type == Type::money || type == Type::weight);
  }
  return false;
}

/// Whether rules on line or on order do it.
bool is_of_orders(ActionKind action) {
  switch (action) {
    case ActionKind::allow:
    case ActionKind::forbid:
    case ActionKind::approve:
    case ActionKind::deny:
    case ActionKind::review:
    case ActionKind::at_most:
    case ActionKind::require:
    case ActionKind::hand:
      return false;
    default:
      return true;
  }
}

/// All that a run should meet.
std::vector<std::string> wanted() {
  std::vector<std::string> out;
  const auto add = [&](const std::string& kind, const auto& names) {
    for (const auto& name : names) out.push_back(kind + std::string(name));
  };
  for (const OperatorRow& row : all_operators()) {
    for (const Type type : kTypes) {
      for (const bool negated : {false, true}) {
        if (exists(row.op, type, negated)) out.push_back(operator_on(row.op, type, negated));
      }
    }
  }
  for (const FunctionRow& row : all_functions())
    out.push_back("function " + std::string(row.spelling));
  for (const ActionRow& row : all_actions()) {
    if (!is_of_orders(row.action)) continue;
    for (const char* mode : {"live ", "shadow ", "off "}) {
      out.push_back(mode + std::string(row.spelling));
    }
  }
  add("quantifier ", kQuantifiers);
  add("arithmetic ", kArithmetic);
  add("assign ", kChoices);
  add("indexed by ", all_index_kinds());
  add("product ", kKnown);
  for (std::size_t i = 0; i < ExprNodes::kCount; ++i) {
    out.push_back("node " + std::to_string(i));
  }
  for (int depth = 0; depth <= 5; ++depth) out.push_back("depth " + std::to_string(depth));
  for (std::size_t members = 1; members <= 20; ++members) {
    out.push_back("members " + std::to_string(members));
  }
  for (const char* lines : {"0", "1", "5", "40"}) out.push_back(std::string("lines ") + lines);
  for (int values = 0; values <= 4; ++values) out.push_back("tags " + std::to_string(values));
  for (int outcome = 0; outcome <= static_cast<int>(Outcome::assigned); ++outcome) {
    out.push_back("outcome " + std::string(name_of(static_cast<Outcome>(outcome))));
    out.push_back("kept " + std::string(name_of(static_cast<Outcome>(outcome))));
  }
  for (int verdict = 0; verdict <= static_cast<int>(Verdict::shadow); ++verdict) {
    out.push_back("verdict " + std::string(name_of(static_cast<Verdict>(verdict))));
  }
  for (int state = 0; state <= static_cast<int>(DecisionState::cancelled); ++state) {
    out.push_back("state " + std::string(name_of(static_cast<DecisionState>(state))));
  }
  add("shadow ", std::initializer_list<const char*>{
                     "would_assign", "would_be_superseded", "would_hold", "would_wait",
                     "would_grant", "would_tag", "would_note", "would_set", "would_notify",
                     "would_silence", "would_stop", "would_fail"});
  add("", std::initializer_list<const char*>{"rule on line",
                                             "rule on order",
                                             "rule otherwise",
                                             "rule with a shop",
                                             "rule from a day",
                                             "rule until a day",
                                             "assign or next rule",
                                             "assign keep together",
                                             "assign keep together or next rule",
                                             "assign in parts",
                                             "assign in at most so many parts",
                                             "assign keep together in parts",
                                             "supplier with tracked stock",
                                             "supplier with safety stock",
                                             "supplier with capacity per day",
                                             "supplier with capacity per hour",
                                             "supplier with a cut-off",
                                             "supplier with working days",
                                             "one SKU on two lines",
                                             "stock",
                                             "stock with safety",
                                             "load",
                                             "rejection",
                                             "silent",
                                             "shipped",
                                             "shipped on a line that is not shippable",
                                             "shipped on a held line",
                                             "shipped and gone",
                                             "shipped, and more of the line",
                                             "hold for a time",
                                             "grant on shop",
                                             "grant to the supplier",
                                             "grant to an account",
                                             "overlap",
                                             "exactly",
                                             "sum",
                                             "sum of money",
                                             "count",
                                             "superseded",
                                             "timed hold",
                                             "tag",
                                             "note",
                                             "notice",
                                             "field set",
                                             "grant",
                                             "failure of a line",
                                             "failure of an order",
                                             "division by zero",
                                             "a number is too large",
                                             "no rate",
                                             "prior",
                                             "1 rule",
                                             "10 rules",
                                             "100 rules"});
  for (const char* reason : kRefusals) {
    for (const char* where : {"held: ", "passed over: ", "would_hold: "}) {
      out.push_back(std::string(where) + reason);
    }
  }
  add("way: ",
      std::initializer_list<const char*>{
          "together", "not together", "together but for one", "together with a part there is",
          "in parts by preference", "in parts by those with most", "not even in parts",
          "left to the next rule", "fastest of those that begin later"});
  // What waits does not stand.
  std::erase(out, "kept waiting");
  return out;
}

}  // namespace

// ---- rules -------------------------------------------------------------------------------------

void Coverage::note(const RuleSet& rules) {
  for (const std::size_t size : {1u, 10u, 100u}) {
    if (rules.rules.size() >= size) saw(std::to_string(size) + (size == 1 ? " rule" : " rules"));
  }
  if (rules.overlaps_hold) saw("overlap");
  for (const Supplier& supplier : rules.suppliers) {
    if (supplier.stock_tracked) saw("supplier with tracked stock");
    if (!supplier.safety_stock.is_zero()) saw("supplier with safety stock");
    if (supplier.capacity) {
      const bool daily = supplier.capacity->per == CapacityPeriod::day;
      saw(daily ? "supplier with capacity per day" : "supplier with capacity per hour");
    }
    if (supplier.working.cut_off_minutes) saw("supplier with a cut-off");
    if (supplier.working.days != 0x7f) saw("supplier with working days");
  }
  for (const Define& define : rules.defines) note(define.condition, 0);
  for (const Rule& rule : rules.rules) note(rule);
}

void Coverage::note(const Program& program) {
  for (const std::string_view kind : index_kinds(program)) saw("indexed by " + std::string(kind));
}

void Coverage::note(const Rule& rule) {
  saw(rule.scope == Scope::line ? "rule on line" : "rule on order");
  if (rule.otherwise) saw("rule otherwise");
  const RuleDetails& only = *rule.details;
  if (!only.shops.empty()) saw("rule with a shop");
  if (only.from) saw("rule from a day");
  if (only.until) saw("rule until a day");
  note(rule.condition, 0);
  const char* modes[] = {"live ", "shadow ", "off "};
  for (const Action& action : rule.actions) {
    saw(modes[static_cast<int>(rule.mode)] + std::string(row_of(action.kind()).spelling));
    if (const auto* assign = std::get_if<AssignAction>(&action.what)) {
      saw(std::string("assign ") + kChoices[static_cast<int>(assign->choice)]);
      if (assign->or_next_rule) saw("assign or next rule");
      if (assign->keep_together) saw("assign keep together");
      if (assign->keep_together && assign->or_next_rule) saw("assign keep together or next rule");
      if (assign->at_most_parts > 1) {
        saw(assign->at_most_parts == kAnyParts ? "assign in parts"
                                               : "assign in at most so many parts");
        if (assign->keep_together) saw("assign keep together in parts");
      }
    }
    if (const auto* hold = std::get_if<HoldAction>(&action.what)) {
      if (hold->seconds) saw("hold for a time");
    }
    if (const auto* grant = std::get_if<GrantAction>(&action.what)) {
      saw(grant->to ? "grant to an account" : "grant to the supplier");
      if (grant->on_shop) saw("grant on shop");
    }
    if (const auto* set = std::get_if<SetAction>(&action.what)) {
      if (const auto* value = std::get_if<ExprPtr>(&set->value)) note(*value, 0);
    }
  }
}

void Coverage::note(const Expr* expr, int depth) {
  if (expr == nullptr) return;
  saw("node " + std::to_string(expr->kind));
  const auto below = [&](const ExprPtr& child) { note(child, depth); };
  const auto deeper = [&](const ExprPtr& child) {
    saw("depth " + std::to_string(depth + 1));
    note(child, depth + 1);
  };
  visit(Overloaded{
            [&](const Comparison& node) {
              saw(operator_on(node.op, node.left->type, false));
              if (node.mode == TextMode::exact && node.left->type == Type::text) saw("exactly");
              below(node.left), below(node.right);
            },
            [&](const BetweenExpr& node) {
              saw(operator_on(Operator::between, node.operand->type, node.negated));
              below(node.operand), below(node.low), below(node.high);
            },
            [&](const Membership& node) {
              saw(operator_on(Operator::in, node.operand->type, node.negated));
              saw("members " + std::to_string(node.members.size()));
              below(node.operand);
            },
            [&](const TextTest& node) {
              saw(operator_on(node.op, node.operand->type, node.negated));
              below(node.operand);
            },
            [&](const PresenceTest& node) {
              saw(operator_on(node.wants_missing ? Operator::is_missing : Operator::is_present,
                              node.operand->type, false));
              below(node.operand);
            },
            [&](const TruthTest& node) {
              if (depth == 0 && !is_literal(node.operand)) saw("depth 0");
              below(node.operand);
            },
            [&](const JunctionExpr& node) {
              for (const ExprPtr& part : node.parts) deeper(part);
            },
            [&](const NotExpr& node) { deeper(node.operand); },
            [&](const QuantifiedExpr& node) {
              saw(std::string("quantifier ") + kQuantifiers[static_cast<int>(node.quantifier)]);
              deeper(node.condition);
            },
            [&](const ArithmeticExpr& node) {
              saw(std::string("arithmetic ") + kArithmetic[static_cast<int>(node.op)]);
              below(node.left), below(node.right);
            },
            [&](const NegateExpr& node) { below(node.operand); },
            [&](const CallExpr& node) {
              saw("function " + std::string(row_of(node.function).spelling));
              below(node.operand);
            },
            [&](const LookupExpr& node) { below(node.key); },
            [&](const AggregateExpr& node) {
              saw(node.summed ? "sum" : "count");
              if (node.summed && node.summed->type == Type::money) saw("sum of money");
              below(node.summed), below(node.filter);
            },
            [](const auto&) {}},
        *expr);
}

// ---- orders and decisions ----------------------------------------------------------------------

void Coverage::note(const Case& one) {
  saw("lines " + std::to_string(one.lines.size()));
  const auto tags = std::count_if(one.order.begin(), one.order.end(), [](const Given& given) {
    return given.field == Field::order_tag;
  });
  saw("tags " + std::to_string(tags));
  if (one.prior) saw("prior");
  if (one.prior && !one.prior->rejections.empty()) saw("rejection");
  if (!one.loads.empty()) saw("load");
  if (!one.stock.empty()) saw("stock");
  for (const Facts::Stock& stock : one.stock) {
    if (!stock.safety.is_zero()) saw("stock with safety");
  }
  std::set<std::string> skus;
  for (const GivenLine& line : one.lines) {
    const std::string* sku = text_in(line.fields, Field::line_sku);
    if (sku != nullptr && !skus.insert(*sku).second) saw("one SKU on two lines");
  }
  if (one.prior) {
    for (const Prior::Part& part : one.prior->parts) {
      if (part.shipped && !part.gone.is_zero()) saw("shipped and gone");
    }
  }
  for (const GivenLine& line : one.lines) {
    saw(std::string("product ") + kKnown[static_cast<int>(one.products[line.product].state)]);
  }
}

void Coverage::note(const ReferenceDecision& decision) {
  saw("state " + std::string(name_of(decision.state)));
  if (decision.silent) saw("silent");
  for (const ReferenceLine& line : decision.lines) {
    for (const ReferencePart& part : line.parts) {
      saw((part.kept ? "kept " : "outcome ") + std::string(name_of(part.outcome)));
      if (part.kept) continue;
      for (const std::string& refusal : refusals_in(part.reason)) saw("held: " + refusal);
    }
    for (const ReferencePassedOver& passed : line.passed_over) {
      for (const std::string& refusal : refusals_in(passed.reason)) saw("passed over: " + refusal);
    }
    for (const std::string& way : line.ways) saw("way: " + way);
    note_shipped(line);
    for (const ReferenceHold& hold : line.holds) {
      if (hold.until) saw("timed hold");
    }
    if (!line.superseded.empty()) saw("superseded");
  }
  if (!decision.tags.empty()) saw("tag");
  if (!decision.notes.empty()) saw("note");
  if (!decision.notices.empty()) saw("notice");
  if (!decision.fields.empty()) saw("field set");
  if (!decision.grants.empty()) saw("grant");
  for (const ReferenceFailure& failure : decision.failures) {
    saw(failure.line ? "failure of a line" : "failure of an order");
    saw(failure.cause.starts_with("no rate") ? "no rate" : failure.cause);
  }
  for (const ReferenceShadow& shadow : decision.shadows) {
    saw("shadow " + shadow.would);
    if (shadow.would != "would_hold") continue;
    for (const std::string& refusal : refusals_in(shadow.detail)) saw("would_hold: " + refusal);
  }
  for (const ReferenceTraces& traces : decision.line_traces) {
    for (const ReferenceTrace& trace : traces) {
      saw("verdict " + std::string(name_of(trace.verdict)));
    }
  }
}

void Coverage::note_shipped(const ReferenceLine& line) {
  const auto any = [&](const auto& is) {
    return std::any_of(line.parts.begin(), line.parts.end(), is);
  };
  if (!any([](const ReferencePart& part) { return part.shipped; })) return;
  saw("shipped");
  if (!line.holds.empty()) saw("shipped on a held line");
  if (any([](const ReferencePart& part) {
        return !part.kept && part.outcome == Outcome::not_shippable;
      })) {
    saw("shipped on a line that is not shippable");
  }
  if (any([](const ReferencePart& part) { return !part.shipped; })) {
    saw("shipped, and more of the line");
  }
}

std::string Coverage::missed(std::size_t times) const {
  std::string out;
  for (const std::string& name : wanted()) {
    const auto it = seen_.find(name);
    const std::size_t count = it == seen_.end() ? 0 : it->second;
    if (count < times) out += name + ": " + std::to_string(count) + "\n";
  }
  return out;
}

}  // namespace consign::reference
