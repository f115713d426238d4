// Tables: aligned columns for a terminal, Markdown for the documents.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace consign::cli {

struct Column {
  std::string heading;
  bool code = false;  ///< its cells are words of the language: in Markdown they stand in backticks
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  ///< a cell for each column
};

/// Aligned columns. Where the table is wider than `width` (0: any width will do), the widest
/// columns are wrapped between words.
std::string as_text(const Table& table, std::size_t width, bool color);

/// A table of GitHub's Markdown.
std::string as_markdown(const Table& table);

}  // namespace consign::cli
