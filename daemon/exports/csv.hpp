// Writing CSV: RFC 4180, in UTF-8, safe to open in a spreadsheet.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace consign {

/// Adds rows to a text that it does not own.
class CsvWriter {
 public:
  explicit CsvWriter(std::string& out) : out_(out) {}

  /// Quoted where it has to be. A cell that a spreadsheet would run as a formula (it begins with
  /// `=`, `+`, `-`, `@`, a tab or a carriage return) gets an apostrophe before it.
  void cell(std::string_view text);
  void end_row();

 private:
  std::string& out_;
  std::size_t cells_ = 0;  // of the row that is being written
  bool empty_ = true;      // it has no text so far
};

}  // namespace consign
