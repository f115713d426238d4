// Parcels from a file of CSV. Each parcel is shipped or refused by itself, as whoever sent the file
// would have shipped it; the parcels of an order are one unit of the writer.
//
// A row says how much of something is in a parcel. What was told of that parcel before counts
// towards it, and only the rest is shipped: so a file that is sent twice changes nothing, and one
// that has grown ships what is new.
#include "daemon/wire/tracking_csv.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <charconv>
#include <map>
#include <memory>
#include <tuple>

#include "daemon/access/viewing.hpp"
#include "daemon/exports/order_columns.hpp"
#include "daemon/http/csv_import.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/order_intake.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/refused_action.hpp"
#include "daemon/orders/acting.hpp"

namespace consign::http {
namespace {

using Fates = std::map<std::size_t, RowFate>;  // by the row's place in the file

void refuse(const CsvParcel& parcel, const Response& problem, Fates& fates) {
  for (const auto& item : parcel.items) fates[item.row] = refused_row(problem);
}

bool is_same(const CsvParcel& parcel, const store::ShipmentRow& shipment) {
  if (!parcel.tracking.empty()) return parcel.tracking == shipment.tracking;
  return shipment.tracking.empty() && parcel.carrier == shipment.carrier &&
         parcel.urls == shipment.urls &&
         (!parcel.shipped_at || parcel.shipped_at == shipment.shipped_at);
}

/// What was told before of the parcel, as far as who asks may see it.
struct Told {
  struct Piece {
    std::string line, sku;
    Decimal quantity;
  };
  std::vector<Piece> pieces;
  std::string shipment;  // the first one's id
  std::size_t times = 0;

  Told(const CsvParcel& parcel, const store::OrderView& view) {
    // By part: what has shipped keeps its SKU where the line has become other goods since.
    std::map<std::pair<std::string_view, std::int64_t>, std::string_view> skus;
    for (const auto& part : view.parts) skus[{part.line, part.part}] = part.sku;
    for (const auto& each : view.shipments) {
      if (!is_same(parcel, each)) continue;
      if (times++ == 0) shipment = each.id;
      for (const auto& part : each.parts) {
        pieces.push_back({part.line, std::string(skus[{part.line, part.part}]),
                          Decimal::parse(part.quantity).value_or(Decimal(0))});
      }
    }
  }

  /// How much of the item is new. What it takes counts for no other item.
  Decimal take(const PackedItem& item) {
    Decimal left = item.quantity;
    for (auto& piece : pieces) {
      if (!item.line.empty() && item.line != piece.line) continue;
      if (!item.sku.empty() && item.sku != piece.sku) continue;
      const Decimal both = std::min(left, piece.quantity);
      left = left.minus(both).value_or(Decimal(0));
      piece.quantity = piece.quantity.minus(both).value_or(Decimal(0));
    }
    return left;
  }
};

// Those that say most precisely what they mean choose first.
std::vector<const PackedItem*> by_precision(const CsvParcel& parcel) {
  std::vector<const PackedItem*> items;
  for (const auto& item : parcel.items) items.push_back(&item);
  const auto vagueness = [](const PackedItem* item) {
    return item->part ? 0 : item->line.empty() ? 2 : 1;
  };
  std::stable_sort(items.begin(), items.end(),
                   [&](const auto* a, const auto* b) { return vagueness(a) < vagueness(b); });
  return items;
}

// What the fault points at, "/parts/2/sku" or "/sku", as a row and a column.
Response in_csv(const ActionFault& fault, const std::vector<const PackedItem*>& items,
                const TrackingCsv& file) {
  if (fault.kind != ActionFault::Kind::invalid) return refused_action(fault);
  constexpr std::string_view kParts = "/parts/";
  std::size_t item = 0;
  if (fault.pointer.starts_with(kParts)) {
    std::from_chars(fault.pointer.data() + kParts.size(),
                    fault.pointer.data() + fault.pointer.size(), item);
  }
  const auto member = fault.pointer.substr(fault.pointer.rfind('/') + 1);
  return csv_refusal({{file.rows[items.at(item)->row].line, std::string(tracking_heading(member)),
                       fault.message}});
}

void ship(UnitContext& unit, const store::OrderKey& key, const TrackingCsv& file,
          const CsvParcel& parcel, const store::Viewer& viewer, bool dry_run, Fates& fates) {
  const auto view = store::ScopedReads(unit.db, viewer).order_to_change(key, unit.now);
  if (!view) return refuse(parcel, problem_response(Problem::not_found, ""), fates);
  Told told(parcel, *view);
  const auto mark = [&](const PackedItem& item, RowFate::Kind kind, const std::string& shipment) {
    // What is only tried out has no id yet.
    fates[item.row] = {
        kind, 200,
        dry_run && kind == RowFate::Kind::done
            ? std::string()
            : "\"shipment\":" + boost::json::serialize(boost::json::string(shipment))};
  };
  OrderAction action{.kind = OrderAction::Kind::ship};
  std::vector<const PackedItem*> shipped;
  for (const auto* item : by_precision(parcel)) {
    const Decimal rest = told.take(*item);
    if (rest.is_zero()) {
      mark(*item, RowFate::Kind::known, told.shipment);
      continue;
    }
    shipped.push_back(item);
    action.parts.push_back(
        {.line = item->line, .sku = item->sku, .part = item->part, .quantity = rest});
  }
  if (shipped.empty()) return;
  // What is told later of the same parcel is another shipment.
  action.parcel = {.id = "tracking.csv " + std::to_string(told.times),
                   .carrier = parcel.carrier,
                   .tracking = parcel.tracking,
                   .urls = parcel.urls,
                   .at = parcel.shipped_at};
  for (const auto& number : parcel.tracking) action.parcel.id += "\n" + number;
  if (parcel.tracking.empty()) {
    action.parcel.id += "\n\n" + parcel.carrier;
    if (parcel.shipped_at) action.parcel.id += "\n" + format_timestamp(*parcel.shipped_at);
    for (const auto& url : parcel.urls) action.parcel.id += "\n" + url;
  }
  const auto acted = act(unit, key, action, viewer);
  if (!acted) return refuse(parcel, in_csv(acted.error(), shipped, file), fates);
  for (const auto* item : shipped) {
    mark(*item, acted->changed ? RowFate::Kind::done : RowFate::Kind::known, acted->shipment);
  }
}

Response ambiguous(const CsvParcel& parcel, const std::vector<store::OrderKey>& keys,
                   const TrackingCsv& file) {
  std::vector<CsvFault> faults;
  for (const auto& item : parcel.items) {
    faults.push_back({file.rows[item.row].line, "Order Number",
                      "`" + parcel.order + "` is more than one order of " + parcel.shop + ": `" +
                          keys[0].id + "` and `" + keys[1].id +
                          "`; name the one that is meant in a column `Order Id`"});
  }
  return csv_refusal(faults);
}

/// The parcels of one order.
struct Parcels {
  std::vector<const CsvParcel*> all;

