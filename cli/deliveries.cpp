// consign deliveries: the log of what the running daemon sends to endpoints, and sending again.
// consign endpoints: where it sends to, and enabling what was disabled.
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

std::string order_told(const object& delivery) {
  const auto* order = delivery.if_contains("order");
  if (order == nullptr || !order->is_object()) return "";
  return text_of(order->get_object(), "shop") + '/' + text_of(order->get_object(), "id");
}

std::string about_told(const object& delivery) {
  if (delivery.contains("shipment")) return "shipment " + text_of(delivery, "shipment");
  return "rule " + text_of(delivery, "rule");
}

// When it is tried next, or came to its end.
std::string then_told(const object& delivery) {
  const auto next = text_of(delivery, "next_attempt_at");
  return next.empty() ? text_of(delivery, "ended_at") : "next " + next;
}

Exit list(const DeliveriesArguments& arguments, const Session& session) {
  std::string target = "/v1/deliveries?" + query_part("endpoint", arguments.endpoint);
  if (!arguments.state.empty()) target += '&' + query_part("state", arguments.state);
  if (!arguments.order.empty()) {
    const auto slash = arguments.order.find('/');
    if (slash == std::string::npos) {
      return session.could_not_run("`" + arguments.order +
                                   "` is no order; write its shop and id, as `nordic/1001`");
    }
    target += '&' + query_part("shop", arguments.order.substr(0, slash)) + '&' +
              query_part("order", arguments.order.substr(slash + 1));
  }
  const Asked all = ask_for_all(arguments.at, session, target);
  if (!all) return all.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(all.body) << '\n';
    return kFine;
  }
  Table table{{{"delivery"}, {"endpoint"}, {"state"}, {"order"}, {"about"}, {"queued"}, {"then"}},
              {}};
  for (const auto& item : all.body.as_array()) {
    const object& delivery = item.as_object();
    table.rows.push_back({text_of(delivery, "id"), text_of(delivery, "endpoint"),
                          text_of(delivery, "state"), order_told(delivery), about_told(delivery),
                          text_of(delivery, "queued_at"), then_told(delivery)});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

void tell_attempts(const object& delivery, std::ostream& out) {
  const auto* attempts = delivery.if_contains("attempts");
  if (attempts == nullptr || !attempts->is_array()) return;
  for (const auto& each : attempts->get_array()) {
    const object& attempt = each.as_object();
    const std::string problem = text_of(attempt, "problem");
    out << "  " << text_of(attempt, "number") << ". " << text_of(attempt, "at") << ' '
        << (problem.empty() ? "answered " + text_of(attempt, "status") : problem) << " ("
        << text_of(attempt, "milliseconds") << " ms)\n";
  }
}

void tell_one(const object& delivery, const DeliveriesArguments& arguments,
              const Session& session) {
  if (arguments.format == "json") {
    session.out << boost::json::serialize(delivery) << '\n';
    return;
  }
  const auto line = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) session.out << name << ": " << text << '\n';
  };
  session.out << styled("delivery " + text_of(delivery, "id"), "1", session.color_on_out()) << '\n';
  line("endpoint", text_of(delivery, "endpoint"));
  line("state", text_of(delivery, "state"));
  line("order", order_told(delivery));
  line("about", about_told(delivery));
  line("decision", text_of(delivery, "decision"));
  line("queued", text_of(delivery, "queued_at"));
  line("next attempt", text_of(delivery, "next_attempt_at"));
  line("ended", text_of(delivery, "ended_at"));
  line("body", text_of(delivery, "body"));
  tell_attempts(delivery, session.out);
}

// Each of the deliveries that are named; one that is not found does not keep the others from it.
Exit for_each(const DeliveriesArguments& arguments, const Session& session, std::string_view method,
              const std::string& suffix) {
  Exit exit = kFine;
  for (const auto& id : arguments.ids) {
    const Asked done =
        ask(arguments.at, session, method, "/v1/deliveries/" + path_segment(id) + suffix);
    if (done) {
      tell_one(done.body.as_object(), arguments, session);
    } else if (done.exit == kCouldNotRun) {
      return done.exit;
    } else {
      exit = done.exit;
    }
  }
  return exit;
}

Exit tell_endpoints(const boost::json::array& items, const EndpointsArguments& arguments,
                    const Session& session) {
  if (arguments.format == "json") {
    session.out << boost::json::serialize(items) << '\n';
    return kFine;
  }
  Table table{{{"endpoint"}, {"state"}, {"queued"}, {"failed"}, {"waiting since"}, {"address"}},
              {}};
  for (const auto& item : items) {
    const object& endpoint = item.as_object();
    std::string state = text_of(endpoint, "state");
    if (const auto reason = text_of(endpoint, "reason"); !reason.empty()) {
      state += " since " + text_of(endpoint, "disabled_at") + ": " + reason;
    }
    table.rows.push_back({text_of(endpoint, "name"), state, text_of(endpoint, "queued"),
                          text_of(endpoint, "failed"), text_of(endpoint, "oldest_queued_at"),
                          text_of(endpoint, "url")});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

}  // namespace

Exit run_deliveries(const DeliveriesArguments& arguments, const Session& session) {
  if (arguments.what == "list") return list(arguments, session);
  if (arguments.ids.empty()) {
    return session.could_not_run("which delivery? `consign deliveries list`");
  }
  return arguments.what == "show" ? for_each(arguments, session, "GET", "")
                                  : for_each(arguments, session, "POST", ":resend");
}

Exit run_endpoints(const EndpointsArguments& arguments, const Session& session) {
  if (arguments.what == "list") {
    const Asked all = ask(arguments.at, session, "GET", "/v1/endpoints");
    return all ? tell_endpoints(all.body.at("items").as_array(), arguments, session) : all.exit;
  }
  if (arguments.name.empty()) {
    return session.could_not_run("which endpoint? `consign endpoints list`");
  }
  const Asked enabled = ask(arguments.at, session, "POST",
                            "/v1/endpoints/" + path_segment(arguments.name) + ":enable");
  return enabled ? tell_endpoints(boost::json::array{enabled.body}, arguments, session)
                 : enabled.exit;
}

}  // namespace consign::cli
