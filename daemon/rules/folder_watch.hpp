// Hints that a rules folder may have changed.
//
// Events are hints, content is truth: a watch on a file goes silent when an editor replaces the
// file, one on a directory when the directory is replaced, and the queue can overflow. So we watch
// the tree, its parent and the folders that symbolic links lead to, look them up anew before every
// scan, and take anything that happens there as "look again".
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "consign/result.hpp"

namespace consign {

/// One inotify queue for one rules folder. One thread at a time.
class FolderWatch {
 public:
  explicit FolderWatch(std::filesystem::path folder);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  /// Readable when something happened; -1 where the system gives no watches (polling still finds
  /// changes).
  int fd() const { return fd_; }
  /// Brings the watches to where the folder's directories are now.
  void refresh();
  /// Takes all events that are there; whether one of them may concern the rules.
  bool drain();

 private:
  void watch(const std::filesystem::path& directory, const std::string& only_name,
             std::map<int, std::string>& now);
  void watch_tree(const std::filesystem::path& directory, int depth,
                  std::map<int, std::string>& now);

  std::filesystem::path folder_;
  int fd_ = -1;
  std::map<int, std::string> watches_;  // and the one name that counts there, or empty: any
};

}  // namespace consign
