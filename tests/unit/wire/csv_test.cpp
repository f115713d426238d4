#include "daemon/wire/csv.hpp"

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

/// The rows, each with the line where it begins as its first cell; a fault as a last row.
Table read(const std::string& csv, const CsvLimits& limits = {}) {
  Table rows;
  CsvReader reader(csv, csv_separator(csv), limits);
  for (;;) {
    const auto row = reader.next();
    if (!row) {
      rows.push_back({told(row.error())});
      return rows;
    }
    if (*row == nullptr) return rows;
    rows.push_back({std::to_string((*row)->line)});
    rows.back().insert(rows.back().end(), (*row)->cells.begin(), (*row)->cells.end());
  }
}

constexpr CsvColumn kColumns[] = {{"Order #", true}, {"Item SKU"}, {"Item Quantity", true}};

/// What is wrong with the headings.
std::vector<std::string> faults_of(const std::string& csv) {
  const auto table = CsvTable::open(csv, kColumns);
  std::vector<std::string> out;
  if (table) return out;
  for (const auto& fault : table.error()) out.push_back(told(fault));
  return out;
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
  CHECK(write({{"a=b", "1-2", " =1", "'tis"}}) == "a=b,1-2, =1,'tis\r\n");
}

TEST_CASE("whatever is written is read back the same") {
  std::mt19937 random(7);
  const std::vector<std::string> alphabet = {"a", " ", ",", "\"", "\r", "\n", "'", "é", "=", "-"};
  for (int round = 0; round < 1000; ++round) {
    Table rows(1 + random() % 3);
    const auto width = 1 + random() % 3;
    for (auto& row : rows) {
      row.resize(width);
      for (auto& cell : row) {
        for (auto length = random() % 5; length > 0; --length) {
          cell += alphabet[random() % alphabet.size()];
        }
      }
    }
    CAPTURE(round);
    Table back = read(write(rows));
    for (auto& row : back) row.erase(row.begin());
    CHECK(back == rows);
  }
}

TEST_CASE("rows know the line where they begin, whatever ends the lines") {
  CHECK(read("a,b\r\n\r\n\"c\r\nd\",e\r\nf,g") ==
        Table{{"1", "a", "b"}, {"3", "c\r\nd", "e"}, {"5", "f", "g"}});
  CHECK(read("a\n\n\n\"b\n\n\"\nc\n") == Table{{"1", "a"}, {"4", "b\n\n"}, {"7", "c"}});
  CHECK(read("a\rb\r") == Table{{"1", "a"}, {"2", "b"}});
  CHECK(read("\n\na") == Table{{"3", "a"}});
  CHECK(read("").empty());
  CHECK(read("\r\n").empty());
}

TEST_CASE("a byte order mark is dropped, and blanks stay") {
  CHECK(read("\xEF\xBB\xBF\"a\", b \n") == Table{{"1", "a", " b "}});
}

TEST_CASE("an apostrophe is taken off before what would be a formula, and nowhere else") {
  CHECK(read("'=1,'-5,'tis,',''=x\n") == Table{{"1", "=1", "-5", "'tis", "'", "'=x"}});
}

TEST_CASE("semicolons and tabs separate cells where the first line has no comma") {
  CHECK(read("a;b\n1,5;\"2;0\"\n") == Table{{"1", "a", "b"}, {"2", "1,5", "2;0"}});
  CHECK(read("a\tb\n1,5\t;\n") == Table{{"1", "a", "b"}, {"2", "1,5", ";"}});
  CHECK(read("\"a,b\";c\n") == Table{{"1", "a,b", "c"}});
  CHECK(read("a,b;c\n1;2,3\n") == Table{{"1", "a", "b;c"}, {"2", "1;2", "3"}});
}

TEST_CASE("what cannot be read is told with its line") {
  const std::string unclosed = "a quote is opened here and not closed before the end of the file";
  CHECK(read("a,b\n1,\"2\n3,4\n").back()[0] == "line 2: " + unclosed);
  CHECK(read("a,b\n\"x\ny\",\"2\n\n3,4").back()[0] == "line 3: " + unclosed);
  CHECK(read("a,b\n1,12\" rim\n").back()[0] ==
        "line 2: in cell 2 a quote stands among other text; put the whole cell in quotes and write "
        "each quote in it twice");
  CHECK(read("a,b\n\"x\"y,2\n").back()[0].starts_with("line 2: in cell 1 a quote"));
  CHECK(read("a\n\"x\n\xE9\"\n").back()[0] ==
        "line 3: this is no UTF-8; save the file as `CSV UTF-8`");
  CHECK(read(std::string("a\0b\n", 4)).back()[0].starts_with("line 1: this is no UTF-8"));
}

TEST_CASE("limits hold for rows, columns and cells, open ones too") {
  const CsvLimits limits{.rows = 2, .columns = 3, .cell_bytes = 8};
  CHECK(read("a\nb\nc\n", limits).back()[0] == "line 3: more than 2 rows");
  CHECK(read("a\nb\n", limits).size() == 2);
  CHECK(read("a,b,c\n1,2,3,4\n", limits).back()[0] == "line 2: more than 3 cells");
  CHECK(read("123456789\n", limits).back()[0] ==
        "line 1: a cell is longer than 8 bytes; is a quote missing?");
  CHECK(read("a\n\"1234\n5678\n90", limits).back()[0].starts_with("line 2: a cell is longer"));
}

TEST_CASE("columns are found by heading, in any order, letter case and padding") {
  const std::string csv =
      " item quantity ,ORDER #,,\n"
      "2, 1001 ,,\n"
      ",,,\n"
      "\n"
      "3\n"
      "4,1002,,x\n";
  auto table = CsvTable::open(csv, kColumns);
  REQUIRE(table.ok());
  CHECK(table->has(0));
  CHECK(!table->has(1));
  REQUIRE(*table->next());
  CHECK(table->line() == 2);
  CHECK(table->cell(0) == "1001");
  CHECK(table->cell(1).empty());
  CHECK(table->cell(2) == "2");
  REQUIRE(*table->next());
  CHECK(table->line() == 5);
  CHECK(table->cell(0).empty());
  CHECK(table->fault().empty());
  REQUIRE(*table->next());
  CHECK(table->fault() ==
        "the row has 4 cells and there are 2 headings; a cell with the separator in it wants "
        "quotes around it");
  CHECK(!*table->next());
}

TEST_CASE("wrong headings are told all at once, with what was there and what is near") {
  CHECK(faults_of("Order #,Item Quantity\n").empty());
  CHECK(faults_of("Order #,Item SKUs,Item Quantity,Colour,order #\n") ==
        std::vector<std::string>{
            "line 1, column `Item SKUs`: there is no such column here; did you mean `Item SKU`?",
            "line 1, column `Colour`: there is no such column here; take it out of the file",
            "line 1, column `order #`: this column stands twice: column 1 and column 5"});
  CHECK(faults_of("\nitem quantty,,Item SKU\n") ==
        std::vector<std::string>{
            "line 2, column `item quantty`: there is no such column here; did you mean `Item "
            "Quantity`?",
            "line 2: the heading of column 2 is empty",
            "line 2, column `Order #`: this column is missing; there are `item quantty`, ``, `Item "
            "SKU`",
            "line 2, column `Item Quantity`: this column is missing; is `item quantty` meant to be "
            "it?"});
  CHECK(faults_of("") ==
        std::vector<std::string>{"the file is empty; its first row holds the headings"});
}
