// What the imports of CSV have in common: their parameters, how a file or a row is refused, and the
// report that says of every row what became of it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/result.hpp"
#include "consign/time.hpp"
#include "daemon/http/reply.hpp"
#include "daemon/wire/csv.hpp"

namespace consign::http {

/// The answer where the request has a parameter that is none of these: a `dry-run` that is not
/// understood must not take anything in.
std::optional<Response> refuse_parameters(const Request& request,
                                          const std::vector<std::string_view>& known);
/// `dry_run=true`; false without it.
Result<bool, Response> dry_run_of(const Request& request);
/// `timezone=Europe/Berlin`; UTC without it.
Result<const TimeZone*, Response> zone_of(const Request& request);

/// A problem whose errors name rows and columns where others have JSON pointers.
Response csv_refusal(const std::vector<CsvFault>& faults);

/// What became of a row.
struct RowFate {
  enum class Kind {
    done,
    known,    ///< it was so already
    skipped,  ///< it asks for nothing
    refused,
  } kind = Kind::skipped;
  int status = 200;
  std::string more = {};  ///< further members of its entry, as JSON: `"shipment":"shp_1"`
};
RowFate refused_row(const Response& problem);

/// Rows that one unit of the writer takes.
struct RowGroup {
  std::vector<std::size_t> rows = {};  ///< their places in the import
  /// A fate for each of `rows`.
  std::function<std::vector<RowFate>(UnitContext&)> take = {};
};

/// A file whose rows go in by themselves or in groups.
struct RowImport {
  std::vector<std::string> entries = {};  ///< of the report, begun: `"row":2,"order":"1001"`
  std::vector<RowFate> fates = {};        ///< as far as known: those of rows in no group
  std::vector<RowGroup> groups = {};
  std::string_view done = {};  ///< what a row that went in is called: `shipped`
  bool dry_run = false;        ///< everything is done as else, and undone again
};

/// {"rows":[{"row":2,…,"status":200}],"shipped":1,"known":0,"skipped":0,"refused":0}
Reply take_rows(RowImport import);

}  // namespace consign::http
