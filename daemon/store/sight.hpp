// What grants let an account see of the orders: whole shops, whole orders, lines.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/order_rows.hpp"

namespace consign::store {

/// A plain value, true of the moment in which it was made (daemon/access/viewing.hpp).
class Sight {
 public:
  /// Adds what a grant is on. Empty `order`: all of the shop; empty `line`: all of the order;
  /// part 0: all of the line.
  void add(const OrderKey& order, const std::string& line, std::int64_t part);

  bool sees_nothing() const { return shops_.empty() && orders_.empty(); }
  bool sees_whole(const OrderKey& key) const;
  /// Whether there may be something of the order to see.
  bool sees_some(const OrderKey& key) const;
  bool sees_part(const OrderKey& key, std::string_view line, std::int64_t part) const;

  std::vector<std::string> shops() const { return {shops_.begin(), shops_.end()}; }
  /// What is seen of the shops that are not seen whole.
  std::vector<OrderPiece> pieces() const;

 private:
  struct Pieces {
    bool whole = false;
    std::set<std::pair<std::string, std::int64_t>, std::less<>> lines;  ///< and parts; 0: all
  };
  const Pieces* find(const OrderKey& key) const;

  std::set<std::string, std::less<>> shops_;
  std::map<OrderKey, Pieces> orders_;
};

}  // namespace consign::store
