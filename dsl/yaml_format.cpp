// Formatting a YAML rule file: only what is language is rewritten, line by line and in place, and
// every other byte stays: comments, quotes, indentation, blank lines, the order of keys.
//
// A scalar keeps its style and its lines. Where a line cannot be told apart from YAML's own doing
// (an escape other than `\"` and `\\`, a text that folds over two lines) or where the new text
// would need quotes that the old one has not, the scalar stays as its author wrote it.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/dsl.hpp"
#include "consign/source.hpp"
#include "dsl/format.hpp"
#include "dsl/yaml_language.hpp"
#include "dsl/yaml_reader.hpp"
#include "dsl/yaml_tree.hpp"

namespace consign {
namespace {

using yaml::Kind;
using yaml::Node;
using yaml::ScalarStyle;

constexpr std::string_view kBlanks = " \t";

/// The scalars of a file that are conditions and actions, in the order of the file.
class LanguageScalars {
 public:
  explicit LanguageScalars(const Node& root) {
    for_each_entry(root, [&](std::string_view section, const Node& body) {
      if (section == "defines")
        for_each_entry(body, [&](std::string_view, const Node& condition) { add(condition); });
      if (section != "rules") return;
      for (const auto& rule : body.children)
        for_each_entry(rule, [&](std::string_view clause, const Node& value) {
          if (clause == "when" || clause == "otherwise" || clause == "then") add(value);
        });
    });
  }
  const std::vector<const Node*>& found() const { return found_; }

 private:
  template <class Visit>
  static void for_each_entry(const Node& map, Visit visit) {
    if (map.kind != Kind::map) return;
    for (std::size_t i = 0; i + 1 < map.children.size(); i += 2)
      visit(map.children[i].text, map.children[i + 1]);
  }
  void add(const Node& node) {
    if (node.kind == Kind::scalar) found_.push_back(&node);
    if (node.kind == Kind::sequence)
      for (const auto& member : node.children) add(member);
  }

  std::vector<const Node*> found_;
};

bool is_block(ScalarStyle style) {
  return style == ScalarStyle::literal || style == ScalarStyle::folded;
}

/// The bytes of the file between a scalar's quotes, behind its block header, or all of a plain one.
std::pair<std::size_t, std::size_t> content_of(std::string_view file, const Node& scalar) {
  const std::size_t begin = scalar.span.begin;
  const std::size_t end = scalar.span.end;
  if (scalar.style == ScalarStyle::plain) return {begin, end};
  if (!is_block(scalar.style)) return {begin + 1, end - 1};
  const auto line_end = file.find('\n', begin);
  return {line_end == std::string_view::npos || line_end >= end ? end : line_end + 1, end};
}

/// A line of a scalar as the language sees it; nothing where it is not that simple.
std::optional<std::string> unescape(std::string_view raw, ScalarStyle style) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (style == ScalarStyle::single_quoted && raw.substr(i, 2) == "''") {
      ++i;
    } else if (style == ScalarStyle::double_quoted && raw[i] == '\\') {
      ++i;
      if (i == raw.size() || (raw[i] != '"' && raw[i] != '\\')) return std::nullopt;
    }
    text += raw[i];
  }
  return text;
}

std::string escape(std::string_view text, ScalarStyle style) {
  std::string raw;
  for (const char c : text) {
    if (style == ScalarStyle::single_quoted && c == '\'') raw += '\'';
    if (style == ScalarStyle::double_quoted && (c == '"' || c == '\\')) raw += '\\';
    raw += c;
  }
  return raw;
}

/// Whether `line` may stand in a plain scalar. Formatting only moves blanks, so nothing else can go
/// wrong than that a sign of YAML's gets one beside it.
bool fits_plain(std::string_view line, bool first, bool in_flow) {
  if (line.find(": ") != std::string_view::npos || line.find(" #") != std::string_view::npos ||
      line.ends_with(':'))
    return false;
  if (first && std::string_view("-?:,[]{}#&*!|>'\"%@`").find(line[0]) != std::string_view::npos)
    return false;
  return !in_flow || line.find_first_of(",[]{}") == std::string_view::npos;
}

