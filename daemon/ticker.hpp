// The clock of the daemon: about every second a unit that does what has become due.
//
// It goes through the writer's queue, so that its coming back is also the proof of life which the
// watchdog gets: a writer that hangs stops it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>

#include "daemon/orders/units.hpp"
#include "daemon/store/writer.hpp"

namespace consign {

/// Must outlive the io_context's run. `start` once; `stop` from any thread.
class Ticker {
 public:
  Ticker(boost::asio::io_context& context, store::Writer& writer, Units& units,
         std::chrono::microseconds interval);

  void start();
  void stop();

 private:
  void wait();
  void tick();

  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  boost::asio::steady_timer timer_;
  store::Writer& writer_;
  Units& units_;
  const std::chrono::microseconds interval_;
  bool stopped_ = false;  // on the strand
};

}  // namespace consign
