// A line on the terminal that says how far a long command has come.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

#include "cli/session.hpp"

namespace consign::cli {

/// Shows "WHAT: 1200 of 5000, 3 s" on standard error, rewritten every second, from two seconds on,
/// while it lives; nothing where standard error is no terminal. `clear` takes the line away before
/// something else is written there.
class Progress {
 public:
  /// `total` 0: not known beforehand.
  Progress(const Session& session, std::string what, std::size_t total = 0);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One more is done.
  void step() { done_.fetch_add(1, std::memory_order_relaxed); }
  /// Takes the line away until its next second.
  void clear();

 private:
  void show_until_stopped();

  const Session& session_;
  const std::string what_;
  const std::size_t total_;
  std::atomic<std::size_t> done_{0};
  std::mutex mutex_;  ///< guards what follows, and writing to the terminal
  std::condition_variable stopping_;
  bool stopped_ = false;
  bool shown_ = false;
  std::thread thread_;
};

}  // namespace consign::cli
