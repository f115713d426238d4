// What `check` finds beyond errors (language.md C16).

#include "dsl/warnings.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include "consign/dsl.hpp"
#include "dsl/allow_warnings.hpp"
#include "dsl/overlaps.hpp"
#include "dsl/satisfiable.hpp"

namespace consign {

namespace {

using namespace check;

constexpr std::size_t kMostShown = 20;  ///< of one kind; the rest is counted

void warn_of_rule_that_never_fires(const RuleSet& rules, const Rule& rule,
                                   const Contradiction& found, DiagnosticSink& sink) {
  const std::string_view text = rules.sources->text(found.part);
  const bool is_false = text == "false";
  auto message =
      sink.report(Code::never_fires, "rule `" + std::string(rule.name) + "` can never fire");
  message.primary(found.part, is_false             ? "never true"
                              : found.with.empty() ? "this cannot hold"
                                                   : "this contradicts what else must hold");
  for (const Span& other : found.with) message.label(other, "together with this");
  if (is_false) message.help("to switch a rule off, say `mode off`");
}

/// Whether the rule claims every line that comes to it.
bool claims_all(const Rule& rule, const Satisfiability& satisfiability) {
  const AssignAction* assign = assign_of(rule);
  return assign && !assign->or_next_rule && rule.mode == Mode::live &&
         rule.details->shops.empty() && !rule.details->from && !rule.details->until &&
         (rule.condition ? satisfiability.always(*rule.condition) : rule.otherwise);
}

void warn_of_late_assigns(const RuleSet& rules, const Satisfiability& satisfiability,
                          DiagnosticSink& sink) {
  std::size_t found = 0;
  // `otherwise` rules come after all others, so the first of the others that claims all precedes
  // them, too.
  const Rule* claimed_by = nullptr;
  for (const bool otherwise : {false, true}) {
    for (const Rule& rule : rules.rules) {
      if (rule.otherwise != otherwise || rule.mode != Mode::live || !assign_of(rule)) continue;
      if (!claimed_by) {
        if (claims_all(rule, satisfiability)) claimed_by = &rule;
        continue;
      }
      if (++found > kMostShown) continue;
      const auto action =
          std::find_if(rule.actions.begin(), rule.actions.end(),
                       [](const Action& each) { return each.kind() == ActionKind::assign; });
      sink.report(Code::assigns_too_late,
                  "the assign of rule `" + std::string(rule.name) + "` always comes too late")
          .primary(action->span)
          .label(claimed_by->name_span, "claims every line before it")
          .help("put the rule that always fires after the others, or make it `otherwise`");
    }
  }
  if (found > kMostShown) {
    sink.report(Code::assigns_too_late,
                "and " + std::to_string(found - kMostShown) + " more assigns that come too late");
  }
}

/// The digits that the last part of a path begins with, if any follow after which the name goes on.
std::string_view number_prefix(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  std::size_t digits = 0;
  while (digits < name.size() && std::isdigit(static_cast<unsigned char>(name[digits]))) ++digits;
  return name.substr(0, digits);
}

void warn_of_prefix_widths(const SourceMap& sources, DiagnosticSink& sink) {
  // Files come in the order in which they run; the first file of each width speaks for it.
  std::map<std::string, std::map<std::size_t, std::string>> folders;
  for (SourceId id = 0; id < sources.size(); ++id) {
    const std::string& path = sources.get(id).path;
    const std::string_view prefix = number_prefix(path);
    if (prefix.empty()) continue;
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash);
    folders[folder].insert_or_assign(prefix.size(), path);
  }
  for (const auto& [folder, widths] : folders) {
    if (widths.size() < 2) continue;
    const std::string& narrow = widths.begin()->second;
    const std::string& wide = widths.rbegin()->second;
    const bool narrow_later = narrow > wide;
    const std::string& first = narrow_later ? wide : narrow;
    const std::string& second = narrow_later ? narrow : wide;
    const std::string missing(widths.rbegin()->first - widths.begin()->first, '0');
    std::string message = "number prefixes of different width: `";
    message.append(first).append("` runs before `").append(second).append("`");
    sink.report(Code::prefix_width, std::move(message))
        .note("files run in the byte order of their names, so that `10-` comes before `9-`")
        .help(std::string("write the numbers with the same number of digits, as `")
                  .append(missing)
                  .append(number_prefix(narrow))
                  .append("`"));
  }
}

}  // namespace

