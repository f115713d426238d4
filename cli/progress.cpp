#include "cli/progress.hpp"

#include <chrono>
#include <ostream>
#include <utility>

namespace consign::cli {
namespace {
constexpr std::chrono::seconds kSilence{2}, kBeat{1};
constexpr std::string_view kEraseLine = "\r\x1b[K";
}  // namespace

Progress::Progress(const Session& session, std::string what, std::size_t total)
    : session_(session), what_(std::move(what)), total_(total) {
  if (session_.err_is_terminal && session_.variable("TERM") != "dumb") {
    thread_ = std::thread([this] { show_until_stopped(); });
  }
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
  clear();
}

void Progress::clear() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(shown_, false)) session_.err << kEraseLine << std::flush;
}

void Progress::show_until_stopped() {
  const auto start = std::chrono::steady_clock::now();
  auto next = start + kSilence;
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_until(lock, next, [this] { return stopped_; })) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(next - start).count();
    const auto done = done_.load(std::memory_order_relaxed);
    session_.err << kEraseLine << what_;
    if (done > 0) session_.err << ": " << done;
    if (done > 0 && total_ > 0) session_.err << " of " << total_;
    session_.err << ", " << seconds << " s" << std::flush;
    shown_ = true;
    next += kBeat;
  }
}

}  // namespace consign::cli
