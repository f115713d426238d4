// consign assign, hold, release, split, merge, cancel, send, accept, reject, ship and deliver: what
// persons and suppliers do to the parts of an order of the running daemon.
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/order_told.hpp"
#include "cli/server.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

object body_of(const ActArguments& arguments) {
  object body;
  const auto put = [&body](const char* name, const std::string& text) {
    if (!text.empty()) body[name] = text;
  };
  const auto put_all = [&body](const char* name, const std::vector<std::string>& texts) {
    if (!texts.empty()) body[name] = boost::json::array(texts.begin(), texts.end());
  };
  put("line", arguments.line);
  put("sku", arguments.sku);
  put("part", arguments.part);
  put("quantity", arguments.quantity);
  if (arguments.version) body["version"] = *arguments.version;
  put("reason", arguments.reason);
  put("supplier", arguments.supplier);
  put("until", arguments.until);
  put_all("quantities", arguments.quantities);
  put("id", arguments.id);
  put("carrier", arguments.carrier);
  put_all("tracking", arguments.tracking);
  put_all("tracking_urls", arguments.urls);
  if (arguments.notify_customer) body["notify_customer"] = true;
  put("shipment", arguments.shipment);
  put(arguments.verb == "deliver" ? "delivered_at" : "shipped_at", arguments.time);
  return body;
}

}  // namespace

Exit run_act(const ActArguments& arguments, const Session& session) {
  const Asked done = ask(arguments.at, session, "POST",
                         order_target(arguments.shop, arguments.order) + '/' + arguments.verb,
                         boost::json::serialize(body_of(arguments)));
  if (!done) return done.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(done.body) << '\n';
  } else {
    tell_order(done.body.as_object(), session);
  }
  return kFine;
}

}  // namespace consign::cli
