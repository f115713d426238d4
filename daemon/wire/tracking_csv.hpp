// What suppliers tell of parcels, as CSV: a row for each kind of thing in each parcel.
//
// Rows of one order with one tracking number are one parcel, wherever they stand in the file. Rows
// of an order without a number are one parcel if carrier, tracking URL and ship date are the same.
// A row with none of these has not been shipped: it is read, and asks for nothing, so that an
// export with some of its rows filled in can be sent back as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consign/decimal.hpp"
#include "consign/time.hpp"
#include "daemon/wire/csv.hpp"

namespace consign {

struct TrackingCsvOptions {
  std::string_view shop;                               ///< of rows that name none; empty: each does
  const TimeZone& zone;                                ///< of times that are written without one
  std::span<const std::string_view> passed_over = {};  ///< headings of columns that are not read
};

/// What is in a parcel.
struct PackedItem {
  std::size_t row = 0;  ///< its place in TrackingCsv::rows
  std::string line = {}, sku = {};
  std::optional<std::int64_t> part = {};
  Decimal quantity = {};
};

struct CsvParcel {
  std::string shop = {}, order = {};
  bool by_id = false;  ///< `order` is the order's id; else its id or its name
  std::string carrier = {};
  std::vector<std::string> tracking = {}, urls = {};
  std::optional<Timestamp> shipped_at = {};
  std::vector<PackedItem> items = {};
  std::vector<CsvFault> faults = {};  ///< if there are any, it must not be used
};

struct TrackingCsv {
  struct Row {
    std::size_t line = 0;  ///< of the file, counted from 1
    std::string order = {};
  };
  std::vector<Row> rows = {};
  std::vector<CsvParcel> parcels = {};  ///< as they begin in the file
};

/// Reads the file, or says why it cannot be read at all.
Result<TrackingCsv, std::vector<CsvFault>> read_tracking_csv(std::string_view text,
                                                             const TrackingCsvOptions& options);

/// The heading of the column that says this: "line", "part", "quantity", "sku".
std::string_view tracking_heading(std::string_view member);

}  // namespace consign
