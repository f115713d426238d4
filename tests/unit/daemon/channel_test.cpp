#include "daemon/effects/channel.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "daemon/store/outbox_rows.hpp"
#include "tests/unit/daemon/world.hpp"

using namespace consign;
using consign::testing::World;
namespace json = boost::json;

namespace {

ShippedParcel parcel(const std::string& channel) {
  return {.id = "sh-1",
          .shop = "outlet",
          .order = "1001",
          .channel = channel,
          .lines = {{"11", Decimal(2)}, {"12", Decimal(1)}},
          .carrier = "DHL",
          .tracking_numbers = {"JD01", "JD02"},
          .tracking_urls = {"https://track.example/JD01"},
          .notify_customer = true,
          .shipped_at = {1'763'719'200'000'000}};
}

json::value message_of(const ShippedParcel& parcel) { return json::parse(shipped_message(parcel)); }

constexpr const char* kKnown =
    R"({"fulfillment_orders":[)"
    R"({"id":"gid://shopify/FulfillmentOrder/1","lines":[)"
    R"({"id":"gid://shopify/FulfillmentOrderLineItem/5","line":"11"},)"
    R"({"id":"gid://shopify/FulfillmentOrderLineItem/6","line":"13"}]},)"
    R"({"id":"gid://shopify/FulfillmentOrder/2","lines":[)"
    R"({"id":"gid://shopify/FulfillmentOrderLineItem/7","line":"12"}]}]})";

}  // namespace

TEST_CASE("Shopify is told with fulfillmentCreate, by the fulfilment orders of the document") {
  auto shipped = parcel("shopify");
  shipped.document = kKnown;
  const auto message = message_of(shipped);
  CHECK(message.at("query").as_string().starts_with(
      "mutation fulfillmentCreate($fulfillment: FulfillmentInput!) {"));
  CHECK(message.at("variables") == json::parse(R"({"fulfillment":{
    "lineItemsByFulfillmentOrder":[
      {"fulfillmentOrderId":"gid://shopify/FulfillmentOrder/1","fulfillmentOrderLineItems":[
        {"id":"gid://shopify/FulfillmentOrderLineItem/5","quantity":2}]},
      {"fulfillmentOrderId":"gid://shopify/FulfillmentOrder/2","fulfillmentOrderLineItems":[
        {"id":"gid://shopify/FulfillmentOrderLineItem/7","quantity":1}]}],
    "notifyCustomer":true,
    "trackingInfo":{"company":"DHL","numbers":["JD01","JD02"],
                    "urls":["https://track.example/JD01"]}}})"));
  CHECK(message.at("extensions").at("consign") == json::parse(R"({
    "order":{"shop":"outlet","id":"1001","gid":"gid://shopify/Order/1001"},"shipment":"sh-1",
    "lines":[{"line":"11","quantity":2,"gid":"gid://shopify/LineItem/11"},
             {"line":"12","quantity":1,"gid":"gid://shopify/LineItem/12"}],
    "carrier":"DHL","tracking_numbers":["JD01","JD02"],
    "tracking_urls":["https://track.example/JD01"],"notify_customer":true,
    "shipped_at":"2025-11-21T10:00:00Z"})"));
}

TEST_CASE("a parcel of which some line cannot be named is left whole to the connector") {
  const auto named = [](std::string_view document, std::vector<ShippedLine> lines) {
    auto shipped = parcel("shopify");
    shipped.document = document;
    shipped.lines = std::move(lines);
    return message_of(shipped)
        .at("variables")
        .at("fulfillment")
        .at("lineItemsByFulfillmentOrder")
        .as_array()
        .size();
  };
  CHECK(named(kKnown, {{"11", Decimal(1)}, {"13", Decimal(1)}}) == 1);
  CHECK(named(kKnown, {{"11", Decimal(1)}, {"14", Decimal(1)}}) == 0);
  CHECK(named("{}", {{"11", Decimal(1)}}) == 0);
  CHECK(named(R"({"fulfillment_orders":[{"id":"a","lines":[{"id":"b","line":"11"}]},)"
              R"({"id":"c","lines":[{"id":"d","line":"11"}]}]})",
              {{"11", Decimal(1)}}) == 0);
}

TEST_CASE("parts of one line in one parcel are told as one, and nothing is made up") {
  auto shipped = parcel("shopify");
  shipped.document = kKnown;
  shipped.lines = {{"11", Decimal(2)}, {"11", Decimal(3)}};
  shipped.order = "web-1";
  shipped.carrier = "";
  shipped.tracking_numbers = shipped.tracking_urls = {};
  const auto message = message_of(shipped);
  const auto& fulfillment = message.at("variables").at("fulfillment").as_object();
  CHECK(fulfillment.at("lineItemsByFulfillmentOrder")
            .at(0)
            .at("fulfillmentOrderLineItems")
            .at(0)
            .at("quantity") == 5);
  CHECK_FALSE(fulfillment.contains("trackingInfo"));
  const auto& order = message.at("extensions").at("consign").at("order").as_object();
  CHECK_FALSE(order.contains("gid"));
}

TEST_CASE("Shopee is told with ship_order, and carries the rest as an extension") {
  const auto message = message_of(parcel("shopee"));
  CHECK(message.at("order_sn") == "1001");
  CHECK(json::serialize(message.at("non_integrated")) == R"({"tracking_number":"JD01"})");
  CHECK(message.at("extensions").at("consign").at("tracking_numbers").at(1) == "JD02");
}

TEST_CASE("any other channel gets a notice of consign's own") {
  auto shipped = parcel("own");
  shipped.lines = {{"a", *Decimal::parse("1.50")}};
  CHECK(message_of(shipped) == json::parse(R"({
    "type":"order.shipped","timestamp":"2025-11-21T10:00:00Z",
    "data":{"order":{"shop":"outlet","id":"1001"},"shipment":"sh-1",
            "lines":[{"line":"a","quantity":"1.5"}],"carrier":"DHL",
            "tracking_numbers":["JD01","JD02"],"tracking_urls":["https://track.example/JD01"],
            "notify_customer":true,"shipped_at":"2025-11-21T10:00:00Z"}})"));
}

TEST_CASE("one shipment is told once, and only where the shop says to whom") {
  World world("supplier acme { name \"A\" }\n");
  const auto tell = [&](const ShippedParcel& shipped) {
    REQUIRE(world.writer.run(world.units.unit([&](UnitContext& unit) {
      tell_channel(unit, shipped);
    })) == store::Fate::committed);
  };
  const auto effects = [&] {
    return world.readers.read(
        [](store::Connection& db) { return store::list_effects(db, {}, 0, 100); });
  };
  tell(parcel("own"));
  CHECK(effects().empty());

  world.settings.shops["outlet"].fulfillments = "channel";
  auto shipped = parcel("own");
  tell(shipped);
  tell(shipped);
  shipped.id = "sh-2";
  tell(shipped);
  const auto queued = effects();
  REQUIRE(queued.size() == 2);
  CHECK(queued[0].endpoint == "channel");
  CHECK(queued[0].part == "sh-1");
  CHECK(queued[0].id != queued[1].id);

  const auto shown = world.call(http::get_delivery,
                                {.path = {{"id", queued[0].id}}, .viewer = world.administrator});
  REQUIRE_MESSAGE(shown.status == 200, shown.body);
  const auto delivery = json::parse(shown.body);
  CHECK(delivery.at("shipment") == "sh-1");
  CHECK(delivery.at("body").at("type") == "order.shipped");
  CHECK_FALSE(delivery.as_object().contains("rule"));
  CHECK_FALSE(delivery.as_object().contains("decision"));
}
