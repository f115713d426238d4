// Actions, rules and the other declarations: from the grammar's nodes to those of the tree.

#include "dsl/ast_builder.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>
#include <vector>

#include "dsl/recovery.hpp"

namespace consign {

AstBuilder::AstBuilder(std::string_view text, const SyntaxTree& tree, const Places& places,
                       TreePool& pool, const Limits& limits, DiagnosticSink& sink)
    : text_(text),
      tree_(tree),
      places_(places),
      pool_(pool),
      limits_(limits),
      sink_(sink),
      literals_(text, places, pool, limits, sink) {}

// ---- actions
// -------------------------------------------------------------------------------------

std::span<const ast::Action> AstBuilder::actions() {
  return each<ast::Action>(all_nodes(), [&](Index child) { return action(child); });
}

ast::Action AstBuilder::action(Index i) {
  const Span at = span(i);
  switch (shape(i)) {
    case Shape::assign:
      if (shape(first(i)) == Shape::to_group) {
        return {at, ast::Hand{rare(word(first(first(i)))), nullptr}};
      }
      if (shape(first(i)) == Shape::to_account) {
        return {at, ast::Hand{nullptr, rare(account(first(first(i))))}};
      }
      return {at, assign(i)};
    case Shape::hold: {
      ast::Hold hold{template_text(first(i))};
      const Index duration = node(first(i)).next;
      if (duration != node(i).next) hold.duration = rare(literal(duration));
      return {at, hold};
    }
    case Shape::tag:
      return {at, ast::Tag{template_text(first(i))}};
    case Shape::note:
      return {at, ast::Note{template_text(first(i))}};
    case Shape::grant:
      return {at, grant(i)};
    case Shape::set_field: {
      ast::SetField set{word(first(i))};
      // A sum of one product of one text is a text, in which fields may stand.
      const Index value = node(first(i)).next;
      const Index product = first(value);
      const Index lone = first(product);
      if (node(product).next == node(value).next && shape(lone) == Shape::text &&
          node(lone).next == node(product).next) {
        set.text = rare(template_text(lone));
      } else {
        set.value = expr(value);
      }
      return {at, set};
    }
    case Shape::notify: {
      ast::Notify notify{word(first(i))};
      const Index text = node(first(i)).next;
      if (text != node(i).next) notify.text = rare(template_text(text));
      return {at, notify};
    }
    case Shape::stop:
      return {at, ast::Stop{}};
    case Shape::silence:
      return {at, ast::Silence{}};
    case Shape::allow:
      return {at, ast::Allow{}};
    case Shape::approve: {
      ast::Approve approve;
      for (const Index child : nodes_of(i)) in_term(child, approve.term);
      return {at, approve};
    }
    case Shape::deny: {
      ast::Deny deny;
      if (!nodes_of(i).empty()) deny.reason = rare(template_text(first(i)));
      return {at, deny};
    }
    case Shape::review: {
      ast::Review review;
      if (nodes_of(i).empty()) return {at, review};
      if (shape(first(i)) == Shape::account_kind) {
        review.account = rare(account(first(i)));
      } else {
        review.role = rare(word(first(i)));
      }
      return {at, review};
    }
    case Shape::at_most:
      return {at, ast::AtMost{items_of(nodes_of(i))}};
    case Shape::require:
      return {at, ast::Require{}};
    default: {
      assert(shape(i) == Shape::forbid);
      ast::Forbid forbid;
      if (!nodes_of(i).empty()) forbid.reason = rare(template_text(first(i)));
      return {at, forbid};
    }
  }
}

ast::Assign AstBuilder::assign(Index i) {
  ast::Assign result{ast::Choice::only, {}};
  Index parts = i;
  if (shape(first(i)) == Shape::choice) parts = first(i);
  std::size_t count = 0;
  for (const Index child : nodes_of(parts)) count += shape(child) == Shape::target;
  const std::span<ast::Target> targets = pool_.array<ast::Target>(count);
  auto next = targets.begin();
  std::vector<Index> behind;
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
        (next++)->supplier = word(first(child));
        break;
      case Shape::share:
        std::prev(next)->share = rare(literal(first(child)));
        break;
      default:
        behind.push_back(child);
    }
  }
  result.targets = targets;
  if (!behind.empty()) suffixes(behind, result);
  return result;
}

