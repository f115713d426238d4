// The one way in which `.rules` text is laid out.
//
// The text is read first, so that only what means something is formatted; then its tokens are
// written out again, all of them and comments too, with other blanks between them. What is a line
// of its own:
//
//   a declaration; a clause of a rule (indented by 2); an action behind the first (below it); the
//   brace that ends a rule; and whatever the user put on a line of its own inside a condition, a
//   list or a supplier
//
// One blank line is kept where there were any, and stands around every rule.
#include <algorithm>
#include <memory>
#include <unordered_set>
#include <utility>

#include "dsl/format.hpp"
#include "dsl/format_tokens.hpp"
#include "dsl/parser.hpp"
#include "dsl/words.hpp"

namespace consign {
namespace {

constexpr std::size_t kIndent = 2;
/// Where conditions and actions begin: behind `when ` and `then `, indented by 2.
constexpr std::size_t kClauseIndent = 7;

bool opens(const Token& token) {
  return token.kind == TokenKind::sign &&
         (token.text == "{" || token.text == "(" || token.text == "[");
}
bool closes(const Token& token) {
  return token.kind == TokenKind::sign &&
         (token.text == "}" || token.text == ")" || token.text == "]");
}
bool is_sign(const Token& token, std::string_view sign) {
  return token.kind == TokenKind::sign && token.text == sign;
}
bool is_word(const Token& token, std::string_view word) {
  return token.kind == TokenKind::word && token.text == word;
}

/// Whether an operand can end with this token, so that a `-` behind it takes two operands.
bool ends_operand(const Token& token) {
  if (token.kind == TokenKind::sign) return closes(token) || token.text == "%";
  if (token.kind != TokenKind::word || !is_reserved(token.text)) return true;
  return token.text == "now" || token.text == "true" || token.text == "false" ||
         token.text == "missing" || token.text == "present";
}

/// Whether a blank stands between two tokens of one line. `before` is the token before `left`, or
/// null.
bool blank_between(const Token* before, const Token& left, const Token& right, bool tight_colon) {
  if (right.kind == TokenKind::sign) {
    if (right.text == "," || right.text == ")" || right.text == "]" || right.text == ":" ||
        right.text == "%" || right.text == "[") {
      return false;
    }
    if (right.text == "(" && left.kind == TokenKind::word && !is_reserved(left.text) &&
        left.text.find('.') == std::string_view::npos) {
      return false;  // a function
    }
    if (right.text == "}" && is_sign(left, "{")) return false;
  }
  if (is_sign(left, "(") || is_sign(left, "[")) return false;
  if (is_sign(left, ":")) return !tight_colon;
  if (is_sign(left, "-") && (before == nullptr || !ends_operand(*before))) return false;
  if (left.kind == TokenKind::number && right.kind == TokenKind::word) return !right.glued;
  return true;
}

/// Where the tree says that things begin.
struct Beginnings {
  std::unordered_set<std::size_t> rules;
  std::unordered_set<std::size_t> declarations;  ///< rules too
  std::unordered_set<std::size_t> groups;
  std::vector<std::pair<std::size_t, std::size_t>> actions;  ///< begin, end; in order
};

Beginnings beginnings_of(const ast::File& file) {
  Beginnings result;
  for (const auto& declaration : file.declarations) {
    result.declarations.insert(declaration.span.begin);
    if (std::holds_alternative<ast::Group>(declaration.what)) {
      result.groups.insert(declaration.span.begin);
    } else if (const auto* rule = std::get_if<ast::Rule>(&declaration.what)) {
      result.rules.insert(declaration.span.begin);
      for (const auto& action : rule->actions) {
        result.actions.emplace_back(action.span.begin, action.span.end);
      }
    }
  }
  return result;
}

/// What comes before a token that is not a comment.
struct Place {
  bool own_line = false;
  bool opens_declaration = false;
  bool opens_rule = false;
  bool tight_colon = false;
  std::size_t indent = 0;        ///< where it begins a line
  std::size_t inner_indent = 0;  ///< of a comment on a line of its own before it
};

/// Goes through the tokens of a file and says where each one belongs.
class Placer {
 public:
  explicit Placer(const Beginnings& beginnings) : beginnings_(beginnings) {}

