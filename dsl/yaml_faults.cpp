// yaml-cpp stops at the first error and names it by what its scanner missed ("end of map not
// found"). The causes behind those words are few, and most can be told from the line: a tab, a
// colon or a quote inside a condition, a bracket or a quote that was never closed, keys that do not
// line up.
#include "dsl/yaml_faults.hpp"

#include <algorithm>
#include <cctype>

namespace consign::yaml {
namespace {

constexpr std::string_view kQuoteHelp = "quote the whole scalar";

bool is_name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

/// A line of block YAML, cut where its value begins: `  - when: ` and the rest.
struct ValueLine {
  std::string_view head;   ///< without the indentation
  std::string_view value;  ///< trimmed, without a comment
  std::size_t value_at = 0;
};

/// The length of `value` without a YAML comment that does not stand in a text of the language.
std::size_t without_comment(std::string_view value) {
  bool in_text = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (in_text && value[i] == '\\')
      ++i;
    else if (value[i] == '"')
      in_text = !in_text;
    else if (!in_text && value[i] == '#' && i > 0 && (value[i - 1] == ' ' || value[i - 1] == '\t'))
      return i;
  }
  return value.size();
}

ValueLine split_line(std::string_view line) {
  const auto skip_blanks = [&](std::size_t i) {
    while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
    return i;
  };
  const std::size_t begin = skip_blanks(0);
  std::size_t at = begin;
  while (line.substr(at, 2) == "- ") at = skip_blanks(at + 1);
  std::size_t key = at;
  while (key < line.size() && is_name_byte(line[key])) ++key;
  if (key > at && line.substr(key, 2) == ": ") at = skip_blanks(key + 1);
  ValueLine split{line.substr(begin, at - begin), line.substr(at), at};
  split.value = split.value.substr(0, without_comment(split.value));
  while (!split.value.empty() && std::isspace(static_cast<unsigned char>(split.value.back())) != 0)
    split.value.remove_suffix(1);
  return split;
}

std::string in_single_quotes(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

/// What an explanation works with.
struct Scene {
  SourceId id;
  const Source& source;
  const SyntaxError& error;
  std::uint32_t line_begin;
  std::string_view line;
  DiagnosticSink& sink;

  Span span(std::size_t begin, std::size_t end) const {
    const auto size = source.text.size();
    return {id, static_cast<std::uint32_t>(std::min(begin, size)),
            static_cast<std::uint32_t>(std::min(end, size))};
  }
  Span at_error() const { return span(error.offset, error.offset + std::size_t{1}); }
  bool says(std::string_view words) const { return error.words.find(words) != std::string::npos; }
};

bool explain_tab(const Scene& scene) {
  const auto tab = scene.line.find_first_not_of(' ');
  if (tab == std::string_view::npos || scene.line[tab] != '\t') return false;
  scene.sink.report(Code::yaml_tab, "a tab stands in the indentation")
      .primary(scene.span(scene.line_begin + tab, scene.line_begin + tab + 1))
      .help("indent with spaces; YAML does not take tabs");
  return true;
}

/// A quoted scalar that runs over several lines up to the error: its own end was forgotten, and
/// what closed it was the opening quote of another.
bool explain_open_quote(const Scene& scene) {
  const auto& scalar = scene.error.last_scalar;
  if (!scalar ||
      (scalar->style != ScalarStyle::single_quoted && scalar->style != ScalarStyle::double_quoted))
    return false;
  if (scalar->begin >= scene.line_begin || scalar->end <= scene.line_begin) return false;
  scene.sink.report(Code::yaml_unclosed, "a quoted scalar runs on to another line")
      .primary(scene.span(scalar->begin, scalar->begin + std::size_t{1}), "opened here")
      .label(scene.span(scalar->end - std::size_t{1}, scalar->end), "closed here")
      .help("close the quote on its own line");
  return true;
}

/// `"line.sku matches \"\d+\""`: YAML's own escapes come before those of the language.
bool explain_escape(const Scene& scene) {
  if (!scene.says("unknown escape") && !scene.says("hex number") && !scene.says("invalid unicode"))
    return false;
  const auto slash = scene.source.text.rfind('\\', std::max(scene.error.offset, 1u) - 1);
  const auto begin = slash == std::string::npos ? scene.error.offset : slash;
  scene.sink.report(Code::yaml_syntax, "a double-quoted scalar of YAML has no such escape")
      .primary(scene.span(begin, std::max<std::size_t>(scene.error.offset, begin + 1)))
      .help(
          "write `\\\\` for a backslash, or put the scalar in single quotes, which have no "
          "escapes");
  return true;
}

/// A line without its colon runs on into the next one, whose key is then no key.
bool explain_missing_colon(const Scene& scene) {
  if (!scene.says("illegal map value")) return false;
  const auto text = scene.line.find_first_not_of(' ');
  const auto begin = scene.line_begin + (text == std::string_view::npos ? 0 : text);
  scene.sink.report(Code::yaml_syntax, "YAML reads this line as more of the one above")
      .primary(scene.span(begin, scene.error.offset + std::size_t{1}))
      .help("does the line above lack its colon? write `key: value`");
  return true;
}

/// A value that YAML reads otherwise than the language: `when: "a" = x`, `when: x = "a: b"`.
bool explain_value(const Scene& scene) {
  const auto split = split_line(scene.line);
  if (split.value.empty()) return false;
  const auto value_begin = scene.line_begin + split.value_at;
  const auto value = scene.span(value_begin, value_begin + split.value.size());
  if (scene.error.offset < value.begin || scene.error.offset > value.end) return false;
  const char first = split.value.front();
  std::string seen;
  if (scene.says("illegal map value"))
    seen = "a colon and a blank make YAML read a map here";
  else if (first == '"' || first == '\'')
    seen = "for YAML the scalar ends at its second quote";
  else if (scene.says("unknown token") && scene.error.offset == value.begin)
    seen = "a scalar cannot begin with `" + std::string(1, first) + "` in YAML";
  else
    return false;
  auto report = scene.sink.report(Code::yaml_needs_quotes, seen);
  report.primary(scene.at_error());
  if (const auto help = quoting_help(scene.source, value.begin)) report.help(*help);
  return true;
}

bool explain_open_flow(const Scene& scene) {
  const auto& open = scene.error.open;
  if (!scene.says("flow not found") || open.empty() || !open.back().flow) return false;
  const auto begin = open.back().begin;
  const bool map = open.back().map;
  auto report = scene.sink.report(Code::yaml_unclosed,
                                  map ? "this `{` is never closed" : "this `[` is never closed");
  report.primary(scene.span(begin, begin + std::size_t{1}), "opened here");
  if (scene.error.offset > begin && scene.error.offset < scene.source.text.size())
    report.label(scene.at_error(), "something else stands here");
  report.help(map ? "close it with `}`, and put a comma between entries"
                  : "close it with `]`, and put a comma between members");
  return true;
}

bool explain_indentation(const Scene& scene) {
  const auto& open = scene.error.open;
  if (!(scene.says("end of map not found") || scene.says("end of sequence not found")) ||
      open.empty())
    return false;
  const auto& inner = open.back();
  const bool at_end = scene.error.offset >= scene.source.text.size();
  if (at_end || inner.begin >= scene.line_begin) return false;
  const auto text = scene.line.find_first_not_of(' ');
  const auto begin = scene.line_begin + (text == std::string_view::npos ? 0 : text);
  scene.sink.report(Code::yaml_indentation, "this line does not fit what it belongs to")
      .primary(scene.span(begin, begin + 1))
      .label(scene.span(inner.begin, inner.begin + std::size_t{1}),
             inner.map ? "the keys of this map begin in this column"
                       : "the members of this sequence begin in this column")
      .help(inner.map ? "begin the keys of one map in the same column, each with `key: value`"
                      : "begin the members of one sequence in the same column, each with `- `");
  return true;
}

bool explain_alias(const Scene& scene) {
  if (!scene.says("anchor") && !scene.says("alias")) return false;
  const auto sign = scene.source.text.find_last_of("*&", scene.error.offset);
  const auto begin = sign == std::string::npos ? scene.error.offset : sign;
  scene.sink.report(Code::yaml_alias, "`*` and `&` begin an alias and an anchor in YAML")
      .primary(scene.span(begin, begin + 1))
      .help("where the sign belongs to the value, quote the whole scalar: `'*'`");
  return true;
}

bool explain_depth(const Scene& scene) {
  if (!scene.says("bad file")) return false;
  scene.sink.report(Code::yaml_indentation, "the file is nested too deeply to be read")
      .primary(scene.at_error())
      .help("a rule file needs four levels: `rules`, a rule, `then`, an action");
  return true;
}

}  // namespace

void report_syntax_error(SourceId id, const SourceMap& sources, const SyntaxError& error,
                         DiagnosticSink& sink) {
  const auto& source = sources.get(id);
  const auto line = sources.line(id, sources.position(id, error.offset).line);
  const auto line_start = static_cast<std::uint32_t>(line.data() - source.text.data());
  const Scene scene{id, source, error, line_start, line, sink};
  if (explain_tab(scene) || explain_open_quote(scene) || explain_escape(scene) ||
      explain_value(scene) || explain_missing_colon(scene) || explain_open_flow(scene) ||
      explain_indentation(scene) || explain_alias(scene) || explain_depth(scene))
    return;
  sink.report(Code::yaml_syntax, "this is not YAML: " + error.words).primary(scene.at_error());
}

std::optional<std::string> quoting_help(const Source& source, std::uint32_t offset) {
  const std::string_view text = source.text;
  const auto begin = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;  // npos + 1 is 0
  auto line = text.substr(begin, text.find('\n', begin) - begin);
  const auto split = split_line(line);
  if (split.value.empty()) return std::nullopt;
  return std::string(kQuoteHelp) + ": `" + std::string(split.head) + in_single_quotes(split.value) +
         "`";
}

}  // namespace consign::yaml
