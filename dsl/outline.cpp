// The tree as text, one node a line: what golden files hold, so that a change of the tree shows in
// a diff.

#include <string>

#include "consign/ruleset.hpp"

namespace consign {

namespace {

class Outline {
 public:
  explicit Outline(const RuleSet& rules) : rules_(rules) {}

  std::string write() {
    if (rules_.time_zone) line("timezone " + *rules_.time_zone);
    if (rules_.overlaps_hold) line("overlaps hold");
    for (const Rate& rate : rules_.rates) {
      line("rate " + rate.from + " = " + rate.factor.to_string() + " " + rate.to);
    }
    for (const Supplier& supplier : rules_.suppliers) write(supplier);
    for (const Table& table : rules_.tables) write(table);
    for (const OwnField& field : rules_.fields) {
      line("field " + field.name + ": " + std::string(name_of(field.type)));
    }
    for (const Role& role : rules_.roles) line("role " + role.name + listed(role.permissions));
    for (const OwnEvent& event : rules_.events) {
      std::string words = "event " + event.name;
      for (const auto& member : event.members) {
        words += " " + member.name + ": " + std::string(name_of(row_of(member.field).type));
      }
      line(words);
    }
    for (const Group& group : rules_.groups) {
      std::string words = "group " + group.name;
      for (const std::string& member : group.members) words += " " + member;
      line(words);
    }
    for (const AccountPolicy& policy : rules_.account_policies) write(policy);
    for (const Permission& ban : rules_.never_grant) line("never grant " + ban.to_string());
    for (const Define& define : rules_.defines) {
      line("define " + define.name);
      if (define.condition) below(*define.condition);
    }
    for (const Rule& rule : rules_.rules) write(rule);
    return std::move(text_);
  }

 private:
  void line(const std::string& words) {
    text_.append(2 * depth_, ' ');
    text_ += words + "\n";
  }

  void below(const Expr& expr) {
    ++depth_;
    write(expr);
    --depth_;
  }

  void write(const Supplier& supplier) {
    line("supplier " + supplier.name + " " + quote(supplier.title));
    ++depth_;
    const auto list = [&](const char* what, const std::vector<std::string>& words) {
      std::string all = what;
      for (const std::string& word : words) all += " " + word;
      if (!words.empty()) line(all);
    };
    list("countries", supplier.countries);
    list("shops", supplier.shops);
    if (supplier.suspended) line("suspended");
    if (supplier.handling_cost) line("handling cost " + to_literal(*supplier.handling_cost));
    if (supplier.lead_seconds) line("lead time " + std::to_string(*supplier.lead_seconds) + " s");
    if (supplier.stock_tracked) line("stock tracked");
    if (!supplier.safety_stock.is_zero()) {
      line("safety stock " + supplier.safety_stock.to_string());
    }
    if (supplier.capacity) write(*supplier.capacity);
    write(supplier.working);
    if (!supplier.endpoint.empty()) line("endpoint " + supplier.endpoint);
    --depth_;
  }

  void write(const AccountPolicy& policy) {
    line("accounts " + policy.kind);
    ++depth_;
    for (const auto& [plan, seats] : policy.seats) {
      line("seats " + plan + " " + std::to_string(seats));
    }
    if (policy.invitation_seconds) {
      line("invitation " + std::to_string(*policy.invitation_seconds) + " s");
    }
    if (policy.idle_seconds) {
      line("idle " + std::to_string(*policy.idle_seconds) + " s" +
           (policy.idle_per_organization ? " per organization" : ""));
    }
    --depth_;
  }

  static std::string listed(std::span<const Permission> permissions) {
    std::string words;
    for (const Permission& permission : permissions) words += " " + permission.to_string();
    return words;
  }

  static std::string lasting(const GrantTerm& term) {
    std::string words;
    if (term.seconds) words += " for " + std::to_string(*term.seconds) + " s";
    if (term.until) words += " until " + format_timestamp(*term.until);
    if (term.idle_seconds) words += " idle " + std::to_string(*term.idle_seconds) + " s";
    return words;
  }

  void write(const Capacity& capacity) {
    line("capacity " + std::to_string(capacity.orders) +
         (capacity.per == CapacityPeriod::day ? " per day" : " per hour"));
  }