/// The author's words with one blank between them.
std::string AstBuilder::words_of(Index i) {
  std::string words;
  for (std::size_t at = node(i).begin; at < node(i).end; at = skip_blank(text_, at)) {
    const std::size_t end = std::min<std::size_t>(text_.find_first_of(" \t\r\n#", at), node(i).end);
    words.append(words.empty() ? "" : " ").append(text_.substr(at, end - at));
    at = end;
  }
  return words;
}

/// What stands behind an assign's suppliers: each at most once, in one order, and not behind every
/// form.
void AstBuilder::suffixes(const std::vector<Index>& written, ast::Assign& assign) {
  const bool single = assign.choice == ast::Choice::only;
  const bool shared = assign.choice == ast::Choice::split || assign.choice == ast::Choice::divide;
  const auto said = [&](Index i) { return "`" + words_of(i) + "`"; };
  const auto report = [&](Index i, std::string message) {
    literals_.set_faulty();
    auto builder = sink_.report(Code::bad_suffix, std::move(message));
    builder.primary(span(i));
    return builder;
  };
  // Shapes are numbered in the order of shapes.def, which is that of writing.
  const auto right_order = [&] {
    std::vector<Index> in_order = written;
    const auto shape_of = [&](Index i) { return shape(i); };
    std::ranges::stable_sort(in_order, {}, shape_of);
    in_order.erase(std::ranges::unique(in_order, {}, shape_of).begin(), in_order.end());
    std::string words;
    for (const Index i : in_order) words += " " + words_of(i);
    return words;
  };
  for (std::size_t n = 0; n < written.size(); ++n) {
    const Index i = written[n];
    if (single || (shared && shape(i) != Shape::or_next_rule)) {
      report(i, said(i) + " has no meaning behind " +
                    (single ? "a single supplier" : "`split` or `divide`"))
          .help("it belongs behind a list, as in `assign to first available of { bravo, acme } " +
                words_of(i) + "`");
      return;
    }
    for (std::size_t before = 0; before < n; ++before) {
      const Index other = written[before];
      if (shape(other) == shape(i)) {
        report(i, shape(i) == Shape::in_parts ? "this assign says twice how a line is divided"
                                              : "this assign says " + said(i) + " twice")
            .label(span(other), "first here")
            .help("keep one of the two");
        return;
      }
      if (shape(other) > shape(i)) {
        report(i, said(i) + " comes too late, behind " + said(other))
            .label(span(other))
            .help("write `{ … }" + right_order() + "`");
        return;
      }
    }
    if (shape(i) == Shape::keep_together) assign.keep_together = true;
    if (shape(i) == Shape::or_next_rule) assign.or_next_rule = true;
    if (shape(i) == Shape::in_parts) {
      assign.in_parts = true;
      for (const Index most : nodes_of(i)) {
        const std::size_t end = node(most).end;
        assign.most_parts = rare(ast::SpannedLiteral{
            literals_.quantity(node(most).begin, end, end, end, false), span(most)});
      }
    }
  }
}

/// Reports a part of a grant or a clause that was there before.
void AstBuilder::once(bool already, Index i, std::string_view what) {
  if (!already) return;
  literals_.set_faulty();
  sink_.report(Code::duplicate_clause, "this says `" + std::string(what) + "` twice")
      .primary(span(i))
      .help("leave one of them out");
}

ast::Grant AstBuilder::grant(Index i) {
  ast::Grant result;
  result.items = items_of(nodes_of(i));
  for (const Index child : nodes_of(i)) {
    switch (shape(child)) {
      case Shape::grant_to: {
        once(result.to != nullptr, child, "to");
        result.to = rare(account(first(child)));
        break;
      }
      case Shape::grant_on:
        once(result.on_shop, child, "on shop");
        result.on_shop = true;
        break;
      default:
        in_term(child, result.term);
    }
  }
  return result;
}

bool AstBuilder::in_term(Index i, ast::Term& term) {
  switch (shape(i)) {
    case Shape::grant_for:
      once(term.duration || term.until, i, "for` or `until");
      term.duration = rare(literal(first(i)));
      return true;
    case Shape::grant_until:
      once(term.duration || term.until, i, "for` or `until");
      term.until = rare(literal(first(i)));
      return true;
    case Shape::grant_idle:
      once(term.idle != nullptr, i, "idle");
      term.idle = rare(literal(first(i)));
      return true;
    default:
      return false;
  }
}

