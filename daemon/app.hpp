// The program: start-up, serving, tear-down.
#pragma once

#include "daemon/config.hpp"

namespace consign {

/// Serves until SIGTERM or SIGINT; the process's exit status: 0, or 1 if it could not start or the
/// store failed.
int run(const Settings& settings);

}  // namespace consign
