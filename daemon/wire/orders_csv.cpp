#include "daemon/wire/orders_csv.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <map>
#include <optional>

#include "consign/decimal.hpp"
#include "consign/text.hpp"
#include "daemon/wire/written_time.hpp"

namespace consign {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostOrders = 50'000;
constexpr CsvLimits kLimits{.rows = 500'000};

enum class Of { order, line };

/// What becomes of a cell.
enum class As {
  text,    ///< itself
  time,    ///< RFC 3339
  ounces,  ///< grams
  names,   ///< a list with commas between
  part,    ///< something made of several cells
};

enum Cell : std::size_t {
  order_number,
  shop,
  currency,
  payment,
  date_paid,
  order_total,
  amount_paid,
  buyer_name,
  buyer_first_name,
  buyer_last_name,
  recipient_name,
  recipient_first_name,
  recipient_last_name,
  address_1,
  address_2,
  address_3,
  line_id,
  others,
};

struct Row {
  Of of;
  As as;
  bool needed;
  std::string_view heading;
  std::string_view place;  ///< in the order or the line: a member, or a member of a member
};

// The first ones are those that have a name of type Cell.
constexpr Row kRows[] = {
    // clang-format off
    {Of::order, As::text,   true,  "Order #",                          "id"},
    {Of::order, As::part,   false, "Shop",                             "shop"},
    {Of::order, As::part,   false, "Currency",                         "currency"},
    {Of::order, As::part,   false, "Payment",                          "payment"},
    {Of::order, As::part,   false, "Order Date Paid",                  "payment"},
    {Of::order, As::text,   true,  "Order Total",                      "total"},
    {Of::order, As::part,   false, "Order Amount Paid",                "payment"},
    {Of::order, As::part,   false, "Buyer Full Name",                  "attributes/Buyer Name"},
    {Of::order, As::part,   false, "Buyer First Name",                 "attributes/Buyer Name"},
    {Of::order, As::part,   false, "Buyer Last Name",                  "attributes/Buyer Name"},
    {Of::order, As::part,   false, "Recipient Full Name",              "ship_to/name"},
    {Of::order, As::part,   false, "Recipient First Name",             "ship_to/name"},
    {Of::order, As::part,   false, "Recipient Last Name",              "ship_to/name"},
    {Of::order, As::part,   false, "Address Line 1",                   "ship_to/address"},
    {Of::order, As::part,   false, "Address Line 2",                   "ship_to/address"},
    {Of::order, As::part,   false, "Address Line 3",                   "ship_to/address"},
    {Of::line,  As::part,   false, "Line Id",                          "id"},

    {Of::order, As::time,   false, "Order Created Date",               "placed_at"},
    {Of::order, As::text,   false, "Order Tax Paid",                   "attributes/Tax Paid"},
    {Of::order, As::text,   false, "Order Shipping Paid",              "shipping"},
    {Of::order, As::text,   false, "Order Requested Shipping Service", "shipping_method"},
    {Of::order, As::ounces, false, "Order Total Weight (oz)",          "grams"},
    {Of::order, As::text,   false, "Order Custom Field 1",             "attributes/Custom Field 1"},
    {Of::order, As::text,   false, "Order Custom Field 2",             "attributes/Custom Field 2"},
    {Of::order, As::text,   false, "Order Custom Field 3",             "attributes/Custom Field 3"},
    {Of::order, As::text,   false, "Order Source",                     "source"},
    {Of::order, As::text,   false, "Order Notes from Buyer",           "note"},
    {Of::order, As::text,   false, "Order Notes to Buyer",             "attributes/Notes to Buyer"},
    {Of::order, As::text,   false, "Order Internal Notes",             "attributes/Internal Notes"},
    {Of::order, As::text,   false, "Order Gift Message",               "attributes/Gift Message"},
    {Of::order, As::text,   false, "Order Gift - Flag",                "attributes/Gift Flag"},
    {Of::order, As::text,   false, "Buyer Email",                      "customer/email"},
    {Of::order, As::text,   false, "Buyer Phone",                      "attributes/Buyer Phone"},
    {Of::order, As::text,   false, "Buyer Username",                   "customer/id"},
    {Of::order, As::text,   false, "Recipient Phone",                  "ship_to/phone"},
    {Of::order, As::text,   false, "Recipient Company",                "ship_to/company"},
    {Of::order, As::text,   false, "City",                             "ship_to/city"},
    {Of::order, As::text,   false, "State",                            "ship_to/province"},
    {Of::order, As::text,   false, "Postal Code",                      "ship_to/postcode"},
    {Of::order, As::text,   false, "Country Code",                     "ship_to/country"},
    {Of::order, As::names,  false, "Tags",                             "tags"},

    {Of::line,  As::text,   false, "Item SKU",                         "sku"},
    {Of::line,  As::text,   false, "Item Name",                        "title"},
    {Of::line,  As::text,   true,  "Item Quantity",                    "quantity"},
    {Of::line,  As::text,   true,  "Item Unit Price",                  "price"},
    {Of::line,  As::ounces, false, "Item Weight (oz)",                 "grams"},
    {Of::line,  As::text,   false, "Item Options",                     "variant"},
    {Of::line,  As::text,   false, "Item Warehouse Location",          "properties/Warehouse Location"},
    {Of::line,  As::text,   false, "Item Marketplace ID",              "properties/Marketplace ID"},
    {Of::line,  As::text,   false, "Product Id",                       "product"},
    // clang-format on
};
constexpr std::size_t kRowCount = std::size(kRows);
static_assert(kRows[line_id].heading == "Line Id" && kRows[others].heading == "Order Created Date");

constexpr auto kColumns = [] {
  std::array<CsvColumn, kRowCount> columns{};
  for (std::size_t i = 0; i < kRowCount; ++i) columns[i] = {kRows[i].heading, kRows[i].needed};
  return columns;
}();

void put(json::object& out, std::string_view place, json::value value) {
  const auto slash = place.find('/');
  if (slash == std::string_view::npos) {
    out[place] = std::move(value);
    return;
  }
  auto& inner = out[place.substr(0, slash)];
  if (!inner.is_object()) inner = json::object();
  inner.as_object()[place.substr(slash + 1)] = std::move(value);
}

json::array names_in(std::string_view list) {
  json::array names;
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (const auto name = trim(list.substr(0, comma)); !name.empty()) names.emplace_back(name);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return names;
}

/// Puts one order together from its rows.
class OrderBuilder {
 public:
  OrderBuilder(std::string shop_id, std::string number, const OrdersCsvOptions& options)
      : options_(options) {
    order_.shop = std::move(shop_id);
    order_.id = std::move(number);
  }

  const CsvOrder& order() const { return order_; }

  void add_row(const CsvTable& table) {
    line_ = table.line();
    order_.rows.push_back(line_);
    if (!table.fault().empty()) fault_here("", table.fault());
    json::object line;
    for (std::size_t i = 0; i < kRowCount; ++i) {
      const auto cell = table.cell(i);
      if (cell.empty()) continue;
      if (kRows[i].of == Of::line) {
        put_cell(line, i, cell);
      } else {
        note(i, cell);
      }
    }
    const auto id = table.cell(line_id);
    line["id"] = id.empty() ? std::to_string(order_.rows.size()) : std::string(id);
    lines_.push_back(std::move(line));
  }

  CsvOrder finish() {
    json::object out;
    for (std::size_t i = 0; i < kRowCount; ++i) {
      line_ = seen_[i].line;
      if (kRows[i].of == Of::order) put_cell(out, i, seen_[i].text);
    }
    out["shop"] = order_.shop;
    out["name"] = order_.id;
    out["currency"] = has(currency) ? std::string_view(seen_[currency].text) : options_.currency;
    put_parts(out, recipient_name,
              joined(seen_[recipient_name].text.empty()
                         ? std::vector{recipient_first_name, recipient_last_name}
                         : std::vector{recipient_name},
                     " "));
    put_parts(out, buyer_name,
              joined(seen_[buyer_name].text.empty() ? std::vector{buyer_first_name, buyer_last_name}
                                                    : std::vector{buyer_name},
                     " "));
    put_parts(out, address_1, joined({address_1, address_2, address_3}, ", "));
    put_payment(out);
    out["lines"] = std::move(lines_);
    if (order_.faults.empty()) order_.document = json::serialize(out);
    return std::move(order_);
  }

 private:
  struct Seen {
    std::string text;      // empty: no row of the order says it
    std::size_t line = 0;  // of the row that does
  };

  bool has(Cell cell) const { return !seen_[cell].text.empty(); }

  void fault_here(std::string_view heading, std::string message) {
    order_.faults.push_back({line_, std::string(heading), std::move(message)});
  }

  /// What belongs to the whole order stands in each of its rows, or in one of them.
  void note(std::size_t column, std::string_view cell) {
    auto& seen = seen_[column];
    if (seen.text.empty()) {
      seen = {std::string(cell), line_};
    } else if (seen.text != cell) {
      fault_here(kRows[column].heading, "this is `" + std::string(cell) + "`, but `" + seen.text +
                                            "` in line " + std::to_string(seen.line) +
                                            " of the same order");
    }
  }

  void put_cell(json::object& out, std::size_t column, std::string_view cell) {
    if (cell.empty()) return;
    const Row& row = kRows[column];
    switch (row.as) {
      case As::text:
        return put(out, row.place, json::value(cell));
      case As::names:
        return put(out, row.place, names_in(cell));
      case As::time:
        if (const auto time = written_time(row, cell)) {
          put(out, row.place, json::value(format_timestamp(*time)));
        }
        return;
      case As::ounces:
        return put_grams(out, row, cell);
      case As::part:
        return;
    }
  }

  std::optional<Timestamp> written_time(const Row& row, std::string_view cell) {
    const auto time = parse_written_time(cell, options_.zone);
    if (!time) {
      fault_here(row.heading, '`' + std::string(cell) + "` is no time; " + kWrittenTimeHelp);
    }
    return time;
  }

  void put_grams(json::object& out, const Row& row, std::string_view cell) {
    static const Decimal kGramsOfAnOunce = *Decimal::parse("28.349523125");
    const auto ounces = Decimal::parse(cell);
    const auto grams = ounces ? ounces->times(kGramsOfAnOunce) : std::nullopt;
    if (!grams) {
      return fault_here(row.heading,
                        '`' + std::string(cell) + "` is no weight in ounces, as `12` or `12.5`");
    }
    put(out, row.place, json::value(grams->to_canonical_string()));
  }

  std::string joined(const std::vector<Cell>& cells, std::string_view between) const {
    std::string out;
    for (const Cell cell : cells) {
      if (!has(cell)) continue;
      if (!out.empty()) out += between;
      out += seen_[cell].text;
    }
    return out;
  }

  static void put_parts(json::object& out, Cell cell, const std::string& text) {
    if (!text.empty()) put(out, kRows[cell].place, json::value(text));
  }

  /// As it is said, else by what was paid, else by whether a day of payment stands there.
  void put_payment(json::object& out) {
    if (has(date_paid)) {
      line_ = seen_[date_paid].line;
      written_time(kRows[date_paid], seen_[date_paid].text);
    }
    std::string state;
    if (has(payment)) {
      state = seen_[payment].text;
    } else if (has(amount_paid)) {
      line_ = seen_[amount_paid].line;
      const auto paid = Decimal::parse(seen_[amount_paid].text);
      const auto total = Decimal::parse(seen_[order_total].text);
      if (!paid) {
        fault_here(kRows[amount_paid].heading,
                   '`' + seen_[amount_paid].text + "` is no amount, as `12` or `12.50`");
      } else if (total) {
        state = *paid >= *total                          ? "paid"
                : paid->is_zero() || paid->is_negative() ? "pending"
                                                         : "partially_paid";
      }
    } else if (has(date_paid)) {
      state = "paid";
    }
    if (!state.empty()) out["payment"] = state;
  }

  const OrdersCsvOptions& options_;
  CsvOrder order_;
  std::array<Seen, kRowCount> seen_{};
  json::array lines_;
  std::size_t line_ = 0;  // the row that is looked at
};

class OrdersReader {
 public:
  OrdersReader(CsvTable table, const OrdersCsvOptions& options)
      : table_(std::move(table)), options_(options) {}

  Result<std::vector<CsvOrder>, std::vector<CsvFault>> read() {
    if (auto faults = missing_columns(); !faults.empty()) return faults;
    for (;;) {
      const auto more = table_.next();
      if (!more) return std::vector{more.error()};
      if (!*more) break;
      take_row();
      if (orders_.size() > kMostOrders) {
        return std::vector{CsvFault{
            table_.line(), "",
            "more than " + std::to_string(kMostOrders) + " orders; send the file in parts"}};
      }
    }
    finish_order();
    if (orders_.empty()) {
      return std::vector{CsvFault{0, "", "the file has headings and no order"}};
    }
    return std::move(orders_);
  }

 private:
  std::vector<CsvFault> missing_columns() const {
    std::vector<CsvFault> faults;
    const auto need = [&](Cell cell, std::string_view given, const std::string& example) {
      if (!given.empty() || table_.has(cell)) return;
      faults.push_back(
          {table_.line(), std::string(kRows[cell].heading),
           "this column is missing; add it, or say " + example + " for the whole file"});
    };
    need(shop, options_.shop, "`shop`");
    need(currency, options_.currency, "`currency`, as `EUR`,");
    return faults;
  }

  void take_row() {
    const auto number = table_.cell(order_number);
    if (number.empty()) {
      finish_order();
      orders_.push_back({.shop = shop_of_row(),
                         .id = {},
                         .rows = {table_.line()},
                         .document = {},
                         .faults = {{table_.line(), std::string(kRows[order_number].heading),
                                     "the row has no order number"}}});
      return;
    }
    const auto named = table_.cell(shop);
    const bool same = builder_ && builder_->order().id == number &&
                      (named.empty() || builder_->order().shop == named);
    if (!same) {
      finish_order();
      builder_.emplace(shop_of_row(), std::string(number), options_);
    }
    builder_->add_row(table_);
  }

  std::string shop_of_row() const {
    const auto named = table_.cell(shop);
    return std::string(named.empty() ? options_.shop : named);
  }

  void finish_order() {
    if (!builder_) return;
    CsvOrder order = builder_->finish();
    builder_.reset();
    const auto [known, fresh] = places_.try_emplace({order.shop, order.id}, orders_.size());
    if (fresh) return orders_.push_back(std::move(order));
    // Either the file is in another order, or two files were put together: in the second case an
    // order of all these rows would be sent twice over.
    CsvOrder& first = orders_[known->second];
    first.faults.push_back(
        {order.rows.front(), std::string(kRows[order_number].heading),
         "order `" + order.id + "` has begun in line " + std::to_string(first.rows.front()) +
             " and ended; rows of one order have to follow each other, so sort the file by this "
             "column, or take out what stands twice"});
    first.rows.insert(first.rows.end(), order.rows.begin(), order.rows.end());
    first.document.clear();
  }

  CsvTable table_;
  const OrdersCsvOptions& options_;
  std::optional<OrderBuilder> builder_;
  std::vector<CsvOrder> orders_;
  std::map<std::pair<std::string, std::string>, std::size_t> places_;
};

}  // namespace

Result<std::vector<CsvOrder>, std::vector<CsvFault>> read_orders_csv(
    std::string_view text, const OrdersCsvOptions& options) {
  auto table = CsvTable::open(text, kColumns, kLimits);
  if (!table) return table.error();
  return OrdersReader(std::move(table.value()), options).read();
}

CsvFault place_in_csv(const JsonError& error, const CsvOrder& order) {
  constexpr std::string_view kLines = "/lines/";
  CsvFault fault{order.rows.front(), "", error.message};
  std::string_view place = error.pointer;
  Of of = Of::order;
  if (place.starts_with(kLines)) {
    of = Of::line;
    place.remove_prefix(kLines.size());
    std::size_t index = 0;
    const auto read = std::from_chars(place.data(), place.data() + place.size(), index);
    place.remove_prefix(static_cast<std::size_t>(read.ptr - place.data()));
    if (index < order.rows.size()) fault.line = order.rows[index];
  }
  if (place.starts_with('/')) place.remove_prefix(1);
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& each) {
    // A fault may lie inside of what a column gives, as in the second of its tags.
    return each.of == of && place.starts_with(each.place) &&
           (place.size() == each.place.size() || place[each.place.size()] == '/');
  });
  if (row != std::end(kRows)) fault.column = row->heading;
  return fault;
}

}  // namespace consign
