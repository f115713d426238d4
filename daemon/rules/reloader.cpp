#include "daemon/rules/reloader.hpp"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace consign {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kQuiet{100};      // this long without an event, then we look
constexpr milliseconds kLongest{2'000};  // but no later than this after the first event
constexpr milliseconds kPoll{10'000};
constexpr milliseconds kBetweenReads{20};
constexpr int kMostReads = 50;

std::string without_stop(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

Reloader::Reloader(std::filesystem::path folder, CheckOptions options, CurrentRules& rules,
                   ReloaderHooks hooks)
    : folder_(std::move(folder)),
      reader_(folder_),
      loader_(std::move(options)),
      rules_(rules),
      hooks_(std::move(hooks)),
      watch_(folder_),
      wake_fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

Reloader::~Reloader() {
  stop();
  if (wake_fd_ >= 0) close(wake_fd_);
}

Result<std::monostate, std::string> Reloader::load_first(
    const std::optional<std::vector<RuleFile>>& last_good) {
  watch_.refresh();
  Folder folder = read_settled();
  const bool emptied = folder.fault.empty() && folder.files.empty() && last_good.has_value();
  std::shared_ptr<const RefusedRules> refused;
  if (!folder.fault.empty()) {
    refused = refuse(folder.hash, folder.fault, hooks_.now());
  } else if (emptied) {
    refused = refuse(folder.hash, "the rules folder holds no rule files any more", hooks_.now());
  } else {
    if (folder.files.empty()) {
      spdlog::warn("rules: no rule files in {}: every line will be held", folder_.string());
    }
    auto compiled = compile(folder.files);
    if (auto* active = std::get_if<0>(&compiled)) {
      if (!hooks_.keep(**active)) return std::string("cannot store the rule set\n");
      rules_.put_in_force(*active);
      spdlog::info("rules: {} in force, {} files", (*active)->hash, (*active)->files.size());
      return std::monostate{};
    }
    refused = std::get<1>(compiled);
  }
  if (!last_good) return refused->rendered;

  auto compiled = compile(sources_of(*last_good));
  auto* active = std::get_if<0>(&compiled);
  if (active == nullptr) return refused->rendered + std::get<1>(compiled)->rendered;
  rules_.put_in_force(*active);
  rules_.note_refused(refused);
  spdlog::error("rules: the folder's rule set is refused; running on the last good one, {}\n{}",
                (*active)->hash, without_stop(refused->rendered));
  return std::monostate{};
}

void Reloader::start() {
  thread_ = std::thread([this] { work(); });
}

void Reloader::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  for (auto& promise : waiting_) promise.set_value(rules_.refused() == nullptr);
  waiting_.clear();
}

void Reloader::wake() {
  const std::uint64_t one = 1;
  // It can only fail by being awake already.
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof one);
}

void Reloader::request() {
  {
    const std::lock_guard lock(mutex_);
    requested_ = true;
  }
  wake();
}

bool Reloader::reload() {
  std::future<bool> answer;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return rules_.refused() == nullptr;
    answer = waiting_.emplace_back().get_future();
    requested_ = true;
  }
  wake();
  return answer.get();
}

// Two readings that agree: somebody may be writing while we read.
Reloader::Folder Reloader::read_settled() {
  Folder folder;
  for (int reading = 0; reading < kMostReads; ++reading) {
    if (reading > 0) std::this_thread::sleep_for(kBetweenReads);
    Folder again;
    auto files = reader_.read();
    if (files) {
      again.files = std::move(files.value());
      again.hash = hash_of(again.files);
    } else {
      again.fault = files.error().message;
    }
    const bool agree = reading > 0 && again.hash == folder.hash && again.fault == folder.fault;
    folder = std::move(again);
    if (agree) return folder;
  }
  folder.fault = "the rules folder keeps changing";
  return folder;
}

Compiled Reloader::compile(const RuleSources& files) {
  const auto active = rules_.active();
  return compile_rules(files, loader_, hooks_.now(), active ? active->program : nullptr);
}

bool Reloader::scan() {
  watch_.refresh();
  Folder folder = read_settled();
  if (folder.fault.empty() && folder.hash == rules_.active()->hash) {
    rules_.clear_refused();
    return true;
  }
  const auto refused = rules_.refused();
  // An unreadable folder has no hash of its own: its fault stands for it.
  if (!folder.fault.empty()) folder.hash = "";
  if (refused != nullptr && refused->hash == folder.hash && folder.fault.empty()) return false;
  if (refused != nullptr && !folder.fault.empty() &&
      refused->rendered == "error: " + folder.fault + "\n") {
    return false;
  }
  hooks_.begins();
  const bool taken = take(folder);
  hooks_.ends();
  return taken;
}

bool Reloader::take(const Folder& folder) {
  std::shared_ptr<const RefusedRules> refused;
  if (!folder.fault.empty()) {
    refused = refuse(folder.hash, folder.fault, hooks_.now());
  } else if (folder.files.empty()) {
    refused = refuse(folder.hash, "the rules folder holds no rule files any more", hooks_.now());
  } else {
    auto compiled = compile(folder.files);
    if (auto* active = std::get_if<0>(&compiled)) {
      if (hooks_.keep(**active)) {
        rules_.put_in_force(*active);
        spdlog::info("rules: {} in force, {} files", (*active)->hash, (*active)->files.size());
        return true;
      }
      // With no hash it is tried again at the next look.
      refused = refuse("", "the rule set could not be stored", hooks_.now());
    } else {
      refused = std::get<1>(compiled);
    }
  }
  rules_.note_refused(refused);
  spdlog::error("rules: a changed rule set is refused, {} stays in force\n{}",
                rules_.active()->hash, without_stop(refused->rendered));
  return false;
}

void Reloader::work() {
  auto next_poll = Clock::now() + kPoll;
  std::optional<Clock::time_point> first_event, last_event;
  for (;;) {
    auto due = next_poll;
    if (last_event) due = std::min({due, *last_event + kQuiet, *first_event + kLongest});
    std::vector<std::promise<bool>> waiting;
    bool requested = false;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      requested = std::exchange(requested_, false);
      waiting.swap(waiting_);
    }
    if (!requested && Clock::now() < due) {
      const auto left = std::chrono::ceil<milliseconds>(due - Clock::now());
      std::array<pollfd, 2> fds{{{wake_fd_, POLLIN, 0}, {watch_.fd(), POLLIN, 0}}};
      poll(fds.data(), fds.size(), static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
      std::uint64_t wakes = 0;
      [[maybe_unused]] const ssize_t size = read(wake_fd_, &wakes, sizeof wakes);
      if (watch_.fd() >= 0 && watch_.drain()) {
        last_event = Clock::now();
        if (!first_event) first_event = last_event;
      }
      continue;
    }
    // What happens from here on is news again.
    first_event.reset();
    last_event.reset();
    const bool in_force = scan();
    next_poll = Clock::now() + kPoll;
    for (auto& promise : waiting) promise.set_value(in_force);
  }
}

}  // namespace consign