  void write(const WorkingTime& working) {
    if (working.cut_off_minutes) {
      line("cut-off " + std::to_string(*working.cut_off_minutes) + " min");
    }
    const auto names = words_of(Domain::weekday);
    std::string days;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (working.days >> i & 1) days.append(" ").append(names[i]);
    }
    if (working.days != WorkingTime{}.days) line("working days" + days);
    // The set's own is told above, for all who have no other.
    const TimeZone* common = rules_.time_zone ? find_time_zone(*rules_.time_zone) : nullptr;
    if (working.zone == common) return;
    for (const std::string& name : time_zone_names()) {
      if (find_time_zone(name) == working.zone) line("timezone " + name);
    }
  }

  void write(const Table& table) {
    line("table " + table.name + " of " + std::string(name_of(table.value_type)));
    ++depth_;
    for (const auto& [key, value] : table.rows) line(to_literal(key) + ": " + to_literal(value));
    --depth_;
  }

  void write(const Rule& rule) {
    std::string head = "rule " + std::string(rule.name);
    head += " on " + std::string(rules_.scope_name(rule));
    if (rule.mode != Mode::live) head += rule.mode == Mode::shadow ? " shadow" : " off";
    line(head);
    ++depth_;
    const RuleDetails& details = *rule.details;
    if (!details.about.empty()) line("about " + quote(details.about));
    if (!details.owner.empty()) line("owner " + quote(details.owner));
    for (const std::string_view shop : details.shops) line("shop " + std::string(shop));
    if (details.from) line("from " + format_timestamp(*details.from));
    if (details.until) line("until " + format_timestamp(*details.until));
    if (rule.otherwise) line("otherwise");
    if (rule.condition) {
      line("when");
      below(*rule.condition);
    }
    line("then");
    ++depth_;
    for (const Action& action : rule.actions) {
      std::visit([&](const auto& what) { write(what); }, action.what);
    }
    depth_ -= 2;
  }

  static const char* name_of_choice(Choice choice) {
    switch (choice) {
      case Choice::only:
        return "only";
      case Choice::first:
        return "first";
      case Choice::cheapest:
        return "cheapest";
      case Choice::fastest:
        return "fastest";
      case Choice::split:
        return "split";
      case Choice::divide:
        return "divide";
    }
    return "";
  }

  void write(const AssignAction& action) {
    std::string words = std::string("assign ") + name_of_choice(action.choice);
    for (const AssignTarget& target : action.targets) {
      words += " " + rules_.suppliers[target.supplier].name;
      if (!target.percent.is_zero()) words += " " + target.percent.to_string() + "%";
    }
    if (action.keep_together) words += " keep together";
    if (action.at_most_parts == kAnyParts) {
      words += " in parts";
    } else if (action.at_most_parts > 1) {
      words += " in at most " + std::to_string(action.at_most_parts) + " parts";
    }
    line(words + (action.or_next_rule ? " or next rule" : ""));
  }
  void write(const HoldAction& action) {
    line("hold " + text(action.reason) +
         (action.seconds ? " for " + std::to_string(*action.seconds) + " s" : ""));
  }
  void write(const TagAction& action) { line("tag " + text(action.tag)); }
  void write(const NoteAction& action) { line("note " + text(action.text)); }
  void write(const NotifyAction& action) {
    line("notify " + std::string(action.endpoint) +
         (action.text.pieces.empty() ? "" : " " + text(action.text)));
  }
  void write(const StopAction&) { line("stop"); }
  void write(const SilenceAction&) { line("do not notify channel"); }
  void write(const AllowAction&) { line("allow"); }
  void write(const ForbidAction& forbid) { line("forbid " + text(forbid.reason)); }
  void write(const GrantAction& action) {
    std::string words = "grant" + listed(action.permissions);
    if (action.to) words += " to " + action.to->to_string();
    if (action.on_shop) words += " on shop";
    line(words + lasting(action.term));
  }
  void write(const ApproveAction& action) { line("approve" + lasting(action.term)); }
  void write(const DenyAction& action) { line("deny " + text(action.reason)); }
  void write(const ReviewAction& action) {
    std::string words = "review";
    if (!action.role.empty()) words += " by role " + std::string(action.role);
    if (action.account) words += " by " + action.account->to_string();
    line(words);
  }
  void write(const AtMostAction& action) { line("at most" + listed(action.permissions)); }
  void write(const RequireAction&) { line("require mfa"); }
  void write(const HandAction& action) {
    line(action.account ? "assign to " + action.account->to_string()
                        : "assign to group " + rules_.groups[*action.group].name);
  }
  void write(const SetAction& action) {
    const std::string head = "set " + rules_.fields[action.field].name + " =";
    if (const auto* words = std::get_if<TextTemplate>(&action.value)) {
      line(head + " " + text(*words));
    } else {
      line(head);
      below(*std::get<ExprPtr>(action.value));
    }
  }

