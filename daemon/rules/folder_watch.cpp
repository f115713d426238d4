#include "daemon/rules/folder_watch.hpp"

#include <spdlog/spdlog.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace consign {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
                                  IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr int kDepth = 16;
constexpr std::size_t kMostWatches = 4'096;

}  // namespace

FolderWatch::FolderWatch(fs::path folder) : folder_(std::move(folder)) {
  fd_ = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd_ < 0) {
    spdlog::warn("rules: no inotify ({}); changes are found by looking every ten seconds",
                 std::strerror(errno));
  }
}

FolderWatch::~FolderWatch() {
  if (fd_ >= 0) close(fd_);
}

void FolderWatch::watch(const fs::path& directory, const std::string& only_name,
                        std::map<int, std::string>& now) {
  if (now.size() >= kMostWatches) return;
  const int id = inotify_add_watch(fd_, directory.c_str(), kEvents | IN_ONLYDIR);
  if (id < 0) {
    // A directory that just went away is news that another watch brings.
    if (errno != ENOENT && errno != ENOTDIR) {
      spdlog::warn("rules: cannot watch {}: {}", directory.string(), std::strerror(errno));
    }
    return;
  }
  // The same directory may be both somebody's parent and part of the tree: then every name counts.
  const auto [entry, is_new] = now.emplace(id, only_name);
  if (!is_new && entry->second != only_name) entry->second.clear();
}

void FolderWatch::watch_tree(const fs::path& directory, int depth,
                             std::map<int, std::string>& now) {
  watch(directory, "", now);
  if (depth == kDepth) return;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;  // what cannot be looked at is reported by whoever reads it
    const bool is_link = entry->is_symlink(ignored);
    const bool is_directory = entry->is_directory(ignored);
    if (is_link) {
      const fs::path target = fs::canonical(entry->path(), ignored);
      if (ignored) continue;
      watch(target.parent_path(), "", now);
      if (is_directory) watch_tree(target, depth + 1, now);
    } else if (is_directory) {
      watch_tree(entry->path(), depth + 1, now);
    }
  }
}

void FolderWatch::refresh() {
  if (fd_ < 0) return;
  std::map<int, std::string> now;
  std::error_code error;
  fs::path given = fs::absolute(folder_, error).lexically_normal();
  if (given.filename().empty()) given = given.parent_path();
  watch(given.parent_path(), given.filename().string(), now);
  const fs::path real = fs::canonical(given, error);
  if (!error) {
    watch(real.parent_path(), real.filename().string(), now);
    watch_tree(real, 0, now);
  }
  for (const auto& [id, name] : watches_) {
    if (!now.contains(id)) inotify_rm_watch(fd_, id);
  }
  watches_ = std::move(now);
}

bool FolderWatch::drain() {
  bool concerns_us = false;
  alignas(inotify_event) std::array<char, 16'384> buffer{};
  for (;;) {
    const ssize_t size = read(fd_, buffer.data(), buffer.size());
    if (size <= 0) return concerns_us;
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof(inotify_event)) + event->len;
      const auto watched = watches_.find(event->wd);
      if ((event->mask & IN_Q_OVERFLOW) != 0) {
        concerns_us = true;
      } else if (watched != watches_.end()) {
        const bool about_itself = event->len == 0;
        concerns_us = concerns_us || watched->second.empty() || about_itself ||
                      watched->second == event->name;
      }
    }
  }
}

}  // namespace consign
