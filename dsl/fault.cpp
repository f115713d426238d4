#include "dsl/fault.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "consign/vocabulary.hpp"
#include "dsl/recovery.hpp"
#include "dsl/words.hpp"

namespace consign {
namespace {

/// How much of a text a message repeats.
constexpr std::size_t kShownBytes = 40;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The word, text, number or sign at a place, as a message shows it.
struct Seen {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view text;
  bool is_word = false;

  std::string quoted() const { return "`" + std::string(text) + "`"; }
};

std::size_t character_bytes(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

std::size_t sign_bytes(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 12> kSigns = {
      "<=>", "===", "!==", "==", "!=", "<>", "<=", ">=", "=<", "=>", "&&", "||"};
  for (const auto sign : kSigns) {
    if (text.substr(at).starts_with(sign)) return sign.size();
  }
  return character_bytes(text, at);
}

Seen look(std::string_view text, std::size_t at) {
  Seen seen;
  seen.begin = at;
  std::size_t end = word_end(text, at);
  if (end > at) {
    seen.is_word = true;
    while (end + 1 < text.size() && text[end] == '.' && word_end(text, end + 1) > end + 1) {
      end = word_end(text, end + 1);
    }
  } else if (text[at] == '"') {
    end = at + 1;
    while (end < text.size() && text[end] != '"' && text[end] != '\n') {
      if (end - at >= kShownBytes) break;
      end += character_bytes(text, end);
    }
    if (end < text.size() && text[end] == '"') ++end;
  } else if (is_digit(text[at])) {
    end = at + 1;
    while (end < text.size() &&
           (word_end(text, end) > end || is_digit(text[end]) || text[end] == '.')) {
      ++end;
    }
  } else {
    end = at + sign_bytes(text, at);
  }
  seen.end = std::min(end, at + 2 * kShownBytes);
  seen.text = text.substr(at, seen.end - at);
  return seen;
}

/// Operators of other languages, and what they are called here.
struct Foreign {
  std::string_view sign;
  std::string_view help;
};
constexpr Foreign kForeign[] = {
    {"==", "`=`"},  {"===", "`=`"}, {"!==", "`!=`"}, {"<>", "`!=`"},
    {"=>", "`>=`"}, {"=<", "`<=`"}, {"&&", "`and`"}, {"||", "`or`"},
    {"!", "`not`"}, {"&", "`and`"}, {"|", "`or`"},
};

std::optional<std::string_view> foreign_operator(std::string_view sign) {
  for (const auto& row : kForeign) {
    if (row.sign == sign) return row.help;
  }
  return std::nullopt;
}

bool is_foreign_quote(std::string_view seen) {
  static constexpr std::array<std::string_view, 8> kQuotes = {"'", "`", "“", "”",
                                                              "‘", "’", "„", "«"};
  return std::ranges::find(kQuotes, seen) != kQuotes.end();
}

std::string names_of(std::span<const std::string_view> words) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) list += i + 1 == words.size() ? " and " : ", ";
    list += "`" + std::string(words[i]) + "`";
  }
  return list;
}

std::string_view nearest(std::string_view word,
                         std::initializer_list<std::span<const std::string_view>> pools) {
  std::vector<std::string_view> names;
  for (const auto& pool : pools) names.insert(names.end(), pool.begin(), pool.end());
  // The words of the language are in small letters.
  std::string small(word);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return nearest_name(small, names);
}

class Reporter {
 public:
  Reporter(const Fault& fault, const FaultScene& scene, const Places& places, DiagnosticSink& sink)
      : sentence_(*fault.sentence), at_(fault.at), scene_(scene), places_(places), sink_(sink) {}

