#include "cli/order_told.hpp"

#include <ostream>

#include "cli/http_client.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

std::string with_blanks(std::string words) {
  for (char& c : words) {
    if (c == '_') c = ' ';
  }
  return words;
}

// Where it is in its life; of a decision, which knows no life, its outcome.
std::string state_told(const object& part) {
  const auto state = text_of(part, "state");
  return with_blanks(state.empty() ? text_of(part, "outcome") : state);
}

const char* before_supplier(std::string_view state) {
  if (state == "assigned" || state == "sent") return " to ";
  if (state == "accepted" || state == "shipped" || state == "delivered") return " by ";
  return " for ";
}

// A part that a person split or merged keeps the rule that it comes from.
std::string author_of(const object& part) {
  const object& because = object_of(part.if_contains("because"));
  std::string out = because.empty() ? "" : rule_name(because);
  if (text_of(part, "by_person") == "true") out += out.empty() ? "a person" : " and a person";
  return out;
}

std::string reason_told(const object& part) {
  std::string out = text_of(part, "reason");
  if (const auto facts = joined_texts(part, "waits_for"); !facts.empty()) {
    out += (out.empty() ? "" : "; ") + ("for " + facts);
  }
  if (const auto until = text_of(part, "until"); !until.empty()) {
    out += (out.empty() ? "" : "; ") + ("until " + until);
  }
  return out;
}

std::string sku_of(const object& document, const std::string& line) {
  for (const auto& each : array_of(document, "lines")) {
    if (text_of(object_of(&each), "id") == line) return text_of(object_of(&each), "sku");
  }
  return "";
}

Table parts_of(const object& order) {
  Table table{
      {{"line"}, {"part"}, {"sku"}, {"quantity"}, {"state"}, {"supplier"}, {"reason"}, {"by"}}, {}};
  const object& document = object_of(order.if_contains("document"));
  for (const auto& each : array_of(order, "lines")) {
    const object& line = object_of(&each);
    const auto id = text_of(line, "id");
    for (const auto& item : array_of(line, "parts")) {
      const object& part = object_of(&item);
      table.rows.push_back({id, text_of(part, "id"), sku_of(document, id),
                            text_of(part, "quantity"), state_told(part), text_of(part, "supplier"),
                            reason_told(part), author_of(part)});
    }
  }
  return table;
}

void tell_passed_over(const object& order, std::ostream& out) {
  for (const auto& each : array_of(order, "lines")) {
    const object& line = object_of(&each);
    for (const auto& item : array_of(line, "passed_over")) {
      const object& passed = object_of(&item);
      const object& because = object_of(passed.if_contains("because"));
      out << "line " << text_of(line, "id") << " passed over " << text_of(passed, "reason")
          << (because.empty() ? "" : ", by " + rule_name(because)) << '\n';
    }
  }
}

void tell_shipments(const object& order, std::ostream& out) {
  for (const auto& each : array_of(order, "shipments")) {
    const object& shipment = object_of(&each);
    std::string told;
    for (const auto& item : array_of(shipment, "parts")) {
      const object& part = object_of(&item);
      told += (told.empty() ? "" : ", ") + text_of(part, "quantity") + " of line " +
              text_of(part, "line");
    }
    const auto carrier = text_of(shipment, "carrier");
    const auto numbers = joined_texts(shipment, "tracking");
    const auto delivered = text_of(shipment, "delivered_at");
    out << "shipment " << text_of(shipment, "id") << " from " << text_of(shipment, "supplier")
        << (carrier.empty() ? "" : " with " + carrier) << (numbers.empty() ? "" : " " + numbers)
        << ": " << told << "; shipped " << text_of(shipment, "shipped_at")
        << (delivered.empty() ? "" : ", delivered " + delivered) << '\n';
  }
}

}  // namespace

std::string rule_name(const object& rule) {
  const std::string file = text_of(rule, "file");
  return text_of(rule, "rule") +
         (file.empty() ? "" : " (" + file + ':' + text_of(rule, "line") + ')');
}

std::string part_told(const object& part) {
  const std::string state = state_told(part);
  const std::string quantity = text_of(part, "quantity");
  std::string out = quantity + (quantity == "1" ? " piece " : " pieces ") + state;
  const std::string supplier = text_of(part, "supplier");
  if (!supplier.empty()) out += before_supplier(state) + supplier;
  if (const std::string until = text_of(part, "until"); !until.empty()) out += " until " + until;
  if (const std::string reason = text_of(part, "reason"); !reason.empty()) out += ": " + reason;
  if (const std::string author = author_of(part); !author.empty()) out += ", by " + author;
  return out;
}

std::string order_target(const std::string& shop, const std::string& order) {
  return "/v1/orders/" + path_segment(shop) + '/' + path_segment(order);
}

void tell_order(const object& order, const Session& session) {
  const object& name = object_of(order.if_contains("order"));
  std::ostream& out = session.out;
  out << styled("order " + text_of(name, "shop") + '/' + text_of(name, "id"), "1",
                session.color_on_out());
  if (const auto state = text_of(order, "state"); !state.empty()) {
    out << ": " << state << ", version " << text_of(order, "version");
  }
  out << '\n';
  Table table = parts_of(order);
  if (table.rows.empty()) {
    out << "no part of it is yours\n";
    return;
  }
  out << as_text(table, session.width, session.color_on_out());
  tell_passed_over(order, out);
  tell_shipments(order, out);
}

}  // namespace consign::cli
