// consign explain: why the running daemon decided about an order as it did, told for people.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <ostream>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/order_told.hpp"
#include "cli/server.hpp"
#include "cli/table.hpp"
#include "consign/text.hpp"

namespace consign::cli {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// A rule named by another one: as an object, or by its name alone.
std::string other_rule(const object& rule, std::string_view member) {
  const object& other = object_of(rule.if_contains(member));
  return other.empty() ? text_of(rule, member) : rule_name(other);
}

std::string joined(const array& texts) {
  std::string out;
  for (const value& text : texts) {
    if (!out.empty()) out += ", ";
    out += text.is_string() ? std::string(text.as_string()) : boost::json::serialize(text);
  }
  return out;
}

/// What there is to say of a rule beyond its verdict.
std::string remark(const object& rule) {
  std::string out;
  const auto add = [&out](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
  if (const std::string by = other_rule(rule, "by"); !by.empty()) add("by " + by);
  if (const std::string part = text_of(rule, "part"); !part.empty())
    add('`' + part + "` does not hold");
  if (const std::string saw = text_of(rule, "saw"); !saw.empty()) add("saw " + saw);
  if (const array& waits = array_of(rule, "waits_for"); !waits.empty())
    add("waits for " + joined(waits));
  if (const std::string detail = text_of(rule, "detail"); !detail.empty()) add(detail);
  return out;
}

std::string rules_told(const array& rules, const Session& session) {
  Table table{{{"rule"}, {"where"}, {"did"}, {"because"}}, {}};
  for (const value& entry : rules) {
    const object& rule = object_of(&entry);
    std::string verdict = text_of(rule, "verdict");
    if (verdict == "not_matched") verdict = "not matched";
    table.rows.push_back({text_of(rule, "rule"),
                          text_of(rule, "file") + ':' + text_of(rule, "line"), std::move(verdict),
                          remark(rule)});
  }
  constexpr std::size_t kIndent = 4;
  const std::size_t width = session.width > kIndent ? session.width - kIndent : 0;
  std::istringstream lines(as_text(table, width, session.color_on_out()));
  std::string told;
  for (std::string line; std::getline(lines, line);)
    told += std::string(kIndent, ' ') + line + '\n';
  return told;
}

const array& rules_of_line(const object& why, const std::string& id) {
  for (const value& entry : array_of(why, "lines")) {
    const object& line = object_of(&entry);
    if (text_of(line, "id") == id) return array_of(line, "rules");
  }
  static const array kNone;
  return kNone;
}

void tell(const object& answer, const ExplainArguments& arguments, const Session& session) {
  const bool color = session.color_on_out();
  const object& why = object_of(answer.if_contains("why"));
  session.out << styled("order " + arguments.order + " of " + arguments.shop, "1", color) << ": "
              << text_of(answer, "state") << " at " << text_of(answer, "at") << " by rule set "
              << text_of(answer, "rules").substr(0, 12) << '\n';
  for (const value& entry : array_of(answer, "lines")) {
    const object& line = object_of(&entry);
    const std::string id = text_of(line, "id");
    session.out << '\n' << styled("line " + id, "1", color) << '\n';
    for (const value& part : array_of(line, "parts")) {
      session.out << "  " << part_told(object_of(&part)) << '\n';
    }
    const array& rules = rules_of_line(why, id);
    if (!rules.empty()) session.out << rules_told(rules, session);
  }
  const array& on_order = array_of(why, "order");
  if (!on_order.empty()) {
    session.out << '\n'
                << styled("rules on order", "1", color) << '\n'
                << rules_told(on_order, session);
  }
}

}  // namespace

Exit run_explain(const ExplainArguments& arguments, const Session& session) {
  const auto server = find_server(arguments.at, session);
  if (!server) return session.could_not_run(server.error().message);
  const auto answer = http_send(
      *server, "GET",
      "/v1/orders/" + path_segment(arguments.shop) + '/' + path_segment(arguments.order) + "/why",
      "");
  if (!answer) return session.could_not_run(answer.error().message);
  if (answer->status == 404) {
    session.err << "order " << arguments.order << " of shop " << arguments.shop
                << " is not known, or not yours to see\n";
    return kProblems;
  }
  if (answer->status != 200) return session.could_not_run(refusal(*answer, *server));
  if (arguments.format == "json") {
    session.out << trim(answer->body) << '\n';
    return kFine;
  }
  boost::system::error_code error;
  const value body = boost::json::parse(answer->body, error);
  if (error || !body.is_object()) {
    return session.could_not_run(server->name() + " answered what is no decision");
  }
  tell(body.as_object(), arguments, session);
  return kFine;
}

}  // namespace consign::cli
