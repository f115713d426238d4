// Orders from a file of CSV: each is taken or refused by itself, and the report names its rows.
#include "daemon/wire/orders_csv.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "consign/diagnostic.hpp"
#include "consign/schema.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/order_intake.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

struct Options {
  std::string shop, currency;
  const TimeZone* zone = nullptr;
  bool dry_run = false;
};

Response malformed(const std::string& detail) {
  return problem_response(Problem::malformed_request, detail);
}

Result<Options, Response> options_of(const Request& request, const Services& services) {
  // A `dry-run` that is not understood must not take orders in.
  for (const auto& [name, value] : request.query) {
    static const std::vector<std::string_view> kKnown = {"shop", "currency", "timezone", "dry_run"};
    if (std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) continue;
    const auto near = nearest_name(name, kKnown);
    return malformed("there is no parameter `" + name + '`' +
                     (near.empty() ? std::string("; there are `shop`, `currency`, `timezone` and "
                                                 "`dry_run`")
                                   : "; did you mean `" + std::string(near) + "`?"));
  }
  Options options{.shop = std::string(request.query_value("shop")),
                  .currency = std::string(request.query_value("currency"))};
  if (!options.shop.empty()) {
    if (auto refused = refuse_shop(options.shop, request, services)) return std::move(*refused);
  }
  if (!options.currency.empty() && !find_word(Domain::currency, options.currency)) {
    return malformed('`' + options.currency + "` is no currency; give its code, as `EUR`");
  }
  const auto zone = request.query_value("timezone");
  options.zone = find_time_zone(zone.empty() ? "UTC" : zone);
  if (options.zone == nullptr) {
    const auto names = time_zone_names();
    const auto near = nearest_name(zone, {names.begin(), names.end()});
    return malformed("there is no time zone `" + std::string(zone) + '`' +
                     (near.empty() ? std::string("; an example is `Europe/Berlin`")
                                   : "; did you mean `" + std::string(near) + "`?"));
  }
  const auto dry_run = request.query_value("dry_run");
  if (!dry_run.empty() && dry_run != "true" && dry_run != "false") {
    return malformed("`dry_run` is `true` or `false`");
  }
  options.dry_run = dry_run == "true";
  return options;
}

// A problem whose errors name rows and columns where others have JSON pointers.
Response refusal(const std::vector<CsvFault>& faults) {
  auto problem = problem_document(Problem::invalid_document, "");
  boost::json::array errors;
  for (const auto& fault : faults) {
    boost::json::object error;
    if (fault.line > 0) error["row"] = fault.line;
    if (!fault.column.empty()) error["column"] = fault.column;
    error["message"] = fault.message;
    errors.push_back(std::move(error));
  }
  problem["errors"] = std::move(errors);
  return {.status = row_of(Problem::invalid_document).status,
          .body = boost::json::serialize(problem),
          .content_type = "application/problem+json"};
}

std::variant<Response, Write> prepare(const CsvOrder& order, const Options& options,
                                      const Request& request, const Services& services) {
  if (!order.faults.empty()) return refusal(order.faults);
  auto document = parse_json(order.document);
  if (!document) return refusal({place_in_csv(document.error(), order)});
  auto read = read_order(std::move(document.value()));
  if (!read) {
    std::vector<CsvFault> faults;
    for (const auto& error : read.error()) faults.push_back(place_in_csv(error, order));
    return refusal(faults);
  }
  auto taking = intake(std::move(read.value()), request, services);
  if (options.dry_run && std::holds_alternative<Write>(taking)) return Response{};
  return taking;
}

// What stands in the report about an order before its answer is known: {"order":…,"rows":[…],
std::string begin_entry(const CsvOrder& order) {
  const boost::json::object entry{
      {"shop", order.shop},
      {"order", order.id},
      {"rows", boost::json::array(order.rows.begin(), order.rows.end())}};
  auto text = boost::json::serialize(entry);
  text.back() = ',';
  return text;
}

Response report(const std::vector<std::string>& begun, const std::vector<Response>& responses,
                bool dry_run) {
  std::size_t taken = 0, known = 0, refused = 0;
  Response all{.status = 200, .body = "{\"orders\":["};
  for (std::size_t i = 0; i < responses.size(); ++i) {
    const auto& response = responses[i];
    all.body += (i == 0 ? "" : ",") + begun[i] + "\"status\":" + std::to_string(response.status);
    if (response.status >= 300) {
      ++refused;
      all.body += ",\"problem\":" + response.body;
    } else if (!dry_run) {
      ++(response.status == 201 ? taken : known);
      all.body += ",\"decision\":" + response.body;
    }
    all.body += '}';
  }
  all.body += "],\"taken\":" + std::to_string(taken) + ",\"known\":" + std::to_string(known) +
              ",\"refused\":" + std::to_string(refused);
  if (dry_run) all.body += ",\"dry_run\":true";
  all.body += '}';
  return all;
}

}  // namespace

Reply import_orders(const Request& request, Services& services) {
  const auto options = options_of(request, services);
  if (!options) return options.error();
  const auto orders = read_orders_csv(
      request.body, {.shop = options->shop, .currency = options->currency, .zone = *options->zone});
  if (!orders) return refusal(orders.error());
  WriteReply reply;
  std::vector<std::string> begun;
  for (const auto& order : *orders) {
    begun.push_back(begin_entry(order));
    reply.items.push_back(prepare(order, *options, request, services));
  }
  reply.combine = [begun = std::move(begun),
                   dry_run = options->dry_run](const std::vector<Response>& responses) {
    return report(begun, responses, dry_run);
  };
  return reply;
}

}  // namespace consign::http
