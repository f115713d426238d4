// consign menu: what an account may do, by area, as the running daemon would answer checks.
// consign activity: what persons and accounts did.
#include <boost/json/serialize.hpp>
#include <ostream>
#include <utility>

#include "cli/commands.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

// What an item says beyond who, when, what and about what: "line=1 reason=broken".
std::string details_told(const object& item) {
  std::string told;
  for (const auto& [name, value] : item) {
    const bool in_column =
        name == "at" || name == "by" || name == "token" || name == "what" || name == "about";
    if (!in_column) {
      told += (told.empty() ? "" : " ") + std::string(name) + '=' + text_of(item, name);
    }
  }
  return told;
}

}  // namespace

Exit run_menu(const MenuArguments& arguments, const Session& session) {
  const Asked menu = ask(arguments.at, session, "GET",
                         "/v1/accounts/" + path_segment(arguments.account) + "/menu");
  if (!menu) return menu.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(menu.body) << '\n';
    return kFine;
  }
  const auto& areas = array_of(object_of(&menu.body), "items");
  if (areas.empty()) {
    session.out << "nothing\n";
    return kFine;
  }
  Table table{{{"area"}, {"may"}, {"permission"}, {"in"}}, {}};
  for (const auto& area : areas) {
    std::string title = text_of(area.as_object(), "title");
    for (const auto& item : array_of(area.as_object(), "entries")) {
      const object& entry = item.as_object();
      const std::string where = entry.contains("assigned_only") ? ", what is assigned only" : "";
      table.rows.push_back({std::exchange(title, ""), text_of(entry, "title"),
                            text_of(entry, "permission"), joined_texts(entry, "shops") + where});
    }
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

Exit run_activity(const ActivityArguments& arguments, const Session& session) {
  std::string target = "/v1/activity?" + query_part("by", arguments.by);
  if (!arguments.about.empty()) target += '&' + query_part("about", arguments.about);
  if (!arguments.shop.empty()) target += '&' + query_part("shop", arguments.shop);
  if (!arguments.since.empty()) target += '&' + query_part("since", arguments.since);
  if (!arguments.until.empty()) target += '&' + query_part("until", arguments.until);
  const Asked all = ask_for_all(arguments.at, session, target);
  if (!all) return all.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(all.body) << '\n';
    return kFine;
  }
  Table table{{{"at"}, {"by"}, {"what"}, {"about"}, {"detail"}}, {}};
  for (const auto& each : all.body.as_array()) {
    const object& item = each.as_object();
    table.rows.push_back({text_of(item, "at"), text_of(item, "by"), text_of(item, "what"),
                          text_of(item, "about"), details_told(item)});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

}  // namespace consign::cli