  void ship_all(UnitContext& unit, const TrackingCsv& file, store::Viewer viewer, bool dry_run,
                Fates& fates) const {
    const CsvParcel& first = *all.front();
    auto keys = first.by_id
                    ? std::vector{store::OrderKey{first.shop, first.order}}
                    : store::ScopedReads(unit.db, viewer).orders_to_change(first.shop, first.order);
    // A rule on check may forbid it for this order.
    if (keys.size() == 1) {
      look_again(viewer, unit.access, unit.rules, unit.settings, keys.front(), unit.now,
                 Use::noted);
    }
    for (const auto* parcel : all) {
      if (keys.empty()) {
        refuse(*parcel, problem_response(Problem::not_found, ""), fates);
      } else if (keys.size() > 1) {
        refuse(*parcel, ambiguous(*parcel, keys, file), fates);
      } else {
        ship(unit, keys.front(), file, *parcel, viewer, dry_run, fates);
      }
    }
  }
};

std::vector<std::string_view> headings_of_exports() {
  std::vector<std::string_view> headings;
  for (const auto& column : order_columns()) headings.push_back(column.heading);
  return headings;
}

RowImport plan(std::shared_ptr<const TrackingCsv> file, const store::Viewer& viewer, bool dry_run) {
  RowImport import{.done = "shipped", .dry_run = dry_run};
  for (const auto& row : file->rows) {
    import.entries.push_back("\"row\":" + std::to_string(row.line) + ",\"order\":" +
                             boost::json::serialize(boost::json::string(row.order)));
  }
  import.fates.resize(file->rows.size());
  std::map<std::tuple<std::string, std::string, bool>, std::size_t> orders;
  std::vector<Parcels> groups;
  for (const auto& parcel : file->parcels) {
    if (!parcel.faults.empty()) {
      const auto problem = csv_refusal(parcel.faults);
      for (const auto& item : parcel.items) import.fates[item.row] = refused_row(problem);
      continue;
    }
    const auto [place, is_new] =
        orders.try_emplace({parcel.shop, parcel.order, parcel.by_id}, groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].all.push_back(&parcel);
  }
  for (auto& parcels : groups) {
    RowGroup group;
    for (const auto* parcel : parcels.all) {
      for (const auto& item : parcel->items) group.rows.push_back(item.row);
    }
    group.take = [file, viewer, dry_run, parcels = std::move(parcels),
                  rows = group.rows](UnitContext& unit) {
      Fates fates;
      parcels.ship_all(unit, *file, viewer, dry_run, fates);
      std::vector<RowFate> in_order;
      for (const auto row : rows) in_order.push_back(std::move(fates[row]));
      return in_order;
    };
    import.groups.push_back(std::move(group));
  }
  return import;
}

}  // namespace

Reply import_tracking(const Request& request, Services& services) {
  if (auto refused = refuse_parameters(request, {"shop", "timezone", "dry_run"})) {
    return std::move(*refused);
  }
  const std::string shop(request.query_value("shop"));
  // Others do not learn which shops there are: their rows name orders that do not exist.
  if (!shop.empty() && request.viewer.is_administrator()) {
    if (auto refused = refuse_shop(shop, request, services)) return std::move(*refused);
  }
  const auto zone = zone_of(request);
  if (!zone) return zone.error();
  const auto dry_run = dry_run_of(request);
  if (!dry_run) return dry_run.error();
  const auto headings = headings_of_exports();
  auto file =
      read_tracking_csv(request.body, {.shop = shop, .zone = **zone, .passed_over = headings});
  if (!file) return csv_refusal(file.error());
  return take_rows(
      plan(std::make_shared<const TrackingCsv>(std::move(file.value())), request.viewer, *dry_run));
}

}  // namespace consign::http
