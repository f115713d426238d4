// consign orders, order and history: what orders of the running daemon there are, how one stands,
// and what has happened to it.
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/order_told.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

// What a decision says of all parts.
std::string decision_told(const object& entry) {
  std::string out;
  for (const auto& each : array_of(entry, "lines")) {
    const object& line = object_of(&each);
    for (const auto& part : array_of(line, "parts")) {
      out += (out.empty() ? "line " : "; line ") + text_of(line, "id") + ": " +
             part_told(object_of(&part));
    }
  }
  return out;
}

std::string shipment_told(const object& entry) {
  const auto id = text_of(entry, "shipment");
  if (id.empty()) return "";
  const auto carrier = text_of(entry, "carrier"), numbers = joined_texts(entry, "tracking");
  return id + (carrier.empty() ? "" : " with " + carrier) + (numbers.empty() ? "" : " " + numbers);
}

std::string entry_told(const object& entry) {
  std::string out;
  const auto add = [&out](std::string_view name, const std::string& text) {
    if (!text.empty()) out += (out.empty() ? "" : ", ") + std::string(name) + text;
  };
  if (text_of(entry, "what") == "decided") return decision_told(entry);
  add("revision ", text_of(entry, "revision"));
  add("", text_of(entry, "quantity") +
              (text_of(entry, "supplier").empty() ? "" : " of " + text_of(entry, "supplier")));
  add("to ", text_of(entry, "to"));
  add("", shipment_told(entry));
  add("until ", text_of(entry, "until"));
  add("", text_of(entry, "reason"));
  return out;
}

}  // namespace

Exit run_orders(const OrdersArguments& arguments, const Session& session) {
  std::string target = "/v1/orders?" + query_part("shop", arguments.shop);
  if (!arguments.state.empty()) target += '&' + query_part("state", arguments.state);
  if (!arguments.supplier.empty()) target += '&' + query_part("supplier", arguments.supplier);
  const Asked all = ask_for_all(arguments.at, session, target);
  if (!all) return all.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(all.body) << '\n';
    return kFine;
  }
  Table table{{{"shop"}, {"order"}, {"state"}, {"received"}}, {}};
  for (const auto& item : all.body.as_array()) {
    const object& order = object_of(&item);
    table.rows.push_back({text_of(order, "shop"), text_of(order, "id"), text_of(order, "state"),
                          text_of(order, "received_at")});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

Exit run_order(const OrderArguments& arguments, const Session& session) {
  const Asked order =
      ask(arguments.at, session, "GET", order_target(arguments.shop, arguments.order));
  if (!order) return order.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(order.body) << '\n';
  } else {
    tell_order(order.body.as_object(), session);
  }
  return kFine;
}

Exit run_history(const OrderArguments& arguments, const Session& session) {
  const Asked history =
      ask(arguments.at, session, "GET", order_target(arguments.shop, arguments.order) + "/history");
  if (!history) return history.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(history.body) << '\n';
    return kFine;
  }
  Table table{{{"at"}, {"what"}, {"line"}, {"part"}, {"by"}, {"more"}}, {}};
  for (const auto& each : array_of(history.body.as_object(), "items")) {
    const object& entry = object_of(&each);
    table.rows.push_back({text_of(entry, "at"), text_of(entry, "what"), text_of(entry, "line"),
                          text_of(entry, "part"), text_of(entry, "by"), entry_told(entry)});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

}  // namespace consign::cli
