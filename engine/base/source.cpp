#include "consign/source.hpp"

#include <algorithm>

namespace consign {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Where the text of a line begins: on the first, behind a byte order mark, which no editor shows.
std::size_t text_begin(const Source& file, std::uint32_t line) {
  const bool marked = line == 1 && file.text.starts_with(kByteOrderMark);
  return file.line_starts[line - 1] + (marked ? kByteOrderMark.size() : 0);
}

}  // namespace

Source::Source(std::string its_path, std::string its_text)
    : path(std::move(its_path)),
      text(std::move(its_text)),
      line_starts{0},
      sha256(consign::sha256(text)) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
    line_starts.push_back(static_cast<std::uint32_t>(at + 1));
  }
}

SourceId SourceMap::add(std::string path, std::string text) {
  return add(std::make_shared<const Source>(std::move(path), std::move(text)));
}

SourceId SourceMap::add(std::shared_ptr<const Source> source) {
  sources_.push_back(std::move(source));
  return static_cast<SourceId>(sources_.size() - 1);
}

std::string_view SourceMap::text(Span span) const {
  const std::string_view text = get(span.source).text;
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text.size());
  return text.substr(begin, end - begin);
}

Position SourceMap::position(SourceId source, std::uint32_t offset) const {
  const Source& file = get(source);
  const auto after = std::upper_bound(file.line_starts.begin(), file.line_starts.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - file.line_starts.begin());
  const std::size_t start = text_begin(file, line);
  const std::size_t end = std::min<std::size_t>(offset, file.text.size());
  const auto characters = std::count_if(
      file.text.begin() + static_cast<std::ptrdiff_t>(start),
      file.text.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(end, start)),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return {line, static_cast<std::uint32_t>(characters) + 1};
}

std::string_view SourceMap::line(SourceId source, std::uint32_t line) const {
  const Source& file = get(source);
  if (line == 0 || line > file.line_starts.size()) return {};
  const std::size_t begin = text_begin(file, line);
  std::size_t end = line < file.line_starts.size() ? file.line_starts[line] : file.text.size();
  while (end > begin && (file.text[end - 1] == '\n' || file.text[end - 1] == '\r')) --end;
  return std::string_view(file.text).substr(begin, end - begin);
}

}  // namespace consign
