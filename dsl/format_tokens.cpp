// Cuts text into tokens with the lexical shapes of the grammar, so that both agree on where a word
// ends.
#include "dsl/format_tokens.hpp"

#include <tao/pegtl.hpp>

#include "dsl/grammar.hpp"

namespace consign {
namespace {

namespace tokens {
// clang-format off
using namespace tao::pegtl;  // NOLINT: the grammar is written in PEGTL's words

struct comment : grammar::comment {};
struct text : grammar::text {};
struct number : grammar::number {};
struct word : list<grammar::identifier, one<'.'>> {};
struct other : sor<grammar::date_like, grammar::permission> {};
struct sign : sor<grammar::symbol, utf8::any, any> {};
struct newline : one<'\n'> {};
struct blank : one<' ', '\t', '\r'> {};
struct token : sor<newline, blank, comment, text, other, number, word, sign> {};
struct all : star<token> {};
// clang-format on
}  // namespace tokens

struct Cut {
  std::string_view text;
  std::vector<Token> tokens;
  std::size_t newlines = 0;
  std::size_t end = 0;  ///< of the token before

  void add(TokenKind kind, const char* begin, const char* stop) {
    const auto at = static_cast<std::size_t>(begin - text.data());
    const std::string_view slice(begin, static_cast<std::size_t>(stop - begin));
    tokens.push_back({kind, slice, at, newlines, at == end && at > 0});
    newlines = 0;
    end = at + slice.size();
  }
};

template <typename Rule>
struct Action : tao::pegtl::nothing<Rule> {};

template <TokenKind Kind>
struct Add {
  template <typename Input>
  static void apply(const Input& in, Cut& cut) {
    cut.add(Kind, in.begin(), in.end());
  }
};
template <>
struct Action<tokens::text> : Add<TokenKind::text> {};
template <>
struct Action<tokens::number> : Add<TokenKind::number> {};
template <>
struct Action<tokens::word> : Add<TokenKind::word> {};
template <>
struct Action<tokens::other> : Add<TokenKind::other> {};
template <>
struct Action<tokens::sign> : Add<TokenKind::sign> {};
template <>
struct Action<tokens::comment> {
  template <typename Input>
  static void apply(const Input& in, Cut& cut) {
    const char* end = in.end();
    while (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r') --end;
    cut.add(TokenKind::comment, in.begin(), end);
  }
};
template <>
struct Action<tokens::newline> {
  static void apply0(Cut& cut) { ++cut.newlines; }
};

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
  Cut cut;
  cut.text = text;
  const std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> in(text.data() + start,
                                                               text.data() + text.size(), "");
  try {
    tao::pegtl::parse<tokens::all, Action>(in, cut);
  } catch (const tao::pegtl::parse_error&) {
    // An unclosed text, which the parser reports; its rest has no tokens.
  }
  return std::move(cut.tokens);
}

}  // namespace consign
