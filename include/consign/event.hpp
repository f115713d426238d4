// What is decided about: an event, checked and typed, and the facts joined to it.
//
// Program-independent: the same Event can be decided by any rule set. The engine turns it into the
// slots of its program (engine/frame.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consign/schema.hpp"
#include "consign/value.hpp"

namespace consign {

/// The values of some fields. A field that was never set has no values and counts as missing.
/// Owns its values.
class Record {
 public:
  /// Replaces the field's value.
  void set(Field field, Value value);
  /// Adds one of many values.
  void add(Field field, Value value);
  /// Sets one entry of a keyed field.
  void set_keyed(Field field, std::string key, Value value);

  std::span<const Value> values(Field field) const;
  std::span<const Value> keyed(Field field, std::string_view key) const;
  /// The single value of a field, or null.
  const Value* value(Field field) const;
  /// The text of a single text, code or enumeration, or empty.
  std::string_view text(Field field) const;

 private:
  std::map<Field, std::vector<Value>> plain_;
  std::map<Field, std::map<std::string, std::vector<Value>, std::less<>>> keyed_;
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
    Record record;     ///< product.* fields, where known
  };
  std::vector<Product> products;  ///< one for each line of the event; empty if no rule reads them
  /// shop.*, order.channel, and what the event did not say of its customer.
  Record shared;
};

/// One of many: which facts the rules of a program read, and so which must be joined.
struct FactsNeeded {
  bool products = false;
  bool shop = false;  ///< shop.* or order.channel
  bool customer_orders = false;
  bool customer_tags = false;
};

}  // namespace consign
