// Cases as JSON, to be pasted into a test or given to `consign decide`.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "tests/differential/given.hpp"

namespace consign::reference {
namespace {

namespace json = boost::json;

json::value json_of(const Given& given) {
  const Type type = row_of(given.field).type;
  if (type == Type::boolean) return given.text == "true";
  return json::string(given.text);  // decimals too, which keep their digits so
}

/// Puts the value where the field's row says, making the objects on the way.
void put(json::object& into, const Given& given) {
  const FieldRow& row = row_of(given.field);
  json::object* at = &into;
  std::string_view path = row.json;
  for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    json::value& below = (*at)[path.substr(0, dot)];
    if (!below.is_object()) below.emplace_object();
    at = &below.get_object();
    path.remove_prefix(dot + 1);
  }
  json::value& place = (*at)[path];
  if (row.keyed()) {
    if (!place.is_object()) place.emplace_object();
    place.get_object()[given.key] = json_of(given);
  } else if (row.many()) {
    if (!place.is_array()) place.emplace_array();
    place.get_array().push_back(json_of(given));
  } else {
    place = json_of(given);
  }
}

json::object event_of(const Case& one) {
  json::object event;
  for (const Given& given : one.order) {
    if (!row_of(given.field).json.empty()) put(event, given);
  }
  json::array lines;
  for (const GivenLine& line : one.lines) {
    json::object object;
    for (const Given& given : line.fields) put(object, given);
    const GivenProduct& product = one.products[line.product];
    if (!product.key.empty()) object["product"] = product.key;
    lines.push_back(std::move(object));
  }
  event["lines"] = std::move(lines);
  return event;
}

json::object facts_of(const Case& one) {
  const std::string shop = *text_in(one.order, Field::order_shop);
  json::array products, shops, customers, stock, loads;
  for (const GivenProduct& product : one.products) {
    if (product.state != Known::known) continue;
    json::object object{{"shop", shop}};
    for (const Given& given : product.fields) put(object, given);
    object["id"] = product.key.empty() ? "found by sku" : product.key;
    products.push_back(std::move(object));
  }
  json::object shop_facts{{"id", shop}}, customer_facts;
  for (const Given& given : one.shared) {
    const Subject subject = row_of(given.field).subject;
    if (subject == Subject::shop) put(shop_facts, given);
    if (given.field == Field::order_channel) shop_facts["channel"] = given.text;
    if (subject == Subject::customer) put(customer_facts, given);
  }
  shops.push_back(std::move(shop_facts));
  if (!customer_facts.empty()) {
    json::object customer = customer_facts["customer"].get_object();
    customer["shop"] = shop;
    if (const std::string* id = text_in(one.order, Field::customer_id)) customer["id"] = *id;
    customers.push_back(std::move(customer));
  }
  for (const Facts::Stock& each : one.stock) {
    stock.push_back({{"supplier", each.supplier},
                     {"sku", each.sku},
                     {"available", each.available.to_string()},
                     {"safety", each.safety.to_string()}});
  }
  for (const Facts::Load& load : one.loads) {
    loads.push_back({{"supplier", load.supplier}, {"orders", load.orders}});
  }
  return {{"products", products},
          {"shops", shops},
          {"customers", customers},
          {"stock", stock},
          {"loads", loads}};
}

std::string remarks_of(const Case& one) {
  std::string out = "now " + format_timestamp(one.now) + " (" + std::to_string(one.now.micros) +
                    " µs), received " + *text_in(one.order, Field::order_received_at) +
                    (one.cancelled ? ", cancelled\n" : "\n");
  for (const GivenLine& line : one.lines) {
    const GivenProduct& product = one.products[line.product];
    if (product.state == Known::known) continue;
    out += "line " + *text_in(line.fields, Field::line_id) + ": " + name_of(product) + " is " +
           (product.state == Known::missing ? "missing\n" : "unknown\n");
  }
  if (!one.prior) return out;
  for (const Prior::Part& part : one.prior->parts) {
    out += "prior part " + part.line + "/" + std::to_string(part.number) + " " +
           part.quantity.to_string() + " " + std::string(name_of(part.outcome)) + " " +
           part.supplier + " by " + (part.by_person ? "a person" : part.rule) +
           (part.shipped ? ", shipped, " + part.gone.to_string() + " gone\n" : "\n");
  }
  for (const Prior::Rejection& each : one.prior->rejections) {
    out += "prior rejection of " + each.line + " by " + each.supplier + ": " + each.reason + "\n";
  }
  for (const Prior::Hold& hold : one.prior->holds) {
    out += "prior hold " + hold.line + " by " + hold.rule + " since " +
           format_timestamp(hold.first_fired) + (hold.ended ? ", ended\n" : "\n");
  }
  return out;
}

}  // namespace

std::string describe(const Case& one) {
  return json::serialize(event_of(one)) + "\nfacts " + json::serialize(facts_of(one)) + "\n" +
         remarks_of(one);
}

}  // namespace consign::reference
