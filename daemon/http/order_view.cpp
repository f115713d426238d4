#include "daemon/http/order_view.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "consign/decimal.hpp"
#include "daemon/http/grant_view.hpp"
#include "daemon/http/message.hpp"
#include "daemon/orders/acting.hpp"
#include "daemon/wire/decision_json.hpp"
#include "daemon/wire/json_tree.hpp"
#include "daemon/wire/supplier_view.hpp"

namespace consign::http {
namespace {

using store::GrantRow;
using store::OrderView;
using store::PartRow;

// Of a row: its text is a number's.
boost::json::value quantity_of(const std::string& quantity) {
  return quantity_to_json(Decimal::parse(quantity).value_or(Decimal(0)));
}

boost::json::array lines_to_json(const std::vector<PartRow>& parts) {
  boost::json::array lines;
  const std::string* last = nullptr;
  for (const auto& part : parts) {
    if (last == nullptr || *last != part.line) {
      lines.push_back({{"id", part.line}, {"parts", boost::json::array()}});
    }
    last = &part.line;
    lines.back().at("parts").as_array().push_back(part_to_json(part));
  }
  return lines;
}

// Rows come sorted by id, one for each permission.
boost::json::array grants_to_json(const std::vector<GrantRow>& grants) {
  boost::json::array out;
  const GrantRow* last = nullptr;
  for (const auto& grant : grants) {
    if (last == nullptr || last->id != grant.id) out.push_back(grant_frame(grant));
    last = &grant;
    out.back().at("permissions").as_array().push_back(boost::json::string(grant.permission));
  }
  return out;
}

boost::json::array shipments_to_json(const std::vector<store::ShipmentRow>& shipments) {
  boost::json::array out;
  for (const auto& shipment : shipments) {
    boost::json::object one{{"id", shipment.id},
                            {"supplier", shipment.supplier},
                            {"carrier", shipment.carrier},
                            {"tracking", json_texts(shipment.tracking)},
                            {"shipped_at", format_timestamp(shipment.shipped_at)}};
    if (!shipment.urls.empty()) one["tracking_urls"] = json_texts(shipment.urls);
    if (shipment.delivered_at) one["delivered_at"] = format_timestamp(*shipment.delivered_at);
    boost::json::array parts;
    for (const auto& part : shipment.parts) {
      parts.push_back({{"line", part.line},
                       {"part", std::to_string(part.part)},
                       {"quantity", quantity_of(part.quantity)}});
    }
    one["parts"] = std::move(parts);
    out.push_back(std::move(one));
  }
  return out;
}

// What the rules passed over, and why: of the decision that stands.
void put_passed_over(const OrderView& view, boost::json::array& lines) {
  const auto answer = boost::json::parse(view.decision.answer);
  for (auto& line : lines) {
    for (const auto& decided : answer.at("lines").as_array()) {
      const auto* passed_over = decided.as_object().if_contains("passed_over");
      if (passed_over == nullptr || decided.at("id") != line.at("id")) continue;
      line.as_object()["passed_over"] = *passed_over;
    }
  }
}

}  // namespace

boost::json::object part_to_json(const PartRow& part) {
  boost::json::object out{{"id", std::to_string(part.part)},
                          {"quantity", quantity_of(part.quantity)},
                          {"outcome", part.outcome}};
  out["state"] = life_of(part);
  out["version"] = part.version;
  if (part.by_person) out["by_person"] = true;
  if (part.supplier) out["supplier"] = *part.supplier;
  if (part.reason) out["reason"] = *part.reason;
  if (!part.waits_for.empty()) {
    out["waits_for"] = boost::json::array(part.waits_for.begin(), part.waits_for.end());
  }
  if (part.until) out["until"] = format_timestamp(*part.until);
  if (part.rule && part.file) {
    out["because"] = {{"rule", *part.rule}, {"file", *part.file}, {"line", part.file_line}};
  }
  return out;
}

boost::json::object order_to_json(const OrderView& view) {
  boost::json::object out{{"order", {{"shop", view.order.key.shop}, {"id", view.order.key.id}}}};
  out["state"] = view.order.state;
  if (view.whole) {
    out["revision"] = view.order.revision;
    out["decision"] = view.order.decision;
    out["rules"] = view.decision.rules;
    out["at"] = format_timestamp(view.decision.at);
  }
  out["received_at"] = format_timestamp(view.order.received_at);
  out["version"] = view.order.version;
  auto lines = lines_to_json(view.parts);
  if (view.whole) put_passed_over(view, lines);
  out["lines"] = std::move(lines);
  out["grants"] = grants_to_json(view.grants);
  if (!view.shipments.empty()) out["shipments"] = shipments_to_json(view.shipments);
  if (view.whole) {
    const auto answer = boost::json::parse(view.decision.answer);
    for (const auto* name :
         {"tags", "notes", "fields", "notices", "failures", "shadow", "notify_channel"}) {
      if (const auto* member = answer.as_object().if_contains(name)) out[name] = *member;
    }
  }
  return out;
}

std::string visible_document(const OrderView& view) {
  if (view.whole) return view.revision.body;
  const auto whole = parse_json(view.revision.body);
  if (!whole) throw std::runtime_error("a stored order: " + whole.error().message);
  OwnQuantities own;
  for (const auto& part : view.parts) {
    Decimal& quantity = own[part.line];
    quantity = quantity.plus(Decimal::parse(part.quantity).value_or(Decimal(0))).value_or(quantity);
  }
  return supplier_document(whole->root(), own);
}

std::string order_with_document(const OrderView& view) {
  // Boost.JSON would read its numbers as doubles; so the text goes in as it is.
  std::string text = boost::json::serialize(order_to_json(view));
  text.pop_back();
  return text + ",\"document\":" + visible_document(view) + "}";
}

}  // namespace consign::http