  void report() {
    if (sentence_.kind == Expected::in_text) return unclosed_text();
    if (sentence_.kind == Expected::less_depth) return too_deep();
    at_ = skip_blank(scene_.text, at_);
    if (at_ >= scene_.text.size()) return at_end();
    seen_ = look(scene_.text, at_);
    if (seen_.is_word && at_ > 0 && scene_.text[at_ - 1] == '"') return text_runs_on();
    if (breaks_off() && unclosed_bracket()) return;
    if (foreign_comment()) return;
    if (is_foreign_quote(seen_.text)) return foreign_quotes();
    if (const auto help = foreign_operator(seen_.text)) return foreign(*help);
    switch (sentence_.kind) {
      case Expected::a_name:
        if (bad_name()) return;
        break;
      case Expected::no_chain:
        return chained();
      case Expected::a_declaration:
        if (seen_.is_word) return unknown_declaration();
        break;
      case Expected::a_clause:
        if (seen_.is_word) return unknown_clause();
        break;
      case Expected::an_action:
        if (seen_.is_word) return unknown_action();
        break;
      case Expected::a_literal:
        if (seen_.is_word) return bare_word();
        break;
      default:
        break;
    }
    unexpected();
  }

 private:
  DiagnosticSink::Builder say(Code code, std::string message, std::string label = "") {
    auto builder = sink_.report(code, std::move(message));
    builder.primary(places_.span(seen_.begin, seen_.end), std::move(label));
    return builder;
  }

  void unexpected() {
    auto builder =
        say(Code::unexpected,
            "expected " + std::string(sentence_.expected) + ", found " + seen_.quoted(), "");
    add_help(builder);
  }

  void add_help(DiagnosticSink::Builder& builder) {
    if (!sentence_.help.empty()) {
      builder.help(std::string(sentence_.help));
      return;
    }
    if (seen_.is_word && !is_reserved(seen_.text)) {
      static constexpr std::string_view kJoints[] = {
          "and",    "or",   "not",  "in",      "is", "between", "contains",
          "starts", "ends", "like", "matches", "to", "of",      "for"};
      if (const auto near = nearest(seen_.text, {kJoints}); !near.empty()) {
        builder.help("did you mean `" + std::string(near) + "`?");
        return;
      }
      if (sentence_.expected.starts_with("a text in double quotes")) {
        builder.help("texts stand in quotes: `\"" + std::string(seen_.text) + "\"`");
        return;
      }
    }
    if (seen_.text == "€" || seen_.text == "$" || seen_.text == "£") {
      builder.help("money is an amount and its ISO 4217 code, for example `500 EUR`");
      return;
    }
    if (const std::string form = form_of_expected(); !form.empty()) builder.help(form);
  }

  /// How the kind of thing that was expected is written; empty where the sentence itself shows it.
  std::string form_of_expected() const {
    switch (sentence_.kind) {
      case Expected::a_value:
        return "for example a field as `order.total`, a text as `\"SE\"`, a number as `12`, an "
               "amount as `500 EUR`; a comparison of two is a condition";
      case Expected::a_literal:
        return "members are values such as `\"SE\"`, `12` or `500 EUR`, with commas between them";
      case Expected::a_name:
        return "a name is made of letters, digits, `_` and `-`, or stands in quotes";
      case Expected::in_braces:
        return "commas stand between members, `}` after the last";
      case Expected::in_parentheses:
        return "close what was opened before";
      case Expected::a_declaration:
        return "declarations begin with " + names_of(declaration_words());
      case Expected::a_clause:
        return "clauses begin with " + names_of(clause_words());
      case Expected::an_action:
        return "actions begin with " + names_of(action_words());
      default:
        return "";
    }
  }

  /// A text that lacks its closing quote ends at the opening quote of the next, and what that
  /// holds follows without a blank.
  void text_runs_on() {
    std::size_t open = at_ - 1;
    while (open > 0 && scene_.text[open - 1] != '"' && scene_.text[open - 1] != '\n') --open;
    if (open > 0 && scene_.text[open - 1] == '"') --open;
    sink_.report(Code::unclosed_text, "this text goes on to the `\"` before " + seen_.quoted())
        .primary(places_.span(open, open + 1), "it opens here")
        .label(places_.span(at_ - 1, at_), "it ends here")
        .help("close it with `\"` where it should end");
  }

  bool foreign_comment() {
    const std::size_t begin = at_ > scene_.start && scene_.text[at_ - 1] == '/' ? at_ - 1 : at_;
    const std::string_view sign = scene_.text.substr(begin, 2);
    if (sign != "//" && sign != "/*") return false;
    sink_.report(Code::unexpected, "`" + std::string(sign) + "` does not begin a comment")
        .primary(places_.span(begin, begin + 2))
        .help("comments begin with `#` and go to the end of the line");
    return true;
  }

