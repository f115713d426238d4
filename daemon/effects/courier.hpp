// Carries the effects of one endpoint there, one after the other.
//
// An endpoint gets the effects of an order in the order in which they were decided: the next one
// waits until the one before was delivered, or given up after the last attempt of the schedule. So
// the parts of an order are told of in order, too. Other orders pass it: a message that its
// receiver cannot take holds up its own order alone.
//
// A receiver that fails is not sent all that has queued up. After kFewInRow failures in a row, of
// whichever orders, only what is due for a retry goes there; one more order is tried after
// kQuietSeconds in which nothing was. A delivery ends that. It is known to this process alone: at
// the next start a receiver that fails still is tried with a few orders more.
//
// What was posted is written down after the answer came. Between the two the daemon may die; then
// the effect is posted once more, under the same id.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "daemon/effects/endpoint.hpp"
#include "daemon/effects/poster.hpp"
#include "daemon/store/outbox_rows.hpp"
#include "daemon/store/reader_pool.hpp"
#include "daemon/store/writer.hpp"

namespace consign {

/// Failed attempts in a row after which the endpoint itself seems to be the trouble.
inline constexpr int kFewInRow = 8;
inline constexpr std::int64_t kQuietSeconds = 300;

/// What couriers take from the world around them.
struct CourierHooks {
  std::function<Timestamp()> now;
  std::function<double()> jitter;  ///< from 0 up to 1; called by several threads
  std::function<std::unique_ptr<Poster>(const Endpoint&)> make_poster;
};

/// `turn` is for one thread, `cancel` for any. What it is given must outlive it.
class Courier {
 public:
  Courier(const Endpoint& endpoint, store::Writer& writer, store::ReaderPool& readers,
          const CourierHooks& hooks);

  /// Makes at most one attempt. When to take the next turn; nothing: when the outbox has changed.
  /// Throws StoreError where the store cannot be read.
  std::optional<Timestamp> turn();

  /// Breaks off the attempt that is under way, which is not written down then, and makes no more.
  void cancel();

 private:
  PostAnswer post(const store::EffectRow& effect, Timestamp now);
  bool record(const store::EffectRow& effect, const PostAnswer& answer, Timestamp began);
  Timestamp fresh_from() const;
  std::optional<Timestamp> when_next(const store::EffectRow& effect, const PostAnswer& answer,
                                     Timestamp now);

  const Endpoint& endpoint_;
  store::Writer& writer_;
  store::ReaderPool& readers_;
  const CourierHooks& hooks_;
  std::unique_ptr<Poster> poster_;
  static constexpr std::int64_t kFirstPause = 1;
  std::int64_t pause_ = kFirstPause;  // seconds, where what was posted could not be written down
  int failed_in_row_ = 0;
  Timestamp last_attempt_ = {};
  std::atomic<bool> cancelled_ = false;
};

}  // namespace consign
