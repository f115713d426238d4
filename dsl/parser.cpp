// The reader of `.rules` text: the only file that compiles the grammar.
//
// PEGTL matches one declaration, or one clause of a rule, at a time. Its control notes where kept
// shapes begin and end (syntax_tree.hpp) and throws a Fault where a shape that must match does not;
// the fault is caught here, reported, and reading goes on at the next clause or declaration
// (recovery.hpp).
#include "dsl/parser.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "consign/text.hpp"
#include "dsl/ast_builder.hpp"
#include "dsl/fault.hpp"
#include "dsl/grammar.hpp"
#include "dsl/grammar_errors.hpp"
#include "dsl/recovery.hpp"
#include "dsl/syntax_tree.hpp"

namespace consign {
namespace {

template <class Rule>
inline constexpr Shape kShape = Shape::none;
#define SHAPE(name) \
  template <>       \
  inline constexpr Shape kShape<grammar::name> = Shape::name;
#include "dsl/shapes.def"
#undef SHAPE

/// Shapes behind whose opening a condition or an operand stands again: what limits.nesting counts.
template <class Rule>
inline constexpr bool kNests = false;
template <>
inline constexpr bool kNests<grammar::inner_condition> = true;
template <>
inline constexpr bool kNests<grammar::argument> = true;
template <>
inline constexpr bool kNests<grammar::key> = true;
template <>
inline constexpr bool kNests<grammar::not_operand> = true;
template <>
inline constexpr bool kNests<grammar::negated_operand> = true;

struct Reading {
  const char* origin;
  std::size_t nesting_limit;
  SyntaxTree& tree;
  std::size_t depth = 0;

  template <typename Input>
  std::uint32_t offset(const Input& in) const {
    return static_cast<std::uint32_t>(in.current() - origin);
  }
};

template <typename Rule>
struct Control : tao::pegtl::normal<Rule> {
  template <typename Input>
  static void start(const Input& in, Reading& reading) {
    if constexpr (kNests<Rule>) {
      if (++reading.depth > reading.nesting_limit) {
        throw Fault{&grammar::kTooDeep, reading.offset(in)};
      }
    }
    if constexpr (kShape<Rule> != Shape::none) {
      reading.tree.open(kShape<Rule>, reading.offset(in));
    }
  }

  template <typename Input>
  static void success(const Input& in, Reading& reading) {
    if constexpr (kNests<Rule>) --reading.depth;
    if constexpr (kShape<Rule> != Shape::none) reading.tree.close(reading.offset(in));
  }

  template <typename Input>
  static void failure(const Input&, Reading& reading) {
    if constexpr (kNests<Rule>) --reading.depth;
    if constexpr (kShape<Rule> != Shape::none) reading.tree.drop();
  }

  template <typename Input>
  [[noreturn]] static void raise(const Input& in, Reading& reading) {
    throw Fault{&grammar::kSentence<Rule>, reading.offset(in)};
  }
};

/// The text with every byte that is not UTF-8, and every NUL, made a `?`, so that offsets stay;
/// nothing if there is none. Each run of them is reported, up to the limit.
std::optional<std::string> without_bad_bytes(std::string_view text, const Places& places,
                                             const Limits& limits, DiagnosticSink& sink) {
  if (is_valid_utf8(text) && text.find('\0') == std::string_view::npos) return std::nullopt;
  std::string clean(text);
  std::size_t reported = 0;
  std::size_t last_bad = std::string_view::npos;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    while (length < 4 && at + length < text.size() &&
           (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80) {
      ++length;
    }
    if (text[at] != '\0' && is_valid_utf8(text.substr(at, length))) {
      at += length;
      continue;
    }
    clean[at] = '?';
    if (last_bad != at - 1 && reported++ < limits.messages) {
      auto builder = sink.report(Code::bad_encoding, text[at] == '\0' ? "a NUL byte stands here"
                                                                      : "this byte is not UTF-8");
      builder.primary(places.span(at, at + 1)).help("save the file as UTF-8 text");
    }
    last_bad = at++;
  }
  return clean;
}

class Parser {
 public:
  Parser(std::string_view original, Places places, TreePool& pool, const Limits& limits,
         DiagnosticSink& sink)
      : original_(original),
        places_(places),
        limits_(limits),
        sink_(sink),
        clean_(without_bad_bytes(original, places_, limits, sink)),
        text_(clean_ ? pool.copy(*clean_) : original),
        builder_(text_, tree_, places_, pool, limits_, sink_) {}
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  std::deque<ast::Declaration> file() {
    std::size_t at = begin();
    while (faults_ < limits_.messages && (at = skip_blank(text_, at)) < text_.size()) {
      at = declaration(at);
    }
    return std::move(declarations_);
  }

