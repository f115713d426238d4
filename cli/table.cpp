#include "cli/table.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "cli/session.hpp"
#include "consign/text.hpp"

namespace consign::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 12;

std::vector<std::size_t> natural_widths(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::size_t width = display_width(table.columns[c].heading);
    for (const auto& row : table.rows) width = std::max(width, display_width(row[c]));
    widths.push_back(width);
  }
  return widths;
}

/// Takes columns off the widest until all fit; never below kNarrowest.
void shrink(std::vector<std::size_t>& widths, std::size_t width) {
  const std::size_t gaps = kGap * (widths.size() - 1);
  while (std::accumulate(widths.begin(), widths.end(), gaps) > width) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowest) return;
    --*widest;
  }
}

/// Lines of at most `width` columns, broken at blanks; a longer word has a line to itself.
std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::size_t used = 0;
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    const std::size_t wide = display_width(word);
    if (used > 0 && used + 1 + wide > width) {
      lines.emplace_back();
      used = 0;
    }
    if (used > 0) lines.back() += ' ';
    used += wide + (used > 0 ? 1 : 0);
    lines.back() += word;
  }
  return lines;
}

void put_row(std::string& out, const std::vector<std::string>& cells,
             const std::vector<std::size_t>& widths, std::string_view style, bool color) {
  std::vector<std::vector<std::string>> wrapped;
  std::size_t height = 1;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    wrapped.push_back(wrap(cells[c], widths[c]));
    height = std::max(height, wrapped.back().size());
  }
  for (std::size_t l = 0; l < height; ++l) {
    std::string line;
    std::size_t pending = 0;  // blanks that are written only if something follows them
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::string piece = l < wrapped[c].size() ? wrapped[c][l] : "";
      const std::size_t wide = display_width(piece);
      if (wide > 0) {
        line += std::string(pending, ' ') + piece;
        pending = 0;
      }
      pending += (widths[c] > wide ? widths[c] - wide : 0) + kGap;
    }
    out += (style.empty() ? line : styled(line, style, color)) + '\n';
  }
}

std::string escape_markdown(std::string_view cell) {
  std::string out;
  for (const char c : cell) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string as_text(const Table& table, std::size_t width, bool color) {
  auto widths = natural_widths(table);
  if (width > 0) shrink(widths, width);
  std::vector<std::string> headings;
  for (const auto& column : table.columns) headings.push_back(column.heading);
  std::string out;
  put_row(out, headings, widths, "1", color);
  for (const auto& row : table.rows) put_row(out, row, widths, "", color);
  return out;
}

std::string as_markdown(const Table& table) {
  std::string out = "|";
  for (const auto& column : table.columns) out += ' ' + column.heading + " |";
  out += "\n|";
  for (std::size_t c = 0; c < table.columns.size(); ++c) out += "---|";
  out += '\n';
  for (const auto& row : table.rows) {
    out += '|';
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string cell = escape_markdown(row[c]);
      out += table.columns[c].code && !cell.empty() ? " `" + cell + "` |" : ' ' + cell + " |";
    }
    out += '\n';
  }
  return out;
}

}  // namespace consign::cli