  void unclosed_text() {
    const auto open = open_marks(scene_.text, scene_.start, at_).text;
    const auto begin = open == std::string_view::npos ? at_ : open;
    sink_.report(Code::unclosed_text, "this text is not closed on its line")
        .primary(places_.span(begin, begin + 1), "it opens here")
        .help("end it with `\"`; a line break inside a text is written `\\n`");
  }

  void too_deep() {
    sink_.report(Code::nested_too_deep, "this condition is nested too deep")
        .primary(places_.span(at_, std::min(at_ + 1, scene_.text.size())))
        .help("give a part of it a name: `define NAME = …`");
  }

  /// Whether what follows can only be something else, so that a bracket was forgotten.
  bool breaks_off() const {
    if (at_ >= scene_.text.size()) return true;
    if (declaration_begins(scene_.text, at_)) return true;
    return sentence_.kind == Expected::in_parentheses &&
           (seen_.text == "}" || (seen_.is_word && is_clause_word(seen_.text)));
  }

  bool unclosed_bracket() {
    const bool closes = sentence_.kind == Expected::in_braces ||
                        sentence_.kind == Expected::in_parentheses ||
                        sentence_.kind == Expected::a_clause ||
                        (sentence_.kind == Expected::a_literal && scene_.opened == nullptr);
    if (!closes) return false;
    const auto marks = open_marks(scene_.text, scene_.start, at_);
    std::size_t open;
    if (!marks.brackets.empty()) {
      open = marks.brackets.back();
    } else if (scene_.opened != nullptr) {
      open = *scene_.opened;
    } else {
      return false;
    }
    const std::string opener(1, scene_.text[open]);
    const std::string closer = opener == "{" ? "}" : opener == "(" ? ")" : "]";
    sink_.report(Code::unclosed_bracket, "this `" + opener + "` is not closed")
        .primary(place_here(), "expected `" + closer + "` before " + seen_name())
        .label(places_.span(open, open + 1), "it opens here");
    return true;
  }

  std::string seen_name() const {
    return at_ >= scene_.text.size() ? std::string(scene_.end_name) : seen_.quoted();
  }

  /// What was seen; at the end of the text, the last character before it.
  Span place_here() const {
    if (at_ < scene_.text.size()) return places_.span(seen_.begin, seen_.end);
    std::size_t end = scene_.text.size();
    while (end > 0 &&
           std::string_view(" \t\r\n").find(scene_.text[end - 1]) != std::string_view::npos) {
      --end;
    }
    return places_.span(end, end);
  }

  void at_end() {
    if (unclosed_bracket()) return;
    auto builder = sink_.report(Code::unexpected, "expected " + std::string(sentence_.expected) +
                                                      ", found " + std::string(scene_.end_name));
    builder.primary(place_here());
    add_help(builder);
  }

  void foreign_quotes() {
    say(Code::foreign_quotes, "texts stand in straight double quotes, not in " + seen_.quoted())
        .help("use double quotes, as in `\"acme\"`");
  }

  void foreign(std::string_view help) {
    say(Code::foreign_operator, seen_.quoted() + " is not an operator of the language")
        .help("use " + std::string(help));
  }

  bool bad_name() {
    if (seen_.is_word && is_reserved(seen_.text)) {
      say(Code::reserved_name, seen_.quoted() + " is a word of the language")
          .help("put it in quotes: `" + context() + "\"" + std::string(seen_.text) + "\"`");
      return true;
    }
    if (is_digit(seen_.text[0])) {
      say(Code::bad_name, "a name cannot begin with a digit: " + seen_.quoted())
          .help("put it in quotes: `" + context() + "\"" + std::string(seen_.text) + "\"`");
      return true;
    }
    if (static_cast<unsigned char>(seen_.text[0]) >= 0x80 && !is_foreign_quote(seen_.text)) {
      say(Code::bad_name, "a name cannot begin with " + seen_.quoted())
          .help(
              "outside of quotes a name is made of `A` to `Z`, digits, `_` and `-`; put it in "
              "quotes: `" +
              context() + "\"…\"`");
      return true;
    }
    return false;
  }

