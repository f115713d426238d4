// Orders as they stand, lists of them, and why they were decided so.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "consign/engine.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/order_view.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/sealed_place.hpp"
#include "daemon/orders/deciding.hpp"
#include "daemon/wire/decision_json.hpp"
#include "daemon/wire/facts.hpp"

namespace consign::http {
namespace {

store::OrderKey key_of(const Request& request) {
  return {request.path.find("shop")->second, request.path.find("id")->second};
}

std::optional<store::OrderView> view_of(const Request& request, Services& services) {
  return services.readers.read([&](store::Connection& db) {
    return store::ScopedReads(db, request.viewer).order(key_of(request), services.now());
  });
}

// Who sees some orders only is not to learn from its cursors how many there are.
bool sees_all_orders(const store::Viewer& viewer) {
  return viewer.is_administrator() && !viewer.shops;
}

std::optional<std::int64_t> place_after(const Request& request) {
  const auto cursor = request.query_value("cursor");
  if (cursor.empty() || sees_all_orders(request.viewer)) return number_of(request, "cursor", 0);
  return open_place(cursor);
}

std::string cursor_at(const Request& request, std::int64_t place) {
  return sees_all_orders(request.viewer) ? std::to_string(place) : seal_place(place);
}

// Decides again from what was stored with the decision, with a recorder switched on.
Response tell_why(const store::OrderView& view, Services& services) {
  const auto program = services.programs.find(view.decision.rules);
  auto facts = facts_from_json(view.decision.facts);
  if (program == nullptr || !facts) {
    return problem_response(Problem::internal, "the decision's rule set or facts cannot be read");
  }
  const OrderDocument order = read_stored_order(view.revision, view.decision.received_at);
  std::optional<Prior> prior;
  if (view.decision.prior) prior = prior_from_json(*view.decision.prior);
  Arena arena;
  const Explanation explanation =
      explain(*program, order.event, *facts, view.decision.at, arena, prior ? &*prior : nullptr);
  auto answer = order_to_json(view);
  answer["why"] = explanation_to_json(explanation, *program, order);
  return json_response(200, answer);
}

}  // namespace

Reply list_orders(const Request& request, Services& services) {
  const auto limit = limit_of(request);
  const auto after = place_after(request);
  if (!limit || !after || *after < 0) return no_such_page();
  try {
    const auto orders = services.readers.read([&](store::Connection& db) {
      return store::ScopedReads(db, request.viewer)
          .orders(request.query_value("shop"), request.query_value("state"),
                  request.query_value("supplier"), *after, *limit);
    });
    boost::json::array items;
    for (const auto& order : orders) {
      boost::json::object item{{"shop", order.key.shop}, {"id", order.key.id}};
      item["state"] = order.state;
      item["received_at"] = format_timestamp(order.received_at);
      // These change with lines that one who sees some of them only does not see.
      if (request.viewer.sees_whole(order.key)) {
        item["revision"] = order.revision;
        item["decision"] = order.decision;
      }
      items.push_back(std::move(item));
    }
    const std::string last = orders.empty() ? "" : cursor_at(request, orders.back().seq);
    return page_response(std::move(items), *limit, last);
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply get_order(const Request& request, Services& services) {
  try {
    const auto view = view_of(request, services);
    if (!view) return problem_response(Problem::not_found, "");
    return Response{.status = 200, .body = order_with_document(*view)};
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply get_order_why(const Request& request, Services& services) {
  return SlowReply{[request, &services] {
    const auto view = view_of(request, services);
    if (!view) return problem_response(Problem::not_found, "");
    return tell_why(*view, services);
  }};
}

}  // namespace consign::http
