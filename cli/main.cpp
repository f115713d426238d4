#include <exception>
#include <iostream>

#include "cli/app.hpp"

int main(int argc, char** argv) {
  try {
    auto session = consign::cli::process_session();
    return consign::cli::run({argv + 1, argv + argc}, session);
  } catch (const std::exception& problem) {
    std::cerr << "consign: " << problem.what() << '\n';
    return consign::cli::kCouldNotRun;
  }
}
