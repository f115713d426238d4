// Carries the effects of one endpoint there, one after the other.
//
// An endpoint gets its effects in the order in which they were decided: the next one waits until
// the one before was delivered, or given up after the last attempt of the schedule. So the parts of
// an order are told of in order, too, and a receiver that fails is not sent all that has queued up.
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
  std::optional<Timestamp> when_next(const store::EffectRow& effect, const PostAnswer& answer,
                                     Timestamp now);

  const Endpoint& endpoint_;
  store::Writer& writer_;
  store::ReaderPool& readers_;
  const CourierHooks& hooks_;
  std::unique_ptr<Poster> poster_;
  static constexpr std::int64_t kFirstPause = 1;
  std::int64_t pause_ = kFirstPause;  // seconds, where what was posted could not be written down
  std::atomic<bool> cancelled_ = false;
};

}  // namespace consign
