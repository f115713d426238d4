// What comes for people who know ShipStation: each rule of rules/shipstation.rules does what it
// shows once it is switched on, and docs/coming-from-shipstation.md has a place for each criterion
// and action.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <set>

#include "tests/unit/cli/document.hpp"
#include "tests/unit/cli/run_consign.hpp"

using namespace consign::cli;
namespace json = boost::json;

namespace {

const std::string kSource = CONSIGN_SOURCE_DIR;
const std::string kRules = read_text(kSource + "/rules/shipstation.rules");
const std::string kPage = read_text(kSource + "/docs/coming-from-shipstation.md");
const std::string kOff = "  mode off\n";

std::set<std::string> rule_names() {
  std::set<std::string> names;
  const std::string opener = "\nrule ";
  for (auto at = kRules.find(opener); at != std::string::npos; at = kRules.find(opener, at + 1)) {
    const auto begin = at + opener.size();
    names.insert(kRules.substr(begin, kRules.find(' ', begin) - begin));
  }
  return names;
}

/// The shipped file with these rules switched on.
std::string with_live(const std::set<std::string>& names) {
  std::string rules = kRules;
  for (const auto& name : names) {
    const auto begin = rules.find("\nrule " + name + " ");
    REQUIRE_MESSAGE(begin != std::string::npos, name);
    rules.erase(rules.find(kOff, begin), kOff.size());
  }
  return rules;
}

/// What rules do in a decision, as one line of text: to the first line and to the order.
std::string told(const json::object& decision) {
  std::string out;
  const auto add = [&out](const std::string& what) { out += (out.empty() ? "" : "; ") + what; };
  const auto text = [](const json::value& value) { return std::string(value.as_string()); };
  const auto& part = decision.at("lines").at(0).at("parts").at(0).as_object();
  if (part.at("outcome") == "assigned") add("to " + text(part.at("supplier")));
  if (part.at("outcome") == "held" && part.contains("because")) {
    add("hold " + text(part.at("reason")) +
        (part.contains("until") ? " until " + text(part.at("until")) : ""));
  }
  for (const auto& tag : decision.at("tags").as_array()) add("tag " + text(tag));
  for (const auto& note : decision.at("notes").as_array()) add("note " + text(note.at("text")));
  for (const auto& field : decision.at("fields").as_object()) {
    add(std::string(field.key()) + " = " + json::serialize(field.value()));
  }
  for (const auto& grant : decision.at("grants").as_array()) {
    add("grant " + json::serialize(grant.at("permissions")) + " to " + text(grant.at("account")));
  }
  if (decision.contains("notices")) {
    for (const auto& notice : decision.at("notices").as_array()) {
      add("notify " + text(notice.at("endpoint")) + " " + text(notice.at("text")));
    }
  }
  if (decision.contains("notify_channel")) add("silence");
  return out;
}

/// Decides an ordinary order of two lines, different as `differs` says: in members of the order, of
/// its first `line`, of that line's `product`, in the shop's `channel`, in `now`, and in whether
/// the first line is `alone`.
std::string decide(const std::string& rules, const std::string& differs) {
  auto order =
      json::parse(
          R"({"shop":"nordic","id":"1","name":"#1001","placed_at":"2026-11-18T09:00:00Z",)"
          R"("currency":"USD","total":"40","subtotal":"35","shipping":"5","payment":"paid",)"
          R"("grams":400,"ship_to":{"country":"US","postcode":"10001"},"lines":[]})")
          .as_object();
  auto line = json::parse(R"({"id":"1","product":"p-1","sku":"SKU-1","quantity":1,"price":"30"})")
                  .as_object();
  json::object product{{"id", "p-1"}};
  json::array lines{json::object{{"id", "2"}, {"sku", "SKU-2"}, {"quantity", 1}, {"price", "5"}}};
  json::value channel = "own";
  std::string now = "2026-11-18T12:00:00Z";  // a Wednesday
  const json::value differences = json::parse(differs);
  for (const auto& [name, value] : differences.as_object()) {
    if (name == "now") {
      now = value.as_string();
    } else if (name == "channel") {
      channel = value;
    } else if (name == "alone") {
      lines.clear();
    } else if (name == "line" || name == "product") {
      auto& into = name == "line" ? line : product;
      for (const auto& member : value.as_object()) into[member.key()] = member.value();
    } else {
      order[name] = value;
    }
  }
  lines.insert(lines.begin(), line);
  order["lines"] = lines;
  product["shop"] = order["shop"];
  const json::object facts{
      {"products", json::array{product}},
      {"shops", json::array{json::object{{"id", order["shop"]}, {"channel", channel}}}}};

  const TemporaryFolder folder;
  folder.write("rules/shipstation.rules", rules);
  const Ran ran = run_consign({"decide", "--rules", folder.path() + "/rules", "--now", now,
                               "--facts", folder.write("facts.json", json::serialize(facts)),
                               folder.write("order.json", json::serialize(order))});
  REQUIRE_MESSAGE(ran.exit == 0, ran.err);
  return told(json::parse(ran.out).as_object());
}

struct Shown {
  std::string rule, differs, told;
};

const std::vector<Shown> kShown = {
    // clang-format off
    // address
    {"if-address-not-verified", R"({"attributes":{"Address Verified":"No"}})", "hold the address could not be verified"},
    {"if-address-line", R"({"ship_to":{"address":"c/o Berg, po box 7"}})", "tag po-box"},
    {"if-city", R"({"ship_to":{"city":"JUNEAU "}})", "tag alaska"},
    {"if-state", R"({"ship_to":{"province":"hawaii"}})", "tag not-contiguous"},
    {"if-postal-code", R"({"ship_to":{"postcode":"96701"}})", "tag hawaii"},
    {"if-country", R"({"ship_to":{"country":"MX"}})", "tag neighbour"},
    {"if-commercial", R"({"ship_to":{"company":"Berg AB"}})", "tag commercial"},
    // people
    {"if-customer", R"({"customer":{"email":"A.Berg@Example.com"}})", "tag friend"},
    {"if-buyer-id", R"({"customer":{"id":"buyer-77"}})", "tag known-buyer"},
    {"if-recipient-name", R"({"ship_to":{"name":"East Warehouse"}})", "tag to-a-warehouse"},
    {"if-recipient-company", R"({"ship_to":{"company":"amazon.com services"}})", "tag to-amazon"},
    // money
    {"if-amount-paid", R"({"payment":"partially_paid"})", "hold not paid in full"},
    {"if-order-subtotal", R"({"subtotal":"9.99"})", "tag small"},
    {"if-order-total", R"({"total":"500"})", "hold worth a second look until 2026-11-19T12:00:00Z"},
    {"if-shipping-paid", R"({"shipping":"0.00"})", "tag free-shipping"},
    {"if-tax-paid", R"({"total":"43.20"})", "tag taxed"},
    // order
    {"if-order-number", R"({"name":"#W-12"})", "tag wholesale"},
    {"if-order-date", R"({"placed_at":"2026-12-01T07:59:59Z"})", "tag black-friday"},
    {"if-order-tags", R"({"tags":["fba"]})", "tag amazon-ships"},
    {"if-order-tags", R"({"tags":["FBA","Self-Fulfilled"]})", ""},
    {"if-total-weight", R"({"grams":68100})", "tag freight"},
    {"if-total-quantity", R"({"line":{"quantity":19}})", "tag bulk-order"},
    {"if-line-items", R"({"alone":true})", "tag single-line"},
    {"if-brand", R"({"product":{"vendor":"nordlys"}})", "tag brand-nordlys"},
    {"if-gift", R"({"attributes":{"Gift Flag":"true"}})", "tag gift"},
    // item
    {"if-item-name", R"({"line":{"title":"Gift card, large"}})", "tag has-gift-card"},
    {"if-item-sku", R"({"line":{"sku":"FRZ-7"}})", "tag frozen"},
    {"if-warehouse-location", R"({"line":{"properties":{"Warehouse Location":"B-07-2"}}})", "tag hall-b"},
    {"if-product-tag", R"({"product":{"tags":["Hazmat"]}})", "tag hazmat"},
    // shipping
    {"if-requested-service", R"({"shipping_method":"DHL Express"})", "tag urgent"},
    {"if-mapped-service", R"({"shipping_method":"next day"})", "tag next-day-air"},
    {"if-ship-by-date", R"({"attributes":{"Ship By Date":"2026-12-23"}})", "tag before-christmas"},
    {"if-deliver-by-date", R"({"attributes":{"Deliver By Date":"2026-12-05"}})", "tag december"},
    {"if-international", R"({"ship_to":{"country":"SE"}})", "tag international"},
    {"if-international", R"({"ship_to":{}})", ""},
    {"if-zone", R"({"ship_to":{"country":"US","postcode":"90210"}})", "tag far-west"},
    // channel
    {"if-marketplace", R"({"channel":"ebay"})", "tag marketplace"},
    {"if-order-source", R"({"source":"POS"})", "tag sold-in-person"},
    {"if-store", R"({"shop":"outlet"})", "tag outlet"},
    {"if-internal-notes", R"({"attributes":{"Internal Notes":"Do not ship yet"}})", "hold see the internal notes"},
    {"if-notes-to-buyer", R"({"attributes":{"Notes to Buyer":"Thank you"}})", "tag has-note-to-buyer"},
    {"if-notes-from-buyer", R"({"note":"ring twice"})", "hold read the customer's note until 2026-11-19T00:00:00Z"},
    {"if-notes-from-buyer", R"({"note":"  "})", ""},
    {"if-custom-field", R"({"attributes":{"Custom Field 1":"b2b "}})", "tag custom"},
    // the order itself
    {"do-add-tag", R"({"product":{"tags":["fragile"]}})", "tag fragile"},
    {"do-internal-note", R"({"discount_codes":["friends"],"discount":"4.00"})", "note #1001 was bought by a friend, 4.00 off"},
    {"do-note-to-buyer", R"({"tags":["preorder"]})", R"(note-to-buyer = "Your order leaves us when all of it is here.")"},
    {"do-hold-for", R"({"tags":["cooling-off"]})", "hold the customer may change it until 2026-11-20T12:00:00Z"},
    {"do-hold-until-monday-from-friday", R"({"now":"2026-11-20T20:00:00Z"})", "hold leaves on Monday until 2026-11-23T20:00:00Z"},
    {"do-hold-until-monday-from-saturday", R"({"now":"2026-11-21T20:00:00Z"})", "hold leaves on Monday until 2026-11-23T20:00:00Z"},
    {"do-hold-until-monday-from-sunday", R"({"now":"2026-11-22T20:00:00Z"})", "hold leaves on Monday until 2026-11-23T20:00:00Z"},
    {"do-alert", R"({"customer":{"tags":["wholesale"]}})", "tag alert; note wholesale customer: check the price list"},
    {"do-email", R"({"ship_to":{"country":"CH"}})", "notify mail-desk #1001 goes to Switzerland"},
    {"do-not-import", R"({"tags":["digital-only"]})", "hold not shipped by us"},
    {"do-not-notify", R"({"tags":["replacement"]})", "silence"},
    {"do-custom-fields", R"({"channel":"amazon","source":"FBA"})", R"(custom-field-1 = "#1001"; custom-field-2 = "nordic"; custom-field-3 = "FBA")"},
    // who fulfils
    {"do-ship-from", R"({"product":{"tags":["in-house"]}})", "to own-warehouse"},
    {"do-assign-to-user", R"({"product":{"tags":["dropship"]}})", R"(to dropshipper; grant ["orders:fulfill","orders:view"] to supplier:dropshipper)"},
    {"do-assign-to-person", R"({"tags":["anna"],"alone":true})", R"(grant ["orders:fulfill","orders:view"] to staff:anna)"},
    {"do-fulfillment-provider", R"({"tags":["3PL"]})", "to dropshipper"},
    {"do-provider-service", R"({"product":{"tags":["dropship-express"]}})", R"(to dropshipper; provider-service = "expedited"; grant ["orders:fulfill","orders:view"] to supplier:dropshipper)"},
    // for whoever buys the label
    {"do-shipping-service", R"({"shipping_method":"Next Day"})", R"(carrier = "ups"; shipping-service = "ups_next_day_air"; package = "ups_express_box")"},
    {"do-service-level", R"({"shipping_method":"Two Days"})", R"(service-level = "two-day")"},
    {"do-bill-to", R"({"customer":{"tags":["own-ups-account"]}})", R"(bill-to = "the customer's account with UPS")"},
    {"do-weight", R"({"line":{"sku":"POSTER"},"alone":true})", R"(package-weight = "226.796185000 g")"},
    {"do-adjust-weight", R"({"product":{"tags":["glass"]}})", R"(package-weight = "600 g")"},
    {"do-dimensions", R"({"product":{"tags":["poster"]}})", R"(package-size = "24 x 3 x 3 in")"},
    {"do-confirmation", R"({"tags":["signature"]})", R"(confirmation = "signature")"},
    {"do-insure", R"({"total":"120.50"})", R"(insured-value = {"amount":"120.50","currency":"USD"})"},
    {"do-cash-on-delivery", R"({"payment":"pending","tags":["cod"]})", R"(cash-on-delivery = {"amount":"40","currency":"USD"})"},
    {"do-handling", R"({"tags":["handle-with-care"]})", "non-machinable = true; saturday-delivery = false; shipper-release = false"},
    {"do-extras", R"({"attributes":{"Gift Flag":"TRUE"}})", R"(return-label = true; carrier-notices = false; packing-slip = "gift, without prices")"},
    {"do-alcohol", R"({"product":{"tags":["alcohol"]}})", "alcohol = true"},
    {"do-dangerous-goods", R"({"product":{"tags":["lithium"]}})", "dangerous-goods = true"},
    {"do-dry-ice", R"({"product":{"tags":["frozen"]},"line":{"quantity":3}})", R"(dry-ice = true; dry-ice-weight = "1500 g")"},
    {"do-customs", R"({"ship_to":{"country":"NO"}})", R"(customs-content = "merchandise"; non-delivery = "return to sender"; customs-declaration = "I declare these goods to be of US origin."; tax-identifier = "IOSS IM0000000000"; importer-of-record = "the receiver")"},
    {"do-duties", R"({"ship_to":{"country":"CA"}})", R"(bill-duties-to = "sender"; prepaid-duties = true)"},
    {"do-amazon-shipping", R"({"tags":["amazon-ships"],"channel":"ebay"})", "blank-box = true; no-amazon-logistics = true"},
    {"do-amazon-shipping", R"({"tags":["amazon-ships"],"channel":"amazon"})", ""},
    {"do-dates", R"({"shipping_method":"Express"})", R"(ship-on = "2026-11-18T21:00:00Z"; ship-by = "2026-11-19T09:00:00Z"; deliver-by = "2026-11-21T09:00:00Z")"},
    // clang-format on
};

const std::vector<std::string> kCriteria = {
    // clang-format off
    "Address Verified", "Address Line 1", "Address Line 2", "City", "State", "Postal Code", "Country",
    "Residential/Commercial",
    "Customer", "Buyer ID", "Recipient Name", "Recipient Company", "Assigned User",
    "Amount Paid", "Order Subtotal", "Order Total", "Shipping Paid", "Tax Paid",
    "Order #", "Order Date", "Date Paid", "Order Tags", "Total Weight", "Total Quantity",
    "# of Line Items", "Package", "Brand (3PL)", "Gift Order",
    "Item Name", "Item SKU", "Warehouse Location",
    "Carrier", "Ship From Location", "Ship By Date", "Deliver By Date", "Requested Service (Mapped)",
    "Requested Service (Marketplace Value)", "Shipping Account", "International Order", "USPS Zone",
    "Marketplace", "Order Source", "Store", "Internal Notes", "Notes to the Buyer",
    "Notes from Buyer",
    "Custom Field 1", "Custom Field 2", "Custom Field 3",
    // clang-format on
};

const std::vector<std::string> kOperators = {
    "Equals",     "Contains", "Does Not Contain", "Begins With",          "Ends With", "is blank",
    "date range", "is in",    "yes/no",           "`=` `<` `<=` `>` `>=`"};

const std::vector<std::pair<int, std::string>> kActions = {
    // clang-format off
    {1, "AddTag"}, {2, "ShippingService"}, {4, "Insure"}, {5, "Confirmation"}, {6, "InternalNote"},
    {7, "Hold"}, {8, "CustomsContent"}, {9, "NonDelivery"}, {10, "ShipFrom"}, {11, "Stop"},
    {12, "Email"}, {13, "Alert"}, {14, "Weight"}, {15, "Dimensions"}, {16, "Don't import"},
    {17, "AdjustWeight"}, {18, "HoldUntil"}, {19, "NonMachinable"}, {20, "ShowPostage"},
    {21, "ShipmentEmailTemplate"}, {22, "PackingSlip"}, {23, "NoteToBuyer"}, {24, "AssignToUser"},
    {25, "BillDutiesToSender"}, {26, "NoPostage"}, {27, "BillTo3rdParty"},
    {28, "Set fulfilment provider"}, {29, "DoNotNotifyMarketplace"}, {30, "CustomField1"},
    {31, "CustomField2"}, {32, "CustomField3"}, {33, "SaturdayDelivery"}, {34, "Alcohol"},
    {35, "DryIce"}, {36, "ShipperRelease"}, {37, "DryIceWeight"}, {38, "DeclarationStatement"},
    {39, "IncludeReturnLabel"}, {40, "DeliveryEmailTemplate"}, {42, "ShipByDate"},
    {43, "BillToOtherAccount"}, {44, "COD"}, {45, "TaxIdentifiers"}, {46, "RateShopper"},
    {47, "PrepaidDuties"}, {48, "UseBlankBox"}, {49, "BlockAmazonLogistics"},
    {50, "Delegate fulfilment provider service"}, {51, "SendCarrierNotifications"},
    {52, "DeliverByDate"}, {53, "DangerousGoods"}, {55, "ImporterOfRecord"}, {56, "ServiceLevel"},
    {57, "ShipDate"}, {59, "MovementIndicator"}, {60, "ReadyToPick"},
    // clang-format on
};

}  // namespace

TEST_CASE("every rule for ShipStation's people is switched off as it comes") {
  std::size_t off = 0;
  for (auto at = kRules.find(kOff); at != std::string::npos; at = kRules.find(kOff, at + 1)) ++off;
  CHECK(off == rule_names().size());
  for (const auto& shown : kShown) {
    CAPTURE(shown.rule);
    CHECK(decide(kRules, shown.differs) == "");
  }
}

TEST_CASE("each of ShipStation's criteria and actions does what it says, once switched on") {
  for (const auto& shown : kShown) {
    CAPTURE(shown.rule);
    CHECK(decide(with_live({shown.rule}), shown.differs) == shown.told);
  }
}

TEST_CASE("an ordinary order meets none of ShipStation's criteria") {
  CHECK(decide(with_live(rule_names()), "{}") == "");
}

TEST_CASE("a stop keeps later rules from an order, and a hold beside it stands") {
  const std::string dropship = R"("product":{"tags":["dropship"]},"alone":true)";
  const auto rules = with_live({"do-stop", "do-not-import", "do-assign-to-user"});
  CHECK(decide(rules, "{" + dropship + "}").starts_with("to dropshipper"));
  CHECK(decide(rules, "{\"test\":true," + dropship + "}") == "hold no rule assigns it");
  CHECK(decide(rules, R"({"tags":["digital-only"],)" + dropship + "}") == "hold not shipped by us");
}

TEST_CASE("there is no shipped rule for ShipStation's people that no order shows") {
  std::set<std::string> shown{"do-stop"};
  for (const auto& each : kShown) shown.insert(each.rule);
  for (const auto& name : rule_names()) CHECK_MESSAGE(shown.contains(name), name);
}

TEST_CASE("the page for ShipStation's people has a row for each criterion, operator and action") {
  for (const auto& criterion : kCriteria) {
    CHECK_MESSAGE(holds(kPage, "\n| " + criterion + " | "), criterion);
  }
  for (const auto& operation : kOperators) {
    CHECK_MESSAGE(holds(kPage, "\n| " + operation), operation);
  }
  for (const auto& [code, action] : kActions) {
    CHECK_MESSAGE(holds(kPage, "\n| " + std::to_string(code) + " | " + action + " | "), action);
  }
}

TEST_CASE("the page for ShipStation's people names the rules that there are, and all of them") {
  std::set<std::string> named;
  for (const std::string opener : {"`if-", "`do-"}) {
    for (auto at = kPage.find(opener); at != std::string::npos; at = kPage.find(opener, at + 1)) {
      named.insert(kPage.substr(at + 1, kPage.find('`', at + 1) - at - 1));
    }
  }
  for (const auto& name : rule_names()) CHECK_MESSAGE(named.contains(name), name);
  CHECK(named.size() == rule_names().size());
}

TEST_CASE("the account that the page moves over is in order and decides as the page says") {
  const auto blocks = code_blocks(kPage);
  REQUIRE(blocks.size() == 1);
  const auto& rules = blocks[0].second;
  const TemporaryFolder folder;
  const std::string file = folder.write("account.rules", rules);
  const Ran checked = run_consign({"check", "--deny-warnings", file});
  CHECK_MESSAGE(checked.exit == 0, checked.err);
  CHECK(run_consign({"fmt", "--check", file}).exit == 0);

  const std::string to_warehouse = "to main-warehouse",
                    sees = "grant [\"orders:fulfill\",\"orders:view\"] to ";
  CHECK(decide(rules, "{}") == "to main-warehouse");
  CHECK(decide(rules, R"({"product":{"tags":["ACME"]}})") == "to acme; " + sees + "supplier:acme");
  CHECK(decide(rules, R"({"line":{"sku":"BLK-4"},"ship_to":{"country":"NO"}})") ==
        "to main-warehouse; pallet = true; " + sees + "supplier:main-warehouse");
  CHECK(decide(rules, R"({"tags":["FBA"],"product":{"tags":["acme"]}})") ==
        "hold shipped by Amazon; silence");
}
