#include "daemon/orders/telling.hpp"

#include <algorithm>

#include "consign/ruleset.hpp"
#include "daemon/store/shipment_rows.hpp"
#include "daemon/wire/supplier_view.hpp"

namespace consign {
namespace {

using store::PartRow;

bool is_with(const PartRow& part, std::string_view supplier) {
  return part.outcome == "assigned" && part.supplier == supplier;
}

// Whether the supplier has the very part among these.
bool has(const std::vector<PartRow>& parts, const PartRow& wanted) {
  return std::any_of(parts.begin(), parts.end(), [&](const PartRow& each) {
    return each.line == wanted.line && each.part == wanted.part &&
           is_with(each, *wanted.supplier) && each.quantity == wanted.quantity &&
           each.sku == wanted.sku;
  });
}

void put_text(std::string& out, std::string_view name, std::string_view text) {
  out += ",\"";
  out += name;
  out += "\":";
  write_json_text(text, out);
}

constexpr std::string_view kAssigned = "part.assigned";
constexpr std::string_view kWithdrawn = "part.withdrawn";

class Teller {
 public:
  Teller(UnitContext& unit, const store::OrderKey& key, const JsonNode& document,
         const std::string& decision)
      : unit_(unit), key_(key), document_(document), decision_(decision) {}

  void tell(std::string_view what, const PartRow& part, std::int64_t version) {
    const RuleSet& rules = unit_.rules.rules();
    const auto index = rules.find_supplier(*part.supplier);
    if (!index || rules.suppliers[*index].endpoint.empty()) return;
    std::string body = "{\"type\":\"";
    body += what;
    body += '"';
    put_text(body, "timestamp", format_timestamp(unit_.now));
    body += ",\"data\":{\"order\":{\"shop\":";
    write_json_text(key_.shop, body);
    put_text(body, "id", key_.id);
    body += '}';
    put_text(body, "supplier", *part.supplier);
    put_text(body, "line", part.line);
    put_text(body, "part", std::to_string(part.part));
    put_text(body, "quantity", part.quantity);
    if (what == kAssigned)
      body += ",\"document\":" +
              supplier_document(document_,
                                {{part.line, Decimal::parse(part.quantity).value_or(Decimal(0))}});
    body += "}}";
    // The version tells apart what comes back to the same supplier later.
    store::queue_effect(
        unit_.db, key_,
        {.part = part.line + "/" + std::to_string(part.part),
         .rule = part.rule.value_or(""),
         .action = std::string(what) + " " + *part.supplier + " " + std::to_string(version),
         .endpoint = rules.suppliers[*index].endpoint,
         .body = std::move(body)},
        decision_, unit_.now);
  }

 private:
  UnitContext& unit_;
  const store::OrderKey& key_;
  const JsonNode& document_;
  const std::string& decision_;
};

}  // namespace

void tell_suppliers(UnitContext& unit, const store::OrderKey& key, const JsonNode& document,
                    const std::vector<PartRow>& before, const std::vector<PartRow>& after,
                    const std::string& decision) {
  Teller teller(unit, key, document, decision);
  for (const auto& part : before) {
    if (part.outcome != "assigned" || !part.supplier || part.has_shipped()) continue;
    if (!has(after, part)) teller.tell(kWithdrawn, part, part.version);
  }
  for (const auto& part : after) {
    if (part.outcome != "assigned" || !part.supplier || part.has_shipped()) continue;
    if (!has(before, part)) teller.tell(kAssigned, part, part.version);
  }
}

void note_delivered(store::Connection& db, const store::EffectRow& effect, Timestamp now) {
  if (!effect.action.starts_with(kAssigned)) return;
  auto order = store::find_order(db, effect.order);
  if (!order) return;
  auto parts = store::parts_of(db, effect.order);
  for (auto& part : parts) {
    const bool meant = effect.part == part.line + "/" + std::to_string(part.part) &&
                       part.outcome == "assigned" && part.stage.empty() &&
                       effect.action == std::string(kAssigned) + " " + *part.supplier + " " +
                                            std::to_string(part.version);
    if (!meant) continue;
    order->version += 1;
    part.stage = "sent";
    part.version = order->version;
    store::add_order_event(db, effect.order,
                           {.line = part.line,
                            .part = part.part,
                            .at = now,
                            .what = "sent",
                            .by = {"consignd", effect.id},
                            .supplier = *part.supplier});
    store::replace_parts(db, effect.order, parts);
    store::put_order(db, *order);
    return;
  }
}

}  // namespace consign
