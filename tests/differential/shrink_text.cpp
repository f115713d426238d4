// Works on the text as written, by the spans of the checked tree, so that it knows as little of the
// grammar as can be: whatever does not load is simply not taken.

#include "tests/differential/shrink_text.hpp"

#include <algorithm>

#include "consign/dsl.hpp"

namespace consign::reference {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

/// The nodes directly below one, those that could stand in its place first.
std::vector<const Expr*> children_of(const Expr& expr) {
  std::vector<const Expr*> out;
  const auto add = [&](const ExprPtr& child) {
    if (child) out.push_back(child);
  };
  visit(
      Overloaded{[&](const JunctionExpr& node) {
                   for (const ExprPtr& part : node.parts) add(part);
                 },
                 [&](const NotExpr& node) { add(node.operand); },
                 [&](const QuantifiedExpr& node) { add(node.condition); },
                 [&](const Comparison& node) { add(node.left), add(node.right); },
                 [&](const BetweenExpr& node) { add(node.operand), add(node.low), add(node.high); },
                 [&](const Membership& node) { add(node.operand); },
                 [&](const TextTest& node) { add(node.operand); },
                 [&](const PresenceTest& node) { add(node.operand); },
                 [&](const TruthTest& node) { add(node.operand); },
                 [&](const ArithmeticExpr& node) { add(node.left), add(node.right); },
                 [&](const NegateExpr& node) { add(node.operand); },
                 [&](const CallExpr& node) { add(node.operand); },
                 [&](const LookupExpr& node) { add(node.key); },
                 [&](const AggregateExpr& node) { add(node.summed), add(node.filter); },
                 [](const auto&) {}},
      expr);
  return out;
}

class Smaller {
 public:
  Smaller(const std::string& piece, std::size_t offset) : piece_(piece), offset_(offset) {}

  void by_tree(const RuleSet& rules) {
    for (const Rule& rule : rules.rules) {
      for (std::size_t i = 0; i < rule.actions.size(); ++i) without_action(rule, i);
    }
    for (const Rule& rule : rules.rules) by_condition(rule.condition);
    for (const Define& define : rules.defines) by_condition(define.condition);
  }

  void by_lines() {
    for (std::size_t at = 0; at < piece_.size();) {
      const std::size_t end = std::min(piece_.find('\n', at), piece_.size() - 1) + 1;
      replace(at, end, "");
      at = end;
    }
  }

  /// Without one of the members that commas separate inside braces.
  void by_members() {
    for (std::size_t at = piece_.find('{'); at != std::string::npos;
         at = piece_.find('{', at + 1)) {
      std::size_t begin = at + 1;
      for (std::size_t i = begin; i < piece_.size(); ++i) {
        if (piece_[i] == '"') i = std::min(end_of_text(i), piece_.size() - 1);
        if (piece_[i] == '{') break;  // has members of its own
        if (piece_[i] == ',') replace(begin, i + 1, ""), begin = i + 1;
        if (piece_[i] != '}') continue;
        if (begin > at + 1) replace(begin - 1, i, " ");
        break;
      }
    }
  }

  /// Without what may stand behind an assign's targets.
  void by_suffixes() {
    for (const std::string_view suffix : {" keep together", " in parts", " in at most 2 parts",
                                          " in at most 3 parts", " or next rule"}) {
      const std::size_t at = piece_.find(suffix);
      if (at != std::string::npos) replace(at, at + suffix.size(), "");
    }
  }

  void by_parentheses() {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < piece_.size(); ++i) {
      if (piece_[i] == '"') i = std::min(end_of_text(i), piece_.size() - 1);
      if (piece_[i] == '(') open.push_back(i);
      if (piece_[i] != ')' || open.empty()) continue;
      replace(open.back(), i + 1, piece_.substr(open.back() + 1, i - open.back() - 1));
      open.pop_back();
    }
  }

  std::vector<std::string> texts;

 private:
  /// Where in the piece the span stands; nothing if it stands elsewhere.
  bool inside(Span span) const {
    return span.begin >= offset_ && span.end <= offset_ + piece_.size() && span.begin < span.end;
  }
  std::string_view text_of(Span span) const {
    return std::string_view(piece_).substr(span.begin - offset_, span.end - span.begin);
  }
  /// What is not shorter is no progress, and could go on for ever.
  void replace(std::size_t begin, std::size_t end, std::string_view by) {
    if (by.size() >= end - begin) return;
    texts.push_back(piece_.substr(0, begin) + std::string(by) + piece_.substr(end));
  }
  void replace(Span span, std::string_view by) {
    replace(span.begin - offset_, span.end - offset_, by);
  }
  /// As it may stand in the place of any part.
  std::string as_part(const Expr& expr) const {
    const std::string text(text_of(expr.span));
    return expr.is<JunctionExpr>() && text.front() != '(' ? "(" + text + ")" : text;
  }

  void without_action(const Rule& rule, std::size_t i) {
    if (!inside(rule.actions[i].span) || rule.actions.size() < 2) return;
    const std::size_t begin =
        i + 1 < rule.actions.size() ? rule.actions[i].span.begin : rule.actions[i - 1].span.end;
    const std::size_t end =
        i + 1 < rule.actions.size() ? rule.actions[i + 1].span.begin : rule.actions[i].span.end;
    replace(begin - offset_, end - offset_, "");
  }

  /// Each part in the place of the whole, then parts in the place of parts.
  void by_condition(const Expr* expr) {
    if (expr == nullptr || !inside(expr->span)) return;
    if (expr->type == Type::boolean) {
      for (const char* truth : {"true", "false"}) replace(expr->span, truth);
    }
    const auto children = children_of(*expr);
    for (const Expr* child : children) {
      if (inside(child->span)) replace(expr->span, as_part(*child));
    }
    if (const auto* junction = expr->get_if<JunctionExpr>()) without_part(*junction);
    for (const Expr* child : children) by_condition(child);
  }

  void without_part(const JunctionExpr& junction) {
    const auto& parts = junction.parts;
    if (parts.size() < 3) return;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::string rest;
      for (std::size_t k = 0; k < parts.size(); ++k) {
        if (k == i || !inside(parts[k]->span)) continue;
        if (!rest.empty()) rest += junction.op == Junction::conjunction ? " and " : " or ";
        rest += as_part(*parts[k]);
      }
      replace({0, parts.front()->span.begin, parts.back()->span.end}, rest);
    }
  }

  /// The place of the quote that ends the text that begins at `i`.
  std::size_t end_of_text(std::size_t i) const {
    for (++i; i < piece_.size() && piece_[i] != '"'; ++i) i += piece_[i] == '\\';
    return i;
  }

  const std::string& piece_;
  std::size_t offset_;
};

}  // namespace

std::vector<std::string> smaller_texts(const RuleText& rules, const std::string& piece) {
  const std::string all = text_of(rules);
  const CheckResult result = check_rules({{"10-world.rules", all}});
  Smaller smaller(piece, all.find(piece));
  if (result.ok()) smaller.by_tree(*result.rules);
  smaller.by_lines();
  smaller.by_members();
  smaller.by_suffixes();
  smaller.by_parentheses();
  return std::move(smaller.texts);
}

}  // namespace consign::reference
