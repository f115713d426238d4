// What persons and suppliers do to the parts of an order.
#include <boost/json/serialize.hpp>

#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/order_view.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/refused_action.hpp"
#include "daemon/orders/acting.hpp"

namespace consign::http {
namespace {

using Kind = OrderAction::Kind;

ChosenParts read_choice(DocumentReader& reader) {
  ChosenParts choice{.line = reader.maybe_text("line").value_or(""),
                     .sku = reader.maybe_text("sku").value_or(""),
                     .part = {},
                     .quantity = reader.maybe_quantity("quantity")};
  if (const auto part = reader.maybe_text("part")) {
    const auto number = Decimal::parse(*part);
    choice.part = number ? number->to_int64() : std::nullopt;
    if (!choice.part) reader.fault("part", "a part's id is its number in quotes, as \"1\"");
  }
  if (!choice.line.empty() && !choice.sku.empty()) {
    reader.fault("sku", "parts are named by their `line` or by their `sku`");
  }
  if (choice.part && choice.line.empty()) reader.fault("line", "a part is one of a `line`");
  return choice;
}

// Either `parts`, or one choice beside the rest; neither: all that can.
std::vector<ChosenParts> read_choices(DocumentReader& reader) {
  std::vector<ChosenParts> choices;
  if (!reader.has("parts")) {
    auto choice = read_choice(reader);
    if (!choice.line.empty() || !choice.sku.empty()) {
      choices.push_back(std::move(choice));
    } else if (choice.quantity) {
      reader.fault("quantity", "of which `line`, or of which `sku`?");
    }
    return choices;
  }
  for (auto& item : reader.objects("parts")) {
    choices.push_back(read_choice(item));
    if (choices.back().line.empty() && choices.back().sku.empty()) {
      item.fault("line", "name the part's `line` or `sku`");
    }
    item.finish();
  }
  if (choices.empty()) reader.fault("parts", "no part is named");
  return choices;
}

Parcel read_parcel(DocumentReader& reader) {
  Parcel parcel{.id = reader.maybe_text("id").value_or(""),
                .carrier = reader.maybe_text("carrier").value_or(""),
                .tracking = reader.maybe_texts("tracking").value_or(std::vector<std::string>()),
                .urls = reader.maybe_texts("tracking_urls").value_or(std::vector<std::string>()),
                .at = reader.maybe_time("shipped_at"),
                .notify_customer = reader.flag("notify_customer")};
  return parcel;
}

OrderAction read_action(Kind kind, DocumentReader& reader) {
  OrderAction action{.kind = kind,
                     .parts = read_choices(reader),
                     .version = reader.maybe_count("version"),
                     .reason = reader.maybe_text("reason").value_or("")};
  switch (kind) {
    case Kind::assign:
      action.supplier = reader.text("supplier");
      break;
    case Kind::hold:
      action.until = reader.maybe_time("until");
      break;
    case Kind::split:
      action.quantities = reader.maybe_quantities("quantities");
      break;
    case Kind::ship:
      action.parcel = read_parcel(reader);
      break;
    case Kind::deliver:
      action.parcel.id = reader.maybe_text("shipment").value_or("");
      action.parcel.at = reader.maybe_time("delivered_at");
      break;
    case Kind::release:
    case Kind::merge:
    case Kind::cancel:
    case Kind::send:
    case Kind::accept:
    case Kind::reject:
      break;
  }
  reader.finish();
  return action;
}

// The order as the asker sees it afterwards: what a supplier rejected it sees no more.
Response order_after(UnitContext& unit, const store::OrderKey& key, const store::Viewer& viewer) {
  const auto view = store::ScopedReads(unit.db, viewer).order(key, unit.now);
  if (view) return json_response(200, order_to_json(*view));
  return json_response(200, boost::json::object{{"order", {{"shop", key.shop}, {"id", key.id}}},
                                                {"lines", boost::json::array()}});
}

Reply act(Kind kind, const Request& request) {
  const auto document = parse_json(request.body.empty() ? "{}" : request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  auto action = read_action(kind, reader);
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  const store::OrderKey key{request.path.find("shop")->second, request.path.find("id")->second};
  return write_reply([key, action = std::move(action), viewer = request.viewer](UnitContext& unit) {
    const auto acted = consign::act(unit, key, action, viewer);
    if (!acted) return refused_action(acted.error());
    return order_after(unit, key, viewer);
  });
}

}  // namespace

Reply assign_parts(const Request& request, Services&) { return act(Kind::assign, request); }
Reply hold_parts(const Request& request, Services&) { return act(Kind::hold, request); }
Reply release_parts(const Request& request, Services&) { return act(Kind::release, request); }
Reply split_part(const Request& request, Services&) { return act(Kind::split, request); }
Reply merge_parts(const Request& request, Services&) { return act(Kind::merge, request); }
Reply cancel_parts(const Request& request, Services&) { return act(Kind::cancel, request); }
Reply send_parts(const Request& request, Services&) { return act(Kind::send, request); }
Reply accept_parts(const Request& request, Services&) { return act(Kind::accept, request); }
Reply reject_parts(const Request& request, Services&) { return act(Kind::reject, request); }
Reply ship_parts(const Request& request, Services&) { return act(Kind::ship, request); }
Reply deliver_parts(const Request& request, Services&) { return act(Kind::deliver, request); }

}  // namespace consign::http
