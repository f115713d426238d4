// consign decide: what a rule set says about an event, offline, by the daemon's own code.
//
// Each event goes the daemon's way: bytes -> checked document -> order (or request, or check) ->
// facts joined in -> decision -> JSON. Nothing carries over from one event to the next.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <istream>
#include <iterator>
#include <optional>
#include <ostream>
#include <sstream>
#include <utility>

#include "cli/commands.hpp"
#include "cli/decide_event.hpp"
#include "cli/files.hpp"
#include "cli/progress.hpp"
#include "cli/rules_source.hpp"
#include "consign/engine.hpp"
#include "consign/text.hpp"
#include "daemon/wire/access_facts.hpp"
#include "daemon/wire/decision_json.hpp"
#include "daemon/wire/facts.hpp"
#include "daemon/wire/order_reader.hpp"
#include "daemon/wire/own_event.hpp"
#include "daemon/wire/request_decision.hpp"
#include "daemon/wire/shopify.hpp"

namespace consign::cli {
namespace {

using JsonErrors = std::vector<JsonError>;

/// Everything that all events of one run are decided with.
struct Decider {
  const DecideArguments& arguments;
  std::shared_ptr<const Program> program;
  std::unique_ptr<FactSource> facts;
  AccessFacts access;
  Timestamp now;
  Arena arena;

  std::optional<EventDecider> own;  ///< for an event that the rule set declares
  OrderDocument order;              ///< the last one read

