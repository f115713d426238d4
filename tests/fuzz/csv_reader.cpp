// The reader of CSV on any bytes: reading ends, rows stand in order and in the file, and what was
// read is the same after it was written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "daemon/wire/csv.hpp"

using namespace consign;

namespace {

using Rows = std::vector<std::vector<std::string>>;

void require(bool holds, const char* what, const std::string& text) {
  if (holds) return;
  std::cerr << what << ":\n" << text << "\n";
  std::abort();
}

struct Reading {
  Rows rows;
  bool faulty = false;
};

Reading read(const std::string& text, char separator) {
  Reading reading;
  CsvReader reader(text, separator);
  std::size_t last = 0;
  for (;;) {
    const auto row = reader.next();
    reading.faulty = !row.ok();
    if (!row) require(row.error().line > 0, "a fault without a line", text);
    if (!row || *row == nullptr) return reading;
    require((*row)->line > last && (*row)->line <= text.size(), "a row in no order", text);
    last = (*row)->line;
    reading.rows.push_back((*row)->cells);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto reading = read(text, csv_separator(text));
  std::string written;
  CsvWriter writer(written);
  for (const auto& row : reading.rows) {
    for (const auto& cell : row) writer.cell(cell);
    writer.end_row();
  }
  const auto again = read(written, ',');
  require(!again.faulty && again.rows == reading.rows, "written and read is not the same", written);

  static constexpr CsvColumn kColumns[] = {{"Order #", true}, {"Item SKU"}};
  auto table = CsvTable::open(text, kColumns);
  if (!table) {
    require(!table.error().empty(), "refused without a reason", text);
    return 0;
  }
  for (auto more = table->next(); more.ok() && *more; more = table->next()) {
    require(table->cell(0).size() <= size, "a cell larger than its file", text);
  }
  return 0;
}
