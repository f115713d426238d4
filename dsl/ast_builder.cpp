#include "dsl/ast_builder.hpp"

#include <cassert>
#include <memory>
#include <utility>

#include "dsl/recovery.hpp"

namespace consign {

AstBuilder::AstBuilder(std::string_view text, const SyntaxTree& tree, const Places& places,
                       const Limits& limits, DiagnosticSink& sink)
    : text_(text),
      tree_(tree),
      places_(places),
      limits_(limits),
      sink_(sink),
      literals_(text, places, limits, sink) {}

// ---- words and literals
// --------------------------------------------------------------------------

/// A name, a word or a text; a name in quotes holds a text node.
ast::Word AstBuilder::word(Index i) {
  const auto& at = node(i);
  if (text_[at.begin] == '"') return {literals_.unquote(at.begin, at.end), span(i)};
  return {std::string(slice(i)), span(i)};
}

/// The node's own words, with single blanks between them whatever stands there.
ast::Word AstBuilder::keyword(Index i, std::size_t words) const {
  const auto& at = node(i);
  ast::Word result;
  std::size_t begin = at.begin;
  std::size_t end = begin;
  for (std::size_t n = 0; n < words && begin < at.end; ++n) {
    end = word_end(text_, begin);
    if (n > 0) result.text += ' ';
    result.text += text_.substr(begin, end - begin);
    begin = skip_blank(text_, end);
  }
  result.span = places_.span(at.begin, end);
  return result;
}

ast::TemplateText AstBuilder::template_text(Index i) {
  return literals_.unquote_template(node(i).begin, node(i).end);
}

ast::PermissionLiteral AstBuilder::permission(Index i) const {
  const auto written = slice(i);
  ast::PermissionLiteral result;
  const auto colon = written.find(':');
  result.resource = written.substr(0, colon);
  for (std::size_t at = colon + 1; at <= written.size();) {
    const auto plus = std::min(written.find('+', at), written.size());
    result.actions.emplace_back(written.substr(at, plus - at));
    at = plus + 1;
  }
  return result;
}

ast::SpannedLiteral AstBuilder::literal(Index i) {
  const auto& at = node(i);
  switch (at.shape) {
    case Shape::text:
      return {ast::TextLiteral{literals_.unquote(at.begin, at.end)}, span(i)};
    case Shape::exact_text: {
      const auto& inner = node(first(i));
      return {ast::TextLiteral{literals_.unquote(inner.begin, inner.end), true}, span(i)};
    }
    case Shape::minus_quantity:
    case Shape::quantity: {
      const bool negative = at.shape == Shape::minus_quantity;
      const Index quantity = negative ? first(i) : i;
      const auto& digits = node(first(quantity));
      std::size_t unit_begin = digits.end;
      std::size_t unit_end = digits.end;
      for (const Index part : nodes_of(quantity)) {
        if (shape(part) == Shape::number) continue;
        unit_begin = node(part).begin;
        unit_end = node(part).end;
      }
      return {literals_.quantity(digits.begin, digits.end, unit_begin, unit_end, negative),
              span(i)};
    }
    case Shape::date_like:
      return {literals_.day_or_time(at.begin, at.end), span(i)};
    case Shape::truth:
      return {ast::BoolLiteral{slice(i) == "true"}, span(i)};
    case Shape::permission:
      return {permission(i), span(i)};
    default:
      assert(false && "not a literal");
      return {ast::BoolLiteral{false}, span(i)};
  }
}

ast::PermissionItem AstBuilder::item(Index i) {
  if (shape(i) == Shape::permission) {
    return {{std::string(slice(i)), span(i)}, permission(i)};
  }
  return {word(i), std::nullopt};
}

std::vector<ast::PermissionItem> AstBuilder::items_of(Index i, Index skip) {
  std::vector<ast::PermissionItem> result;
  for (const Index child : nodes_of(i)) {
    if (child == skip) continue;
    if (shape(child) == Shape::permission || shape(child) == Shape::name) {
      result.push_back(item(child));
    }
  }
  return result;
}

std::vector<ast::PermissionItem> AstBuilder::items() {
  std::vector<ast::PermissionItem> result;
  for (Index i = 0; i < tree_.size(); i = node(i).next) result.push_back(item(i));
  return result;
}

// ---- conditions and operands
// ---------------------------------------------------------------------

ast::ExprPtr AstBuilder::expr(Index i) {
  switch (shape(i)) {
    case Shape::disjunction:
      return junction(i, false);
    case Shape::conjunction:
      return junction(i, true);
    case Shape::logical_not: {
      auto operand = expr(first(i));
      return make(span(i), ast::NotExpr{std::move(operand)});
    }
    case Shape::comparison:
      return comparison(i);
    case Shape::sum:
    case Shape::product:
      return arithmetic(i);
    case Shape::negated: {
      auto operand = expr(first(i));
      return make(span(i), ast::NegateExpr{std::move(operand)});
    }
    case Shape::parenthesised: {
      auto inner = expr(first(i));
      inner->span = span(i);
      return inner;
    }
    case Shape::filter:
      return expr(first(i));
    case Shape::count_of:
    case Shape::sum_of:
      return aggregate(i);
    case Shape::quantified: {
      const auto quantifier = slice(first(i));
      const auto which = quantifier == "any"     ? ast::Quantifier::any
                         : quantifier == "every" ? ast::Quantifier::every
                                                 : ast::Quantifier::no;
      auto condition = expr(node(first(i)).next);
      return make(span(i), ast::QuantifiedExpr{which, std::move(condition)});
    }
    case Shape::reference:
    case Shape::summed_field:
      return reference(i);
    default:
      return make(span(i), literal(i));
  }
}

ast::ExprPtr AstBuilder::junction(Index i, bool is_and) {
  if (node(first(i)).next == node(i).next) return expr(first(i));
  std::vector<ast::ExprPtr> parts;
  for (const Index child : nodes_of(i)) parts.push_back(expr(child));
  return make(span(i), ast::JunctionExpr{is_and, std::move(parts)});
}

/// Operands with signs between them, to the left. Such a chain makes a tree as deep as it is long,
/// so its length counts as nesting.
ast::ExprPtr AstBuilder::arithmetic(Index i) {
  if (node(first(i)).next == node(i).next) return expr(first(i));
  std::size_t signs = 0;
  for (const Index child : nodes_of(i)) {
    signs += shape(child) == Shape::sum_sign || shape(child) == Shape::product_sign;
  }
  if (chain_ + signs > limits_.nesting) {
    literals_.set_faulty();
    sink_.report(Code::nested_too_deep, "this calculation is too long")
        .primary(span(i))
        .help("give a part of the condition a name: `define NAME = …`");
    return make(span(i), ast::SpannedLiteral{ast::NumberLiteral{}, span(i)});
  }
  chain_ += signs;
  ast::ExprPtr left;
  ast::BinaryOp op = ast::BinaryOp::add;
  Span op_span;
  for (const Index child : nodes_of(i)) {
    if (shape(child) == Shape::sum_sign || shape(child) == Shape::product_sign) {
      const char sign = text_[node(child).begin];
      op = sign == '+'   ? ast::BinaryOp::add
           : sign == '-' ? ast::BinaryOp::subtract
           : sign == '*' ? ast::BinaryOp::multiply
                         : ast::BinaryOp::divide;
      op_span = span(child);
      continue;
    }
    auto operand = expr(child);
    if (left == nullptr) {
      left = std::move(operand);
    } else {
      const Span whole = places_.span(node(i).begin, node(child).end);
      left = make(whole, ast::BinaryExpr{op, op_span, std::move(left), std::move(operand)});
    }
  }
  chain_ -= signs;
  return left;
}

ast::ExprPtr AstBuilder::comparison(Index i) {
  auto left = expr(first(i));
  const Index tail = node(first(i)).next;
  if (tail == node(i).next) return left;
  return comparison_tail(tail, std::move(left), span(i));
}

ast::ExprPtr AstBuilder::comparison_tail(Index i, ast::ExprPtr left, Span whole) {
  bool negated = false;
  Index part = first(i);
  if (shape(part) == Shape::negator) {
    negated = true;
    part = node(part).next;
  }
  switch (shape(part)) {
    case Shape::symbol_tail: {
      const Index op = first(part);
      auto right = expr(node(op).next);
      return make(
          whole,
          ast::CompareExpr{
              {std::string(slice(op)), span(op)}, negated, std::move(left), std::move(right)});
    }
    case Shape::presence_tail: {
      Index what = first(part);
      if (shape(what) == Shape::negator) {
        negated = true;
        what = node(what).next;
      }
      ast::Word op{"is " + std::string(slice(what)), span(part)};
      return make(whole, ast::CompareExpr{std::move(op), negated, std::move(left), nullptr});
    }
    case Shape::between_tail: {
      const Index op = first(part);
      const Index low = node(op).next;
      const Index high = node(low).next;
      auto lower = expr(low);
      auto upper = expr(high);
      return make(whole, ast::BetweenExpr{negated, span(op), std::move(left), std::move(lower),
                                          std::move(upper)});
    }
    case Shape::member_tail:
      return membership(part, negated, std::move(left), whole);
    default: {  // word_operator, foreign_operator
      auto right = expr(node(part).next);
      return make(whole,
                  ast::CompareExpr{keyword(part, 2), negated, std::move(left), std::move(right)});
    }
  }
}

ast::ExprPtr AstBuilder::membership(Index i, bool negated, ast::ExprPtr left, Span whole) {
  const Index op = first(i);
  const Index set = node(op).next;
  ast::MembershipExpr result;
  result.negated = negated;
  result.op_span = span(op);
  result.operand = std::move(left);
  if (shape(set) == Shape::members) {
    for (const Index member : nodes_of(set)) result.members.push_back(literal(member));
  } else {
    result.list_name = word(set);
  }
  return make(whole, std::move(result));
}

ast::ExprPtr AstBuilder::reference(Index i) {
  const Index name = first(i);
  const Index tail = node(name).next;
  ast::Word spelled{std::string(slice(name)), span(name)};
  if (tail == node(i).next) return make(span(i), ast::NameExpr{std::move(spelled.text)});
  if (shape(tail) == Shape::index) {
    auto key = expr(first(tail));
    return make(span(i), ast::IndexExpr{std::move(spelled), std::move(key)});
  }
  ast::CallExpr call{std::move(spelled), {}};
  for (const Index argument : nodes_of(tail)) call.arguments.push_back(expr(argument));
  return make(span(i), std::move(call));
}

ast::ExprPtr AstBuilder::aggregate(Index i) {
  ast::AggregateExpr result{shape(i) == Shape::sum_of, nullptr, nullptr};
  for (const Index child : nodes_of(i)) {
    auto& place = shape(child) == Shape::filter ? result.filter : result.summed;
    place = expr(child);
  }
  return make(span(i), std::move(result));
}

// ---- actions
// -------------------------------------------------------------------------------------

std::vector<ast::Action> AstBuilder::actions() {
  std::vector<ast::Action> result;
  for (Index i = 0; i < tree_.size(); i = node(i).next) result.push_back(action(i));
  return result;
}

ast::Action AstBuilder::action(Index i) {
  const Span at = span(i);
  const auto whole = nodes_of(i);
  switch (shape(i)) {
    case Shape::assign:
      return {at, assign(i)};
    case Shape::hold: {
      ast::Hold hold{template_text(first(i)), std::nullopt};
      const Index duration = node(first(i)).next;
      if (duration != node(i).next) hold.duration = literal(duration);
      return {at, std::move(hold)};
    }
    case Shape::tag:
      return {at, ast::Tag{template_text(first(i))}};
    case Shape::note:
      return {at, ast::Note{template_text(first(i))}};
    case Shape::grant:
      return {at, grant(i)};
    case Shape::set_field: {
      ast::SetField set{word(first(i)), std::nullopt, nullptr};
      // A sum of one product of one text is a text, in which fields may stand.
      const Index value = node(first(i)).next;
      const Index product = first(value);
      const Index lone = first(product);
      if (node(product).next == node(value).next && shape(lone) == Shape::text &&
          node(lone).next == node(product).next) {
        set.text = template_text(lone);
      } else {
        set.value = expr(value);
      }
      return {at, std::move(set)};
    }
    case Shape::notify: {
      ast::Notify notify{word(first(i)), std::nullopt};
      const Index text = node(first(i)).next;
      if (text != node(i).next) notify.text = template_text(text);
      return {at, std::move(notify)};
    }
    default:
      assert(shape(i) == Shape::stop && whole.empty());
      return {at, ast::Stop{}};
  }
}

ast::Assign AstBuilder::assign(Index i) {
  ast::Assign result{ast::Choice::only, {}, false};
  Index parts = i;
  if (shape(first(i)) == Shape::choice) parts = first(i);
  for (const Index child : nodes_of(parts)) {
    switch (shape(child)) {
      case Shape::choice_word:
        result.choice = slice(child) == "first"      ? ast::Choice::first
                        : slice(child) == "cheapest" ? ast::Choice::cheapest
                                                     : ast::Choice::fastest;
        break;
      case Shape::share_word:
        result.choice = slice(child) == "split" ? ast::Choice::split : ast::Choice::divide;
        break;
      case Shape::target:
        result.targets.push_back({word(first(child)), std::nullopt});
        break;
      case Shape::share:
        result.targets.back().share = literal(first(child));
        break;
      default:
        result.or_next_rule = true;
    }
  }
  return result;
}

/// Reports a part of a grant or a clause that was there before.
void AstBuilder::once(bool already, Index i, std::string_view what) {
  if (!already) return;
  literals_.set_faulty();
  sink_.report(Code::duplicate_clause, "a grant says `" + std::string(what) + "` twice")
      .primary(span(i))
      .help("leave one of them out");
}

ast::Grant AstBuilder::grant(Index i) {
  ast::Grant result;
  for (const Index child : nodes_of(i)) {
    switch (shape(child)) {
      case Shape::grant_to: {
        once(result.to.has_value(), child, "to");
        const Index kind = first(child);
        auto first_word = word(kind);
        result.to = std::pair(std::move(first_word), word(node(kind).next));
        break;
      }
      case Shape::grant_on:
        once(result.on_shop, child, "on shop");
        result.on_shop = true;
        break;
      case Shape::grant_for:
        once(result.duration.has_value() || result.until.has_value(), child, "for` or `until");
        result.duration = literal(first(child));
        break;
      case Shape::grant_until:
        once(result.duration.has_value() || result.until.has_value(), child, "for` or `until");
        result.until = literal(first(child));
        break;
      default:
        result.items.push_back(item(child));
    }
  }
  return result;
}

// ---- rules
// ---------------------------------------------------------------------------------------

void AstBuilder::clause(ast::Rule& rule) {
  const Shape kind = shape(0);
  const auto word_span = keyword(0).span;
  const auto slot = static_cast<std::size_t>(kind) - static_cast<std::size_t>(Shape::about_clause);
  auto& before = clauses_[slot];
  if (before) {
    literals_.set_faulty();
    sink_
        .report(Code::duplicate_clause,
                "this rule has two `" + std::string(keyword(0).text) + "` clauses")
        .primary(word_span, "the second")
        .label(*before, "the first")
        .help(kind == Shape::when_clause ? "join the conditions with `and` or `or`"
              : kind == Shape::then_clause
                  ? "write all actions after one `then`, with commas between"
                  : "leave one of them out");
    return;
  }
  before = word_span;
  switch (kind) {
    case Shape::about_clause:
      rule.about = word(first(0));
      break;
    case Shape::owner_clause:
      rule.owner = word(first(0));
      break;
    case Shape::mode_clause:
      rule.mode = word(first(0));
      break;
    case Shape::shop_clause:
      for (const Index child : nodes_of(0)) rule.shops.push_back(word(child));
      break;
    case Shape::from_clause:
      rule.from = literal(first(0));
      break;
    case Shape::until_clause:
      rule.until = literal(first(0));
      break;
    case Shape::when_clause:
      rule.condition = expr(first(0));
      break;
    case Shape::otherwise_clause:
      rule.otherwise = word_span;
      break;
    default:
      rule.then = word_span;
      for (const Index child : nodes_of(0)) rule.actions.push_back(action(child));
  }
}

// ---- declarations
// --------------------------------------------------------------------------------

ast::Property AstBuilder::property(Index i) {
  ast::Property result;
  result.span = span(i);
  std::vector<ast::Word> words;
  for (const Index child : nodes_of(i)) {
    if (shape(child) == Shape::property_word) {
      words.push_back(word(child));
    } else if (shape(child) == Shape::word) {
      result.words.push_back(word(child));
    } else {
      result.values.push_back(literal(child));
    }
  }
  // With a value behind them all words are the property's name; else the second one is its value.
  const bool has_value = text_[node(i).end - 1] == '}' || !result.values.empty();
  const std::size_t name_words = has_value ? words.size() : 1;
  result.name = words.front();
  for (std::size_t n = 1; n < name_words; ++n) {
    result.name.text += " " + words[n].text;
    result.name.span.end = words[n].span.end;
  }
  for (std::size_t n = name_words; n < words.size(); ++n) result.words.push_back(words[n]);
  return result;
}

ast::Supplier AstBuilder::supplier(Index i) {
  ast::Supplier result{word(first(i)), {}};
  for (const Index child : nodes_of(i)) {
    if (shape(child) == Shape::property) result.properties.push_back(property(child));
  }
  return result;
}

ast::Declaration AstBuilder::declaration() {
  ast::Declaration result{span(0), keyword(0).span, ast::Rule{}};
  const auto parts = nodes_of(0);
  const Index name = first(0);
  switch (shape(0)) {
    case Shape::supplier_declaration:
      result.what = supplier(0);
      break;
    case Shape::list_declaration: {
      ast::List list{word(name), {}};
      for (const Index child : parts) {
        if (child != name) list.members.push_back(literal(child));
      }
      result.what = std::move(list);
      break;
    }
    case Shape::table_declaration: {
      ast::Table table{word(name), {}};
      for (Index at = node(name).next; at != node(0).next;) {
        auto row_key = literal(at);
        const Index value = node(at).next;
        table.rows.emplace_back(std::move(row_key), literal(value));
        at = node(value).next;
      }
      result.what = std::move(table);
      break;
    }
    case Shape::role_declaration: {
      auto called = word(name);
      result.what = ast::Role{std::move(called), items_of(0, name)};
      break;
    }
    case Shape::define_declaration: {
      auto called = word(name);
      result.what = ast::Define{std::move(called), expr(node(name).next)};
      break;
    }
    case Shape::permissions_declaration:
      result.what = ast::Permissions{items_of(0, 0)};
      break;
    case Shape::never_grant_declaration:
      result.what = ast::NeverGrant{items_of(0, 0)};
      break;
    case Shape::field_declaration: {
      auto called = word(name);
      result.what = ast::OwnField{std::move(called), word(node(name).next)};
      break;
    }
    case Shape::event_declaration: {
      ast::OwnEvent event{word(name), {}};
      for (Index at = node(name).next; at != node(0).next;) {
        auto field = word(at);
        const Index type = node(at).next;
        event.fields.emplace_back(std::move(field), word(type));
        at = node(type).next;
      }
      result.what = std::move(event);
      break;
    }
    case Shape::rate_declaration: {
      auto from = word(name);
      result.what = ast::RateDecl{std::move(from), literal(node(name).next)};
      break;
    }
    case Shape::timezone_declaration:
      result.what = ast::TimeZoneDecl{word(name)};
      break;
    case Shape::overlaps_declaration:
      result.what = ast::Overlaps{word(name)};
      break;
    default: {
      assert(shape(0) == Shape::rule_opening);
      clauses_.fill(std::nullopt);
      ast::Rule rule;
      rule.name = word(name);
      const Index scope = node(name).next;
      if (scope != node(0).next) rule.scope = word(scope);
      result.what = std::move(rule);
    }
  }
  return result;
}

std::optional<ast::Declaration> AstBuilder::broken_declaration() {
  if (tree_.size() < 2 || shape(1) != Shape::name || node(1).next == 0) return std::nullopt;
  auto called = word(1);
  ast::Declaration result{called.span, keyword(0).span, ast::Rule{}};
  result.broken = true;
  switch (shape(0)) {
    case Shape::supplier_declaration:
      result.what = ast::Supplier{std::move(called), {}};
      break;
    case Shape::list_declaration:
      result.what = ast::List{std::move(called), {}};
      break;
    case Shape::table_declaration:
      result.what = ast::Table{std::move(called), {}};
      break;
    case Shape::role_declaration:
      result.what = ast::Role{std::move(called), {}};
      break;
    case Shape::define_declaration: {
      const Span at = called.span;
      result.what =
          ast::Define{std::move(called), make(at, ast::SpannedLiteral{ast::BoolLiteral{true}, at})};
      break;
    }
    default:
      return std::nullopt;  // nothing else is referred to by its name
  }
  return result;
}

}  // namespace consign
