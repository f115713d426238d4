// consign who-may and consign may: checks turned round, asked of the running daemon.
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

Exit tell(const Asked& all, const std::string& first, const std::string& format,
          const Session& session) {
  if (format == "json") {
    session.out << boost::json::serialize(all.body) << '\n';
    return kFine;
  }
  Table table{{{first}, {"on"}, {"until"}, {"because"}}, {}};
  for (const auto& item : all.body.as_array()) {
    const auto& each = item.as_object();
    table.rows.push_back(
        {text_of(each, first), place_told(each), text_of(each, "until"), because_told(each)});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

}  // namespace

Exit run_who_may(const WhoMayArguments& arguments, const Session& session) {
  std::string target = "/v1/who-may?" + query_part("permission", arguments.permission) + '&' +
                       query_part("shop", arguments.shop);
  if (!arguments.order.empty()) target += '&' + query_part("order", arguments.order);
  if (!arguments.line.empty()) target += '&' + query_part("line", arguments.line);
  const Asked all = ask_for_all(arguments.at, session, target);
  if (!all) return all.exit;
  if (all.body.as_array().empty() && arguments.format == "text") {
    session.out << "nobody\n";
    return kFine;
  }
  return tell(all, "account", arguments.format, session);
}

Exit run_may(const MayArguments& arguments, const Session& session) {
  const Asked all = ask_for_all(arguments.at, session,
                                "/v1/accounts/" + path_segment(arguments.account) + "/may?" +
                                    query_part("shop", arguments.shop));
  if (!all) return all.exit;
  if (all.body.as_array().empty() && arguments.format == "text") {
    session.out << "nothing\n";
    return kFine;
  }
  return tell(all, "permission", arguments.format, session);
}

}  // namespace consign::cli
