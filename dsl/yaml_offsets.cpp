// Two ways of walking, one for what needs decoding and one for what does not.
//
// Quoted scalars are decoded here once more, by YAML's rules, with the offsets kept; the result has
// to be the text that yaml-cpp gave. Plain and block scalars hold no escapes: their visible
// characters are the same in both texts and in the same order, and only the runs of white space
// between them differ (line breaks, indentation, folding). So those are matched run by run.
#include "dsl/yaml_offsets.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace consign::yaml {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r'; }

/// The length of the line break at `at`: 0 (none), 1 or 2. A carriage return alone is none.
std::uint32_t break_length(std::string_view file, std::uint32_t at) {
  if (at < file.size() && file[at] == '\n') return 1;
  return file.substr(at, 2) == "\r\n" ? 2 : 0;
}

std::uint32_t end_of_line(std::string_view file, std::uint32_t at) {
  return static_cast<std::uint32_t>(std::min(file.find('\n', at), file.size()));
}

/// Steps over `&anchor` and `!tag`, and what separates them from the scalar.
std::uint32_t skip_properties(std::string_view file, std::uint32_t at) {
  while (at < file.size() && (file[at] == '!' || file[at] == '&')) {
    while (at < file.size() && !is_space(file[at])) ++at;
    const std::uint32_t end = at;
    while (at < file.size() && (is_space(file[at]) || file[at] == '#'))
      at = file[at] == '#' ? end_of_line(file, at) : at + 1;
    if (at == file.size()) return end;
  }
  return at;
}

/// Decoded text as it grows, with the place of each byte.
class Decoded {
 public:
  void add(std::string_view bytes, std::uint32_t place) {
    text_ += bytes;
    offsets_.insert(offsets_.end(), bytes.size(), place);
  }
  void add_code_point(std::uint32_t c, std::uint32_t place) {
    const auto byte = [&](std::uint32_t b) { add(std::string(1, static_cast<char>(b)), place); };
    if (c < 0x80) {
      byte(c);
    } else if (c < 0x800) {
      byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
    } else {
      byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F));
      byte(0x80 | (c & 0x3F));
    }
  }
  /// The offsets, if the text is `expected`; none otherwise. `end` is the place after the text.
  /// (Of several line breaks before a closing quote yaml-cpp 0.7 keeps one.)
  std::vector<std::uint32_t> offsets_if(std::string_view expected, std::uint32_t end) && {
    if (!text_.starts_with(expected) ||
        text_.find_first_not_of('\n', expected.size()) != std::string::npos)
      return {};
    offsets_.resize(expected.size());
    offsets_.push_back(end);
    return std::move(offsets_);
  }

 private:
  std::string text_;
  std::vector<std::uint32_t> offsets_;
};

/// Reads the white space at `at`: as it is where it holds no line break, else folded. After an
/// escaped line break each further one stands for itself. Returns the place after it.
std::uint32_t fold_space(std::string_view file, std::uint32_t at, bool after_escaped_break,
                         Decoded& out) {
  const std::uint32_t begin = at;
  std::vector<std::uint32_t> breaks;
  while (at < file.size()) {
    if (const auto length = break_length(file, at)) {
      breaks.push_back(at);
      at += length;
    } else if (is_blank(file[at])) {
      ++at;
    } else {
      break;
    }
  }
  if (after_escaped_break) {
    for (const auto place : breaks) out.add("\n", place);
  } else if (breaks.empty()) {
    for (std::uint32_t i = begin; i < at; ++i) out.add(file.substr(i, 1), i);
  } else if (breaks.size() == 1) {
    out.add(" ", begin);
  } else {
    for (std::size_t i = 0; i + 1 < breaks.size(); ++i) out.add("\n", i == 0 ? begin : breaks[i]);
  }
  return at;
}

std::string_view simple_escape(char c) {
  switch (c) {
    case '0':
      return std::string_view("\0", 1);
    case 'a':
      return "\a";
    case 'b':
      return "\b";
    case 't':
    case '\t':
      return "\t";
    case 'n':
      return "\n";
    case 'v':
      return "\v";
    case 'f':
      return "\f";
    case 'r':
      return "\r";
    case 'e':
      return "\x1B";
    case ' ':
      return " ";
    case '"':
      return "\"";
    case '\'':
      return "'";
    case '/':
      return "/";
    case '\\':
      return "\\";
    case 'L':
      return "\xE2\x80\xA8";
    case 'P':
      return "\xE2\x80\xA9";
    default:
      return {};
  }
}

std::uint32_t escape_digits(char c) { return c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0; }

std::optional<std::uint32_t> parse_hex(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  return value;
}

