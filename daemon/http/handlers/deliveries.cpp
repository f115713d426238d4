// What is sent to endpoints: the log of it, sending again, and endpoints that want nothing more.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "daemon/effects/channel.hpp"
#include "daemon/effects/wallet.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/store/outbox_rows.hpp"

namespace consign::http {
namespace {

boost::json::object delivery_to_json(const store::EffectRow& effect) {
  boost::json::object out{{"id", effect.id},
                          {"endpoint", effect.endpoint},
                          {"state", effect.state},
                          {"queued_at", format_timestamp(effect.at)}};
  if (effect.action == kTellWallet) {
    out["shop"] = effect.order.shop;
    out["wallet_change"] = effect.part;
  } else {
    out["order"] = {{"shop", effect.order.shop}, {"id", effect.order.id}};
    if (effect.action == kTellChannel) {
      out["shipment"] = effect.part;
    } else {
      out["rule"] = effect.rule;
      out["decision"] = effect.decision;
    }
  }
  if (effect.state == "queued") out["next_attempt_at"] = format_timestamp(effect.next_at);
  if (effect.ended_at) out["ended_at"] = format_timestamp(*effect.ended_at);
  return out;
}

boost::json::object attempt_to_json(const store::AttemptRow& attempt) {
  boost::json::object out{{"number", attempt.number},
                          {"at", format_timestamp(attempt.at)},
                          {"milliseconds", attempt.millis}};
  if (attempt.status != 0) out["status"] = attempt.status;
  if (attempt.problem) out["problem"] = *attempt.problem;
  return out;
}

boost::json::object view_to_json(const store::EffectView& view) {
  auto out = delivery_to_json(view.effect);
  out["body"] = boost::json::parse(view.effect.body);
  boost::json::array attempts;
  for (const auto& attempt : view.attempts) attempts.push_back(attempt_to_json(attempt));
  out["attempts"] = std::move(attempts);
  return out;
}

// What may be shown of an address: a query may hold a secret.
std::string shown_url(const std::string& url) {
  const auto query = url.find('?');
  return query == std::string::npos ? url : url.substr(0, query) + "?…";
}

boost::json::object endpoint_to_json(const Endpoint& endpoint, const store::EndpointView& view) {
  boost::json::object out{{"name", endpoint.name},
                          {"url", shown_url(endpoint.address.url)},
                          {"state", view.disabled ? "disabled" : "enabled"},
                          {"queued", view.counts.queued},
                          {"failed", view.counts.failed}};
  if (const auto& oldest = view.counts.oldest_queued_at) {
    out["oldest_queued_at"] = format_timestamp(*oldest);
  }
  if (view.disabled) {
    out["disabled_at"] = format_timestamp(view.disabled->since);
    out["reason"] = view.disabled->reason;
  }
  return out;
}

}  // namespace

Reply list_deliveries(const Request& request, Services& services) {
  const auto limit = limit_of(request);
  const auto after = number_of(request, "cursor", 0);
  if (!limit || !after || *after < 0) return no_such_page();
  const store::EffectFilter filter{.endpoint = std::string(request.query_value("endpoint")),
                                   .state = std::string(request.query_value("state")),
                                   .shop = std::string(request.query_value("shop")),
                                   .order = std::string(request.query_value("order"))};
  try {
    const auto effects = services.readers.read([&](store::Connection& db) {
      return store::ScopedReads(db, request.viewer).effects(filter, *after, *limit);
    });
    boost::json::array items;
    for (const auto& effect : effects) items.push_back(delivery_to_json(effect));
    const std::string last = effects.empty() ? "" : std::to_string(effects.back().seq);
    return page_response(std::move(items), *limit, last);
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply get_delivery(const Request& request, Services& services) {
  try {
    const auto view = services.readers.read([&](store::Connection& db) {
      return store::ScopedReads(db, request.viewer).effect(request.path.find("id")->second);
    });
    if (!view) return problem_response(Problem::not_found, "");
    return json_response(200, view_to_json(*view));
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply resend_delivery(const Request& request, Services&) {
  return write_reply([viewer = request.viewer,
                      id = request.path.find("id")->second](UnitContext& unit) -> Response {
    store::queue_again(unit.db, id, unit.now);
    const auto view = store::ScopedReads(unit.db, viewer).effect(id);
    if (!view) return problem_response(Problem::not_found, "");
    return json_response(200, view_to_json(*view));
  });
}

Reply list_endpoints(const Request& request, Services& services) {
  try {
    return services.readers.read([&](store::Connection& db) {
      store::ScopedReads reads(db, request.viewer);
      boost::json::array items;
      for (const auto& [name, endpoint] : services.settings.endpoints) {
        const auto view = reads.endpoint(name);
        if (view) items.push_back(endpoint_to_json(endpoint, *view));
      }
      return json_response(200, {{"items", std::move(items)}, {"next", nullptr}});
    });
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply enable_endpoint(const Request& request, Services& services) {
  const auto found = services.settings.endpoints.find(request.path.find("name")->second);
  if (found == services.settings.endpoints.end()) {
    return problem_response(Problem::not_found, "");
  }
  return write_reply(
      [viewer = request.viewer, &endpoint = found->second](UnitContext& unit) -> Response {
        store::enable_endpoint(unit.db, endpoint.name, unit.now);
        const auto view = store::ScopedReads(unit.db, viewer).endpoint(endpoint.name);
        if (!view) return problem_response(Problem::not_found, "");
        return json_response(200, endpoint_to_json(endpoint, *view));
      });
}

}  // namespace consign::http
