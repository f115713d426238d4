// CSV: RFC 4180 in UTF-8, by libcsv, and safe to open in a spreadsheet.
//
// A cell that a spreadsheet would run as a formula (after any apostrophes it begins with `=`, `+`,
// `-`, `@`, a tab or a carriage return) is written with an apostrophe before it, and that one is
// taken off again in reading: what was written is read back the same.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consign/result.hpp"

namespace consign {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Adds rows to a text that it does not own.
class CsvWriter {
 public:
  explicit CsvWriter(std::string& out) : out_(out) {}

  /// Quoted where it has to be.
  void cell(std::string_view text);
  void end_row();

 private:
  std::string& out_;
  std::size_t cells_ = 0;  // of the row that is being written
  bool empty_ = true;      // it has no text so far
};

/// Whether a spreadsheet would run the cell, but for apostrophes before it.
bool is_formula(std::string_view cell);

struct CsvLimits {
  std::size_t rows = 1'000'000;
  std::size_t columns = 1'000;
  std::size_t cell_bytes = 64 << 10;
};

/// What is wrong with a file of CSV, and where.
struct CsvFault {
  std::size_t line = 0;     ///< counted from 1; 0: the file as a whole
  std::string column = {};  ///< the heading, where one is meant
  std::string message = {};
};

/// "line 3, column `Item SKU`: …", for people.
std::string told(const CsvFault& fault);

struct CsvRow {
  std::size_t line = 0;  ///< where the row begins, counted from 1
  std::vector<std::string> cells = {};
};

/// The character between cells: a comma, but a semicolon or a tab where the first line has such and
/// no comma, as spreadsheets write them where the comma belongs to numbers.
char csv_separator(std::string_view text);

/// Rows of cells, one after the other; empty lines are none. A byte order mark is dropped. For one
/// thread at a time; the text must outlive it.
class CsvReader {
 public:
  CsvReader(std::string_view text, char separator, const CsvLimits& limits = {});
  ~CsvReader();
  CsvReader(CsvReader&&) noexcept;
  CsvReader& operator=(CsvReader&&) noexcept;

  /// The next row, which lives until the next call; null at the end. After a fault there is no way
  /// to know where rows begin: nothing more may be read.
  Result<const CsvRow*, CsvFault> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A column that a reader knows, by its heading.
struct CsvColumn {
  std::string_view name;
  bool needed = false;
  std::array<std::string_view, 3> also = {};  ///< other headings of the same; empty: none
};

/// A file with headings. Columns may stand in any order; headings are compared without regard to
/// letter case and to blanks around them. Rows of which every cell is empty are skipped.
class CsvTable {
 public:
  /// Reads the headings. Faults: no needed column, a column twice, one that is not known, and those
  /// of reading the row. The text must outlive the table, and so must the columns.
  static Result<CsvTable, std::vector<CsvFault>> open(std::string_view text,
                                                      std::span<const CsvColumn> columns,
                                                      const CsvLimits& limits = {});

  /// Goes to the next row; false at the end. A fault says that reading has to end.
  Result<bool, CsvFault> next();

  /// Whether the file has the column, an index into `columns`.
  bool has(std::size_t column) const { return places_[column] != kNowhere; }
  /// The row's cell in that column without blanks around it; empty where there is none.
  std::string_view cell(std::size_t column) const;
  /// The line where the row begins, or the headings before the first call of next().
  std::size_t line() const { return row_->line; }
  /// Why the row cannot be taken though the rows behind it can: it has more cells than there are
  /// headings. Else empty.
  const std::string& fault() const { return fault_; }

 private:
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

  CsvTable(CsvReader reader, std::span<const CsvColumn> columns);
  std::vector<CsvFault> read_headings(const CsvRow& row);
  std::string headings_told() const;

  CsvReader reader_;
  std::span<const CsvColumn> columns_;
  std::vector<std::string> headings_;  // as written, trimmed
  std::vector<std::size_t> places_;    // of each known column
  const CsvRow* row_ = nullptr;
  std::string fault_;
};

}  // namespace consign
