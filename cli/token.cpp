// consign token: making, listing and revoking API tokens of the running daemon.
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

Exit create(const TokenArguments& arguments, const Session& session) {
  if (arguments.account.empty()) {
    return session.could_not_run("whose token? give `--account supplier:acme`, for example");
  }
  object body{{"account", arguments.account}};
  if (!arguments.label.empty()) body["label"] = arguments.label;
  if (!arguments.permissions.empty()) body["permissions"] = texts(arguments.permissions);
  if (!arguments.shops.empty()) body["shops"] = texts(arguments.shops);
  if (arguments.days > 0) {
    constexpr std::int64_t kDay = 24LL * 3600 * 1'000'000;
    body["expires"] = format_timestamp({session.clock().micros + arguments.days * kDay});
  }
  const Asked made = ask(arguments.at, session, "POST", "/v1/tokens", boost::json::serialize(body));
  if (!made) return made.exit;
  const object& token = made.body.as_object();
  session.out << text_of(token, "token") << '\n';
  session.err << "token " << text_of(token, "id") << " of " << text_of(token, "account")
              << "; it is not shown again\n";
  return kFine;
}

Exit list(const TokenArguments& arguments, const Session& session) {
  const Asked all =
      ask_for_all(arguments.at, session, "/v1/tokens?" + query_part("account", arguments.account));
  if (!all) return all.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(all.body) << '\n';
    return kFine;
  }
  Table table{
      {{"token"}, {"account"}, {"label"}, {"limited to"}, {"state"}, {"expires"}, {"last used"}},
      {}};
  for (const auto& item : all.body.as_array()) {
    const object& token = item.as_object();
    std::string limits = joined_texts(token, "permissions");
    if (token.contains("shops")) {
      limits += (limits.empty() ? "shops " : "; shops ") + joined_texts(token, "shops");
    }
    table.rows.push_back({text_of(token, "id"), text_of(token, "account"), text_of(token, "label"),
                          limits, text_of(token, "state"), text_of(token, "expires"),
                          text_of(token, "last_used")});
  }
  session.out << as_text(table, session.width, session.color_on_out());
  return kFine;
}

}  // namespace

Exit run_token(const TokenArguments& arguments, const Session& session) {
  if (arguments.what == "create") return create(arguments, session);
  if (arguments.what == "list") return list(arguments, session);
  if (arguments.id.empty()) return session.could_not_run("which token? `consign token list`");
  const Asked gone =
      ask(arguments.at, session, "DELETE", "/v1/tokens/" + path_segment(arguments.id));
  if (gone) session.out << "revoked\n";
  return gone.exit;
}

}  // namespace consign::cli
