// consign stock: what the running daemon knows of a supplier's stock, and reporting it.
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

Exit tell(const boost::json::value& found, const boost::json::array& items,
          const StockArguments& arguments, const Session& session) {
  if (arguments.format == "json") {
    session.out << boost::json::serialize(found) << '\n';
    return kFine;
  }
  Table table{{{"sku"}, {"available"}, {"reserved"}, {"safety"}, {"changed"}}, {}};
  for (const auto& item : items) {
    const object& stock = object_of(&item);
    const auto available = text_of(stock, "available");
    table.rows.push_back({text_of(stock, "sku"), available.empty() ? "not reported" : available,
                          text_of(stock, "reserved"), text_of(stock, "safety"),
                          text_of(stock, "changed_at")});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

object report_of(const StockArguments& arguments) {
  object report;
  const auto put = [&report](const char* name, const std::string& text) {
    if (!text.empty()) report[name] = text;
  };
  put("available", arguments.set);
  put("change", arguments.change);
  put("id", arguments.id);
  put("safety", arguments.safety);
  return report;
}

}  // namespace

Exit run_stock(const StockArguments& arguments, const Session& session) {
  const object report = report_of(arguments);
  const std::string target = "/v1/suppliers/" + path_segment(arguments.supplier) + "/stock";
  if (!report.empty() && arguments.sku.empty()) {
    return session.could_not_run("of which SKU? `consign stock " + arguments.supplier + " SKU …`");
  }
  if (arguments.sku.empty()) {
    const Asked all = ask_for_all(arguments.at, session, target + '?');
    return all ? tell(all.body, all.body.as_array(), arguments, session) : all.exit;
  }
  const Asked one = ask(arguments.at, session, report.empty() ? "GET" : "PUT",
                        target + '/' + path_segment(arguments.sku),
                        report.empty() ? "" : boost::json::serialize(report));
  return one ? tell(one.body, boost::json::array{one.body}, arguments, session) : one.exit;
}

}  // namespace consign::cli
