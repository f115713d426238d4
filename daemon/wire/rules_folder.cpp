#include "daemon/wire/rules_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

namespace consign {

namespace fs = std::filesystem;

namespace {

/// Deeper than anyone files rules; ends the walk where links make a circle.
constexpr int kMaxDepth = 16;

/// A file that was written to so shortly before it was read may have been written to since without
/// its status saying so: clocks tick, and what is written through a memory map is noted late.
constexpr std::chrono::minutes kFresh{1};

bool is_ignored(const std::string& name) { return name.starts_with('.') || name.ends_with('~'); }

bool is_rule_file(const fs::path& path) {
  const std::string ending = path.extension().string();
  return ending == ".rules" || ending == ".yaml" || ending == ".yml";
}

Error cannot_read(const fs::path& path, const std::string& why) {
  return Error{"cannot read " + path.string() + ": " + why};
}

/// Calls `use(path)` for each rule file; an error that it gives ends the walk.
template <class Use>
std::optional<Error> each_rule_file(const fs::path& folder, Use use) {
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
      if (auto error = use(path)) return error;
    }
  } catch (const fs::filesystem_error& error) {
    return cannot_read(error.path1(), error.code().message());
  }
  return std::nullopt;
}

/// A file, open for reading.
class OpenFile {
 public:
  explicit OpenFile(const fs::path& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  bool status(struct stat& out) const { return fd_ >= 0 && fstat(fd_, &out) == 0; }

  /// All bytes, whatever the size was said to be; nothing if they cannot be read.
  std::optional<std::string> read(std::size_t expected) const {
    std::string text(expected + 1, '\0');  // one more, to see the end at once
    std::size_t size = 0;
    while (true) {
      if (size == text.size()) text.resize(text.size() * 2);
      const ssize_t count = ::read(fd_, text.data() + size, text.size() - size);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return std::nullopt;
      if (count == 0) break;
      size += static_cast<std::size_t>(count);
    }
    text.resize(size);
    return text;
  }

 private:
  int fd_;
};

Error not_let_in(const fs::path& path) {
  return cannot_read(path, "it cannot be opened; who runs consign needs to be let in");
}

std::string relative_path(const fs::path& path, const fs::path& folder) {
  return path.lexically_relative(folder).generic_string();
}

bool is_same(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

Result<std::vector<RuleFile>> read_rules_folder(const fs::path& folder) {
  std::vector<RuleFile> files;
  const auto error = each_rule_file(folder, [&](const fs::path& path) -> std::optional<Error> {
    const OpenFile file(path);
    struct stat status {};
    if (!file.status(status)) return not_let_in(path);
    auto text = file.read(static_cast<std::size_t>(status.st_size));
    if (!text) return not_let_in(path);
    files.push_back({relative_path(path, folder), std::move(*text)});
    return std::nullopt;
  });
  if (error) return *error;
  std::sort(files.begin(), files.end(),
            [](const RuleFile& a, const RuleFile& b) { return a.path < b.path; });
  return files;
}

bool RulesFolder::is_as_it_was(const Known& known, const struct stat& status) {
  const struct stat& before = known.status;
  const auto fresh_from =
      std::chrono::duration_cast<std::chrono::seconds>((known.read_at - kFresh).time_since_epoch());
  return before.st_dev == status.st_dev && before.st_ino == status.st_ino &&
         before.st_size == status.st_size && is_same(before.st_mtim, status.st_mtim) &&
         is_same(before.st_ctim, status.st_ctim) && status.st_mtim.tv_sec < fresh_from.count() &&
         status.st_ctim.tv_sec < fresh_from.count();
}

Result<std::vector<std::shared_ptr<const Source>>> RulesFolder::read() {
  std::unordered_map<std::string, Known> now;
  std::vector<std::shared_ptr<const Source>> files;
  const auto error = each_rule_file(folder_, [&](const fs::path& path) -> std::optional<Error> {
    const OpenFile file(path);
    Known read{{}, std::chrono::system_clock::now(), nullptr};
    if (!file.status(read.status)) return not_let_in(path);
    std::string name = relative_path(path, folder_);
    const auto known = known_.find(name);
    if (known != known_.end() && is_as_it_was(known->second, read.status)) {
      read = known->second;
    } else {
      auto text = file.read(static_cast<std::size_t>(read.status.st_size));
      if (!text) return not_let_in(path);
      const bool same = known != known_.end() && known->second.source->text == *text;
      read.source =
          same ? known->second.source : std::make_shared<const Source>(name, std::move(*text));
    }
    files.push_back(read.source);
    now.insert_or_assign(std::move(name), std::move(read));
    return std::nullopt;
  });
  if (error) return *error;
  known_ = std::move(now);
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a->path < b->path; });
  return files;
}

}  // namespace consign