  Place place(const Token& token) {
    Place result;
    if (beginnings_.declarations.contains(token.at)) {
      result.own_line = true;
      result.opens_declaration = true;
      result.opens_rule = in_rule_ = beginnings_.rules.contains(token.at);
      names_accounts_ = in_rule_ || beginnings_.groups.contains(token.at);
      in_body_ = false;
      depth_ = 0;
    } else if (in_rule_) {
      place_in_rule(token, result);
    } else {
      place_in_declaration(token, result);
    }
    result.tight_colon = names_accounts_;
    previous_ = token;
    return result;
  }

 private:
  void place_in_declaration(const Token& token, Place& result) {
    result.inner_indent = std::max(depth_ * kIndent, kIndent);
    const bool brace = is_sign(token, "{") && depth_ == 0;
    result.own_line = token.newlines > 0 && !is_sign(token, ",") && !brace;
    if (closes(token) && depth_ > 0) --depth_;
    result.indent = closes(token) ? depth_ * kIndent : result.inner_indent;
    if (opens(token)) ++depth_;
  }

  void place_in_rule(const Token& token, Place& result) {
    result.indent = result.inner_indent = kIndent;
    if (!in_body_) {
      in_body_ = is_sign(token, "{");
      clause_word_ = false;
      return;
    }
    if (depth_ == 0 && is_sign(token, "}")) {
      result.own_line = true;
      result.indent = 0;
      return;
    }
    const bool in_action = move_to_action(token);
    if (in_action && token.at == beginnings_.actions[action_].first) {
      result.own_line = !clause_word_;
      result.indent = result.inner_indent = kClauseIndent;
      clause_word_ = false;
      return;
    }
    if (!in_action && depth_ == 0 && token.kind == TokenKind::word && is_clause_word(token.text) &&
        !is_word(previous_, "mode")) {
      result.own_line = !(is_word(token, "when") && is_word(previous_, "otherwise") &&
                          clause_word_ && token.newlines == 0);
      clause_word_ = true;
      return;
    }
    const std::size_t base = kClauseIndent + (in_action ? kIndent : 0);
    result.inner_indent = base + depth_ * kIndent;
    result.own_line = token.newlines > 0 && !is_sign(token, ",") && !clause_word_;
    if (closes(token) && depth_ > 0) --depth_;
    result.indent = closes(token) ? base + depth_ * kIndent : result.inner_indent;
    if (opens(token)) ++depth_;
    clause_word_ = false;
  }

  /// Whether the token is part of an action; `action_` is then that action.
  bool move_to_action(const Token& token) {
    const auto& actions = beginnings_.actions;
    while (action_ < actions.size() && actions[action_].second <= token.at) ++action_;
    return action_ < actions.size() && actions[action_].first <= token.at;
  }

  const Beginnings& beginnings_;
  std::size_t action_ = 0;
  bool in_rule_ = false;
  bool names_accounts_ = false;  ///< colons stand within accounts, as in `sub:anna`
  bool in_body_ = false;
  bool clause_word_ = false;  ///< the token before was the word of a clause
  std::size_t depth_ = 0;     ///< open brackets, without the rule's own
  Token previous_;
};

/// Cuts `shop:code` of an event or a field, which reads like a permission, into its three tokens.
std::vector<Token> split_types(const std::vector<Token>& tokens, const ast::File& file) {
  std::vector<std::pair<std::size_t, std::size_t>> typed;
  for (const auto& declaration : file.declarations) {
    if (std::holds_alternative<ast::OwnEvent>(declaration.what) ||
        std::holds_alternative<ast::OwnField>(declaration.what)) {
      typed.emplace_back(declaration.span.begin, declaration.span.end);
    }
  }
  std::vector<Token> result;
  result.reserve(tokens.size());
  std::size_t next = 0;
  for (const auto& token : tokens) {
    while (next < typed.size() && typed[next].second <= token.at) ++next;
    const bool inside = next < typed.size() && typed[next].first <= token.at;
    const auto colon = token.text.find(':');
    if (!inside || token.kind != TokenKind::other || colon == std::string_view::npos) {
      result.push_back(token);
      continue;
    }
    Token part = token;
    part.kind = TokenKind::word;
    part.text = token.text.substr(0, colon);
    result.push_back(part);
    result.push_back({TokenKind::sign, token.text.substr(colon, 1), token.at + colon, 0, true});
    result.push_back(
        {TokenKind::word, token.text.substr(colon + 1), token.at + colon + 1, 0, true});
  }
  return result;
}

/// Marks the tokens before which a blank line stands because a rule begins or ended there: the
/// first line behind a rule, and the first comment of those that stand directly above one.
std::vector<bool> blanks_around_rules(const std::vector<Token>& tokens,
                                      const std::vector<Place>& places) {
  std::vector<bool> marked(tokens.size(), false);
  bool seen_declaration = false;
  bool after_rule = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!places[i].opens_declaration) continue;
    std::size_t block = i;
    while (block > 0 && tokens[block - 1].kind == TokenKind::comment &&
           tokens[block].newlines < 2 && (tokens[block - 1].newlines > 0 || block == 1)) {
      --block;
    }
    std::size_t gap = i;
    while (gap > 0 && tokens[gap - 1].kind == TokenKind::comment &&
           (tokens[gap - 1].newlines > 0 || gap == 1)) {
      --gap;
    }
    if (seen_declaration && places[i].opens_rule) marked[block] = true;
    if (after_rule) marked[gap] = true;
    seen_declaration = true;
    after_rule = places[i].opens_rule;
  }
  return marked;
}

