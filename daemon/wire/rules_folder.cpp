#include "daemon/wire/rules_folder.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace consign {

namespace fs = std::filesystem;

namespace {

/// Deeper than anyone files rules; ends the walk where links make a circle.
constexpr int kMaxDepth = 16;

bool is_ignored(const std::string& name) { return name.starts_with('.') || name.ends_with('~'); }

bool is_rule_file(const fs::path& path) {
  const std::string ending = path.extension().string();
  return ending == ".rules" || ending == ".yaml" || ending == ".yml";
}

Error cannot_read(const fs::path& path, const std::string& why) {
  return Error{"cannot read " + path.string() + ": " + why};
}

}  // namespace

Result<std::vector<RuleFile>> read_rules_folder(const fs::path& folder) {
  std::vector<RuleFile> files;
  try {
    if (!fs::is_directory(folder)) return cannot_read(folder, "there is no such folder");
    constexpr auto kOptions = fs::directory_options::follow_directory_symlink;
    for (auto it = fs::recursive_directory_iterator(folder, kOptions);
         it != fs::recursive_directory_iterator(); ++it) {
      const fs::path& path = it->path();
      if (is_ignored(path.filename().string())) {
        it.disable_recursion_pending();
        continue;
      }
      if (it->is_directory()) {
        if (it.depth() >= kMaxDepth) {
          return cannot_read(path, "folders nest deeper than " + std::to_string(kMaxDepth));
        }
        continue;
      }
      if (!is_rule_file(path)) continue;
      if (!it->exists()) return cannot_read(path, "the link leads nowhere");
      if (!it->is_regular_file()) continue;
      std::ifstream stream(path, std::ios::binary);
      std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
      if (!stream.is_open() || stream.bad()) {
        return cannot_read(path, "it cannot be opened; who runs consign needs to be let in");
      }
      files.push_back({path.lexically_relative(folder).generic_string(), std::move(text)});
    }
  } catch (const fs::filesystem_error& error) {
    return cannot_read(error.path1(), error.code().message());
  }
  std::sort(files.begin(), files.end(),
            [](const RuleFile& a, const RuleFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace consign
