// consign fmt: brings rule files into the one way of writing.
#include <filesystem>
#include <istream>
#include <iterator>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/progress.hpp"
#include "cli/rules_source.hpp"

namespace consign::cli {
namespace {

struct Outcome {
  std::size_t changed = 0, broken = 0;
};

void show_broken(const FormatResult& result, std::string_view prefix, const Session& session) {
  show_messages(result.diagnostics, *result.sources, prefix, kMessagesShown, session);
}

Exit format_stdin(const FmtArguments& arguments, const Session& session) {
  const std::string text{std::istreambuf_iterator<char>(session.in), {}};
  const FormatResult result = format_rules({arguments.stdin_name, text});
  if (!result.ok()) {
    show_broken(result, "", session);
    return kProblems;
  }
  if (arguments.check) return result.text == text ? kFine : kProblems;
  session.out << result.text;
  return kFine;
}

/// Formats the file, or with --check names it if it would change. An error says what kept it from
/// being written.
Status format_file(const RuleFile& file, const std::string& prefix, const FmtArguments& arguments,
                   Outcome& outcome, Progress& progress, const Session& session) {
  const FormatResult result = format_rules(file);
  progress.step();
  if (!result.ok()) {
    ++outcome.broken;
    progress.clear();
    show_broken(result, prefix, session);
    return done();
  }
  if (result.text == file.text) return done();
  ++outcome.changed;
  const std::string path = prefix + file.path;
  if (arguments.check) {
    session.out << path << '\n';
    return done();
  }
  return replace_file(path, result.text);
}

void show_summary(const Outcome& outcome, std::size_t files, bool check, const Session& session) {
  session.err << counted(files, "file") << ": ";
  if (outcome.changed > 0) session.err << outcome.changed << (check ? " would change" : " changed");
  if (outcome.changed > 0 && outcome.broken > 0) session.err << ", ";
  if (outcome.broken > 0) session.err << outcome.broken << " broken and left alone";
  if (outcome.changed + outcome.broken == 0) session.err << "nothing to change";
  session.err << '\n';
}

}  // namespace

Exit run_fmt(const FmtArguments& arguments, const Session& session) {
  if (arguments.paths == std::vector<std::string>{"-"}) return format_stdin(arguments, session);
  std::vector<RulesSource> sources;
  std::size_t files = 0;
  for (const std::string& path : arguments.paths) {
    auto source = read_rules(path);
    if (!source) return session.could_not_run(source.error().message);
    files += source->files.size();
    sources.push_back(std::move(*source));
  }
  Outcome outcome;
  {
    Progress progress(session, "formatting", files);
    for (const RulesSource& source : sources) {
      for (const RuleFile& file : source.files) {
        const Status status =
            format_file(file, source.prefix, arguments, outcome, progress, session);
        if (!status) return session.could_not_run(status.error().message);
      }
    }
  }
  show_summary(outcome, files, arguments.check, session);
  return outcome.broken > 0 || (arguments.check && outcome.changed > 0) ? kProblems : kFine;
}

}  // namespace consign::cli
