// libcsv tells cells and ends of rows, but not where they stand. So it is fed line by line: a row
// ends with its line, unless a quoted cell goes on in the next one.
#include <csv.h>

#include <new>
#include <optional>

#include "consign/text.hpp"
#include "daemon/wire/csv.hpp"

namespace consign {

std::string told(const CsvFault& fault) {
  std::string out;
  if (fault.line > 0) out = "line " + std::to_string(fault.line);
  if (!fault.column.empty()) {
    out += (out.empty() ? "column `" : ", column `") + fault.column + '`';
  }
  return out.empty() ? fault.message : out + ": " + fault.message;
}

char csv_separator(std::string_view text) {
  bool quoted = false, semicolon = false, tab = false;
  for (const char c : text.substr(0, text.find_first_of("\r\n"))) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ',') return ',';
    semicolon = semicolon || c == ';';
    tab = tab || c == '\t';
  }
  return semicolon ? ';' : tab ? '\t' : ',';
}

struct CsvReader::State {
  State(std::string_view whole, char separator, const CsvLimits& its_limits)
      : rest(whole), limits(its_limits) {
    if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser, static_cast<unsigned char>(separator));
    csv_set_space_func(&parser, [](unsigned char) { return 0; });  // blanks belong to the cell
    csv_set_blk_size(&parser, 4096);
  }
  ~State() { csv_free(&parser); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Result<const CsvRow*, CsvFault> next() {
    begin_row();
    while (!rest.empty()) {
      if (auto fault = feed(next_line())) return std::move(*fault);
      if (ended) return finish_row();
    }
    if (csv_fini(&parser, on_cell, on_row, this) != 0) {
      return CsvFault{quote_line, "",
                      "a quote is opened here and not closed before the end of the file"};
    }
    if (ended) return finish_row();
    return nullptr;
  }

 private:
  void begin_row() {
    row.cells.clear();
    cells = 0;
    ended = false;
    open = false;
  }

  /// With the end of the line.
  std::string_view next_line() {
    ++line;
    auto end = rest.find_first_of("\r\n");
    end = end == std::string_view::npos   ? rest.size()
          : rest.substr(end, 2) == "\r\n" ? end + 2
                                          : end + 1;
    const auto found = rest.substr(0, end);
    rest.remove_prefix(end);
    return found;
  }

  std::optional<CsvFault> feed(std::string_view text) {
    if (!is_valid_utf8(text) || text.find('\0') != std::string_view::npos) {
      return CsvFault{line, "", "this is no UTF-8; save the file as `CSV UTF-8`"};
    }
    const auto cells_before = cells;
    if (!open) row.line = line;
    if (csv_parse(&parser, text.data(), text.size(), on_cell, on_row, this) != text.size()) {
      if (csv_error(&parser) == CSV_ENOMEM) throw std::bad_alloc();
      return CsvFault{line, "",
                      "in cell " + std::to_string(cells + 1) +
                          " a quote stands among other text; put the whole cell in quotes and "
                          "write each quote in it twice"};
    }
    // What is left open by a line that is not blank is a quoted cell; it began in this line if a
    // cell ended in it, or if nothing was open before.
    const bool blank = text.find_first_not_of("\r\n") == std::string_view::npos;
    if (!ended && (open || !blank)) {
      if (!open || cells > cells_before) quote_line = line;
      open = true;
    }
    if (too_long || parser.entry_pos > limits.cell_bytes) {
      return CsvFault{row.line, "",
                      "a cell is longer than " + std::to_string(limits.cell_bytes) +
                          " bytes; is a quote missing?"};
    }
    if (cells > limits.columns) {
      return CsvFault{row.line, "", "more than " + std::to_string(limits.columns) + " cells"};
    }
    return std::nullopt;
  }

  Result<const CsvRow*, CsvFault> finish_row() {
    if (++rows > limits.rows) {
      return CsvFault{row.line, "", "more than " + std::to_string(limits.rows) + " rows"};
    }
    return &row;
  }

  // libcsv is C: nothing may be thrown through it.
  static void on_cell(void* cell, std::size_t size, void* self) noexcept {
    auto& state = *static_cast<State*>(self);
    if (++state.cells > state.limits.columns) return;
    state.too_long = state.too_long || size > state.limits.cell_bytes;
    std::string_view text(static_cast<const char*>(cell), size);
    if (text.starts_with('\'') && is_formula(text)) text.remove_prefix(1);
    state.row.cells.emplace_back(text);
  }
  static void on_row(int, void* self) noexcept { static_cast<State*>(self)->ended = true; }

  std::string_view rest;
  const CsvLimits limits;
  csv_parser parser{};
  CsvRow row;
  std::size_t line = 0, rows = 0;
  std::size_t cells = 0;       // of the row, with those that were not kept
  std::size_t quote_line = 0;  // where the quoted cell began that is open
  bool ended = false;          // the row is complete
  bool open = false;           // the row goes on in the next line
  bool too_long = false;
};

CsvReader::CsvReader(std::string_view text, char separator, const CsvLimits& limits)
    : state_(std::make_unique<State>(text, separator, limits)) {}
CsvReader::~CsvReader() = default;
CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader& CsvReader::operator=(CsvReader&&) noexcept = default;

Result<const CsvRow*, CsvFault> CsvReader::next() { return state_->next(); }

}  // namespace consign
