// Headings, and the columns that they name.
#include <algorithm>

#include "consign/diagnostic.hpp"
#include "consign/text.hpp"
#include "daemon/wire/csv.hpp"

namespace consign {
namespace {

bool is_empty(const std::string& cell) { return trim(cell).empty(); }

/// The one of `names` that is near to `word`, whatever the letter case, or empty.
std::string near_to(std::string_view word, const std::vector<std::string>& names) {
  std::vector<std::string> folded;
  folded.reserve(names.size());
  for (const auto& name : names) folded.push_back(fold(name));
  const auto near = nearest_name(fold(word), {folded.begin(), folded.end()});
  const auto found = std::find(folded.begin(), folded.end(), near);
  return near.empty() ? std::string() : names[static_cast<std::size_t>(found - folded.begin())];
}

}  // namespace

CsvTable::CsvTable(CsvReader reader, std::span<const CsvColumn> columns)
    : reader_(std::move(reader)), columns_(columns), places_(columns.size(), kNowhere) {}

Result<CsvTable, std::vector<CsvFault>> CsvTable::open(std::string_view text,
                                                       std::span<const CsvColumn> columns,
                                                       const CsvLimits& limits) {
  CsvTable table(CsvReader(text, csv_separator(text), limits), columns);
  const auto row = table.reader_.next();
  if (!row) return std::vector{row.error()};
  if (*row == nullptr) {
    return std::vector{CsvFault{0, "", "the file is empty; its first row holds the headings"}};
  }
  table.row_ = *row;
  auto faults = table.read_headings(**row);
  if (!faults.empty()) return faults;
  return table;
}

std::vector<CsvFault> CsvTable::read_headings(const CsvRow& row) {
  std::vector<CsvFault> faults;
  for (const auto& cell : row.cells) headings_.emplace_back(trim(cell));
  // Spreadsheets write separators for columns that were cleared.
  while (!headings_.empty() && headings_.back().empty()) headings_.pop_back();
  std::vector<std::string> names;
  std::vector<std::size_t> owners;  // the column of each name
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto add = [&](std::string_view name) {
      if (name.empty()) return;
      names.emplace_back(name);
      owners.push_back(i);
    };
    add(columns_[i].name);
    for (const auto other : columns_[i].also) add(other);
  }
  for (std::size_t place = 0; place < headings_.size(); ++place) {
    const auto& heading = headings_[place];
    if (heading.empty()) {
      faults.push_back(
          {row.line, "", "the heading of column " + std::to_string(place + 1) + " is empty"});
      continue;
    }
    const auto same = [folded = fold(heading)](std::string_view name) {
      return fold(name) == folded;
    };
    const auto found = std::find_if(names.begin(), names.end(), same);
    if (found == names.end()) {
      const auto near = near_to(heading, names);
      faults.push_back(
          {row.line, heading,
           "there is no such column here" + (near.empty() ? std::string("; take it out of the file")
                                                          : "; did you mean `" + near + "`?")});
      continue;
    }
    auto& its_place = places_[owners[static_cast<std::size_t>(found - names.begin())]];
    if (its_place != kNowhere) {
      faults.push_back({row.line, heading,
                        "this column stands twice: column " + std::to_string(its_place + 1) +
                            " and column " + std::to_string(place + 1)});
    } else {
      its_place = place;
    }
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!columns_[i].needed || places_[i] != kNowhere) continue;
    const auto near = near_to(columns_[i].name, headings_);
    faults.push_back(
        {row.line, std::string(columns_[i].name),
         "this column is missing" +
             (near.empty() ? headings_told() : "; is `" + near + "` meant to be it?")});
  }
  return faults;
}

std::string CsvTable::headings_told() const {
  constexpr std::size_t kShown = 12;
  std::string out;
  for (std::size_t i = 0; i < std::min(headings_.size(), kShown); ++i) {
    out += (out.empty() ? "; there are `" : "`, `") + headings_[i];
  }
  if (out.empty()) return "; there are no headings";
  out += '`';
  if (headings_.size() > kShown) {
    out += " and " + std::to_string(headings_.size() - kShown) + " more";
  }
  return out;
}

Result<bool, CsvFault> CsvTable::next() {
  for (;;) {
    const auto row = reader_.next();
    if (!row) return row.error();
    row_ = *row;
    if (row_ == nullptr) return false;
    if (!std::all_of(row_->cells.begin(), row_->cells.end(), is_empty)) break;
  }
  fault_.clear();
  const auto& cells = row_->cells;
  for (std::size_t i = headings_.size(); i < cells.size(); ++i) {
    if (is_empty(cells[i])) continue;
    fault_ = "the row has " + std::to_string(cells.size()) + " cells and there are " +
             std::to_string(headings_.size()) +
             " headings; a cell with the separator in it wants quotes around it";
    break;
  }
  return true;
}

std::string_view CsvTable::cell(std::size_t column) const {
  const auto place = places_[column];
  return place < row_->cells.size() ? trim(row_->cells[place]) : std::string_view();
}

}  // namespace consign
