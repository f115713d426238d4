// Keeps the rule set in force in step with the rules folder.
//
// One thread does all of it: watching, reading, compiling, swapping. The whole set is taken or
// nothing: a set that does not compile, a folder that cannot be read or that was emptied leaves the
// old set running. SIGHUP, the endpoint, inotify's hints and a look every ten seconds all end in
// the same scan.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "consign/dsl.hpp"
#include "daemon/rules/compile.hpp"
#include "daemon/rules/current_rules.hpp"
#include "daemon/rules/folder_watch.hpp"
#include "daemon/wire/rules_folder.hpp"

namespace consign {

/// What the reloader needs of others.
struct ReloaderHooks {
  /// Keeps a rule set's files durably, before the first decision with it; false: it must not be
  /// used.
  std::function<bool(const ActiveRules&)> keep;
  /// Around the compilation of a changed set (systemd wants to know).
  std::function<void()> begins, ends;
  std::function<Timestamp()> now;
};

class Reloader {
 public:
  Reloader(std::filesystem::path folder, CheckOptions options, CurrentRules& rules,
           ReloaderHooks hooks);
  ~Reloader();

  /// The first load, on the caller's thread. `last_good` is what the store has. On failure the
  /// messages for the operator; the process cannot serve.
  Result<std::monostate, std::string> load_first(
      const std::optional<std::vector<RuleFile>>& last_good);

  /// Starts the thread. Only after load_first.
  void start();
  void stop();

  /// Looks again soon (SIGHUP). Safe from any thread and from a signal's handler on an io_context.
  void request();
  /// Looks again and waits; true: what is on the disk is in force; false: CurrentRules::refused
  /// says why not.
  bool reload();

 private:
  struct Folder {
    RuleSources files;
    std::string hash;
    std::string fault;  ///< why it could not be read, or empty
  };
  Folder read_settled();
  Compiled compile(const RuleSources& files);
  bool scan();
  bool take(const Folder& folder);
  void work();
  void wake();

  const std::filesystem::path folder_;
  // The first load's thread, then the reloader's own:
  RulesFolder reader_;
  RuleSetLoader loader_;
  CurrentRules& rules_;
  const ReloaderHooks hooks_;
  FolderWatch watch_;
  int wake_fd_ = -1;

  std::mutex mutex_;
  bool stopping_ = false;
  bool requested_ = false;
  std::vector<std::promise<bool>> waiting_;
  std::thread thread_;
};

}  // namespace consign
