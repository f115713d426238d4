// `check`'s findings beyond errors, file by file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/ruleset.hpp"

namespace consign::check {

/// Whom the assigns of some rules are for.
struct Claimants {
  std::optional<std::uint32_t> supplier;  ///< the first one
  bool compete = false;                   ///< not all are for that one alone

  void add(const AssignAction& assign);
  void add(const Claimants& others);
};

/// What is known of a file's rules. It holds as long as the file and all declarations stay as they
/// are, so that most need not be looked at again.
struct FileFindings {
  bool known = false;
  bool some_warned_of = false;  ///< so that it has to be looked at again to tell of them
  bool some_claim_all = false;
  Claimants claims, fallbacks;  ///< of live rules, and of live `otherwise` rules
};

/// As consign::find_warnings. `files` has a place for each file of the rule list; what is not known
/// yet is filled in.
std::vector<Diagnostic> find_warnings(const RuleSet& rules, std::size_t pair_budget,
                                      std::vector<FileFindings>& files);

}  // namespace consign::check
