#include "dsl/recovery.hpp"

#include <array>

#include "dsl/words.hpp"

namespace consign {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

/// The marks that a block's end depends on.
constexpr std::array<bool, 256> kOpensOrCloses = [] {
  std::array<bool, 256> marks{};
  for (const char mark : {'{', '}', '"', '#'}) marks[static_cast<unsigned char>(mark)] = true;
  return marks;
}();

std::size_t line_end(std::string_view text, std::size_t at) {
  const auto end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end;
}

/// Behind the text that opens at `at`: past its closing quote, or at the end of the line.
std::size_t text_end(std::string_view text, std::size_t at, bool& closed) {
  closed = false;
  for (++at; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] != '\n') {
      ++at;
    } else if (text[at] == '"') {
      closed = true;
      return at + 1;
    }
  }
  return at;
}

/// Whether a clause's word stands at `at`, and reads as one: not `shop.plan`, not `owner = …`.
bool clause_begins(std::string_view text, std::size_t at) {
  const auto end = word_end(text, at);
  if (!is_clause_word(text.substr(at, end - at))) return false;
  std::size_t behind = end;
  while (behind < text.size() && is_blank(text[behind])) ++behind;
  if (behind >= text.size() || behind == end) return behind >= text.size() || text[end] == '\n';
  return std::string_view("=!<>+*/,)}").find(text[behind]) == std::string_view::npos;
}

}  // namespace

std::size_t skip_blank(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (is_blank(text[at]) || text[at] == '\n') {
      ++at;
    } else if (text[at] == '#') {
      at = line_end(text, at);
    } else {
      break;
    }
  }
  return at;
}

std::size_t word_end(std::string_view text, std::size_t at) {
  if (at < text.size() && (text[at] == '-' || (text[at] >= '0' && text[at] <= '9'))) return at;
  while (at < text.size() && in_word(text[at])) ++at;
  return at;
}

bool begins_line(std::string_view text, std::size_t at) {
  while (at > 0 && is_blank(text[at - 1])) --at;
  return at == 0 || text[at - 1] == '\n' || text.substr(0, at) == "\xEF\xBB\xBF";
}

bool declaration_begins(std::string_view text, std::size_t at) {
  const auto end = word_end(text, at);
  if (!is_declaration_word(text.substr(at, end - at)) || !begins_line(text, at)) return false;
  return end >= text.size() || is_blank(text[end]) || text[end] == '\n' || text[end] == '"';
}

std::size_t next_declaration(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    std::size_t first = from;
    while (first < text.size() && is_blank(text[first])) ++first;
    if (declaration_begins(text, first)) return first;
    from = line_end(text, first) + 1;
  }
  return text.size();
}

std::size_t behind_supplier(std::string_view text, std::size_t start, std::size_t fault) {
  std::size_t at = next_declaration(text, start + 1);
  while (at < text.size()) {
    const bool zone = text.substr(at, word_end(text, at) - at) == "timezone";
    if (zone ? text[at - 1] == '\n' : at >= fault) break;
    at = next_declaration(text, at + 1);
  }
  return at;
}

std::size_t block_end(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    if (!kOpensOrCloses[static_cast<unsigned char>(text[at])]) {
      ++at;
    } else if (text[at] == '#') {
      at = line_end(text, at);
    } else if (text[at] == '"') {
      bool closed = false;
      at = text_end(text, at, closed);
    } else if (text[at++] == '{') {
      ++depth;
    } else if (depth <= 1) {
      return depth == 1 ? at : std::string_view::npos;
    } else {
      --depth;
    }
  }
  return std::string_view::npos;
}

ClauseResume next_clause(std::string_view text, std::size_t start, std::size_t fault) {
  std::size_t depth = 0;
  bool line_begins = begins_line(text, start);
  for (std::size_t at = start; at < text.size();) {
    const char c = text[at];
    if (c == '\n') {
      line_begins = true;
      ++at;
      continue;
    }
    if (is_blank(c)) {
      ++at;
      continue;
    }
    if (line_begins && at >= fault && at > start) {
      if (declaration_begins(text, at)) return {at, false};
      if (clause_begins(text, at)) return {at, true};
    }
    line_begins = false;
    if (c == '#') {
      at = line_end(text, at);
    } else if (c == '"') {
      bool closed = false;
      at = text_end(text, at, closed);
    } else {
      if (c == '{') ++depth;
      if (c == '}') {
        if (depth == 0) return {at + 1, false};
        --depth;
      }
      // A whole word at a time, so that no word is taken to begin in its middle.
      const auto end = word_end(text, at);
      at = end > at ? end : at + 1;
    }
  }
  return {text.size(), false};
}

OpenMarks open_marks(std::string_view text, std::size_t from, std::size_t to) {
  OpenMarks marks;
  for (std::size_t at = from; at < to && at < text.size();) {
    const char c = text[at];
    if (c == '#') {
      at = line_end(text, at);
    } else if (c == '"') {
      bool closed = false;
      const auto end = text_end(text, at, closed);
      if (end >= to && !closed) marks.text = at;
      at = end;
    } else {
      if (c == '{' || c == '(' || c == '[') marks.brackets.push_back(at);
      if ((c == '}' || c == ')' || c == ']') && !marks.brackets.empty()) marks.brackets.pop_back();
      ++at;
    }
  }
  return marks;
}

}  // namespace consign
