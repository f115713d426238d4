// Makes what fails small: fewer rules, smaller conditions, fewer lines and values, as long as it
// still fails, so that what is left is worth reading.
#pragma once

#include <functional>
#include <string>

#include "tests/differential/given.hpp"
#include "tests/differential/rule_writer.hpp"

namespace consign::reference {

/// A rule set and an order on which something goes wrong.
struct Failing {
  RuleText rules;
  Case one;
};

/// Whether it still goes wrong. Must be false for rule sets that do not load.
using Fails = std::function<bool(const RuleText& rules, const Case& one)>;

/// Takes away what can be taken away, one thing after the other, until nothing more can be (or
/// `attempts` were made). The result fails, too.
Failing shrunk(Failing failing, const Fails& fails, std::size_t attempts = 20'000);

/// Both, ready to be pasted into a test.
std::string describe(const Failing& failing);

}  // namespace consign::reference
