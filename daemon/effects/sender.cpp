#include "daemon/effects/sender.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace consign {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

// Asleep no longer than this: the clock by which attempts are due may be set.
constexpr microseconds kLongestSleep = seconds(30);
constexpr microseconds kPauseAfterFailure = seconds(1);
constexpr seconds kGrace{3};

}  // namespace

Sender::Sender(const std::map<std::string, Endpoint, std::less<>>& endpoints, store::Writer& writer,
               store::ReaderPool& readers, CourierHooks hooks)
    : writer_(writer), hooks_(std::move(hooks)) {
  for (const auto& [name, endpoint] : endpoints) {
    couriers_.push_back(std::make_unique<Courier>(endpoint, writer, readers, hooks_));
  }
}

Sender::~Sender() { stop(); }

void Sender::start() {
  if (couriers_.empty()) return;
  writer_.watch("outbox", [this] { wake(); });
  working_ = couriers_.size();
  for (auto& courier : couriers_) threads_.emplace_back([this, &courier] { work(*courier); });
}

void Sender::stop() {
  if (threads_.empty()) return;
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, kGrace, [this] { return working_ == 0; });
  }
  for (auto& courier : couriers_) courier->cancel();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  writer_.watch("outbox", nullptr);
}

void Sender::wake() {
  const std::lock_guard lock(mutex_);
  ++changes_;
  changed_.notify_all();
}

void Sender::work(Courier& courier) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto seen = changes_;
    lock.unlock();
    const auto next = take_turn(courier);
    lock.lock();
    const auto sleep =
        next ? std::min(kLongestSleep, microseconds(next->micros - hooks_.now().micros))
             : kLongestSleep;
    if (sleep <= microseconds(0)) continue;
    changed_.wait_for(lock, sleep, [&] { return stopping_ || changes_ != seen; });
  }
  --working_;
  changed_.notify_all();
}

std::optional<Timestamp> Sender::take_turn(Courier& courier) {
  try {
    return courier.turn();
  } catch (const std::exception& error) {
    spdlog::error("sending: {}", error.what());
    return Timestamp{hooks_.now().micros + kPauseAfterFailure.count()};
  }
}

}  // namespace consign
