// consign reprocess: the running daemon decides orders anew, or says what that would change.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/order_told.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"
#include "consign/time.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

constexpr std::int64_t kDayMicros = 24LL * 3600 * 1'000'000;

// The daemon takes times; a person may write a day, whose end is the next one's beginning.
std::string time_of(const std::string& text, bool end_of_day) {
  const auto day = parse_day(text);
  if (!day) return text;
  return format_timestamp(Timestamp{(day->days + (end_of_day ? 1 : 0)) * kDayMicros});
}

object body_of(const ReprocessArguments& arguments) {
  object body;
  const auto put = [&body](const char* name, const std::string& text) {
    if (!text.empty()) body[name] = text;
  };
  if (arguments.overrule) body["overrule"] = true;
  if (arguments.dry_run) body["dry_run"] = true;
  if (!arguments.all) return body;
  put("shop", arguments.only_shop);
  put("state", arguments.state);
  put("outcome", arguments.outcome);
  put("supplier", arguments.supplier);
  put("received_from", time_of(arguments.from, false));
  put("received_until", time_of(arguments.until, true));
  return body;
}

// What has changed of orders, or would.
class Changes {
 public:
  void add(const object& one) {
    const object& order = object_of(one.if_contains("order"));
    const auto& changes = array_of(one, "changes");
    if (!changes.empty()) ++orders_;
    for (const auto& each : changes) {
      const object& change = object_of(&each);
      table_.rows.push_back({text_of(order, "shop") + '/' + text_of(order, "id"),
                             text_of(change, "line"), text_of(change, "part"),
                             side(change, "before"), side(change, "after")});
    }
  }

  void tell(bool dry_run, const Session& session) const {
    if (table_.rows.empty()) {
      session.out << (dry_run ? "nothing would change\n" : "nothing has changed\n");
      return;
    }
    session.out << as_text(table_, session.width, session.color_on_out())
                << counted(table_.rows.size(), "part") << " of " << counted(orders_, "order")
                << (dry_run ? " would change; nothing was stored\n" : " changed\n");
  }

 private:
  static std::string side(const object& change, std::string_view name) {
    const object& part = object_of(change.if_contains(name));
    return part.empty() ? "none" : part_told(part);
  }

  Table table_{{{"order"}, {"line"}, {"part"}, {"before"}, {"after"}}, {}};
  std::size_t orders_ = 0;
};

Exit try_all(const ReprocessArguments& arguments, const Session& session) {
  const auto server = find_server(arguments.at, session);
  if (!server) return session.could_not_run(server.error().message);
  const auto body = boost::json::serialize(body_of(arguments));
  const bool as_json = arguments.format == "json";
  std::stringstream lines;
  const auto answer =
      http_download(*server, "POST", "/v1/orders:reprocess", body, as_json ? session.out : lines);
  if (!answer) return session.could_not_run(answer.error().message);
  if (answer->status == 422) {
    session.err << "consign: " << refusal(*answer, *server) << '\n';
    return kProblems;
  }
  if (answer->status != 200) return session.could_not_run(refusal(*answer, *server));
  if (as_json) return kFine;
  Changes changes;
  for (std::string line; std::getline(lines, line);) {
    boost::system::error_code error;
    const auto one = boost::json::parse(line, error);
    if (error) return session.could_not_run(server->name() + " answered what cannot be read");
    changes.add(object_of(&one));
  }
  changes.tell(true, session);
  return kFine;
}

Exit reprocess_all(const ReprocessArguments& arguments, const Session& session) {
  const Asked due = ask(arguments.at, session, "POST", "/v1/orders:reprocess",
                        boost::json::serialize(body_of(arguments)));
  if (!due) return due.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(due.body) << '\n';
  } else {
    const auto orders = due.body.at("orders").to_number<std::size_t>();
    session.out << counted(orders, "order") << " will be decided anew, in the background\n";
  }
  return kFine;
}

}  // namespace

Exit run_reprocess(const ReprocessArguments& arguments, const Session& session) {
  const bool filtered = !arguments.only_shop.empty() || !arguments.state.empty() ||
                        !arguments.outcome.empty() || !arguments.supplier.empty() ||
                        !arguments.from.empty() || !arguments.until.empty();
  if (arguments.all != arguments.order.empty() || (!arguments.all && filtered) ||
      (arguments.all && !arguments.shop.empty())) {
    return session.could_not_run(
        "which orders? one, as `consign reprocess nordic 1001`, or those that fit, as `consign "
        "reprocess --all --shop nordic`");
  }
  if (arguments.all) {
    return arguments.dry_run ? try_all(arguments, session) : reprocess_all(arguments, session);
  }
  const Asked done = ask(arguments.at, session, "POST",
                         order_target(arguments.shop, arguments.order) + "/reprocess",
                         boost::json::serialize(body_of(arguments)));
  if (!done) return done.exit;
  if (arguments.format == "json") {
    session.out << boost::json::serialize(done.body) << '\n';
    return kFine;
  }
  Changes changes;
  changes.add(done.body.as_object());
  changes.tell(arguments.dry_run, session);
  return kFine;
}

}  // namespace consign::cli
