// consign grants: looking at grants of the running daemon, and what a person may do to them.
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

Exit tell_all(const Asked& all, const std::string& last, const GrantsArguments& arguments,
              const Session& session) {
  if (arguments.format == "json") {
    session.out << boost::json::serialize(all.body) << '\n';
    return kFine;
  }
  Table table{{{"grant"}, {"account"}, {"permissions"}, {"on"}, {"until"}, {"because"}, {last}},
              {}};
  for (const auto& item : all.body.as_array()) {
    const object& grant = item.as_object();
    const std::string told = last == "findings" ? joined_texts(grant, last) : text_of(grant, last);
    table.rows.push_back({text_of(grant, "id"), text_of(grant, "account"),
                          joined_texts(grant, "permissions"), place_told(grant),
                          text_of(grant, "until"), because_told(grant), told});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

Exit list(const GrantsArguments& arguments, const Session& session) {
  std::string target = "/v1/grants?" + query_part("account", arguments.account);
  if (!arguments.shop.empty()) target += '&' + query_part("shop", arguments.shop);
  if (!arguments.state.empty()) target += '&' + query_part("state", arguments.state);
  for (const auto& permission : arguments.permissions) {
    target += '&' + query_part("permission", permission);
  }
  const Asked all = ask_for_all(arguments.at, session, target);
  return all ? tell_all(all, "state", arguments, session) : all.exit;
}

Exit review(const GrantsArguments& arguments, const Session& session) {
  const Asked all =
      ask_for_all(arguments.at, session,
                  "/v1/grants:review?unused_days=" + std::to_string(arguments.unused_days) +
                      "&old_days=" + std::to_string(arguments.old_days));
  if (!all) return all.exit;
  if (all.body.as_array().empty() && arguments.format == "text") {
    session.out << "nothing is unused, broad or old\n";
    return kFine;
  }
  return tell_all(all, "findings", arguments, session);
}

void tell_history(const object& grant, std::ostream& out) {
  const auto* history = grant.if_contains("history");
  if (history == nullptr || !history->is_array()) return;
  for (const auto& each : history->as_array()) {
    const object& event = each.as_object();
    const std::string by = text_of(event, "by"), reason = text_of(event, "reason");
    out << "  " << text_of(event, "at") << ' ' << text_of(event, "what")
        << (by.empty() ? "" : " by " + by) << (reason.empty() ? "" : ": " + reason) << '\n';
  }
}

Exit tell_one(const object& grant, const GrantsArguments& arguments, const Session& session) {
  if (arguments.format == "json") {
    session.out << boost::json::serialize(grant) << '\n';
    return kFine;
  }
  const auto line = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) session.out << name << ": " << text << '\n';
  };
  session.out << styled("grant " + text_of(grant, "id"), "1", session.color_on_out()) << '\n';
  line("state", text_of(grant, "state"));
  line("account", text_of(grant, "account"));
  line("permissions", joined_texts(grant, "permissions"));
  line("cut out", joined_texts(grant, "cut"));
  line("on", place_told(grant));
  line("until", text_of(grant, "until"));
  line("because", because_told(grant));
  line("last used", text_of(grant, "last_used"));
  tell_history(grant, session.out);
  return kFine;
}

Exit change(const GrantsArguments& arguments, const Session& session) {
  object body;
  if (!arguments.reason.empty()) body["reason"] = arguments.reason;
  if (!arguments.permissions.empty()) {
    body["permissions"] =
        boost::json::array(arguments.permissions.begin(), arguments.permissions.end());
  }
  if (!arguments.until.empty()) body["until"] = arguments.until;
  const Asked done = ask(arguments.at, session, "POST",
                         "/v1/grants/" + path_segment(arguments.id) + '/' + arguments.what,
                         boost::json::serialize(body));
  return done ? tell_one(done.body.as_object(), arguments, session) : done.exit;
}

}  // namespace

Exit run_grants(const GrantsArguments& arguments, const Session& session) {
  if (arguments.what == "list") return list(arguments, session);
  if (arguments.what == "review") return review(arguments, session);
  if (arguments.id.empty()) return session.could_not_run("which grant? `consign grants list`");
  if (arguments.what != "show") return change(arguments, session);
  const Asked grant = ask(arguments.at, session, "GET", "/v1/grants/" + path_segment(arguments.id));
  return grant ? tell_one(grant.body.as_object(), arguments, session) : grant.exit;
}

}  // namespace consign::cli
