#include "daemon/wire/tracking_csv.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "consign/text.hpp"
#include "daemon/wire/written_time.hpp"

namespace consign {
namespace {

constexpr CsvLimits kLimits{.rows = 500'000};

enum Cell : std::size_t {
  order_number,
  order_id,
  shop,
  line,
  part,
  sku,
  quantity,
  carrier,
  tracking,
  url,
  ship_date,
};

// The first other heading is that of an export, where it has the column.
constexpr CsvColumn kColumns[] = {
    // clang-format off
    {"Order Number",    false, {"Order - Number", "Order #"}},
    {"Order Id",        false, {"Order - Id"}},
    {"Shop",            false, {"Market - Store Name"}},
    {"Line",            false, {"Item - Line", "Line Id"}},
    {"Part",            false, {"Item - Part"}},
    {"SKU",             false, {"Item - SKU", "Item SKU"}},
    {"Quantity",        true,  {"Item - Qty", "Item Quantity"}},
    {"Carrier",         false, {"Shipment - Carrier"}},
    {"Tracking Number", true,  {"Shipment - Tracking Number"}},
    {"Tracking URL",    false, {"Shipment - Tracking URL"}},
    {"Ship Date",       false, {"Date - Shipped Date"}},
    // clang-format on
};

// Those that are read, and behind them those that are passed over.
std::vector<CsvColumn> columns_with(std::span<const std::string_view> passed_over) {
  std::vector<CsvColumn> columns(std::begin(kColumns), std::end(kColumns));
  for (const auto heading : passed_over) {
    const bool is_read =
        std::any_of(std::begin(kColumns), std::end(kColumns), [&](const CsvColumn& column) {
          return column.name == heading ||
                 std::find(column.also.begin(), column.also.end(), heading) != column.also.end();
        });
    if (!is_read) columns.push_back({heading});
  }
  return columns;
}

// Several in one cell, as an export writes them.
std::vector<std::string> list_in(std::string_view cell) {
  std::vector<std::string> items;
  while (!cell.empty()) {
    const auto end = cell.find_first_of(",;");
    const std::string item(trim(cell.substr(0, end)));
    if (!item.empty() && std::find(items.begin(), items.end(), item) == items.end()) {
      items.push_back(item);
    }
    cell = end == std::string_view::npos ? std::string_view() : cell.substr(end + 1);
  }
  return items;
}

std::string quoted(std::string_view text) { return '`' + std::string(text) + '`'; }

class TrackingReader {
 public:
  TrackingReader(CsvTable table, const TrackingCsvOptions& options)
      : table_(std::move(table)), options_(options) {}

  Result<TrackingCsv, std::vector<CsvFault>> read() {
    if (auto faults = missing_columns(); !faults.empty()) return faults;
    for (;;) {
      const auto more = table_.next();
      if (!more) return std::vector{more.error()};
      if (!*more) return std::move(file_);
      take_row();
    }
  }

 private:
  std::vector<CsvFault> missing_columns() const {
    std::vector<CsvFault> faults;
    const auto want = [&](bool there, std::string_view heading, const char* message) {
      if (!there) faults.push_back({table_.line(), std::string(heading), message});
    };
    want(table_.has(order_number) || table_.has(order_id), kColumns[order_number].name,
         "this column is missing");
    want(table_.has(sku) || table_.has(line), kColumns[sku].name,
         "this column is missing; things are named by their SKU, or by a column `Line`");
    want(table_.has(shop) || !options_.shop.empty(), kColumns[shop].name,
         "this column is missing; or name the shop of all rows");
    return faults;
  }

  void take_row() {
    const auto number = table_.cell(order_number);
    const auto id = table_.cell(order_id);
    file_.rows.push_back({table_.line(), std::string(number.empty() ? id : number)});
    if (asks_for_nothing()) return;
    faults_.clear();
    CsvParcel parcel = parcel_here();
    PackedItem item = item_here();
    CsvParcel& whole = parcel_like(parcel);
    join(whole, parcel);
    whole.items.push_back(std::move(item));
    whole.faults.insert(whole.faults.end(), faults_.begin(), faults_.end());
  }

  bool asks_for_nothing() const {
    for (const auto cell : {carrier, tracking, url, ship_date}) {
      if (!table_.cell(cell).empty()) return false;
    }
    return table_.fault().empty();
  }

  CsvParcel parcel_here() {
    const auto id = table_.cell(order_id);
    const auto own_shop = table_.cell(shop);
    CsvParcel parcel{.shop = std::string(own_shop.empty() ? options_.shop : own_shop),
                     .order = std::string(id.empty() ? table_.cell(order_number) : id),
                     .by_id = !id.empty(),
                     .carrier = std::string(table_.cell(carrier)),
                     .tracking = list_in(table_.cell(tracking)),
                     .urls = list_in(table_.cell(url))};
    if (!table_.fault().empty()) fault("", table_.fault());
    if (parcel.order.empty()) fault(order_number, "the row names no order");
    if (parcel.shop.empty()) fault(shop, "the row names no shop");
    if (const auto date = table_.cell(ship_date); !date.empty()) {
      parcel.shipped_at = parse_written_time(date, options_.zone);
      if (!parcel.shipped_at) fault(ship_date, quoted(date) + " is no time; " + kWrittenTimeHelp);
    }
    return parcel;
  }

  PackedItem item_here() {
    PackedItem item{.row = file_.rows.size() - 1,
                    .line = std::string(table_.cell(line)),
                    .sku = std::string(table_.cell(sku))};
    if (item.line.empty() && item.sku.empty()) fault(sku, "the row names neither a SKU nor a line");
    if (const auto written = table_.cell(part); !written.empty()) {
      const auto number = Decimal::parse(written);
      item.part = number ? number->to_int64() : std::nullopt;
      if (!item.part) fault(part, quoted(written) + " is no number of a part, as `1`");
      if (item.line.empty()) fault(line, "a part is one of a line: name it");
    }
    const auto written = table_.cell(quantity);
    const auto number = Decimal::parse(written);
    if (written.empty()) {
      fault(quantity, "the row does not say how many");
    } else if (!number) {
      fault(quantity, quoted(written) + " is no number");
    } else if (*number <= Decimal(0)) {
      fault(quantity, "a quantity is more than 0, this one is " + std::string(written) +
                          "; leave the tracking number empty where nothing was shipped");
    } else {
      item.quantity = *number;
    }
    return item;
  }

  // The parcel that the row belongs to, made if it is the first of it.
  CsvParcel& parcel_like(const CsvParcel& parcel) {
    std::string key;
    const auto add = [&](std::string_view text) {
      key += text;
      key += '\0';
    };
    add(parcel.shop);
    add(parcel.order);
    add(parcel.by_id ? "id" : "");
    for (const auto& number : parcel.tracking) add(number);
    if (parcel.tracking.empty()) {
      add("");
      add(parcel.carrier);
      add(table_.cell(ship_date));
      for (const auto& each : parcel.urls) add(each);
    }
    const auto [place, is_new] = places_.try_emplace(std::move(key), file_.parcels.size());
    if (is_new) {
      file_.parcels.push_back(parcel);
      first_lines_.push_back(table_.line());
    }
    at_ = place->second;
    return file_.parcels[at_];
  }

  // What belongs to the whole parcel stands in each of its rows, or in one of them.
  void join(CsvParcel& whole, const CsvParcel& row) {
    const auto note = [&](Cell cell, auto& all, const auto& here, bool absent_here,
                          bool absent_so_far) {
      if (absent_here) return;
      if (absent_so_far) {
        all = here;
      } else if (all != here) {
        fault(cell, quoted(table_.cell(cell)) +
                        " is not what another row of the same parcel says, which begins in line " +
                        std::to_string(first_lines_[at_]));
      }
    };
    note(carrier, whole.carrier, row.carrier, row.carrier.empty(), whole.carrier.empty());
    note(url, whole.urls, row.urls, row.urls.empty(), whole.urls.empty());
    note(ship_date, whole.shipped_at, row.shipped_at, !row.shipped_at, !whole.shipped_at);
  }

  void fault(Cell cell, std::string message) { fault(kColumns[cell].name, std::move(message)); }
  void fault(std::string_view heading, std::string message) {
    faults_.push_back({table_.line(), std::string(heading), std::move(message)});
  }

  CsvTable table_;
  const TrackingCsvOptions& options_;
  TrackingCsv file_;
  std::map<std::string, std::size_t> places_;  // of parcels, by what tells them apart
  std::vector<std::size_t> first_lines_;       // of each parcel
  std::size_t at_ = 0;                         // the row's parcel
  std::vector<CsvFault> faults_;               // of the row
};

}  // namespace

Result<TrackingCsv, std::vector<CsvFault>> read_tracking_csv(std::string_view text,
                                                             const TrackingCsvOptions& options) {
  const auto columns = columns_with(options.passed_over);
  auto table = CsvTable::open(text, columns, kLimits);
  if (!table) return table.error();
  return TrackingReader(std::move(table.value()), options).read();
}

std::string_view tracking_heading(std::string_view member) {
  static constexpr std::pair<std::string_view, Cell> kMembers[] = {
      {"line", line}, {"part", part}, {"sku", sku}, {"quantity", quantity}};
  for (const auto& [name, cell] : kMembers) {
    if (name == member) return kColumns[cell].name;
  }
  return {};
}

}  // namespace consign
