// consign check: compiles a rule set and says what is wrong with it.
#include <array>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/rules_source.hpp"
#include "daemon/wire/decision_json.hpp"

namespace consign::cli {
namespace {

struct Findings {
  CheckResult result;
  std::size_t files = 0, errors = 0, warnings = 0;

  std::size_t rules() const { return result.ok() ? result.rules->rules.size() : 0; }
};

Findings find(std::vector<RuleFile> files, const Session& session) {
  const Progress progress(session, "checking " + counted(files.size(), "file"));
  Findings findings;
  findings.files = files.size();
  findings.result = check_rules(std::move(files));
  findings.errors = count_errors(findings.result.diagnostics);
  findings.warnings = findings.result.diagnostics.size() - findings.errors;
  return findings;
}

/// Puts the folder as typed before the file that `json` names.
void add_prefix(boost::json::object& json, std::string_view prefix) {
  auto* file = json.if_contains("file");
  if (file != nullptr && file->is_string()) file->as_string().insert(0, prefix);
}

boost::json::object to_json(const Findings& findings, std::string_view prefix) {
  boost::json::array messages;
  for (const Diagnostic& message : findings.result.diagnostics) {
    auto json = diagnostic_to_json(message, *findings.result.sources);
    add_prefix(json, prefix);
    for (auto& label : json["labels"].as_array()) add_prefix(label.as_object(), prefix);
    messages.push_back(std::move(json));
  }
  return {{"ok", findings.result.ok()},
          {"files", findings.files},
          {"rules", findings.rules()},
          {"hash", findings.result.ok() ? findings.result.rules->hash
                                        : rule_set_hash(*findings.result.sources)},
          {"errors", findings.errors},
          {"warnings", findings.warnings},
          {"messages", std::move(messages)}};
}

std::string summary(const Findings& findings, const std::string& path) {
  if (findings.files == 0) {
    return "no rule files (`*.rules`, `*.yaml`, `*.yml`) in `" + path +
           "`: every line would be held";
  }
  const std::string found = count_messages(findings.errors, findings.warnings);
  if (!findings.result.ok()) {
    return found + " in " + counted(findings.files, "file") + ": these rules would not load";
  }
  return counted(findings.rules(), "rule") + " in " + counted(findings.files, "file") + ": " +
         (found.empty() ? "in order" : found);
}

/// What would help a rule that nothing finds.
struct Advice {
  Unfound why;
  std::string_view says, help;
};

constexpr std::array kAdvice = {
    Advice{Unfound::negated, "these say only what an order has not (`!=`, `not in`, `not (…)`)",
           "add a part that says what it has, for example `product.tag = …` or "
           "`order.ship_to.country in …`"},
    Advice{Unfound::computed, "these compute before they compare",
           "compare the field itself, for example `order.total > 400 EUR` in place of "
           "`order.total / 2 > 200 EUR`; or add a part that does"},
    Advice{Unfound::two_fields, "these compare fields with each other",
           "add a part that compares one of them with a value"},
    Advice{Unfound::counted, "these count lines, and no lines at all would do",
           "add a part that says what some line has, for example `any line (…)`"},
    Advice{Unfound::pattern, "these look for a pattern without letters that must be there",
           "use `starts with`, `ends with` or `=`, or add a part that does"},
    Advice{Unfound::always_true, "these ask for nothing",
           "a rule for what no other rule takes is an `otherwise` rule, which costs nothing while "
           "others do their work"},
};

/// A program, and how long it took to make it of the checked rules.
struct Compiled {
  std::shared_ptr<const Program> program;
  std::int64_t milliseconds = 0;
};

Compiled compiled(std::shared_ptr<const RuleSet> rules) {
  const auto start = std::chrono::steady_clock::now();
  Compiled made{compile(std::move(rules))};
  const auto time = std::chrono::steady_clock::now() - start;
  made.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  return made;
}

/// What the program is made of, for people.
void show_cost(const Compiled& made, const std::string& prefix, const Session& session) {
  const ProgramCost cost = cost_of(*made.program);
  const RuleSet& rules = rules_of(*made.program);
  session.out << counted(cost.rules, "rule") << ", " << counted(cost.predicates, "predicate")
              << ", " << counted(cost.index_groups, "index group") << ", " << cost.bytes
              << " bytes, compiled in " << made.milliseconds << " ms\n";
  if (cost.unindexed.empty()) {
    session.out << "every rule is found by what it asks for\n";
    return;
  }
  session.out << "looked at for every order, since nothing that an order holds finds them:\n";
  for (const Advice& advice : kAdvice) {
    bool first = true;
    for (const Unindexed& each : cost.unindexed) {
      if (each.why != advice.why) continue;
      if (first) session.out << advice.says << "\n  = help: " << advice.help << "\n";
      first = false;
      const Rule& rule = rules.rules[each.rule];
      const Span span = rule.name_span;
      session.out << "  " << rule.name << "  " << prefix << rules.sources->get(span.source).path
                  << ":" << rules.sources->position(span.source, span.begin).line << "\n";
    }
  }
}

}  // namespace

Exit run_check(const CheckArguments& arguments, const Session& session) {
  auto source = read_rules(arguments.path);
  if (!source) return session.could_not_run(source.error().message);
  const Findings findings = find(std::move(source->files), session);
  const Compiled made =
      arguments.cost && findings.result.ok() ? compiled(findings.result.rules) : Compiled{};
  if (arguments.format == "json") {
    auto json = to_json(findings, source->prefix);
    if (made.program != nullptr) {
      json["cost"] = cost_to_json(*made.program);
      json["cost"].as_object()["compile_ms"] = made.milliseconds;
    }
    session.out << boost::json::serialize(json) << '\n';
  } else {
    show_messages(findings.result.diagnostics, *findings.result.sources, source->prefix,
                  arguments.max_messages, session);
    session.err << styled(summary(findings, arguments.path), findings.result.ok() ? "1" : "1;31",
                          session.color_on_err())
                << '\n';
    if (made.program != nullptr) show_cost(made, source->prefix, session);
  }
  const bool bad = !findings.result.ok() || (arguments.deny_warnings && findings.warnings > 0);
  return bad ? kProblems : kFine;
}

}  // namespace consign::cli
