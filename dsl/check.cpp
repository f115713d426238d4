// A whole rule set: files in, checked tree and messages out.

#include <algorithm>
#include <iterator>
#include <tuple>

#include "consign/dsl.hpp"
#include "dsl/resolver.hpp"
#include "dsl/set_cache.hpp"

namespace consign {

namespace {

bool is_yaml(std::string_view path) { return path.ends_with(".yaml") || path.ends_with(".yml"); }

std::string bytes(std::size_t count) { return std::to_string(count) + " bytes"; }

using Sources = std::vector<std::shared_ptr<const Source>>;

/// Whether the files may be read at all; what may not is reported and left out.
Sources within_limits(Sources files, const Limits& limits, DiagnosticSink& sink) {
  if (files.size() > limits.files) {
    sink.report(Code::too_many_files, "the rule set has " + std::to_string(files.size()) +
                                          " files; at most " + std::to_string(limits.files) +
                                          " can be read");
    return {};
  }
  Sources kept;
  for (auto& shared : files) {
    const Source& file = *shared;
    if (!file.path.ends_with(".rules") && !is_yaml(file.path)) {
      sink.report(Code::unknown_ending, "`" + file.path + "` is not a rule file")
          .help("rule files end in `.rules`, `.yaml` or `.yml`");
    } else if (file.text.size() > limits.file_bytes) {
      sink.report(Code::file_too_large, "`" + file.path + "` has " + bytes(file.text.size()) +
                                            "; at most " + bytes(limits.file_bytes) +
                                            " can be read")
          .help("split it into several files");
    } else if (!kept.empty() && kept.back()->path == file.path) {
      sink.report(Code::same_path, "there are two files `" + file.path + "`");
    } else {
      kept.push_back(std::move(shared));
    }
  }
  return kept;
}

std::size_t count_rules(const ast::File& file) {
  const auto is_rule = [](const auto& each) {
    return std::holds_alternative<ast::Rule>(each.what);
  };
  const auto read = std::count_if(file.declarations.begin(), file.declarations.end(), is_rule);
  return file.unread.size() + static_cast<std::size_t>(read);
}

/// In the order of place, those without one first.
bool comes_before(const Diagnostic& a, const Diagnostic& b) {
  const Span* left = a.place();
  const Span* right = b.place();
  if (!left || !right) return !left && right;
  return std::tie(left->source, left->begin) < std::tie(right->source, right->begin);
}

/// The first `limit` messages, and one that counts the rest. Errors go before warnings where not
/// all fit.
std::vector<Diagnostic> shortened(std::vector<Diagnostic> all, std::size_t limit) {
  if (all.size() <= limit) return all;
  std::stable_partition(all.begin(), all.end(),
                        [](const Diagnostic& each) { return each.severity() == Severity::error; });
  const std::size_t left = all.size() - limit;
  const bool errors_left = all[limit].severity() == Severity::error;
  all.resize(limit);
  all.push_back(
      {errors_left ? Code::too_many_messages : Code::more_warnings,
       "and " + std::to_string(left) + (errors_left ? " more messages" : " more warnings"),
       {},
       {},
       {}});
  return all;
}

/// Null where the files must be read to another depth. With `renew`, all rules are resolved anew.
std::shared_ptr<RuleSet> read_and_resolve(SetParts& parts, Depth depth, bool renew,
                                          const CheckOptions& options, const SetCache& cache,
                                          DiagnosticSink& sink) {
  const Limits& limits = options.limits;
  const SourceMap& sources = *parts.sources;
  std::size_t rules = 0;
  parts.trees.clear();
  for (Reading& reading : read_trees(sources, depth, limits, cache.trees(sources, depth))) {
    sink.append(std::move(reading.messages));
    parts.trees.push_back(std::move(reading.tree));
    rules += count_rules(*parts.trees.back());
    if (rules > limits.rules) {
      sink.report(Code::too_many_rules,
                  "the rule set has more than " + std::to_string(limits.rules) + " rules");
      parts.trees.clear();
      break;
    }
    if (sink.error_count() > limits.messages) break;
  }
  parts.rules.assign(parts.trees.size(), {});
  parts.findings.assign(parts.trees.size(), {});
  parts.taken_over = false;
  if (!renew) cache.fill(parts);
  return resolve(parts.trees, parts.sources, options, parts.rules, sink);
}

/// With `keep`, the set is kept in `cache` for the next one.
CheckResult check_files(Sources files, const CheckOptions& options, SetCache& cache, bool keep) {
  const Limits& limits = options.limits;
  DiagnosticSink sink;
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a->path < b->path; });
  files = within_limits(std::move(files), limits, sink);

  auto sources = std::make_shared<SourceMap>();
  for (auto& file : files) sources->add(std::move(file));

  CheckResult result;
  result.sources = sources;
  SetParts parts;
  parts.sources = sources;
  DiagnosticSink found;
  std::shared_ptr<RuleSet> resolved;
  const auto load = [&](Depth depth, bool renew) {
    found = sink;
    resolved = read_and_resolve(parts, depth, renew, options, cache, found);
    return resolved != nullptr;
  };
  // Nearly always all rules are in order, and then each is read when it is resolved. Else all is
  // read first, so that the messages of reading are known before those of resolving. Rules that
  // were taken over say nothing, so where there is an error, all are resolved anew and say what
  // there is.
  const bool in_order = load(Depth::declarations, false);
  if (!in_order || (found.has_errors() && parts.taken_over)) load(Depth::whole, true);
  std::vector<Diagnostic> warnings;
  if (!found.has_errors()) {
    warnings = check::find_warnings(*resolved, kPairBudget, parts.findings);
    // Rules of the same name, one of them taken over: told by resolving both.
    if (keep && !cache.keep(parts)) load(Depth::whole, true);
  }
  result.diagnostics = found.sorted();
  if (!found.has_errors()) {
    resolved->hash = rule_set_hash(*sources);
    std::vector<Diagnostic> all;
    std::merge(std::make_move_iterator(result.diagnostics.begin()),
               std::make_move_iterator(result.diagnostics.end()),
               std::make_move_iterator(warnings.begin()), std::make_move_iterator(warnings.end()),
               std::back_inserter(all), comes_before);
    result.diagnostics = std::move(all);
    result.rules = std::move(resolved);
  }
  result.diagnostics = shortened(std::move(result.diagnostics), limits.messages);
  return result;
}

/// The files, as they were kept where they are as they were.
Sources sources_of(std::vector<RuleFile> files, const SetCache& cache) {
  Sources sources;
  for (RuleFile& file : files) sources.push_back(cache.source(std::move(file)));
  return sources;
}

}  // namespace

CheckResult check_rules(std::vector<RuleFile> files, const CheckOptions& options) {
  SetCache nothing;
  return check_files(sources_of(std::move(files), nothing), options, nothing, false);
}

RuleSetLoader::RuleSetLoader(CheckOptions options)
    : options_(std::move(options)), cache_(std::make_unique<SetCache>()) {}

RuleSetLoader::~RuleSetLoader() = default;

CheckResult RuleSetLoader::check(std::vector<RuleFile> files) {
  return check(sources_of(std::move(files), *cache_));
}

CheckResult RuleSetLoader::check(Sources files) {
  return check_files(std::move(files), options_, *cache_, true);
}

}  // namespace consign
