// The program: start-up, serving, tear-down.
#pragma once

#include <functional>

#include "consign/time.hpp"
#include "daemon/config.hpp"

namespace consign {

/// Tells the time; safe from any thread.
using Clock = std::function<Timestamp()>;
Timestamp system_clock();

/// Serves until SIGTERM or SIGINT; the process's exit status: 0, or 1 if it could not start or the
/// store failed.
int run(const Settings& settings, const Clock& clock = system_clock);

}  // namespace consign
