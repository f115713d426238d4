// consign accounts: who can act, in the running daemon.
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

std::string target_of(const AccountsArguments& arguments) {
  return "/v1/accounts/" + path_segment(arguments.account);
}

std::string state_of(const object& account) {
  return text_of(account, "suspended") == "true" ? "suspended" : "active";
}

std::string shops_of(const object& account) {
  if (!account.contains("shops")) return "all";
  return array_of(account, "shops").empty() ? "none" : joined_texts(account, "shops");
}

Exit list(const AccountsArguments& arguments, const Session& session) {
  std::string target = "/v1/accounts?" + query_part("kind", arguments.kind);
  for (const auto& shop : arguments.shops) target += '&' + query_part("shop", shop);
  const Asked all = ask_for_all(arguments.at, session, target);
  if (!all) return all.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(all.body) << '\n';
    return kFine;
  }
  Table table{{{"account"}, {"name"}, {"email"}, {"shops"}, {"roles"}, {"two-factor"}, {"state"}},
              {}};
  for (const auto& item : all.body.as_array()) {
    const object& account = item.as_object();
    table.rows.push_back({text_of(account, "account"), text_of(account, "name"),
                          text_of(account, "email"), shops_of(account),
                          joined_texts(account, "roles"),
                          text_of(account, "mfa") == "true" ? "yes" : "no", state_of(account)});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

Exit tell_one(const object& account, const AccountsArguments& arguments, const Session& session) {
  if (arguments.format == "json") {
    session.out << boost::json::serialize(account) << '\n';
    return kFine;
  }
  const auto line = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) session.out << name << ": " << text << '\n';
  };
  session.out << styled(text_of(account, "account"), "1", session.color_on_out()) << '\n';
  line("state", state_of(account));
  line("name", text_of(account, "name"));
  line("email", text_of(account, "email"));
  line("shops", shops_of(account));
  line("roles", joined_texts(account, "roles"));
  line("two-factor", std::string(text_of(account, "mfa") == "true" ? "yes" : "no") +
                         (text_of(account, "mfa_required") == "true" ? ", required" : ""));
  line("organization", text_of(account, "organization"));
  line("of supplier", text_of(account, "supplier"));
  line("suspended in", joined_texts(account, "suspended_in"));
  for (const auto& each : array_of(account, "history")) {
    const object& event = each.as_object();
    session.out << "  " << text_of(event, "at") << ' ' << text_of(event, "what") << " by "
                << text_of(event, "by") << '\n';
  }
  return kFine;
}

// The daemon takes an account as a whole: what it is goes back with what was asked for changed.
Exit change(const object& account, const AccountsArguments& arguments, const Session& session) {
  object wanted;
  for (const auto* member : {"name", "email", "shops", "roles", "mfa", "suspended", "mfa_required",
                             "organization", "supplier", "suspended_in"}) {
    if (const auto* value = account.if_contains(member)) wanted[member] = *value;
  }
  if (arguments.what == "suspend") wanted["suspended"] = true;
  if (arguments.what == "resume") wanted["suspended"] = false;
  if (!arguments.name.empty()) wanted["name"] = arguments.name;
  if (!arguments.email.empty()) wanted["email"] = arguments.email;
  if (arguments.all_shops) wanted.erase("shops");
  if (!arguments.shops.empty()) wanted["shops"] = texts(arguments.shops);
  if (!arguments.roles.empty()) wanted["roles"] = texts(arguments.roles);
  if (!arguments.mfa.empty()) wanted["mfa"] = arguments.mfa == "yes";
  const Asked done =
      ask(arguments.at, session, "PUT", target_of(arguments), boost::json::serialize(wanted));
  return done ? tell_one(done.body.as_object(), arguments, session) : done.exit;
}

Exit remove(const AccountsArguments& arguments, const Session& session) {
  const Asked gone = ask(arguments.at, session, "DELETE", target_of(arguments));
  if (gone) session.out << "removed, with its grants and tokens\n";
  return gone.exit;
}

}  // namespace

Exit run_accounts(const AccountsArguments& arguments, const Session& session) {
  if (arguments.what == "list") return list(arguments, session);
  if (arguments.account.empty()) {
    return session.could_not_run("which account? `consign accounts list`");
  }
  if (arguments.all_shops && !arguments.shops.empty()) {
    return session.could_not_run("either `--shop` or `--all-shops`");
  }
  if (arguments.what == "remove") return remove(arguments, session);
  // Only `set` makes an account that is not there.
  const Asked now = ask(arguments.at, session, "GET", target_of(arguments), "",
                        arguments.what == "set" ? Missing::is_fine : Missing::is_a_problem);
  if (!now) return now.exit;
  if (arguments.what == "show") return tell_one(now.body.as_object(), arguments, session);
  return change(object_of(&now.body), arguments, session);
}

}  // namespace consign::cli