/// The account whose kind stands there, with its id behind it.
ast::Account AstBuilder::account(Index kind) { return {word(kind), word(node(kind).next)}; }

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
      rule.about = rare(word(first(0)));
      break;
    case Shape::owner_clause:
      rule.owner = rare(word(first(0)));
      break;
    case Shape::mode_clause:
      rule.mode = rare(word(first(0)));
      break;
    case Shape::shop_clause:
      rule.shops = each<ast::Word>(nodes_of(0), [&](Index child) { return word(child); });
      break;
    case Shape::from_clause:
      rule.from = rare(literal(first(0)));
      break;
    case Shape::until_clause:
      rule.until = rare(literal(first(0)));
      break;
    case Shape::when_clause:
      rule.condition = expr(first(0));
      break;
    case Shape::otherwise_clause:
      rule.otherwise = word_span;
      break;
    default:
      rule.then = word_span;
      rule.actions = each<ast::Action>(nodes_of(0), [&](Index child) { return action(child); });
  }
}

// ---- declarations
// --------------------------------------------------------------------------------

/// The items among the nodes.
std::span<const ast::PermissionItem> AstBuilder::items_of(const Children& nodes) {
  std::vector<ast::PermissionItem> result;
  for (const Index child : nodes) {
    if (shape(child) == Shape::permission || shape(child) == Shape::name) {
      result.push_back(item(child));
    }
  }
  return pool_.copy(result);
}

std::span<const ast::PermissionItem> AstBuilder::items() { return items_of(all_nodes()); }

ast::Rated AstBuilder::rated() {
  const Index period = node(0).next;
  return {literal(0), period < tree_.size() ? rare(word(period)) : nullptr};
}

ast::Property AstBuilder::property(Index i) {
  ast::Property result;
  result.span = span(i);
  std::vector<ast::Word> words, bare;
  std::vector<ast::SpannedLiteral> values;
  for (const Index child : nodes_of(i)) {
    if (shape(child) == Shape::property_word) {
      words.push_back(word(child));
    } else if (shape(child) == Shape::word) {
      bare.push_back(word(child));
    } else if (shape(child) == Shape::period) {
      result.per = rare(word(child));
    } else {
      values.push_back(literal(child));
    }
  }
  // With a value behind them all words are the property's name; else the second one is its value.
  const bool has_value = text_[node(i).end - 1] == '}' || !values.empty();
  const std::size_t name_words = has_value ? words.size() : 1;
  result.name = words.front();
  for (std::size_t n = 1; n < name_words; ++n) {
    result.name.text = pool_.copy(std::string(result.name.text) + " " + std::string(words[n].text));
    result.name.span.end = words[n].span.end;
  }
  for (std::size_t n = name_words; n < words.size(); ++n) bare.push_back(words[n]);
  result.values = pool_.copy(values);
  result.words = pool_.copy(bare);
  return result;
}

ast::Supplier AstBuilder::supplier(Index i) {
  const ast::Word name = word(first(i));
  std::vector<ast::Property> properties;
  for (const Index child : nodes_of(i)) {
    if (shape(child) == Shape::property) properties.push_back(property(child));
  }
  return {name, pool_.copy(properties)};
}

ast::AccountPolicy AstBuilder::policy(Index i) {
  ast::AccountPolicy result;
  result.kind = word(first(i));
  std::optional<Span> seats;
  for (const Index child : nodes_behind(i, first(i))) {
    if (shape(child) == Shape::seats_policy) {
      once(seats.has_value(), child, "seats");
      seats = span(child);
      std::vector<std::pair<ast::Word, ast::SpannedLiteral>> counts;
      for (const Index each : nodes_of(child)) {
        if (shape(each) == Shape::word) {
          counts.emplace_back(word(each), ast::SpannedLiteral{});
        } else {
          counts.back().second = literal(each);
        }
      }
      result.seats = pool_.copy(counts);
    } else if (shape(child) == Shape::invitation_policy) {
      once(result.invitation != nullptr, child, "invitation");
      result.invitation = rare(literal(first(child)));
    } else {
      once(result.idle != nullptr, child, "idle");
      result.idle = rare(literal(first(child)));
      const Index per = node(first(child)).next;
      if (per != node(child).next) result.per = rare(ast::Word{"organization", span(per)});
    }
  }
  return result;
}

