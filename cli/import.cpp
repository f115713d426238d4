// consign import: a file of CSV to the running daemon, and what became of its rows.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <ostream>
#include <set>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

/// What can be imported: where it goes, and how the daemon's report calls its parts.
struct Kind {
  std::string_view name;
  const char* path;
  const char* list;   ///< member of the report with an entry for each
  const char* label;  ///< member of an entry that says which one it is
  const char* done;   ///< member of the report that counts those that went in
};
constexpr Kind kKinds[] = {
    {"orders", "/v1/orders.csv", "orders", "order", "taken"},
    {"tracking", "/v1/tracking.csv", "rows", "order", "shipped"},
    {"stock", "/v1/suppliers/{supplier}/stock.csv", "rows", "sku", "changed"},
};

Result<std::string> contents_of(const ImportArguments& arguments, const Session& session) {
  if (arguments.file != "-") return read_file(arguments.file);
  return std::string(std::istreambuf_iterator<char>(session.in), {});
}

std::string target_of(const Kind& kind, const ImportArguments& arguments) {
  std::string target = kind.path;
  constexpr std::string_view kSupplier = "{supplier}";
  if (const auto at = target.find(kSupplier); at != std::string::npos) {
    target.replace(at, kSupplier.size(), path_segment(arguments.supplier));
  }
  char before = '?';
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    target += before + query_part(name, value);
    before = '&';
  };
  add("shop", arguments.shop);
  add("currency", arguments.currency);
  add("timezone", arguments.timezone);
  add("dry_run", arguments.dry_run ? "true" : "");
  return target;
}

const boost::json::array& items_of(const object& json, std::string_view name) {
  static const boost::json::array kNone;
  const auto* member = json.if_contains(name);
  const auto* items = member == nullptr ? nullptr : member->if_array();
  return items == nullptr ? kNone : *items;
}

/// A row of the table for each fault of the problem; where it has none, its detail.
void add_faults(const object& problem, const std::string& label, const std::string& first_row,
                Table& table) {
  for (const auto& each : items_of(problem, "errors")) {
    const auto* error = each.if_object();
    if (error == nullptr) continue;
    table.rows.push_back(
        {text_of(*error, "row"), label, text_of(*error, "column"), text_of(*error, "message")});
  }
  if (!items_of(problem, "errors").empty()) return;
  const auto detail = text_of(problem, "detail");
  table.rows.push_back({first_row, label, "", detail.empty() ? text_of(problem, "title") : detail});
}

Table new_table(const Kind& kind) {
  return {{{"line"}, {kind.label}, {"column"}, {"what is wrong"}}, {}};
}

/// The refused rows, and a sentence about all. Returns whether none was refused.
bool tell(const Kind& kind, const object& report, const Session& session) {
  Table table = new_table(kind);
  std::size_t refused = 0;
  for (const auto& each : items_of(report, kind.list)) {
    const auto* entry = each.if_object();
    const auto* problem = entry == nullptr ? nullptr : entry->if_contains("problem");
    if (problem == nullptr || !problem->is_object()) continue;
    ++refused;
    const auto& rows = items_of(*entry, "rows");
    add_faults(problem->as_object(), text_of(*entry, kind.label),
               rows.empty() ? text_of(*entry, "row") : boost::json::serialize(rows.front()), table);
  }
  // What refuses a parcel is told of each of its rows.
  std::set<std::vector<std::string>> told;
  std::erase_if(table.rows, [&](const auto& row) { return !told.insert(row).second; });
  if (!table.rows.empty()) {
    session.out << as_text(table, session.width, session.color_on_out()) << '\n';
  }
  const bool dry_run = report.contains("dry_run");
  if (dry_run && kind.name == "orders") {
    const auto fine = items_of(report, kind.list).size() - refused;
    session.out << counted(fine, kind.label) << " could be taken, " << refused << " refused";
  } else {
    session.out << text_of(report, kind.done) << (dry_run ? " would be " : " ") << kind.done << ", "
                << text_of(report, "known") << " known already, " << refused << " refused";
    const auto skipped = text_of(report, "skipped");
    if (!skipped.empty() && skipped != "0") session.out << ", " << skipped << " not filled in";
  }
  session.out << (dry_run ? "; nothing was stored\n" : "\n");
  return refused == 0;
}

}  // namespace

Exit run_import(const ImportArguments& arguments, const Session& session) {
  const Kind* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const Kind& each) { return each.name == arguments.what; });
  if (kind->name == "stock" && arguments.supplier.empty()) {
    return session.could_not_run("say whose stock it is: --supplier NAME");
  }
  const auto server = find_server(arguments.at, session);
  if (!server) return session.could_not_run(server.error().message);
  auto contents = contents_of(arguments, session);
  if (!contents) return session.could_not_run(contents.error().message);
  const auto answer = http_upload(*server, target_of(*kind, arguments), "text/csv; charset=utf-8",
                                  std::move(contents.value()));
  if (!answer) return session.could_not_run(answer.error().message);
  boost::system::error_code error;
  const auto body = boost::json::parse(answer->body, error);
  const auto* report = error ? nullptr : body.if_object();
  if ((answer->status != 200 && answer->status != 422) || report == nullptr) {
    return session.could_not_run(answer->status != 200
                                     ? refusal(*answer, *server)
                                     : server->name() + " answered what cannot be read");
  }
  if (arguments.format == "json") {
    session.out << answer->body << '\n';
    return answer->status == 200 && text_of(*report, "refused") == "0" ? kFine : kProblems;
  }
  if (answer->status == 422) {
    Table table = new_table(*kind);
    add_faults(*report, "", "", table);
    session.out << as_text(table, session.width, session.color_on_out())
                << "\nthe file cannot be read; nothing was stored\n";
    return kProblems;
  }
  return tell(*kind, *report, session) ? kFine : kProblems;
}

}  // namespace consign::cli
