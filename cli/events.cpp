// consign events, duty and groups: who has which event of the running daemon's rules, and who is on
// duty.
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

std::string id_of(const object& event) {
  return text_of(object_of(event.if_contains("event")), "id");
}

Exit list(const EventsArguments& arguments, const Session& session) {
  const Asked all = ask_for_all(arguments.at, session,
                                "/v1/events/" + path_segment(arguments.name) + '?' +
                                    query_part("assigned_to", arguments.assigned_to) + '&' +
                                    query_part("state", arguments.state));
  if (!all) return all.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(all.body) << '\n';
    return kFine;
  }
  Table table{{{"id"}, {"shop"}, {"state"}, {"assigned to"}, {"group"}, {"received"}, {"reason"}},
              {}};
  for (const auto& item : all.body.as_array()) {
    const object& event = item.as_object();
    table.rows.push_back({id_of(event), text_of(event, "shop"), text_of(event, "state"),
                          text_of(event, "assigned_to"), text_of(event, "group"),
                          text_of(event, "received_at"), text_of(event, "reason")});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

void tell_history(const object& event, const Session& session) {
  for (const auto& each : array_of(event, "history")) {
    const object& done = each.as_object();
    session.out << "  " << text_of(done, "at") << ' ' << text_of(done, "what") << " by "
                << text_of(done, "by");
    const auto put = [&](std::string_view before, std::string_view name) {
      const auto text = text_of(done, name);
      if (!text.empty()) session.out << before << text;
    };
    put(" to ", "to");
    put(": ", "reason");
    session.out << '\n';
  }
}

Exit show(const EventsArguments& arguments, const Session& session) {
  const Asked one =
      ask(arguments.at, session, "GET",
          "/v1/events/" + path_segment(arguments.name) + '/' + path_segment(arguments.id));
  if (!one) return one.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(one.body) << '\n';
    return kFine;
  }
  const object& event = one.body.as_object();
  const auto line = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) session.out << name << ": " << text << '\n';
  };
  session.out << styled(arguments.name + ' ' + id_of(event), "1", session.color_on_out()) << '\n';
  line("state", text_of(event, "state"));
  line("assigned to", text_of(event, "assigned_to"));
  line("waits for", text_of(event, "waits_for"));
  line("group", text_of(event, "group"));
  line("reason", text_of(event, "reason"));
  line("shop", text_of(event, "shop"));
  line("tags", joined_texts(event, "tags"));
  for (const auto& note : array_of(event, "notes")) line("note", text_of(note.as_object(), "text"));
  const object& decision = object_of(event.if_contains("decision"));
  if (decision.contains("because")) line("because", because_told(decision));
  line("document", text_of(event, "document"));
  tell_history(event, session);
  return kFine;
}

}  // namespace

Exit run_events(const EventsArguments& arguments, const Session& session) {
  return arguments.id.empty() ? list(arguments, session) : show(arguments, session);
}

Exit run_duty(const DutyArguments& arguments, const Session& session) {
  const object wanted{{"on", arguments.what == "on"}};
  const Asked done =
      ask(arguments.at, session, "PUT", "/v1/accounts/" + path_segment(arguments.account) + "/duty",
          boost::json::serialize(wanted));
  if (done) session.out << arguments.account << " is " << arguments.what << " duty\n";
  return done.exit;
}

Exit run_groups(const GroupsArguments& arguments, const Session& session) {
  const Asked all = ask(arguments.at, session, "GET", "/v1/groups");
  if (!all) return all.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(all.body) << '\n';
    return kFine;
  }
  Table table{{{"group"}, {"members"}, {"last"}, {"held"}}, {}};
  for (const auto& item : array_of(all.body.as_object(), "items")) {
    const object& group = item.as_object();
    std::string members;
    for (const auto& each : array_of(group, "members")) {
      const object& member = each.as_object();
      if (!members.empty()) members += ", ";
      members += text_of(member, "account");
      if (text_of(member, "on_duty") == "true") members += " (on duty)";
    }
    table.rows.push_back(
        {text_of(group, "group"), members, text_of(group, "last"), text_of(group, "held")});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

}  // namespace consign::cli
