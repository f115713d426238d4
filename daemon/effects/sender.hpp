// Sends effects: a thread for each endpoint.
//
// Threads, because then nothing that an endpoint does (a name that does not resolve, a connection
// that hangs) can hold up another. Each sleeps until its next attempt is due or the outbox changes.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/effects/courier.hpp"

namespace consign {

/// `start` and `stop` once, from one thread. What it is given must outlive it.
class Sender {
 public:
  Sender(const std::map<std::string, Endpoint, std::less<>>& endpoints, store::Writer& writer,
         store::ReaderPool& readers, CourierHooks hooks);
  ~Sender();

  void start();
  /// Lets the attempts that are under way come to their end, for a few seconds, and breaks off the
  /// others: they are made again after the next start.
  void stop();

 private:
  void wake();
  void work(Courier& courier);
  std::optional<Timestamp> take_turn(Courier& courier);

  store::Writer& writer_;
  const CourierHooks hooks_;
  std::vector<std::unique_ptr<Courier>> couriers_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t changes_ = 0;  // of the outbox, since the start
  std::size_t working_ = 0;    // threads that have not ended
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace consign
