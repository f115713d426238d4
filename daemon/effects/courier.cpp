#include "daemon/effects/courier.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/effects/answer.hpp"
#include "daemon/effects/signing.hpp"
#include "daemon/orders/telling.hpp"

namespace consign {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kLongestPause = 300;
constexpr int kGone = 410;
constexpr int kTooManyRequests = 429;
constexpr int kUnavailable = 503;

}  // namespace

Courier::Courier(const Endpoint& endpoint, store::Writer& writer, store::ReaderPool& readers,
                 const CourierHooks& hooks)
    : endpoint_(endpoint),
      writer_(writer),
      readers_(readers),
      hooks_(hooks),
      poster_(hooks.make_poster(endpoint)) {}

std::optional<Timestamp> Courier::turn() {
  const Timestamp began = hooks_.now();
  const auto effect = readers_.read([&](store::Connection& db) {
    if (!store::find_disabled_endpoint(db, endpoint_.name)) {
      return store::next_effect(db, endpoint_.name, began, fresh_from());
    }
    failed_in_row_ = 0;  // whoever enables it by hand says that it is well
    return std::optional<store::EffectRow>();
  });
  if (!effect || cancelled_) return std::nullopt;
  if (effect->next_at > began) return effect->next_at;
  const auto answer = post(*effect, began);
  if (cancelled_ && answer.status == 0) return std::nullopt;
  if (record(*effect, answer, began)) {
    pause_ = kFirstPause;
    return began;
  }
  // A store that takes no writes may do so for long: the receiver is not to pay for that.
  const Timestamp next{hooks_.now().micros + pause_ * kSecond};
  pause_ = std::min(2 * pause_, kLongestPause);
  return next;
}

PostAnswer Courier::post(const store::EffectRow& effect, Timestamp now) {
  const std::int64_t seconds = now.micros / kSecond;
  return poster_->post(
      {{"webhook-id", effect.id},
       {"webhook-timestamp", std::to_string(seconds)},
       {"webhook-signature", webhook_signature(endpoint_.keys, effect.id, seconds, effect.body)}},
      effect.body);
}

// Writes down the attempt and what follows from it. Whether that is stored; if not, the effect is
// still queued as it was, and will be posted again.
bool Courier::record(const store::EffectRow& effect, const PostAnswer& answer, Timestamp began) {
  const Timestamp now = hooks_.now();
  store::AttemptRow attempt{.at = began,
                            .millis = (now.micros - began.micros) / 1'000,
                            .status = answer.status,
                            .problem = refusal_in(endpoint_.form, answer)};

  failed_in_row_ = attempt.problem ? failed_in_row_ + 1 : 0;
  last_attempt_ = now;

  store::Unit next_step;
  if (!attempt.problem) {
    next_step = [&](store::Connection& db) {
      store::end_effect(db, effect.seq, "delivered", now);
      note_delivered(db, effect, now);
    };
  } else if (answer.status == kGone) {
    spdlog::error("endpoint {}: {}; nothing more is sent there until it is enabled by hand",
                  endpoint_.name, *attempt.problem);
    next_step = [&](store::Connection& db) {
      store::disable_endpoint(db, {endpoint_.name, now, *attempt.problem});
    };
  } else if (const auto next = when_next(effect, answer, now)) {
    spdlog::warn("endpoint {}: {}: {}; next attempt at {}", endpoint_.name, effect.id,
                 *attempt.problem, format_timestamp(*next));
    next_step = [&](store::Connection& db) {
      store::postpone_effect(db, effect.seq, effect.tries + 1, *next);
    };
  } else {
    spdlog::error("endpoint {}: {}: {}; given up after {} attempts", endpoint_.name, effect.id,
                  *attempt.problem, effect.tries + 1);
    next_step = [&](store::Connection& db) { store::end_effect(db, effect.seq, "failed", now); };
  }
  return writer_.run([&](store::Connection& db) {
    store::record_attempt(db, effect.seq, attempt);
    next_step(db);
  }) == store::Fate::committed;
}

Timestamp Courier::fresh_from() const {
  if (failed_in_row_ < kFewInRow) return {};
  return {last_attempt_.micros + kQuietSeconds * kSecond};
}

std::optional<Timestamp> Courier::when_next(const store::EffectRow& effect,
                                            const PostAnswer& answer, Timestamp now) {
  const auto next = next_attempt(endpoint_.retries, effect.tries + 1, now, hooks_.jitter());
  const bool asks_for_time = answer.status == kTooManyRequests || answer.status == kUnavailable;
  if (!next || !asks_for_time) return next;
  return std::max(*next, retry_after(answer.retry_after, now).value_or(*next));
}

void Courier::cancel() {
  cancelled_ = true;
  poster_->cancel();
}

}  // namespace consign