std::string lay_out(const std::vector<Token>& tokens, const Beginnings& beginnings) {
  std::vector<Place> places(tokens.size());
  Placer placer(beginnings);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::comment) places[i] = placer.place(tokens[i]);
  }
  // A comment on its own line stands where the token behind it does, or would if it began the line.
  Place behind;
  for (std::size_t i = tokens.size(); i-- > 0;) {
    if (tokens[i].kind == TokenKind::comment) {
      places[i].indent = behind.inner_indent;
    } else {
      behind = places[i];
      if (!closes(tokens[i])) behind.inner_indent = behind.indent;
    }
  }
  const auto marked = blanks_around_rules(tokens, places);

  std::string out;
  const Token* before = nullptr;
  const Token* left = nullptr;  ///< the last token that is not a comment
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool is_comment = token.kind == TokenKind::comment;
    const bool after_comment = i > 0 && tokens[i - 1].kind == TokenKind::comment;
    const bool own_line = is_comment ? token.newlines > 0 : places[i].own_line || after_comment;
    if (i == 0) {
      out.append(places[i].indent, ' ');
    } else if (own_line) {
      const bool may_be_blank =
          !(!after_comment && opens(tokens[i - 1])) && !(!is_comment && closes(token));
      out += marked[i] || (token.newlines > 1 && may_be_blank) ? "\n\n" : "\n";
      out.append(places[i].indent, ' ');
    } else if (is_comment) {
      out += "  ";
    } else if (blank_between(before, *left, token, places[i].tight_colon)) {
      out += ' ';
    }
    out += token.text;
    if (!is_comment) {
      before = left;
      left = &token;
    }
  }
  if (!out.empty()) out += '\n';
  return out;
}

}  // namespace

FormatResult format_rules_text(const RuleFile& file) {
  auto sources = std::make_shared<SourceMap>();
  const SourceId source = sources->add(file.path, file.text);
  FormatResult result;
  result.sources = sources;
  DiagnosticSink sink;
  const auto tree = parse_rules(source, *sources, Limits{}, sink);
  result.diagnostics = sink.sorted();
  if (!result.ok()) return result;
  const auto tokens = split_types(tokens_of(sources->get(source).text), tree);
  result.text = lay_out(tokens, beginnings_of(tree));
  return result;
}

std::string format_fragment(std::string_view text) {
  const auto tokens = tokens_of(text);
  std::string out;
  const Token* before = nullptr;
  const Token* left = nullptr;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool is_comment = token.kind == TokenKind::comment;
    if (i > 0 && token.newlines > 0) {
      out += '\n';
    } else if (i > 0 && (is_comment || left == nullptr)) {
      out += "  ";
    } else if (left != nullptr && blank_between(before, *left, token, true)) {
      out += ' ';
    }
    out += token.text;
    if (!is_comment) {
      before = left;
      left = &token;
    }
  }
  return out;
}

}  // namespace consign