/// Reads the escape whose backslash is at `at`; returns the place after it.
std::uint32_t read_escape(std::string_view file, std::uint32_t at, Decoded& out) {
  if (const auto length = break_length(file, at + 1))
    return fold_space(file, at + 1 + length, true, out);
  if (at + 1 >= file.size()) return at + 1;
  const char kind = file[at + 1];
  if (const auto digits = escape_digits(kind)) {
    if (const auto c = parse_hex(file.substr(at + 2, digits))) out.add_code_point(*c, at);
    return std::min(at + 2 + digits, static_cast<std::uint32_t>(file.size()));
  }
  out.add(simple_escape(kind), at);
  return at + 2;
}

void map_quoted(std::string_view file, std::string_view decoded, ScalarPlace& place) {
  const char quote = file[place.begin];
  Decoded out;
  std::uint32_t at = place.begin + 1;
  while (at < file.size()) {
    if (file[at] == quote && quote == '\'' && file.substr(at, 2) == "''") {
      out.add("'", at);
      at += 2;
    } else if (file[at] == quote) {
      place.end = at + 1;
      place.offsets = std::move(out).offsets_if(decoded, at);
      return;
    } else if (file[at] == '\\' && quote == '"') {
      at = read_escape(file, at, out);
    } else if (is_blank(file[at]) || break_length(file, at) > 0) {
      at = fold_space(file, at, false, out);
    } else {
      out.add(file.substr(at, 1), at);
      ++at;
    }
  }
  place.closed = false;
  place.end = static_cast<std::uint32_t>(file.size());
}

/// Gives each byte of the decoded white space [from, to) a place in the raw white space
/// [begin, end). The first byte after a visible character stands right behind that character, so
/// that what ends there ends there in the file too; blanks before the next visible character stand
/// right before it; what is between them is found from the left.
void match_space(std::string_view file, std::uint32_t begin, std::uint32_t end,
                 std::string_view decoded, std::size_t from, std::size_t to, bool after_visible,
                 bool before_visible, std::vector<std::uint32_t>& offsets) {
  std::uint32_t raw_end = end;
  std::size_t tail = to;
  const std::size_t first = from + (after_visible && from < to ? 1 : 0);
  while (before_visible && tail > first && raw_end > begin && is_blank(decoded[tail - 1]) &&
         decoded[tail - 1] == file[raw_end - 1]) {
    --tail;
    --raw_end;
  }
  std::uint32_t at = begin;
  for (std::size_t i = from; i < tail; ++i) {
    if (i < first) {
      offsets.push_back(begin);
      at = std::min(begin + std::max(1u, break_length(file, begin)), raw_end);
      continue;
    }
    const std::uint32_t left = at;
    while (at < raw_end && file[at] != decoded[i]) ++at;
    if (at == raw_end) at = left;
    offsets.push_back(at);
    at = std::min(at + 1, raw_end);
  }
  for (std::uint32_t place = raw_end; tail < to; ++tail) offsets.push_back(place++);
}

void map_bare(std::string_view file, std::uint32_t at, std::string_view decoded,
              ScalarPlace& place) {
  std::vector<std::uint32_t> offsets;
  offsets.reserve(decoded.size() + 1);
  std::uint32_t end = at;
  for (std::size_t i = 0; i < decoded.size();) {
    if (!is_space(decoded[i])) {
      // White space in the raw text only, which decoding took out, cannot stand before a visible
      // character: folding always leaves something. Only the block's indentation does.
      if (i == 0)
        while (at < file.size() && is_space(file[at])) ++at;
      if (at >= file.size() || file[at] != decoded[i]) return;
      offsets.push_back(at++);
      ++i;
      end = at;
      continue;
    }
    const std::size_t from = i;
    while (i < decoded.size() && is_space(decoded[i])) ++i;
    const std::uint32_t begin = at;
    while (at < file.size() && is_space(file[at])) ++at;
    if (begin == at) return;
    match_space(file, begin, at, decoded, from, i, from > 0, i < decoded.size(), offsets);
    end = offsets.back() < at ? offsets.back() + 1 : at;
    if (end < file.size() && file[end - 1] == '\r' && file[end] == '\n') ++end;
  }
  offsets.push_back(end);
  place.end = end;
  place.offsets = std::move(offsets);
}

}  // namespace

ScalarPlace map_scalar(std::string_view file, std::uint32_t mark, std::string_view decoded) {
  ScalarPlace place;
  place.begin = skip_properties(file, std::min(mark, static_cast<std::uint32_t>(file.size())));
  place.end = place.begin;
  if (place.begin >= file.size()) return place;
  switch (file[place.begin]) {
    case '\'':
      place.style = ScalarStyle::single_quoted;
      map_quoted(file, decoded, place);
      break;
    case '"':
      place.style = ScalarStyle::double_quoted;
      map_quoted(file, decoded, place);
      break;
    case '|':
    case '>':
      place.style = file[place.begin] == '|' ? ScalarStyle::literal : ScalarStyle::folded;
      place.end = end_of_line(file, place.begin);
      map_bare(file, std::min(place.end + 1, static_cast<std::uint32_t>(file.size())), decoded,
               place);
      break;
    default:
      map_bare(file, place.begin, decoded, place);
  }
  return place;
}

}  // namespace consign::yaml
