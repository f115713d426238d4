#include "daemon/wire/fulfillment_orders.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <unordered_set>

#include "consign/diagnostic.hpp"
#include "consign/text.hpp"

namespace consign {
namespace {

class Checker {
 public:
  Checker(const std::vector<Record>& lines, std::size_t at_most, FieldReader& fields)
      : at_most_(at_most), fields_(fields) {
    for (const Record& line : lines) ids_.insert(line.text(Field::line_id));
  }

  void check(const JsonNode& orders, const JsonPlace& place) {
    each(orders, place, "fulfilment orders", [&](const JsonNode& order, const JsonPlace& at) {
      check_members(order, at, {"id", "lines"});
      check_id(order, at, "id");
      const JsonNode* lines = order.find("lines");
      const JsonPlace lines_at = at.member("lines");
      if (lines == nullptr) {
        fields_.fault(lines_at, "this is missing: an array of the fulfilment order's lines");
      } else {
        each(*lines, lines_at, "lines",
             [&](const JsonNode& line, const JsonPlace& line_at) { check_line(line, line_at); });
      }
    });
  }

 private:
  /// The objects of an array; whatever else stands there is a fault.
  template <class Check>
  void each(const JsonNode& array, const JsonPlace& place, std::string_view what,
            const Check& check) {
    if (!array.is(JsonNode::Kind::array)) {
      return fields_.fault(place, std::string(what) + " are a JSON array");
    }
    if (array.count > at_most_) {
      return fields_.fault(place, "there may be " + std::to_string(at_most_) + " of them, not " +
                                      std::to_string(array.count));
    }
    std::size_t index = 0;
    for (const JsonNode& item : array.children()) {
      const JsonPlace at = place.item(index++);
      if (item.is(JsonNode::Kind::object)) {
        check(item, at);
      } else {
        fields_.fault(at, "one of the " + std::string(what) + " is a JSON object");
      }
    }
  }

  void check_line(const JsonNode& line, const JsonPlace& at) {
    check_members(line, at, {"id", "line"});
    check_id(line, at, "id");
    if (!check_id(line, at, "line")) return;
    const std::string_view id = line.find("line")->text;
    if (!ids_.contains(id)) {
      fields_.fault(at.member("line"), "`" + std::string(id) + "` is no line of this order");
    }
  }

  void check_members(const JsonNode& object, const JsonPlace& at,
                     std::initializer_list<std::string_view> known) {
    for (const JsonNode& member : object.children()) {
      if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
      const auto nearest = nearest_name(member.name, {known.begin(), known.end()});
      fields_.fault(
          at.member(member.name),
          "there is no such member" +
              (nearest.empty() ? std::string() : "; did you mean `" + std::string(nearest) + "`?"));
    }
  }

  bool check_id(const JsonNode& object, const JsonPlace& at, std::string_view name) {
    const JsonNode* id = object.find(name);
    if (id != nullptr && id->is(JsonNode::Kind::string) && !trim(id->text).empty()) return true;
    fields_.fault(at.member(name), id == nullptr                     ? "this is missing"
                                   : !id->is(JsonNode::Kind::string) ? kIdHelp
                                                                     : "an id may not be empty");
    return false;
  }

  const std::size_t at_most_;
  FieldReader& fields_;
  std::unordered_set<std::string_view> ids_;
};

}  // namespace

void check_fulfillment_orders(const JsonNode& orders, const JsonPlace& place,
                              const std::vector<Record>& lines, std::size_t at_most,
                              FieldReader& fields) {
  Checker(lines, at_most, fields).check(orders, place);
}

std::vector<FulfillmentLine> fulfillment_lines_of(const JsonNode& document) {
  std::vector<FulfillmentLine> found;
  const JsonNode* orders = document.find("fulfillment_orders");
  if (orders == nullptr || orders->is_null()) return found;
  for (const JsonNode& order : orders->children()) {
    for (const JsonNode& line : order.find("lines")->children()) {
      found.push_back({order.find("id")->text, line.find("id")->text, line.find("line")->text});
    }
  }
  return found;
}

}  // namespace consign
