#include <csv.h>

#include "daemon/wire/csv.hpp"

namespace consign {

bool is_formula(std::string_view cell) {
  constexpr std::string_view kFormulas = "=+-@\t\r";
  const auto first = cell.find_first_not_of('\'');
  return first != std::string_view::npos && kFormulas.find(cell[first]) != std::string_view::npos;
}

void CsvWriter::cell(std::string_view text) {
  constexpr std::string_view kWantQuotes = ",\"\r\n";
  if (cells_++ > 0) out_ += ',';
  if (text.empty()) return;
  empty_ = false;
  std::string guarded;
  if (is_formula(text)) {
    guarded = '\'' + std::string(text);
    text = guarded;
  }
  // Unquoted, a byte order mark at the beginning of a file would be taken for the file's.
  if (text.find_first_of(kWantQuotes) == std::string_view::npos &&
      !text.starts_with(kByteOrderMark)) {
    out_ += text;
    return;
  }
  // csv_write quotes whatever it is given, and says how long that is.
  const auto before = out_.size();
  out_.resize(before + csv_write(nullptr, 0, text.data(), text.size()));
  csv_write(out_.data() + before, out_.size() - before, text.data(), text.size());
}

void CsvWriter::end_row() {
  // A row of one empty cell would be an empty line, which readers skip.
  if (cells_ == 1 && empty_) out_ += "\"\"";
  out_ += "\r\n";
  cells_ = 0;
  empty_ = true;
}

}  // namespace consign