  /// Reads all declarations but rules; whether all is good.
  bool declarations(ast::File& file) {
    if (clean_) return false;
    std::size_t at = begin();
    while ((at = skip_blank(text_, at)) < text_.size()) {
      if (text_.substr(at, word_end(text_, at) - at) == "rule") {
        const std::size_t end = block_end(text_, at);
        if (end == std::string_view::npos) return false;
        file.unread.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
        at = end;
        continue;
      }
      const auto whole = match<grammar::declaration>(at);
      if (!whole.matched || builder_.faulty()) return false;
      file.declarations.push_back(builder_.declaration());
      if (builder_.faulty()) return false;
      at = whole.end;
    }
    return true;
  }

  /// Reads the rule that stands at just that place; nothing where anything is wrong with it.
  std::optional<ast::Declaration> rule_at(ast::UnreadRule place) {
    const auto opening = match<grammar::rule_opening>(place.begin);
    if (!opening.matched) return std::nullopt;
    auto read = rule(place.begin, opening.end);
    const bool good = read.whole && read.end == place.end && faults_ == 0;
    return good ? std::move(read.whole) : std::nullopt;
  }

  /// Reads the whole text as `Rule`; whether it is good. The nodes are then in the builder's tree.
  template <class Rule>
  bool scalar() {
    scene_.end_name = "the end of the text";
    return match<Rule>(0).matched && !clean_;
  }
  AstBuilder& builder() { return builder_; }

 private:
  struct Match {
    bool matched = false;
    std::size_t end = 0;         ///< behind what matched
    std::optional<Fault> fault;  ///< reported
  };

  /// Matches `Rule` at `at`, into the tree.
  template <class Rule>
  Match match(std::size_t at) {
    tree_.clear();
    builder_.forget_faults();
    tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> in(text_.data() + at,
                                                                 text_.data() + text_.size(), "");
    Reading reading{text_.data(), limits_.nesting, tree_};
    Match result;
    try {
      result.matched = tao::pegtl::parse<Rule, tao::pegtl::nothing, Control>(in, reading);
      result.end = reading.offset(in);
    } catch (const Fault& fault) {
      result.fault = fault;
      scene_.start = at;
      report(fault);
    }
    return result;
  }

  void report(const Fault& fault) {
    ++faults_;
    const auto seen = skip_blank(text_, fault.at);
    // A byte that was reported for itself is not said to be unexpected as well.
    if (seen < text_.size() && text_[seen] != original_[seen]) return;
    scene_.text = text_;
    report_fault(fault, scene_, places_, sink_);
  }

  /// Reads the declaration at `at`; gives the place behind it, or of the next one.
  std::size_t declaration(std::size_t at) {
    scene_.opened = nullptr;
    if (const auto opening = match<grammar::rule_opening>(at); opening.matched) {
      auto read = rule(at, opening.end);
      if (read.whole) declarations_.push_back(*read.whole);
      return read.end;
    } else if (opening.fault) {
      return next_declaration(text_, std::max<std::size_t>(opening.fault->at, at + 1));
    }
    const auto whole = match<grammar::declaration>(at);
    if (whole.matched) {
      declarations_.push_back(builder_.declaration());
      declarations_.back().broken = builder_.faulty();
      return whole.end;
    }
    if (whole.fault) {
      if (auto broken = builder_.broken_declaration()) declarations_.push_back(std::move(*broken));
      const auto fault = std::max<std::size_t>(whole.fault->at, at + 1);
      const bool supplier = text_.substr(at, word_end(text_, at) - at) == "supplier";
      return supplier ? behind_supplier(text_, at, fault) : next_declaration(text_, fault);
    }
    scene_.start = at;
    report({&grammar::kDeclaration, static_cast<std::uint32_t>(at)});
    return next_declaration(text_, at + 1);
  }

  /// The rule, where it is whole, and the place behind it.
  struct ReadRule {
    std::optional<ast::Declaration> whole;
    std::size_t end;
  };

  /// Reads a rule's clauses from `at` on. One that is not whole is left out of the tree: nothing
  /// refers to rules, and half a rule would earn messages of its own.
  ReadRule rule(std::size_t start, std::size_t at) {
    auto declared = builder_.declaration();
    bool whole = !builder_.faulty();
    auto& rule = std::get<ast::Rule>(declared.what);
    const std::size_t brace = at - 1;
    scene_.opened = &brace;
    while (true) {
      at = skip_blank(text_, at);
      if (at < text_.size() && text_[at] == '}') {
        ++at;
        break;
      }
      std::size_t fault_at = at;
      if (const auto clause = match<grammar::clause>(at); clause.matched) {
        builder_.clause(rule);
        whole = whole && !builder_.faulty();
        at = clause.end;
        continue;
      } else if (clause.fault) {
        fault_at = clause.fault->at;
      } else {
        scene_.start = at;
        report({&grammar::kClause, static_cast<std::uint32_t>(at)});
      }
      whole = false;
      if (faults_ >= limits_.messages) return {std::nullopt, text_.size()};
      if (declaration_begins(text_, at)) break;
      const auto resume = next_clause(text_, at, fault_at);
      at = resume.at;
      if (!resume.in_rule) break;
    }
    scene_.opened = nullptr;
    if (!whole) return {std::nullopt, at};
    declared.span = places_.span(start, at);
    return {declared, at};
  }

