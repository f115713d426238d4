#include "daemon/effects/channel.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/store/outbox_rows.hpp"
#include "daemon/wire/decision_json.hpp"
#include "daemon/wire/fulfillment_orders.hpp"

namespace consign {
namespace {

namespace json = boost::json;

// FulfillmentInput and FulfillmentTrackingInput of Shopify's Admin API, version 2026-10.
constexpr const char* kFulfillmentCreate =
    "mutation fulfillmentCreate($fulfillment: FulfillmentInput!) {"
    " fulfillmentCreate(fulfillment: $fulfillment) {"
    " fulfillment { id status } userErrors { field message } } }";

// Parts of one line that are in one parcel are one line of it.
std::vector<ShippedLine> joined(const std::vector<ShippedLine>& lines) {
  std::vector<ShippedLine> out;
  for (const auto& line : lines) {
    const auto same = std::find_if(out.begin(), out.end(),
                                   [&](const ShippedLine& each) { return each.id == line.id; });
    if (same == out.end()) {
      out.push_back(line);
    } else {
      same->quantity = same->quantity.plus(line.quantity).value_or(same->quantity);
    }
  }
  return out;
}

json::array texts(const std::vector<std::string>& from) {
  return json::array(from.begin(), from.end());
}

// Shopify's global id; nothing where the id is none of Shopify's numbers.
json::value shopify_gid(std::string_view kind, const std::string& id) {
  if (id.starts_with("gid://")) return json::value(id);
  const bool is_number = !id.empty() && id.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number) return nullptr;
  return json::value("gid://shopify/" + std::string(kind) + "/" + id);
}

void put_gid(json::object& out, std::string_view kind, const std::string& id) {
  if (auto gid = shopify_gid(kind, id); !gid.is_null()) out["gid"] = std::move(gid);
}

// All that consign knows of the shipment, in its own words.
json::object own_words(const ShippedParcel& parcel, const std::vector<ShippedLine>& lines) {
  const bool is_shopify = parcel.channel == "shopify";
  json::object order{{"shop", parcel.shop}, {"id", parcel.order}};
  if (is_shopify) put_gid(order, "Order", parcel.order);
  json::array told;
  for (const auto& line : lines) {
    json::object out{{"line", line.id}, {"quantity", quantity_to_json(line.quantity)}};
    if (is_shopify) put_gid(out, "LineItem", line.id);
    told.push_back(std::move(out));
  }
  return {{"order", std::move(order)},
          {"shipment", parcel.id},
          {"lines", std::move(told)},
          {"carrier", parcel.carrier},
          {"tracking_numbers", texts(parcel.tracking_numbers)},
          {"tracking_urls", texts(parcel.tracking_urls)},
          {"notify_customer", parcel.notify_customer},
          {"shipped_at", format_timestamp(parcel.shipped_at)}};
}

// The one line of a fulfilment order that the order's line is; null where there is none, or several
// between which nothing here can choose.
const FulfillmentLine* only_one_of(const std::vector<FulfillmentLine>& known,
                                   const std::string& line) {
  const auto is_it = [&](const FulfillmentLine& each) { return each.line == line; };
  const auto first = std::find_if(known.begin(), known.end(), is_it);
  if (first == known.end() || std::find_if(first + 1, known.end(), is_it) != known.end()) {
    return nullptr;
  }
  return &*first;
}

// All lines of the parcel or none: a shipment that is told in half looks like a whole one.
json::array by_fulfillment_order(const ShippedParcel& parcel,
                                 const std::vector<ShippedLine>& lines) {
  const auto document = parse_json(parcel.document);
  if (!document) return {};
  const auto known = fulfillment_lines_of(document->root());
  json::array orders;
  for (const auto& line : lines) {
    const auto* found = only_one_of(known, line.id);
    if (found == nullptr) return {};
    auto* of_order = std::find_if(orders.begin(), orders.end(), [&](const json::value& order) {
      return order.at("fulfillmentOrderId").as_string() == found->order;
    });
    if (of_order == orders.end()) {
      orders.push_back(json::object{{"fulfillmentOrderId", found->order},
                                    {"fulfillmentOrderLineItems", json::array()}});
      of_order = &orders.back();
    }
    of_order->at("fulfillmentOrderLineItems")
        .as_array()
        .push_back(json::object{{"id", found->id}, {"quantity", quantity_to_json(line.quantity)}});
  }
  return orders;
}

json::object shopify_message(const ShippedParcel& parcel, const std::vector<ShippedLine>& lines) {
  json::object tracking;
  if (!parcel.carrier.empty()) tracking["company"] = parcel.carrier;
  if (!parcel.tracking_numbers.empty()) tracking["numbers"] = texts(parcel.tracking_numbers);
  if (!parcel.tracking_urls.empty()) tracking["urls"] = texts(parcel.tracking_urls);
  json::object fulfillment{{"lineItemsByFulfillmentOrder", by_fulfillment_order(parcel, lines)},
                           {"notifyCustomer", parcel.notify_customer}};
  if (!tracking.empty()) fulfillment["trackingInfo"] = std::move(tracking);
  return {{"query", kFulfillmentCreate},
          {"variables", {{"fulfillment", std::move(fulfillment)}}},
          {"extensions", {{"consign", own_words(parcel, lines)}}}};
}

// v2.logistics.ship_order for a carrier that is not Shopee's own, the one case where the seller
// brings the tracking number. It takes one; all of them stand in what is consign's own.
json::object shopee_message(const ShippedParcel& parcel, const std::vector<ShippedLine>& lines) {
  json::object carriage;
  if (!parcel.tracking_numbers.empty()) {
    carriage["tracking_number"] = parcel.tracking_numbers.front();
  }
  return {{"order_sn", parcel.order},
          {"non_integrated", std::move(carriage)},
          {"extensions", {{"consign", own_words(parcel, lines)}}}};
}

json::object notice(const ShippedParcel& parcel, const std::vector<ShippedLine>& lines) {
  return {{"type", "order.shipped"},
          {"timestamp", format_timestamp(parcel.shipped_at)},
          {"data", own_words(parcel, lines)}};
}

}  // namespace

std::string shipped_message(const ShippedParcel& parcel) {
  const auto lines = joined(parcel.lines);
  if (parcel.channel == "shopify") return json::serialize(shopify_message(parcel, lines));
  if (parcel.channel == "shopee") return json::serialize(shopee_message(parcel, lines));
  return json::serialize(notice(parcel, lines));
}

void tell_channel(UnitContext& unit, const ShippedParcel& parcel) {
  const ShopSettings* shop = unit.settings.find_shop(parcel.shop);
  if (shop == nullptr || shop->fulfillments.empty()) return;
  store::queue_effect(unit.db, {parcel.shop, parcel.order},
                      {.part = parcel.id,
                       .action = std::string(kTellChannel),
                       .endpoint = shop->fulfillments,
                       .body = shipped_message(parcel)},
                      "", unit.now);
}

}  // namespace consign
