// What suppliers have: reported by administrators or by the suppliers themselves.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/ndjson.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/stock_view.hpp"
#include "daemon/orders/stocking.hpp"

namespace consign::http {
namespace {

StockReport read_report(DocumentReader& reader, const std::string& supplier, std::string sku,
                        std::string_view idempotency_key) {
  StockReport report{.supplier = supplier,
                     .sku = std::move(sku),
                     .available = reader.maybe_number("available"),
                     .change = reader.maybe_number("change"),
                     .safety = reader.maybe_number("safety"),
                     .id = reader.maybe_text("id").value_or(std::string(idempotency_key)),
                     .reported_at = reader.maybe_time("updated_at")};
  const auto not_negative = [&](const char* name, const std::optional<Decimal>& number) {
    if (number && number->is_negative()) reader.fault(name, "this is 0 or more");
  };
  not_negative("available", report.available);
  not_negative("safety", report.safety);
  if (report.available && report.change) {
    reader.fault("change", "say what is `available`, or by how much it has changed, not both");
  } else if (!report.available && !report.change && !report.safety) {
    reader.fault("available",
                 "say what is there, as {\"available\": 5}, or by how much it has changed, as "
                 "{\"change\": -1, \"id\": \"count-17\"}");
  }
  if (report.change && report.id.empty()) {
    reader.fault("id", "a change needs an `id`, or an Idempotency-Key, so that it counts once");
  }
  reader.finish();
  return report;
}

Write write_of(StockReport report) {
  return [report = std::move(report)](UnitContext& unit) {
    const auto taken = take_stock(unit, report);
    if (!taken) return problem_response(Problem::invalid_document, "", {taken.error()});
    return json_response(200, stock_to_json(taken->row));
  };
}

std::variant<Response, Write> prepare(std::string_view line, const std::string& supplier) {
  const auto document = parse_json(line);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  auto sku = reader.text("sku");
  auto report = read_report(reader, supplier, std::move(sku), "");
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_of(std::move(report));
}

}  // namespace

Reply put_stock(const Request& request, Services& services) {
  if (!may_change_stock(request, services)) return problem_response(Problem::not_found, "");
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  const auto keys = request.header("idempotency-key");
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  auto report = read_report(reader, supplier_of(request), request.path.find("sku")->second,
                            keys.size() == 1 ? keys.front() : std::string_view());
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply(write_of(std::move(report)));
}

Reply put_stocks(const Request& request, Services& services) {
  if (!may_change_stock(request, services)) return problem_response(Problem::not_found, "");
  WriteReply reply;
  for (const auto line : lines_of(request.body)) {
    reply.items.push_back(prepare(line, supplier_of(request)));
  }
  if (reply.items.empty()) {
    return problem_response(Problem::malformed_request, "the body holds no line with a report");
  }
  reply.combine = [](const std::vector<Response>& responses) {
    return as_lines(responses, "stock");
  };
  return reply;
}

Reply get_stock(const Request& request, Services& services) {
  if (!may_see_stock(request, services)) return problem_response(Problem::not_found, "");
  try {
    const auto row = services.readers.read([&](store::Connection& db) {
      return store::find_stock(db, supplier_of(request), request.path.find("sku")->second);
    });
    if (!row) return problem_response(Problem::not_found, "");
    return json_response(200, stock_to_json(*row));
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply list_stock(const Request& request, Services& services) {
  if (!may_see_stock(request, services)) return problem_response(Problem::not_found, "");
  const auto limit = limit_of(request);
  if (!limit) return no_such_page();
  try {
    const auto rows = services.readers.read([&](store::Connection& db) {
      return store::list_stock(db, supplier_of(request), request.query_value("cursor"), *limit);
    });
    boost::json::array items;
    for (const auto& row : rows) items.push_back(stock_to_json(row));
    return page_response(std::move(items), *limit, rows.empty() ? "" : rows.back().sku);
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

}  // namespace consign::http
