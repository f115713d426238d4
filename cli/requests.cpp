// consign requests: asking for access, and deciding who asks, at the running daemon.
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

boost::json::array texts(const std::vector<std::string>& words) {
  return boost::json::array(words.begin(), words.end());
}

void put(object& body, const char* name, const std::string& text) {
  if (!text.empty()) body[name] = text;
}

// "orders:fulfill, orders:view in nordic until 2027-01-01T00:00:00Z".
std::string given_told(const object& request) {
  std::string told;
  for (const auto& each : array_of(request, "given")) {
    const object& given = each.as_object();
    if (!told.empty()) told += "; ";
    told += joined_texts(given, "permissions") + " in " + text_of(given, "shop");
    const std::string until = text_of(given, "until"), seconds = text_of(given, "for_seconds");
    if (!until.empty()) told += " until " + until;
    if (!seconds.empty()) told += " for " + seconds + " s";
  }
  return told;
}

// "orders:delete (rule agent)".
std::string cuts_told(const object& decision) {
  std::string told;
  for (const auto& each : array_of(decision, "cut")) {
    const object& cut = each.as_object();
    const object& because = object_of(cut.if_contains("because"));
    const std::string ban = text_of(because, "never_grant");
    told += (told.empty() ? "" : ", ") + text_of(cut, "permission") + " (" +
            (ban.empty() ? "rule " + text_of(because, "rule") : "never granted: " + ban) + ")";
  }
  return told;
}

Exit list(const RequestsArguments& arguments, const Session& session) {
  std::string target = "/v1/requests?" + query_part("kind", arguments.kind);
  if (!arguments.state.empty()) target += '&' + query_part("state", arguments.state);
  if (!arguments.account.empty()) target += '&' + query_part("account", arguments.account);
  for (const auto& shop : arguments.shops) target += '&' + query_part("shop", shop);
  const Asked all = ask_for_all(arguments.at, session, target);
  if (!all) return all.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(all.body) << '\n';
    return kFine;
  }
  Table table{
      {{"request"}, {"kind"}, {"account"}, {"shops"}, {"state"}, {"given"}, {"filed"}, {"reason"}},
      {}};
  for (const auto& item : all.body.as_array()) {
    const object& request = item.as_object();
    table.rows.push_back({text_of(request, "id"), text_of(request, "kind"),
                          text_of(request, "account"), joined_texts(request, "shops"),
                          text_of(request, "state"), given_told(request),
                          text_of(request, "filed_at"), text_of(request, "reason")});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

Exit tell_one(const object& request, const RequestsArguments& arguments, const Session& session) {
  if (arguments.format == "json") {
    session.out << boost::json::serialize(request) << '\n';
    return kFine;
  }
  const auto line = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) session.out << name << ": " << text << '\n';
  };
  const object& decision = object_of(request.if_contains("decision"));
  session.out << styled("request " + text_of(request, "id"), "1", session.color_on_out()) << '\n';
  line("state", text_of(request, "state"));
  line("reason", text_of(request, "reason"));
  line("kind", text_of(request, "kind"));
  line("account", text_of(request, "account"));
  line("shops", joined_texts(request, "shops"));
  line("asked for", joined_texts(request, "permissions"));
  line("role", text_of(request, "role"));
  line("message", text_of(request, "message"));
  line("given", given_told(request));
  line("cut", cuts_told(decision));
  line("because", because_told(decision));
  line("reviewer", text_of(request, "reviewer"));
  line("decided by", text_of(request, "decided_by"));
  line("filed by", text_of(request, "filed_by"));
  line("expires", text_of(request, "expires"));
  if (const auto* invitation = request.if_contains("invitation")) {
    session.out << "activation secret, shown once: " << text_of(invitation->as_object(), "secret")
                << '\n';
  }
  for (const auto& each : array_of(request, "history")) {
    const object& event = each.as_object();
    const std::string reason = text_of(event, "reason");
    session.out << "  " << text_of(event, "at") << ' ' << text_of(event, "what") << " by "
                << text_of(event, "by") << (reason.empty() ? "" : ": " + reason) << '\n';
  }
  return kFine;
}

Exit file(const RequestsArguments& arguments, const Session& session) {
  object requester;
  put(requester, "email", arguments.email);
  put(requester, "name", arguments.name);
  put(requester, "organization", arguments.organization);
  object body{{"kind", arguments.kind}, {"shops", texts(arguments.shops)}};
  if (!requester.empty()) body["requester"] = std::move(requester);
  if (!arguments.permissions.empty()) body["permissions"] = texts(arguments.permissions);
  put(body, "account", arguments.account);
  put(body, "supplier", arguments.supplier);
  put(body, "role", arguments.role);
  put(body, "code", arguments.code);
  put(body, "message", arguments.message);
  const Asked filed =
      ask(arguments.at, session, "POST", "/v1/requests", boost::json::serialize(body));
  if (!filed) return filed.exit;
  const object& request = filed.body.as_object();
  const Exit told = tell_one(request, arguments, session);
  return text_of(request, "state") == "denied" ? kProblems : told;
}

Exit step(const RequestsArguments& arguments, const Session& session) {
  object body;
  put(body, "reason", arguments.reason);
  if (arguments.what == "accept") {
    if (!arguments.permissions.empty()) body["permissions"] = texts(arguments.permissions);
    put(body, "role", arguments.role);
    put(body, "until", arguments.until);
  }
  const Asked done = ask(arguments.at, session, "POST",
                         "/v1/requests/" + path_segment(arguments.id) + '/' + arguments.what,
                         boost::json::serialize(body));
  return done ? tell_one(done.body.as_object(), arguments, session) : done.exit;
}

}  // namespace

Exit run_requests(const RequestsArguments& arguments, const Session& session) {
  if (arguments.what == "list") return list(arguments, session);
  if (arguments.what == "file") {
    if (arguments.kind.empty() || arguments.shops.empty()) {
      return session.could_not_run("a request has a `--kind` and a `--shop`");
    }
    return file(arguments, session);
  }
  if (arguments.id.empty()) return session.could_not_run("which request? `consign requests list`");
  if (arguments.what != "show") return step(arguments, session);
  const Asked found =
      ask(arguments.at, session, "GET", "/v1/requests/" + path_segment(arguments.id));
  return found ? tell_one(found.body.as_object(), arguments, session) : found.exit;
}

}  // namespace consign::cli
