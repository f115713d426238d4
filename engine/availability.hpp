// What suppliers can still take of the order at hand (language.md C5): whether they act at all,
// whom they serve, what they have, how many orders they take, and what they would not take.
//
// What is given out while the order is decided is counted, so that two lines of one SKU never get
// the same piece.
#pragma once

#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "consign/engine.hpp"

namespace consign {

/// Of one order, for one decision. All arguments must outlive it; texts live in `memory`.
class Availability {
 public:
  Availability(const Event& event, const Facts& facts, const Prior* prior, Timestamp now,
               std::pmr::memory_resource* memory);
  /// Another state of the same order, in the same memory.
  Availability(const Availability& other);

  /// Why the supplier cannot take so much of the line ("acme: suspended"); empty where it can.
  std::string_view why_not(const Supplier& supplier, std::uint32_t line,
                           const Decimal& quantity) const;
  /// The same, but for the quantity.
  std::string_view why_not_any(const Supplier& supplier, std::uint32_t line) const;
  /// How much the supplier has of what the line is for; nothing: there is no end of it.
  std::optional<Decimal> left(const Supplier& supplier, std::uint32_t line) const;
  /// "acme: 1 left, 2 wanted"
  std::string_view too_little(const Supplier& supplier, std::uint32_t line,
                              const Decimal& wanted) const;
  /// Whether the supplier has a part of the order.
  bool has_part(std::string_view supplier) const;
  /// When the supplier would have it ready, as it promises; nothing without a lead time.
  std::optional<Timestamp> ready_at(const Supplier& supplier) const;

  void take(std::string_view supplier, std::uint32_t line, const Decimal& quantity);
  /// Undoes that, but for the part that the supplier has.
  void put_back(std::string_view supplier, std::uint32_t line, const Decimal& quantity);
  /// Notes a part that is the supplier's from before; its pieces are not among those left.
  void add_part(std::string_view supplier);

 private:
  static constexpr std::size_t kNone = SIZE_MAX;
  std::size_t find_stock(std::string_view supplier, std::uint32_t line) const;

  const Event& event_;
  const Facts& facts_;
  const Prior* prior_;
  Timestamp now_;
  std::pmr::memory_resource* memory_;
  std::pmr::vector<Decimal> available_;        ///< of each of Facts::stock
  std::pmr::vector<std::string_view> taking_;  ///< suppliers with a part
};

}  // namespace consign
