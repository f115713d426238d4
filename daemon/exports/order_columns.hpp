// The columns of an export of orders: one row each for what a column is called and where its cells
// come from.
//
// What ShipStation's export has stands first, under its headings (its misspelling included), so
// that programs which read one can read the other; where consign has no such thing the cells are
// empty. The columns of our own come after, and only when asked for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consign/result.hpp"
#include "daemon/store/scoped_reads.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// An order for export: what its viewer may see, and no more.
struct ExportedOrder {
  const store::OrderView& view;
  const JsonNode& document;       ///< as the viewer may see it
  std::string_view channel;       ///< the shop's kind, as `shopify`
  std::vector<std::string> tags;  ///< the shop's and the rules', sorted
};

/// A part of a line, or a line that has no parts.
struct ExportedRow {
  const ExportedOrder& order;
  const JsonNode& line;
  const store::PartRow* part;  ///< null: the order was not decided
};

struct OrderColumn {
  std::string_view name;     ///< as `columns=` names it
  std::string_view heading;  ///< the first row's cell
  bool usual;                ///< there without `columns=`
  std::string (*cell)(const ExportedRow&);
};
std::span<const OrderColumn> order_columns();

/// The columns of a list of names, `order_number,item_sku,supplier`; of an empty one the usual
/// ones. An error names what is not known.
Result<std::vector<const OrderColumn*>> choose_columns(std::string_view names);

}  // namespace consign
