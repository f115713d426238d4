#include "daemon/orders/stocking.hpp"

#include "consign/hash.hpp"
#include "consign/ruleset.hpp"
#include "daemon/store/ledger_rows.hpp"

namespace consign {
namespace {

// Changes are counted once by name: whose stock it is stands for the token.
store::IdempotencyKey key_of(const StockReport& report) {
  return {.token = "supplier:" + report.supplier,
          .route = "stock change",
          .key = report.sku + "\n" + report.id};
}

std::string fingerprint_of(const StockReport& report) {
  const auto digest = sha256(report.change->to_canonical_string());
  return {digest.begin(), digest.end()};
}

}  // namespace

Result<Stocked, JsonError> take_stock(UnitContext& unit, const StockReport& report) {
  if (!unit.rules.rules().find_supplier(report.supplier)) {
    return JsonError{"/supplier", "no supplier `" + report.supplier + "` is declared"};
  }
  auto row = store::find_stock(unit.db, report.supplier, report.sku);
  if (!row) row = store::StockRow{.sku = report.sku, .supplier = report.supplier};
  if (report.change) {
    if (const auto kept = store::find_answer(unit.db, key_of(report), unit.now)) {
      if (kept->fingerprint == fingerprint_of(report)) return Stocked{StockOutcome::known, *row};
      return JsonError{"/id", "the id `" + report.id + "` was used for another change"};
    }
    const Decimal had = row->available.value_or(Decimal(0));
    const auto now = had.plus(*report.change);
    if (!now || now->is_negative()) {
      return JsonError{"/change", report.supplier + " has " + had.to_canonical_string() + " of " +
                                      report.sku + " that nobody was promised, and " +
                                      row->reserved.to_canonical_string() +
                                      " reserved: a change of " + report.change->to_string() +
                                      " would leave less than nothing"};
    }
    row->available = *now;
    store::keep_answer(unit.db, key_of(report), {fingerprint_of(report), 200, ""}, unit.now);
  } else if (report.available) {
    if (report.reported_at && row->reported_at && *report.reported_at < *row->reported_at) {
      return Stocked{StockOutcome::known, *row};
    }
    row->available = *report.available;
    row->reported_at = report.reported_at;
  }
  if (report.safety) row->safety = *report.safety;
  row->changed_at = unit.now;
  store::put_stock(unit.db, *row);
  return Stocked{StockOutcome::changed, std::move(*row)};
}

}  // namespace consign