namespace check {

void Claimants::add(const AssignAction& assign) {
  if (!supplier && !assign.targets.empty()) supplier = assign.targets.front().supplier;
  compete = compete || assign.targets.size() != 1 || assign.targets.front().supplier != supplier;
}

void Claimants::add(const Claimants& others) {
  if (!supplier) supplier = others.supplier;
  compete = compete || others.compete || (others.supplier && others.supplier != supplier);
}

namespace {

/// Looks at the rules of one file by themselves.
FileFindings look_at(const RuleSet& rules, const FileRules& file, Satisfiability& satisfiability,
                     DiagnosticSink& sink) {
  FileFindings found;
  found.known = true;
  std::vector<const Expr*> parts;
  for (const Rule& rule : file.rules) {
    found.some_claim_all = found.some_claim_all || claims_all(rule, satisfiability);
    if (const AssignAction* assign = rule.mode == Mode::live ? assign_of(rule) : nullptr) {
      (rule.otherwise ? found.fallbacks : found.claims).add(*assign);
    }
    if (warn_of_negations(rules, rule, satisfiability, sink)) found.some_warned_of = true;
    if (is_plain(rule.condition, parts)) continue;
    const auto alone = satisfiability.alone(rule.condition);
    if (!alone.contradiction) continue;
    found.some_warned_of = true;
    warn_of_rule_that_never_fires(rules, rule, *alone.contradiction, sink);
  }
  return found;
}

void find_overlaps(const RuleSet& rules, std::size_t pair_budget, DiagnosticSink& sink) {
  Satisfiability satisfiability(rules);
  Overlaps overlaps(rules, satisfiability, pair_budget, sink);
  std::vector<const Expr*> parts;
  for (std::uint32_t i = 0; i < rules.rules.size(); ++i) {
    const Rule& rule = rules.rules[i];
    if (is_plain(rule.condition, parts)) {
      overlaps.note_plain(i, parts);
    } else {
      overlaps.note(i, satisfiability.alone(rule.condition).conjuncts);
    }
  }
  overlaps.find();
}

}  // namespace

std::vector<Diagnostic> find_warnings(const RuleSet& rules, std::size_t pair_budget,
                                      std::vector<FileFindings>& files) {
  DiagnosticSink sink;
  Satisfiability satisfiability(rules);
  warn_of_prefix_widths(*rules.sources, sink);
  bool some_claim_all = false;
  Claimants claims, fallbacks;
  for (std::size_t i = 0; i < files.size(); ++i) {
    FileFindings& file = files[i];
    if (!file.known || file.some_warned_of) {
      file = look_at(rules, *rules.rules.files()[i], satisfiability, sink);
    }
    some_claim_all = some_claim_all || file.some_claim_all;
    claims.add(file.claims);
    fallbacks.add(file.fallbacks);
  }
  if (some_claim_all) warn_of_late_assigns(rules, satisfiability, sink);
  // Where all claims are for one supplier, none of them overlap.
  if (claims.compete || fallbacks.compete) find_overlaps(rules, pair_budget, sink);
  return sink.sorted();
}

}  // namespace check

std::vector<Diagnostic> find_warnings(const RuleSet& rules, std::size_t pair_budget) {
  std::vector<FileFindings> files(rules.rules.files().size());
  return check::find_warnings(rules, pair_budget, files);
}

}  // namespace consign
