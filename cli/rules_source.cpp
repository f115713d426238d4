#include "cli/rules_source.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "cli/files.hpp"
#include "cli/progress.hpp"
#include "daemon/wire/rules_folder.hpp"

namespace consign::cli {

namespace fs = std::filesystem;

Result<RulesSource> read_rules(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return Error{"no such file or folder: `" + path + '`'};
  if (fs::is_directory(status)) {
    auto files = read_rules_folder(path);
    if (!files) return files.error();
    return RulesSource{std::move(*files), path.ends_with('/') ? path : path + '/'};
  }
  auto text = read_file(path);
  if (!text) return text.error();
  const std::string name = fs::path(path).filename();
  RulesSource source{{}, path.substr(0, path.size() - name.size())};
  source.files.push_back({name, std::move(*text)});
  return source;
}

void show_messages(const std::vector<Diagnostic>& messages, const SourceMap& sources,
                   std::string_view prefix, std::size_t limit, const Session& session) {
  const RenderOptions options{session.color_on_err(), std::string(prefix)};
  std::size_t shown = 0;
  for (const Severity severity : {Severity::error, Severity::warning}) {
    for (const Diagnostic& message : messages) {
      if (message.severity() != severity) continue;
      if (limit > 0 && shown == limit) continue;
      session.err << render(message, sources, options) << '\n';
      ++shown;
    }
  }
  if (shown < messages.size()) {
    session.err << "and " << counted(messages.size() - shown, "more message") << '\n';
  }
}

std::size_t count_errors(const std::vector<Diagnostic>& messages) {
  return static_cast<std::size_t>(
      std::count_if(messages.begin(), messages.end(),
                    [](const auto& m) { return m.severity() == Severity::error; }));
}

std::string count_messages(std::size_t errors, std::size_t warnings) {
  std::string text;
  if (errors > 0) text = counted(errors, "error");
  if (errors > 0 && warnings > 0) text += " and ";
  if (warnings > 0) text += counted(warnings, "warning");
  return text;
}

LoadedRules load_rules(const std::string& path, const Session& session) {
  auto source = read_rules(path);
  if (!source) return {nullptr, "", session.could_not_run(source.error().message)};
  CheckResult result;
  {
    const Progress progress(session, "checking the rules");
    result = check_rules(std::move(source->files));
  }
  if (result.ok()) return {result.rules, source->prefix, kFine};
  show_messages(result.diagnostics, *result.sources, source->prefix, kMessagesShown, session);
  session.err << count_messages(count_errors(result.diagnostics), 0) << " in `" << path << "`\n";
  return {nullptr, source->prefix, kProblems};
}

}  // namespace consign::cli
