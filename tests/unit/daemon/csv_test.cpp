#include "daemon/exports/csv.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace consign;

namespace {

using Table = std::vector<std::vector<std::string>>;

std::string write(const Table& rows) {
  std::string out;
  CsvWriter writer(out);
  for (const auto& row : rows) {
    for (const auto& cell : row) writer.cell(cell);
    writer.end_row();
  }
  return out;
}

// RFC 4180, read as plainly as it is written there.
Table read(const std::string& csv) {
  Table rows;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (quoted && c == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
      cell += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      row.push_back(std::move(cell));
      cell.clear();
    } else if (!quoted && c == '\r') {
      row.push_back(std::move(cell));
      cell.clear();
      rows.push_back(std::move(row));
      row.clear();
      ++i;
    } else {
      cell += c;
    }
  }
  return rows;
}

}  // namespace

TEST_CASE("cells are quoted where they have to be, and quotes doubled") {
  CHECK(write({{"a", "b c", ""}, {"", "x"}}) == "a,b c,\r\n,x\r\n");
  CHECK(write({{"a,b", "say \"hi\"", "two\nlines"}}) ==
        "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n");
  CHECK(write({{""}}) == "\"\"\r\n");
  CHECK(write({{"Umeå 東京"}}) == "Umeå 東京\r\n");
}

TEST_CASE("what a spreadsheet would run gets an apostrophe") {
  CHECK(write({{"=1+1", "+46 70", "-5", "@me", "\tx"}}) == "'=1+1,'+46 70,'-5,'@me,'\tx\r\n");
  CHECK(write({{"\rx", "=\"a\",b"}}) == "\"'\rx\",\"'=\"\"a\"\",b\"\r\n");
  CHECK(write({{"a=b", "1-2", " =1"}}) == "a=b,1-2, =1\r\n");
}

TEST_CASE("whatever is written is read back the same") {
  std::mt19937 random(7);
  const std::string alphabet = "a ,\"\r\n'é";
  for (int round = 0; round < 500; ++round) {
    Table rows(1 + random() % 3);
    const auto width = 1 + random() % 3;
    for (auto& row : rows) {
      row.resize(width);
      for (auto& cell : row) {
        // No carriage return at the beginning: that one gets an apostrophe.
        for (auto length = random() % 5; length > 0; --length) {
          const char c = alphabet[random() % alphabet.size()];
          if (!cell.empty() || c != '\r') cell += c;
        }
      }
    }
    CAPTURE(round);
    CHECK(read(write(rows)) == rows);
  }
}
