// Orders in ShipStation's import template, brought into consign's own wire form.
//
// Rows with one order number are one order, and follow each other. What the template lacks comes
// from columns of consign's own (Shop, Currency, Payment, Tags, Line Id, Product Id) or, for the
// whole file, from options. What comes out is read by the same reader as every other order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "consign/time.hpp"
#include "daemon/wire/csv.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// What rows that do not say it themselves mean. Empty: every row has to.
struct OrdersCsvOptions {
  std::string_view shop, currency;
  const TimeZone& zone;  ///< of times that are written without one
};

/// One order of the file: its document, or why there is none.
struct CsvOrder {
  std::string shop, id;
  std::vector<std::size_t> rows;  ///< the line of the file where each begins: one for each line
  std::string document;           ///< for read_order, which may find more faults
  std::vector<CsvFault> faults;   ///< if there are any, the document must not be used
};

/// The orders in the order of the file, or why it cannot be read at all.
Result<std::vector<CsvOrder>, std::vector<CsvFault>> read_orders_csv(
    std::string_view text, const OrdersCsvOptions& options);

/// A fault of the order's document, as a fault of the row and the column that it comes from.
CsvFault place_in_csv(const JsonError& error, const CsvOrder& order);

}  // namespace consign
