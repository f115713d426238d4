#include "consign/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <vector>

namespace consign {

namespace {

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

/// The code point at `at` and how many bytes it takes; ill-formed bytes count as one, as U+FFFD.
std::pair<char32_t, std::size_t> decode(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  utf8proc_int32_t point = -1;
  const auto length = utf8proc_iterate(bytes_of(text) + at,
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &point);
  if (length < 1) return {0xFFFD, 1};
  return {static_cast<char32_t>(point), static_cast<std::size_t>(length)};
}

bool is_space(char32_t point) {
  if (point < 0x80) return point == ' ' || (point >= '\t' && point <= '\r');
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return point == 0x85;
  }
}

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

/// Runs utf8proc over `text` into `out`, whose capacity also serves as its scratch.
void map_text(std::string_view text, utf8proc_option_t options, std::string& out) {
  // Decomposed code points first; the buffer is kept per thread so that folding allocates nothing
  // once it has grown.
  thread_local std::vector<utf8proc_int32_t> points(256);
  auto count =
      utf8proc_decompose(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), points.data(),
                         static_cast<utf8proc_ssize_t>(points.size()) - 1, options);
  if (count >= static_cast<utf8proc_ssize_t>(points.size())) {
    points.resize(static_cast<std::size_t>(count) + 1);
    count = utf8proc_decompose(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()),
                               points.data(), count + 1, options);
  }
  if (count < 0) {  // not UTF-8: callers check before, so keep the bytes as they are
    out.assign(text);
    return;
  }
  // Re-encodes in place; a code point of 4 bytes needs at most 4 bytes of UTF-8, and one for the
  // end.
  const auto length = utf8proc_reencode(points.data(), count, options);
  out.assign(reinterpret_cast<const char*>(points.data()), static_cast<std::size_t>(length));
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    utf8proc_int32_t point = -1;
    const auto length = utf8proc_iterate(bytes_of(text) + at,
                                         static_cast<utf8proc_ssize_t>(text.size() - at), &point);
    if (length < 1) return false;
    at += static_cast<std::size_t>(length);
  }
  return true;
}

std::string_view trim(std::string_view text) {
  const auto plain = [](char c) { return c > ' ' && c < 0x7F; };
  if (!text.empty() && plain(text.front()) && plain(text.back())) return text;  // nearly all
  while (!text.empty()) {
    const auto [point, length] = decode(text, 0);
    if (!is_space(point)) break;
    text.remove_prefix(length);
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    const auto [point, length] = decode(text, start);
    if (!is_space(point) || start + length != text.size()) break;
    text.remove_suffix(length);
  }
  return text;
}

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// Folds trimmed text that is not ASCII.
void fold_unicode(std::string_view text, std::string& out) {
  thread_local std::string composed;
  thread_local std::string folded;
  constexpr auto kCompose = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  map_text(text, kCompose, composed);
  map_text(composed, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_CASEFOLD), folded);
  map_text(folded, kCompose, out);
}

}  // namespace

void fold_into(std::string_view text, std::string& out) {
  text = trim(text);
  if (!is_ascii(text)) {
    fold_unicode(text, out);
    return;
  }
  out.resize(text.size());
  std::transform(text.begin(), text.end(), out.begin(), lower);
}

std::string_view fold_into(std::string_view text, std::pmr::memory_resource& memory) {
  text = trim(text);
  if (text.empty()) return {};
  const bool ascii = is_ascii(text);
  thread_local std::string folded;
  if (!ascii) {
    fold_unicode(text, folded);
    text = folded;
  }
  auto* copy = static_cast<char*>(memory.allocate(text.size(), 1));
  if (ascii) {
    std::transform(text.begin(), text.end(), copy, lower);
  } else {
    std::copy(text.begin(), text.end(), copy);
  }
  return {copy, text.size()};
}

std::string fold(std::string_view text) {
  std::string out;
  fold_into(text, out);
  return out;
}

std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return lower;
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  // The classic walk with one point of return: the last star takes one more character whenever the
  // rest does not fit.
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      resume = t;
      continue;
    }
    if (p < pattern.size()) {
      const auto [seen, seen_length] = decode(text, t);
      if (pattern[p] == '?') {
        ++p;
        t += seen_length;
        continue;
      }
      const std::size_t literal = pattern[p] == '\\' && p + 1 < pattern.size() ? p + 1 : p;
      const auto [wanted, wanted_length] = decode(pattern, literal);
      if (wanted == seen) {
        p = literal + wanted_length;
        t += seen_length;
        continue;
      }
    }
    if (star == std::string_view::npos) return false;
    resume += decode(text, resume).second;
    p = star;
    t = resume;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit) return limit + 1;
  std::vector<std::size_t> previous(b.size() + 1), before(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t swap = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + swap});
      // Two neighbours changed places count as one edit: the commonest slip of the fingers.
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, row);
  }
  return std::min(previous[b.size()], limit + 1);
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto [point, length] = decode(text, at);
    const int columns = utf8proc_charwidth(static_cast<utf8proc_int32_t>(point));
    width += columns > 0 ? static_cast<std::size_t>(columns) : 0;
    at += length;
  }
  return width;
}

}  // namespace consign
