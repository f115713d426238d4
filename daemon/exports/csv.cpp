#include "daemon/exports/csv.hpp"

namespace consign {

void CsvWriter::cell(std::string_view text) {
  constexpr std::string_view kFormulas = "=+-@\t\r";
  constexpr std::string_view kWantQuotes = ",\"\r\n";
  if (cells_++ > 0) out_ += ',';
  if (text.empty()) return;
  empty_ = false;
  const bool quoted = text.find_first_of(kWantQuotes) != std::string_view::npos;
  if (quoted) out_ += '"';
  if (kFormulas.find(text.front()) != std::string_view::npos) out_ += '\'';
  for (const char c : text) {
    if (c == '"') out_ += '"';
    out_ += c;
  }
  if (quoted) out_ += '"';
}

void CsvWriter::end_row() {
  // A row of one empty cell would be an empty line, which readers skip.
  if (cells_ == 1 && empty_) out_ += "\"\"";
  out_ += "\r\n";
  cells_ = 0;
  empty_ = true;
}

}  // namespace consign
