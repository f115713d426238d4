// What persons and accounts did, out of the two places where that is written down: the events of
// accounts, grants and tokens, and those of orders.
//
// Newest first. Between events of one moment the source decides, and within a source which was
// written last, so that a page goes on exactly where the one before ended.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "daemon/store/access_rows.hpp"

namespace consign::store {

/// Where an event stands in the log. Later ones are greater.
struct ActivityPlace {
  enum class Source : std::uint8_t { access, orders };
  Timestamp at = {};
  Source source = Source::access;
  std::int64_t seq = 0;

  friend auto operator<=>(const ActivityPlace&, const ActivityPlace&) = default;
};

struct ActivityRow {
  ActivityPlace place = {};
  std::string about = {};  ///< "account staff:anna", "grant …", "order nordic/1001"
  std::string line = {};   ///< of an order; empty: the order as a whole
  std::int64_t part = 0;
  std::string supplier = {};  ///< whose part it was
  std::string what = {};
  Actor by = {};
  std::string detail = {};  ///< JSON
};

/// Empty: any. What consignd did by itself is in only where `by` names it.
struct ActivityFilter {
  std::string by = {}, about = {};
  std::string shop = {};  ///< its orders, grants, requests and accounts, and what names it
  Timestamp since = {std::numeric_limits<std::int64_t>::min()};
  Timestamp until = {std::numeric_limits<std::int64_t>::max()};  ///< exclusive
};

/// At most `limit` events before `before`, if that is given, the newest first.
std::vector<ActivityRow> list_activity(Connection& db, const ActivityFilter& filter,
                                       const std::optional<ActivityPlace>& before,
                                       std::int64_t limit);

}  // namespace consign::store