ast::Declaration AstBuilder::declaration() {
  ast::Declaration result{span(0), keyword(0).span, ast::Rule{}};
  const Index name = first(0);
  const auto literal_of = [&](Index child) { return literal(child); };
  const auto word_of = [&](Index child) { return word(child); };
  // What stands behind the name, two by two.
  const auto pairs_behind = [&](Index before, const auto& read) {
    using Half = decltype(read(before));
    const Children nodes = nodes_behind(0, before);
    const auto pairs = pool_.array<std::pair<Half, Half>>(nodes.size() / 2);
    Index at = node(before).next;
    for (auto& pair : pairs) {
      pair.first = read(at);
      pair.second = read(node(at).next);
      at = node(node(at).next).next;
    }
    return std::span<const std::pair<Half, Half>>(pairs);
  };
  switch (shape(0)) {
    case Shape::supplier_declaration:
      result.what = supplier(0);
      break;
    case Shape::list_declaration:
      result.what =
          ast::List{word(name), each<ast::SpannedLiteral>(nodes_behind(0, name), literal_of)};
      break;
    case Shape::table_declaration:
      result.what = ast::Table{word(name), pairs_behind(name, literal_of)};
      break;
    case Shape::role_declaration:
      result.what = ast::Role{word(name), items_of(nodes_behind(0, name))};
      break;
    case Shape::define_declaration: {
      const ast::Word called = word(name);
      result.what = ast::Define{called, expr(node(name).next)};
      break;
    }
    case Shape::permissions_declaration:
      result.what = ast::Permissions{items_of(nodes_of(0))};
      break;
    case Shape::never_grant_declaration:
      result.what = ast::NeverGrant{items_of(nodes_of(0))};
      break;
    case Shape::field_declaration: {
      const ast::Word called = word(name);
      result.what = ast::OwnField{called, word(node(name).next)};
      break;
    }
    case Shape::event_declaration:
      result.what = ast::OwnEvent{word(name), pairs_behind(name, word_of)};
      break;
    case Shape::group_declaration: {
      const ast::Word called = word(name);
      std::vector<ast::Account> members;
      for (const Index child : nodes_behind(0, name)) {
        if (shape(child) == Shape::account_kind) members.push_back(account(child));
      }
      result.what = ast::Group{called, pool_.copy(members)};
      break;
    }
    case Shape::accounts_declaration:
      result.what = policy(0);
      break;
    case Shape::rate_declaration: {
      const ast::Word from = word(name);
      result.what = ast::RateDecl{from, literal(node(name).next)};
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
      if (scope != node(0).next) rule.scope = rare(word(scope));
      result.what = rule;
    }
  }
  return result;
}

std::optional<ast::Declaration> AstBuilder::broken_declaration() {
  if (tree_.size() < 2 || shape(1) != Shape::name || node(1).next == 0) return std::nullopt;
  const ast::Word called = word(1);
  ast::Declaration result{called.span, keyword(0).span, ast::Rule{}};
  result.broken = true;
  switch (shape(0)) {
    case Shape::supplier_declaration:
      result.what = ast::Supplier{called, {}};
      break;
    case Shape::list_declaration:
      result.what = ast::List{called, {}};
      break;
    case Shape::table_declaration:
      result.what = ast::Table{called, {}};
      break;
    case Shape::role_declaration:
      result.what = ast::Role{called, {}};
      break;
    case Shape::group_declaration:
      result.what = ast::Group{called, {}};
      break;
    case Shape::event_declaration:
      result.what = ast::OwnEvent{called, {}};
      break;
    case Shape::define_declaration: {
      const ast::Expr* condition = make<ast::LiteralExpr>(called.span, ast::BoolLiteral{true});
      result.what = ast::Define{called, condition};
      break;
    }
    default:
      return std::nullopt;  // nothing else is referred to by its name
  }
  return result;
}

}  // namespace consign
