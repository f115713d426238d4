// consign export: orders of the running daemon as CSV, to standard output as they come.
#include <ostream>

#include "cli/commands.hpp"
#include "cli/server.hpp"

namespace consign::cli {
namespace {

std::string target_of(const ExportArguments& arguments) {
  std::string target = "/v1/orders.csv";
  char before = '?';
  const auto add = [&](const std::string& name, const std::string& value) {
    if (value.empty()) return;
    target += before + query_part(name, value);
    before = '&';
  };
  add("shop", arguments.shop);
  add("state", arguments.state);
  add("tag", arguments.tag);
  add("supplier", arguments.supplier);
  add("outcome", arguments.outcome);
  add("part_state", arguments.part_state);
  add("received_from", arguments.from);
  add("received_until", arguments.until);
  add("columns", arguments.columns);
  return target;
}

}  // namespace

Exit run_export(const ExportArguments& arguments, const Session& session) {
  const auto server = find_server(arguments.at, session);
  if (!server) return session.could_not_run(server.error().message);
  const auto answer = http_download(*server, "GET", target_of(arguments), "", session.out);
  if (!answer) return session.could_not_run(answer.error().message);
  if (answer->status != 200) return session.could_not_run(refusal(*answer, *server));
  if (!session.out.flush()) return session.could_not_run("the output cannot be written");
  return kFine;
}

}  // namespace consign::cli