  std::size_t begin() const { return text_.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

  const std::string_view original_;
  const Places places_;
  const Limits& limits_;
  DiagnosticSink& sink_;
  const std::optional<std::string> clean_;
  const std::string_view text_;
  SyntaxTree tree_;
  AstBuilder builder_;
  FaultScene scene_;
  std::deque<ast::Declaration> declarations_;
  std::size_t faults_ = 0;
};

Places places_of(const Fragment& fragment) {
  return {fragment.source, fragment.offsets.empty() ? nullptr : &fragment.offsets};
}

}  // namespace

ast::File parse_rules(SourceId source, const SourceMap& sources, const Limits& limits,
                      DiagnosticSink& sink) {
  ast::File file;
  file.source = source;
  Parser parser(sources.get(source).text, {source, nullptr}, file.pool, limits, sink);
  file.declarations = parser.file();
  return file;
}

std::optional<ast::File> parse_declarations(SourceId source, const SourceMap& sources,
                                            const Limits& limits) {
  DiagnosticSink unheard;
  ast::File file;
  file.source = source;
  Parser parser(sources.get(source).text, {source, nullptr}, file.pool, limits, unheard);
  if (!parser.declarations(file) || !unheard.empty()) return std::nullopt;
  return file;
}

bool parse_unread(const ast::File& file, const SourceMap& sources, const Limits& limits,
                  const std::function<bool(const ast::Rule&)>& take) {
  DiagnosticSink unheard;
  TreePool pool;
  Parser parser(sources.get(file.source).text, {file.source, nullptr}, pool, limits, unheard);
  for (const ast::UnreadRule& place : file.unread) {
    const auto read = parser.rule_at(place);
    if (!read || !unheard.empty()) return false;
    if (!take(std::get<ast::Rule>(read->what))) return true;
    pool.reset();
  }
  return true;
}

ast::ExprPtr parse_condition(const Fragment& fragment, TreePool& pool, const Limits& limits,
                             DiagnosticSink& sink) {
  Parser parser(fragment.text, places_of(fragment), pool, limits, sink);
  if (!parser.scalar<grammar::condition_scalar>()) return nullptr;
  const auto condition = parser.builder().condition();
  return parser.builder().faulty() ? nullptr : condition;
}

std::span<const ast::Action> parse_actions(const Fragment& fragment, TreePool& pool,
                                           const Limits& limits, DiagnosticSink& sink) {
  Parser parser(fragment.text, places_of(fragment), pool, limits, sink);
  if (!parser.scalar<grammar::actions_scalar>()) return {};
  const auto actions = parser.builder().actions();
  if (parser.builder().faulty()) return {};
  return actions;
}

std::optional<ast::SpannedLiteral> parse_literal(const Fragment& fragment, TreePool& pool,
                                                 const Limits& limits, DiagnosticSink& sink) {
  Parser parser(fragment.text, places_of(fragment), pool, limits, sink);
  if (!parser.scalar<grammar::literal_scalar>()) return std::nullopt;
  const auto literal = parser.builder().literal();
  if (parser.builder().faulty()) return std::nullopt;
  return literal;
}

std::optional<ast::Rated> parse_rated(const Fragment& fragment, TreePool& pool,
                                      const Limits& limits, DiagnosticSink& sink) {
  Parser parser(fragment.text, places_of(fragment), pool, limits, sink);
  if (!parser.scalar<grammar::rated_scalar>()) return std::nullopt;
  const auto rated = parser.builder().rated();
  if (parser.builder().faulty()) return std::nullopt;
  return rated;
}

std::span<const ast::PermissionItem> parse_permission_items(const Fragment& fragment,
                                                            TreePool& pool, const Limits& limits,
                                                            DiagnosticSink& sink) {
  Parser parser(fragment.text, places_of(fragment), pool, limits, sink);
  if (!parser.scalar<grammar::items_scalar>()) return {};
  const auto items = parser.builder().items();
  if (parser.builder().faulty()) return {};
  return items;
}

}  // namespace consign
