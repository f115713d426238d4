#include "daemon/ticker.hpp"

#include <boost/asio/post.hpp>
#include <memory>

#include "daemon/orders/timers.hpp"
#include "daemon/service_manager.hpp"

namespace consign {

namespace asio = boost::asio;

Ticker::Ticker(asio::io_context& context, store::Writer& writer, Units& units,
               std::chrono::microseconds interval)
    : strand_(asio::make_strand(context)),
      timer_(strand_),
      writer_(writer),
      units_(units),
      interval_(interval) {}

void Ticker::start() {
  asio::post(strand_, [this] { wait(); });
}

void Ticker::stop() {
  asio::post(strand_, [this] {
    stopped_ = true;
    timer_.cancel();
  });
}

void Ticker::wait() {
  if (stopped_) return;
  timer_.expires_after(interval_);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !stopped_) tick();
  });
}

// The next one is asked for when this one has come back, so they never pile up.
void Ticker::tick() {
  auto more = std::make_shared<bool>(false);
  writer_.submit(units_.unit([more](UnitContext& unit) { *more = consign::tick(unit); }),
                 [this, more](const std::vector<store::Fate>& fates) {
                   const bool committed = fates.front() == store::Fate::committed;
                   if (committed) service_manager::watchdog();
                   asio::post(strand_, [this, again = committed && *more] {
                     if (stopped_) return;
                     again ? tick() : wait();
                   });
                 });
}

}  // namespace consign
