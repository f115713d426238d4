// What is decided about: an event, checked and typed, and the facts joined to it.
//
// Program-independent: the same Event can be decided by any rule set. The engine turns it into the
// slots of its program (engine/frame.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consign/schema.hpp"
#include "consign/text_pool.hpp"
#include "consign/value.hpp"

namespace consign {

/// The values of some fields. A field that was never set has no values and counts as missing.
///
/// Values lie side by side, found through a table by field. Texts are copied into the record unless
/// they are only referred to: then their owner must outlive the record.
class Record {
 public:
  Record() = default;
  Record(Record&&) noexcept = default;
  Record& operator=(Record&&) noexcept = default;
  /// A copy owns all its texts.
  Record(const Record& other) { copy(other); }
  Record& operator=(const Record& other);

  /// Replaces the field's value.
  void set(Field field, const Value& value) { refer(field, owned(value)); }
  /// Adds one of many values.
  void add(Field field, const Value& value) { refer_also(field, owned(value)); }
  /// Sets one entry of a keyed field.
  void set_keyed(Field field, std::string_view key, const Value& value) {
    refer_keyed(field, texts_.keep(key), owned(value));
  }

  /// Like set(), add() and set_keyed(), for texts that belong to somebody who outlives the record.
  void refer(Field field, const Value& value);
  void refer_also(Field field, const Value& value);
  void refer_keyed(Field field, std::string_view key, const Value& value);

  std::span<const Value> values(Field field) const {
    const Run& run = runs_[static_cast<std::size_t>(field)];
    return {values_.data() + run.first, run.count};
  }
  std::span<const Value> keyed(Field field, std::string_view key) const;
  /// The single value of a field, or null.
  const Value* value(Field field) const {
    const Run& run = runs_[static_cast<std::size_t>(field)];
    return run.count == 0 ? nullptr : &values_[run.first];
  }
  /// The text of a single text, code or enumeration, or empty.
  std::string_view text(Field field) const {
    const Value* found = value(field);
    return found == nullptr ? std::string_view() : found->text;
  }

  /// Forgets all values and keeps the memory.
  void clear();

 private:
  struct Run {
    std::uint16_t first = 0, count = 0;
  };
  struct Entry {
    Field field;
    std::string_view key;
    Value value;
  };
  void copy(const Record& other);
  Value owned(Value value) {
    value.text = texts_.keep(value.text);
    value.currency = texts_.keep(value.currency);
    return value;
  }

  std::array<Run, kFieldCount> runs_{};
  std::vector<Value> values_;
  std::vector<Entry> keyed_;
  TextPool texts_;
};

/// An order: its own and its customer's fields, and a record for each line. order.received_at is
/// set by whoever takes it in; order.quantity and order.line_count are set by the reader.
struct Event {
  Record order;
  std::vector<Record> lines;
  /// The catalogue's key of each line's product (same index as `lines`); empty where the line names
  /// none.
  std::vector<std::string> line_products;
  bool cancelled = false;
};

/// Whether a fact is there (language.md B7).
enum class Known : std::uint8_t { known, missing, unknown };

/// Facts joined to an event before it is decided.
struct Facts {
  struct Product {
    Known state = Known::unknown;
    std::string name;  ///< what `waits_for` calls it: "product p-78", "product with sku ACM-1"
    std::shared_ptr<const Record> record;  ///< product.* fields, where known
  };
  /// What a supplier has of a SKU that is promised to nobody yet.
  struct Stock {
    std::string supplier, sku;
    Decimal available;
    Decimal safety;  ///< pieces of this SKU that are never promised; counts where it is more than
                     ///< the supplier's own
  };
  /// What a supplier has taken on in the period that an order would be counted into now.
  struct Load {
    std::string supplier;
    std::int64_t orders = 0;
  };
  std::vector<Product> products;  ///< one for each line of the event; empty if no rule reads them
  /// Of the order's SKUs, sorted by SKU and supplier; what is not here was never reported.
  std::vector<Stock> stock;
  std::vector<Load> loads;  ///< sorted by supplier; who is not here has taken nothing
  /// shop.*, order.channel, and what the event did not say of its customer.
  Record shared;
};

/// One of many: which facts the rules of a program read, and so which must be joined.
struct FactsNeeded {
  bool products = false;
  bool shop = false;  ///< shop.* or order.channel
  bool customer_orders = false;
  bool customer_tags = false;
  bool stock = false;  ///< some rule assigns: what suppliers have and have taken on
};

}  // namespace consign
