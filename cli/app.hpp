// The whole tool as a function.
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"

namespace consign::cli {

/// Runs `consign` with the arguments that follow the program's name; returns its exit status.
int run(std::vector<std::string> arguments, Session& session);

}  // namespace consign::cli
