#include "daemon/http/csv_import.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <memory>

#include "consign/diagnostic.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

Response malformed(const std::string& detail) {
  return problem_response(Problem::malformed_request, detail);
}

void take_group(const RowGroup& group, UnitContext& unit, RowImport& import) {
  auto fates = group.take(unit);
  for (std::size_t i = 0; i < group.rows.size(); ++i) {
    import.fates[group.rows[i]] = std::move(fates[i]);
  }
}

Response report(const RowImport& import) {
  std::array<std::size_t, 4> counts{};
  Response all{.status = 200, .body = "{\"rows\":["};
  for (std::size_t i = 0; i < import.fates.size(); ++i) {
    const auto& fate = import.fates[i];
    ++counts[static_cast<std::size_t>(fate.kind)];
    all.body +=
        (i == 0 ? "{" : ",{") + import.entries[i] + ",\"status\":" + std::to_string(fate.status);
    if (fate.kind == RowFate::Kind::known) all.body += ",\"known\":true";
    if (fate.kind == RowFate::Kind::skipped) all.body += ",\"skipped\":true";
    if (!fate.more.empty()) all.body += ',' + fate.more;
    all.body += '}';
  }
  all.body += ']';
  const std::array<std::string_view, 4> names{import.done, "known", "skipped", "refused"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    all.body += ",\"" + std::string(names[i]) + "\":" + std::to_string(counts[i]);
  }
  if (import.dry_run) all.body += ",\"dry_run\":true";
  all.body += '}';
  return all;
}

}  // namespace

std::optional<Response> refuse_parameters(const Request& request,
                                          const std::vector<std::string_view>& known) {
  for (const auto& [name, value] : request.query) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto near = nearest_name(name, known);
    std::string message = "there is no parameter `" + name + '`';
    if (!near.empty()) return malformed(message + "; did you mean `" + std::string(near) + "`?");
    for (const auto each : known) {
      message += (each == known.front()  ? "; there are `"
                  : each == known.back() ? "` and `"
                                         : "`, `") +
                 std::string(each);
    }
    return malformed(message + '`');
  }
  return std::nullopt;
}

Result<bool, Response> dry_run_of(const Request& request) {
  const auto dry_run = request.query_value("dry_run");
  if (!dry_run.empty() && dry_run != "true" && dry_run != "false") {
    return malformed("`dry_run` is `true` or `false`");
  }
  return dry_run == "true";
}

Result<const TimeZone*, Response> zone_of(const Request& request) {
  const auto name = request.query_value("timezone");
  const TimeZone* zone = find_time_zone(name.empty() ? "UTC" : name);
  if (zone != nullptr) return zone;
  const auto names = time_zone_names();
  const auto near = nearest_name(name, {names.begin(), names.end()});
  return malformed("there is no time zone `" + std::string(name) + '`' +
                   (near.empty() ? std::string("; an example is `Europe/Berlin`")
                                 : "; did you mean `" + std::string(near) + "`?"));
}

Response csv_refusal(const std::vector<CsvFault>& faults) {
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

RowFate refused_row(const Response& problem) {
  return {RowFate::Kind::refused, problem.status, "\"problem\":" + problem.body};
}

Reply take_rows(RowImport import) {
  auto taken = std::make_shared<RowImport>(std::move(import));
  WriteReply reply;
  for (std::size_t i = 0; i < taken->groups.size(); ++i) {
    reply.items.emplace_back(Write([taken, i](UnitContext& unit) {
      const auto take = [&] { take_group(taken->groups[i], unit, *taken); };
      taken->dry_run ? store::try_out(unit.db, take) : take();
      return Response{};
    }));
  }
  reply.combine = [taken](const std::vector<Response>& responses) {
    for (std::size_t i = 0; i < responses.size(); ++i) {
      // It failed as a whole: what its rows had come to is not stored.
      if (responses[i].status < 300) continue;
      for (const auto row : taken->groups[i].rows) taken->fates[row] = refused_row(responses[i]);
    }
    return report(*taken);
  };
  return reply;
}

}  // namespace consign::http