/// A line of a scalar's content: `content` is what is language, the rest stays around it.
struct Line {
  std::string_view indent;
  std::string_view content;
  std::string_view line_break;
};

std::vector<Line> lines_of(std::string_view content, ScalarStyle style) {
  std::vector<Line> lines;
  while (!content.empty()) {
    const auto newline = content.find('\n');
    auto line = content.substr(0, newline);  // npos: all of it
    const auto length = std::min(line.size() + 1, content.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto text = std::min(line.find_first_not_of(kBlanks), line.size());
    const auto text_end = line.find_last_not_of(kBlanks) + 1;  // npos + 1 is 0
    const bool indented = !lines.empty() || is_block(style);
    lines.push_back({line.substr(0, indented ? text : 0),
                     line.substr(text, std::max(text, text_end) - text),
                     content.substr(line.size(), length - line.size())});
    content.remove_prefix(length);
  }
  return lines;
}

/// The language in `lines`, a line for each that is not blank; nothing where YAML's folding and the
/// language's texts and comments are entangled.
std::optional<std::string> language_of(const std::vector<Line>& lines, ScalarStyle style) {
  std::string language;
  for (const auto& line : lines) {
    if (line.content.empty()) continue;
    const auto text = unescape(line.content, style);
    if (!text || yaml::has_open_text(*text)) return std::nullopt;
    if (!language.empty()) language += '\n';
    language += *text;
  }
  const bool folds = lines.size() > 1 && style != ScalarStyle::literal;
  if (folds && language.find('#') != std::string::npos) return std::nullopt;
  return language;
}

/// The new content of a scalar, or nothing where it stays as it is.
std::optional<std::string> rewrite(std::string_view content, const Node& scalar) {
  const auto lines = lines_of(content, scalar.style);
  const auto language = language_of(lines, scalar.style);
  if (!language) return std::nullopt;
  const std::string formatted = format_fragment(*language);

  std::string result;
  std::string_view rest = formatted;
  for (const auto& line : lines) {
    if (!line.content.empty()) {
      const auto text = rest.substr(0, rest.find('\n'));
      if (text.empty()) return std::nullopt;
      if (scalar.style == ScalarStyle::plain && !fits_plain(text, result.empty(), scalar.flow))
        return std::nullopt;
      result += line.indent;
      result += escape(text, scalar.style);
      rest.remove_prefix(std::min(text.size() + 1, rest.size()));
    }
    result += line.line_break;
  }
  if (!rest.empty()) return std::nullopt;
  return result;
}

}  // namespace

FormatResult format_yaml(const RuleFile& file) {
  FormatResult result;
  auto sources = std::make_shared<SourceMap>();
  const auto id = sources->add(file.path, file.text);
  result.sources = sources;
  DiagnosticSink sink;
  const Limits limits;
  read_yaml(id, *sources, limits, sink);
  const auto root =
      sink.has_errors() ? std::nullopt : yaml::read_tree(id, *sources, limits.messages, sink);
  result.diagnostics = sink.sorted();
  if (!root) return result;

  const std::string_view text = sources->get(id).text;
  std::size_t copied = 0;
  const LanguageScalars scalars(*root);
  for (const auto* scalar : scalars.found()) {
    if (yaml::map_scalar(text, scalar->span.begin, scalar->text).offsets.empty()) continue;
    const auto [begin, end] = content_of(text, *scalar);
    const auto content = rewrite(text.substr(begin, end - begin), *scalar);
    if (!content) continue;
    result.text += text.substr(copied, begin - copied);
    result.text += *content;
    copied = end;
  }
  result.text += text.substr(copied);
  return result;
}

}  // namespace consign