  /// The word before the name, where that is on the same line: `supplier `.
  std::string context() const {
    std::size_t end = at_;
    while (end > scene_.start && scene_.text[end - 1] == ' ') --end;
    std::size_t begin = end;
    while (begin > scene_.start && scene_.text[begin - 1] >= 'a' && scene_.text[begin - 1] <= 'z') {
      --begin;
    }
    return begin == end ? "" : std::string(scene_.text.substr(begin, end - begin)) + " ";
  }

  void chained() {
    say(Code::chained_comparison, "a comparison cannot be compared again", "second comparison")
        .help("for a range write `… between LOW and HIGH`, else join two comparisons with `and`");
  }

  void unknown_declaration() {
    if (is_declaration_word(seen_.text)) return unexpected();
    if (is_clause_word(seen_.text) || is_action_word(seen_.text)) {
      say(Code::unexpected, "expected a declaration, found " + seen_.quoted())
          .help(seen_.quoted() + " stands inside a rule: `rule NAME { … }`");
      return;
    }
    auto builder = say(Code::unknown_declaration, "no declaration begins with " + seen_.quoted());
    suggest(builder, nearest(seen_.text, {declaration_words()}),
            "declarations begin with " + names_of(declaration_words()));
  }

  void unknown_clause() {
    if (is_action_word(seen_.text)) {
      say(Code::unexpected,
          "expected " + std::string(sentence_.expected) + ", found the action " + seen_.quoted())
          .help("actions stand after `then`, with commas between them");
      return;
    }
    if (is_declaration_word(seen_.text)) {
      say(Code::unexpected,
          "expected " + std::string(sentence_.expected) + ", found " + seen_.quoted())
          .help("declarations stand outside of rules");
      return;
    }
    if (seen_.text == "on") {
      say(Code::unknown_clause, "no clause begins with `on`")
          .help("what a rule is about stands before its braces: `rule NAME on line { … }`");
      return;
    }
    static constexpr std::string_view kJoints[] = {"and",     "or",       "in",     "is",
                                                   "between", "contains", "starts", "ends",
                                                   "like",    "matches",  "for",    "keep"};
    auto builder = say(Code::unknown_clause, "no clause begins with " + seen_.quoted());
    suggest(builder, nearest(seen_.text, {clause_words(), action_words(), kJoints}),
            "clauses begin with " + names_of(clause_words()));
  }

  void unknown_action() {
    if (is_action_word(seen_.text)) return unexpected();
    auto builder = say(Code::unknown_action, "no action begins with " + seen_.quoted());
    suggest(builder, nearest(seen_.text, {action_words()}),
            sentence_.help.empty() ? "actions begin with " + names_of(action_words())
                                   : std::string(sentence_.help));
  }

  static void suggest(DiagnosticSink::Builder& builder, std::string_view near,
                      std::string otherwise) {
    builder.help(near.empty() ? std::move(otherwise) : "did you mean `" + std::string(near) + "`?");
  }

  void bare_word() {
    say(Code::unexpected,
        "expected " + std::string(sentence_.expected) + ", found " + seen_.quoted())
        .help("texts stand in quotes: `\"" + std::string(seen_.text) + "\"`");
  }

  const Sentence& sentence_;
  std::size_t at_;
  const FaultScene& scene_;
  const Places& places_;
  DiagnosticSink& sink_;
  Seen seen_;
};

}  // namespace

std::uint32_t Places::offset(std::size_t at) const {
  if (offsets == nullptr || offsets->empty()) return static_cast<std::uint32_t>(at);
  return (*offsets)[std::min(at, offsets->size() - 1)];
}

Span Places::span(std::size_t begin, std::size_t end) const {
  // Of what folding leaves between two words, the first byte has its place right behind the word
  // before it; an escape is as long as up to the place of the next byte.
  const std::uint32_t first = offset(begin);
  return {source, first, std::max(first, offset(end))};
}

void report_fault(const Fault& fault, const FaultScene& scene, const Places& places,
                  DiagnosticSink& sink) {
  Reporter(fault, scene, places, sink).report();
}

}  // namespace consign