  /// The pieces of a text one after the other: `"no supplier for " + line.sku`.
  static std::string text(const TextTemplate& words) {
    std::string all;
    for (const auto& piece : words.pieces) {
      if (!all.empty()) all += " + ";
      const auto* field = std::get_if<FieldRead>(&piece);
      all += field ? name(*field) : quote(std::get<std::string_view>(piece));
    }
    return all.empty() ? "\"\"" : all;
  }

  static std::string name(const FieldRead& read) {
    const FieldRow& row = row_of(read.field);
    return std::string(row.spelling) + (row.keyed() ? "[" + quote(read.key) + "]" : "");
  }

  static std::string mode(Type type, TextMode mode) {
    if (type != Type::text && type != Type::code) return "";
    return mode == TextMode::folded ? " folded" : " exact";
  }

  void write(const Expr& expr) {
    visit([&](const auto& node) { write(expr, node); }, expr);
  }

  void write(const Expr& expr, const Constant& node) {
    line(std::string(name_of(expr.type)) + " " + to_literal(node.value));
  }
  void write(const Expr&, const FieldRead& node) { line(name(node)); }
  void write(const Expr& expr, const ArithmeticExpr& node) {
    constexpr const char* kSigns[] = {"+", "-", "*", "/"};
    line(std::string(kSigns[static_cast<int>(node.op)]) + " " + std::string(name_of(expr.type)));
    below(*node.left);
    below(*node.right);
  }
  void write(const Expr&, const NegateExpr& node) {
    line("minus");
    below(*node.operand);
  }
  void write(const Expr&, const CallExpr& node) {
    line(std::string(row_of(node.function).spelling) + " in " + std::string(node.zone_name));
    below(*node.operand);
  }
  void write(const Expr& expr, const LookupExpr& node) {
    line("look up in " + rules_.tables[node.table].name + " as " + std::string(name_of(expr.type)) +
         (node.mode == TextMode::folded ? " folded" : " exact"));
    below(*node.key);
  }
  void write(const Expr&, const AggregateExpr& node) {
    line(node.summed ? "sum" : "count");
    if (node.summed) below(*node.summed);
    if (!node.filter) return;
    ++depth_;
    line("where");
    below(*node.filter);
    --depth_;
  }
  void write(const Expr&, const Comparison& node) {
    line(std::string(row_of(node.op).spelling) + mode(node.left->type, node.mode));
    below(*node.left);
    below(*node.right);
  }
  void write(const Expr&, const BetweenExpr& node) {
    line(node.negated ? "not between" : "between");
    below(*node.operand);
    below(*node.low);
    below(*node.high);
  }
  void write(const Expr&, const Membership& node) {
    std::string words = node.negated ? "not in" : "in";
    if (!node.list_name.empty()) words.append(" ").append(node.list_name);
    line(words + mode(node.operand->type, node.mode));
    below(*node.operand);
    std::string members;
    for (const Value& member : node.members) {
      members += (members.empty() ? "" : ", ") + to_literal(member);
    }
    ++depth_;
    line("{ " + members + " }");
    --depth_;
  }
  void write(const Expr&, const TextTest& node) {
    line((node.negated ? "not " : "") + std::string(row_of(node.op).spelling) + " " +
         quote(node.pattern) + (node.mode == TextMode::folded ? " folded" : " exact"));
    below(*node.operand);
  }
  void write(const Expr&, const PresenceTest& node) {
    line(node.wants_missing ? "is missing" : "is present");
    below(*node.operand);
  }
  void write(const Expr&, const TruthTest& node) {
    line("truth");
    below(*node.operand);
  }
  void write(const Expr&, const JunctionExpr& node) {
    line(node.op == Junction::conjunction ? "and" : "or");
    for (const ExprPtr& part : node.parts) below(*part);
  }
  void write(const Expr&, const NotExpr& node) {
    line("not");
    below(*node.operand);
  }
  void write(const Expr&, const QuantifiedExpr& node) {
    constexpr const char* kWords[] = {"any line", "every line", "no line"};
    line(kWords[static_cast<int>(node.quantifier)]);
    below(*node.condition);
  }
  void write(const Expr&, const DefineUse& node) { line(rules_.defines[node.define].name); }

  const RuleSet& rules_;
  std::string text_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string outline(const RuleSet& rules) { return Outline(rules).write(); }

}  // namespace consign
