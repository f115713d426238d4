// What a supplier has, from a file of CSV: a row for each SKU, taken or refused by itself.
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <map>

#include "daemon/http/csv_import.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/stock_view.hpp"
#include "daemon/orders/stocking.hpp"

namespace consign::http {
namespace {

constexpr CsvLimits kLimits{.rows = 500'000};

enum Cell : std::size_t { sku, available, change, id, safety };

constexpr CsvColumn kColumns[] = {
    // clang-format off
    {"SKU",       true,  {"Item - SKU", "Item SKU"}},
    {"Available", false, {}},
    {"Change",    false, {}},
    {"Id",        false, {"Change Id"}},
    {"Safety",    false, {"Safety Stock"}},
    // clang-format on
};

struct Row {
  std::size_t line = 0;
  StockReport report;
};

class StockReader {
 public:
  StockReader(CsvTable& table, std::string supplier)
      : table_(table), supplier_(std::move(supplier)) {}

  /// The row's report; faults() says what is wrong with it.
  Row read() {
    faults_.clear();
    if (!table_.fault().empty()) fault("", table_.fault());
    Row row{.line = table_.line(),
            .report = {.supplier = supplier_,
                       .sku = std::string(table_.cell(sku)),
                       .available = number(available, true),
                       .change = number(change, false),
                       .safety = number(safety, true),
                       .id = std::string(table_.cell(id))}};
    const auto has = [&](Cell cell) { return !table_.cell(cell).empty(); };
    if (!has(sku)) fault(kColumns[sku].name, "the row names no SKU");
    if (has(available) && has(change)) {
      fault(kColumns[change].name,
            "say what is available, or by how much it has changed, not both");
    } else if (!has(available) && !has(change) && !has(safety)) {
      fault(kColumns[available].name, "the row does not say what is there");
    }
    if (has(change) && !has(id)) {
      fault(kColumns[id].name, "a change needs an id, so that it counts once");
    }
    return row;
  }
  const std::vector<CsvFault>& faults() const { return faults_; }

 private:
  std::optional<Decimal> number(Cell cell, bool not_negative) {
    const auto text = table_.cell(cell);
    if (text.empty()) return std::nullopt;
    const auto found = Decimal::parse(text);
    if (!found) {
      fault(kColumns[cell].name, "`" + std::string(text) + "` is no number");
    } else if (not_negative && found->is_negative()) {
      fault(kColumns[cell].name, "this is 0 or more");
    }
    return found;
  }

  void fault(std::string_view heading, std::string message) {
    faults_.push_back({table_.line(), std::string(heading), std::move(message)});
  }

  CsvTable& table_;
  const std::string supplier_;
  std::vector<CsvFault> faults_;
};

// take_stock points at a member of the report; here that is a column.
std::string heading_of(std::string_view pointer) {
  if (pointer == "/change") return std::string(kColumns[change].name);
  if (pointer == "/id") return std::string(kColumns[id].name);
  return {};
}

RowFate take(UnitContext& unit, const Row& row) {
  const auto taken = take_stock(unit, row.report);
  if (!taken) {
    const auto& fault = taken.error();
    return refused_row(csv_refusal({{row.line, heading_of(fault.pointer), fault.message}}));
  }
  return {taken->outcome == StockOutcome::changed ? RowFate::Kind::done : RowFate::Kind::known, 200,
          "\"stock\":" + boost::json::serialize(stock_to_json(taken->row))};
}

// The rows of one SKU follow each other in one unit, so that also a trial sees them add up.
std::vector<RowGroup> groups_of(const std::vector<std::pair<std::size_t, Row>>& rows) {
  std::map<std::string_view, std::vector<std::size_t>> by_sku;
  for (std::size_t i = 0; i < rows.size(); ++i) by_sku[rows[i].second.report.sku].push_back(i);
  std::vector<RowGroup> groups;
  for (const auto& [name, places] : by_sku) {
    RowGroup group;
    std::vector<Row> own;
    for (const auto place : places) {
      group.rows.push_back(rows[place].first);
      own.push_back(rows[place].second);
    }
    group.take = [own = std::move(own)](UnitContext& unit) {
      std::vector<RowFate> fates;
      for (const auto& row : own) fates.push_back(take(unit, row));
      return fates;
    };
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace

Reply import_stock(const Request& request, Services& services) {
  if (!may_change_stock(request, services)) return problem_response(Problem::not_found, "");
  if (auto refused = refuse_parameters(request, {"dry_run"})) return std::move(*refused);
  const auto dry_run = dry_run_of(request);
  if (!dry_run) return dry_run.error();
  auto table = CsvTable::open(request.body, kColumns, kLimits);
  if (!table) return csv_refusal(table.error());
  RowImport import{.done = "changed", .dry_run = *dry_run};
  std::vector<std::pair<std::size_t, Row>> rows;
  StockReader reader(*table, supplier_of(request));
  for (;;) {
    const auto more = table->next();
    if (!more) return csv_refusal({more.error()});
    if (!*more) break;
    auto row = reader.read();
    import.entries.push_back("\"row\":" + std::to_string(row.line) + ",\"sku\":" +
                             boost::json::serialize(boost::json::string(row.report.sku)));
    import.fates.emplace_back();
    if (!reader.faults().empty()) {
      import.fates.back() = refused_row(csv_refusal(reader.faults()));
    } else {
      rows.emplace_back(import.fates.size() - 1, std::move(row));
    }
  }
  import.groups = groups_of(rows);
  return take_rows(std::move(import));
}

}  // namespace consign::http
