// consign shop: a shop's plan, its seats and the code that collaborators ask with.
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/server.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

void tell_seats(const object& shop, std::ostream& out) {
  for (const auto& [kind, value] : object_of(shop.if_contains("seats"))) {
    const object& seats = object_of(&value);
    const std::string limit = text_of(seats, "limit");
    out << "seats for " << std::string_view(kind) << ": " << text_of(seats, "active")
        << " active and " << text_of(seats, "invited") << " invited"
        << (limit.empty() ? ", no limit" : " of " + limit) << '\n';
  }
}

Exit tell(const object& shop, const ShopArguments& arguments, const Session& session) {
  if (arguments.format == "json") {
    session.out << boost::json::serialize(shop) << '\n';
    return kFine;
  }
  const auto line = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) session.out << name << ": " << text << '\n';
  };
  line("shop", text_of(shop, "shop"));
  line("channel", text_of(shop, "channel"));
  line("plan", text_of(shop, "plan"));
  tell_seats(shop, session.out);
  line("collaborator code", text_of(shop, "code"));
  if (shop.contains("required")) {
    line("required", text_of(shop, "required") == "true" ? "yes" : "no");
  }
  line("made", text_of(shop, "made_at"));
  line("locked until", text_of(shop, "locked_until"));
  return kFine;
}

}  // namespace

Exit run_shop(const ShopArguments& arguments, const Session& session) {
  const std::string target = "/v1/shops/" + path_segment(arguments.shop);
  const auto ask_it = [&](std::string_view method, const std::string& where,
                          const std::string& body = "") {
    const Asked done = ask(arguments.at, session, method, where, body);
    return done ? tell(done.body.as_object(), arguments, session) : done.exit;
  };
  if (arguments.what == "plan") {
    if (arguments.plan.empty()) return session.could_not_run("which plan, as `basic`?");
    return ask_it("PUT", target, boost::json::serialize(object{{"plan", arguments.plan}}));
  }
  if (arguments.what == "new-code") return ask_it("POST", target + "/collaborator-code:renew");
  if (arguments.what == "code" && !arguments.required.empty()) {
    return ask_it("PUT", target + "/collaborator-code",
                  boost::json::serialize(object{{"required", arguments.required == "yes"}}));
  }
  return ask_it("GET", arguments.what == "code" ? target + "/collaborator-code" : target);
}

}  // namespace consign::cli
