#include "daemon/store/sight.hpp"

namespace consign::store {

void Sight::add(const OrderKey& order, const std::string& line, std::int64_t part) {
  if (order.id.empty()) {
    shops_.insert(order.shop);
    return;
  }
  Pieces& pieces = orders_[order];
  if (line.empty()) {
    pieces.whole = true;
  } else {
    pieces.lines.emplace(line, part);
  }
}

const Sight::Pieces* Sight::find(const OrderKey& key) const {
  const auto found = orders_.find(key);
  return found == orders_.end() ? nullptr : &found->second;
}

bool Sight::sees_whole(const OrderKey& key) const {
  if (shops_.contains(key.shop)) return true;
  const Pieces* pieces = find(key);
  return pieces != nullptr && pieces->whole;
}

bool Sight::sees_some(const OrderKey& key) const {
  return shops_.contains(key.shop) || find(key) != nullptr;
}

bool Sight::sees_part(const OrderKey& key, std::string_view line, std::int64_t part) const {
  if (sees_whole(key)) return true;
  const Pieces* pieces = find(key);
  if (pieces == nullptr) return false;
  const std::string wanted(line);
  return pieces->lines.contains({wanted, 0}) || pieces->lines.contains({wanted, part});
}

std::vector<OrderPiece> Sight::pieces() const {
  std::vector<OrderPiece> all;
  for (const auto& [key, pieces] : orders_) {
    if (shops_.contains(key.shop)) continue;
    if (pieces.whole) {
      all.push_back({key, "", 0});
      continue;
    }
    for (const auto& [line, part] : pieces.lines) all.push_back({key, line, part});
  }
  return all;
}

}  // namespace consign::store
