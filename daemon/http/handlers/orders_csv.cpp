// Orders from a file of CSV: each is taken or refused by itself, and the report names its rows.
#include "daemon/wire/orders_csv.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "consign/schema.hpp"
#include "daemon/http/csv_import.hpp"
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

Result<Options, Response> options_of(const Request& request, const Services& services) {
  if (auto refused = refuse_parameters(request, {"shop", "currency", "timezone", "dry_run"})) {
    return std::move(*refused);
  }
  Options options{.shop = std::string(request.query_value("shop")),
                  .currency = std::string(request.query_value("currency"))};
  if (!options.shop.empty()) {
    if (auto refused = refuse_shop(options.shop, request, services)) return std::move(*refused);
  }
  if (!options.currency.empty() && !find_word(Domain::currency, options.currency)) {
    return problem_response(Problem::malformed_request,
                            '`' + options.currency + "` is no currency; give its code, as `EUR`");
  }
  const auto zone = zone_of(request);
  if (!zone) return zone.error();
  options.zone = *zone;
  const auto dry_run = dry_run_of(request);
  if (!dry_run) return dry_run.error();
  options.dry_run = *dry_run;
  return options;
}

std::variant<Response, Write> prepare(const CsvOrder& order, const Options& options,
                                      const Request& request, const Services& services) {
  if (!order.faults.empty()) return csv_refusal(order.faults);
  auto document = parse_json(order.document);
  if (!document) return csv_refusal({place_in_csv(document.error(), order)});
  auto read = read_order(std::move(document.value()));
  if (!read) {
    std::vector<CsvFault> faults;
    for (const auto& error : read.error()) faults.push_back(place_in_csv(error, order));
    return csv_refusal(faults);
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
  if (!orders) return csv_refusal(orders.error());
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