  /// Reads an event into `order`; what is wrong with it, if anything.
  JsonErrors read(std::string_view bytes);
  Result<boost::json::object, JsonErrors> answer(std::string_view bytes);
  Result<boost::json::object, JsonErrors> answer_order(std::string_view bytes);
  Result<boost::json::object, JsonErrors> answer_request(const JsonNode& document);
  Result<boost::json::object, JsonErrors> answer_check(const JsonNode& document);
};

JsonErrors Decider::read(std::string_view bytes) {
  if (auto error = order.json.parse(bytes)) return {std::move(*error)};
  if (arguments.kind == "order") return read_order(order);
  const auto wire = order_from_shopify(order.json.root(), arguments.shop);
  if (!wire) return wire.error();
  if (auto error = order.json.parse(*wire)) return {std::move(*error)};
  OrderLimits limits;
  limits.allow_zero_quantity = true;
  return read_order(order, limits);
}

Result<boost::json::object, JsonErrors> Decider::answer(std::string_view bytes) {
  if (own) return own->answer(bytes);
  if (arguments.kind != "request" && arguments.kind != "check") return answer_order(bytes);
  const auto document = parse_json(bytes);
  if (!document) return JsonErrors{document.error()};
  return arguments.kind == "check" ? answer_check(document->root())
                                   : answer_request(document->root());
}

/// Beside what a request over HTTP has: who files it, and whether the collaborator code was right.
Result<boost::json::object, JsonErrors> Decider::answer_request(const JsonNode& document) {
  static const ObjectForm form({Subject::request}, {"by", "code_ok"});
  const RuleSet& rules = rules_of(*program);
  auto asked = read_request(document, form, rules);
  JsonErrors errors;
  if (!asked) errors = asked.error();
  const JsonNode* by = document.find("by");
  if (by != nullptr && !by->is(JsonNode::Kind::string)) {
    errors.push_back({"/by", "this is an account, as \"owner:olga\""});
  }
  const JsonNode* code_ok = document.find("code_ok");
  if (code_ok != nullptr && !code_ok->is(JsonNode::Kind::boolean)) {
    errors.push_back({"/code_ok", "this is true or false"});
  }
  if (!errors.empty()) return errors;
  if (code_ok != nullptr) asked->code_ok = code_ok->truth;
  std::vector<Record> shops;
  for (const std::string& shop : asked->shops) shops.push_back(facts->shop(shop));
  Record filer = by == nullptr ? Record() : access.describe(by->text);
  if (by != nullptr && by->text == "administrator") {
    filer.set(Field::account_id, Value::of_code(by->text));
  }
  return request_outcome_to_json(
      decide_asked(program.get(), rules, {}, *asked, filer, shops, now, arena), *asked);
}

Result<boost::json::object, JsonErrors> Decider::answer_check(const JsonNode& document) {
  const auto check = read_check(document);
  if (!check) return check.error();
  return answer_check_of_facts(*program, rules_of(*program), access, *check, now, arena);
}

Result<boost::json::object, JsonErrors> Decider::answer_order(std::string_view bytes) {
  if (auto errors = read(bytes); !errors.empty()) return errors;
  receive(order, now);
  const Facts joined =
      join_facts(order.event, facts_needed(*program), rules_of(*program).suppliers, *facts, now);
  const std::string id = decision_id(*program, order, joined, nullptr, now);
  // The decision lives in the arena, which the explanation takes for itself.
  auto json =
      decision_to_json(decide(*program, order.event, joined, now, arena), *program, order, id);
  if (arguments.why) {
    const auto why = explain(*program, order.event, joined, now, arena);
    json["why"] = explanation_to_json(why, *program, order);
  }
  return json;
}

void show_errors(const JsonErrors& errors, std::string_view where, const Session& session) {
  for (const JsonError& error : errors) {
    session.err << styled("error:", "1;31", session.color_on_err()) << ' ' << where << ": "
                << (error.pointer.empty() ? "" : error.pointer + ": ") << error.message << '\n';
  }
}

/// What stands in the place of an answer, so that line n of the output belongs to line n of the
/// input.
boost::json::object problem_to_json(const JsonErrors& errors) {
  boost::json::array list;
  for (const JsonError& error : errors) {
    list.push_back(boost::json::object{{"pointer", error.pointer}, {"detail", error.message}});
  }
  return {{"problem", boost::json::object{{"status", 422}, {"errors", std::move(list)}}}};
}

/// Whether a line can be a document by itself: then the input is one document a line.
bool is_one_line_document(std::string_view line) {
  line = trim(line);
  return line.starts_with('{') && line.ends_with('}');
}

struct Line {
  std::size_t number;
  std::string text;
};

/// The next line that is not blank; `number` counts all lines read.
std::optional<Line> next_line(std::istream& input, std::size_t& number) {
  for (std::string text; std::getline(input, text);) {
    ++number;
    if (!trim(text).empty()) return Line{number, std::move(text)};
  }
  return std::nullopt;
}

Exit decide_document(Decider& decider, std::string_view bytes, const std::string& name,
                     const Session& session) {
  const auto answer = decider.answer(bytes);
  if (!answer) {
    show_errors(answer.error(), name, session);
    return kProblems;
  }
  session.out << boost::json::serialize(*answer) << '\n';
  return kFine;
}

bool decide_line(Decider& decider, const Line& line, const std::string& name, Progress& progress,
                 const Session& session) {
  const auto answer = decider.answer(line.text);
  progress.step();
  if (answer) {
    session.out << boost::json::serialize(*answer) << '\n';
    return true;
  }
  progress.clear();
  show_errors(answer.error(), name + ':' + std::to_string(line.number), session);
  session.out << boost::json::serialize(problem_to_json(answer.error())) << '\n';
  return false;
}

Exit decide_all(Decider& decider, std::istream& input, const std::string& name,
                const Session& session) {
  std::size_t number = 0;
  auto line = next_line(input, number);
  if (!line) {
    show_errors({{"", "there is no event in it"}}, name, session);
    return kProblems;
  }
  if (!is_one_line_document(line->text)) {
    const std::string rest{std::istreambuf_iterator<char>(input), {}};
    return decide_document(decider, line->text + '\n' + rest, name, session);
  }
  auto following = next_line(input, number);
  if (!following) return decide_document(decider, line->text, name, session);
  Progress progress(session, "deciding");
  bool all_good = true;
  for (; line; line = std::exchange(following, next_line(input, number))) {
    all_good &= decide_line(decider, *line, name, progress, session);
  }
  return all_good ? kFine : kProblems;
}

/// Whether the arguments fit together; else says why not.
bool arguments_fit(const DecideArguments& arguments, const Session& session) {
  const bool shopify = arguments.kind == "shopify-order";
  const bool of_access = arguments.kind == "request" || arguments.kind == "check";
  if (of_access && arguments.why) {
    session.could_not_run("`--why` goes with orders");
    return false;
  }
  if (shopify && arguments.shop.empty()) {
    session.could_not_run("a Shopify order does not name its shop; say it with `--shop NAME`");
    return false;
  }
  if (!shopify && !arguments.shop.empty()) {
    session.could_not_run("`--shop` goes with `--kind shopify-order`; an order names its own shop");
    return false;
  }
  return true;
}

struct ReadFacts {
  std::unique_ptr<FactSource> facts;
  AccessFacts access;
};

bool is_built_in(const std::string& kind) {
  return kind == "order" || kind == "shopify-order" || kind == "request" || kind == "check";
}

/// The index of the event of the rule set's own that is to be decided; else says why there is none.
std::optional<std::size_t> own_event(const DecideArguments& arguments, const RuleSet& rules,
                                     const Session& session) {
  const auto index = find_event_index(rules, arguments.kind);
  if (!index) {
    session.could_not_run(
        "there are the kinds `order`, `shopify-order`, `request` and `check`, and events that "
        "rules declare; " +
        no_such_event(rules, arguments.kind));
  } else if (arguments.why) {
    session.could_not_run("`--why` goes with orders");
    return std::nullopt;
  }
  return index;
}

/// The facts of the file named, or of no file; nothing (and why on standard error) if they cannot
/// be read.
std::optional<ReadFacts> read_facts(const std::string& path, Exit& exit, const Session& session) {
  std::optional<std::string> text;
  if (!path.empty()) {
    auto read = read_file(path);
    if (!read) {
      exit = session.could_not_run(read.error().message);
      return std::nullopt;
    }
    text = std::move(*read);
  }
  auto facts = read_facts_file(text);
  auto access = read_access_facts(text);
  if (facts && access) return ReadFacts{std::move(*facts), std::move(*access)};
  show_errors(facts ? access.error() : facts.error(), path, session);
  exit = kProblems;
  return std::nullopt;
}

std::shared_ptr<const Program> program_for(std::string_view kind,
                                           const std::shared_ptr<const RuleSet>& rules) {
  if (kind == "request") return compile_scope(rules, Scope::request);
  if (kind == "check") return compile_scope(rules, Scope::check);
  return compile(rules);
}

}  // namespace

Exit run_decide(const DecideArguments& arguments, const Session& session) {
  if (!arguments_fit(arguments, session)) return kCouldNotRun;
  const auto now = arguments.now.empty() ? session.clock() : parse_timestamp(arguments.now);
  if (!now) {
    return session.could_not_run("`" + arguments.now +
                                 "` is no time; write it as `2026-11-21T10:00:00Z`");
  }
  const LoadedRules loaded = load_rules(arguments.rules, session);
  if (loaded.rules == nullptr) return loaded.exit;
  std::optional<std::size_t> own;
  if (!is_built_in(arguments.kind)) {
    own = own_event(arguments, *loaded.rules, session);
    if (!own) return kCouldNotRun;
  }
  Exit exit = kFine;
  auto facts = read_facts(arguments.facts, exit, session);
  if (!facts) return exit;

  Decider decider{arguments,
                  program_for(arguments.kind, loaded.rules),
                  std::move(facts->facts),
                  std::move(facts->access),
                  *now,
                  Arena{},
                  {},
                  {}};
  if (own) decider.own.emplace(loaded.rules, *own, *decider.facts, *now);
  if (arguments.event == "-") return decide_all(decider, session.in, "standard input", session);
  auto text = read_file(arguments.event);
  if (!text) return session.could_not_run(text.error().message);
  std::istringstream input(std::move(*text));
  return decide_all(decider, input, arguments.event, session);
}

}  // namespace consign::cli
