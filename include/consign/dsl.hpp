// The face of `dsl`: rule files in, a checked rule set and messages out.
//
// Nothing here reads files; functions keep no state and may be called from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/permission.hpp"
#include "consign/ruleset.hpp"
#include "consign/source.hpp"

namespace consign {

/// One rule file: its path relative to the rules folder, `/`-separated, and its bytes. The ending
/// of the path says which spelling it is in.
struct RuleFile {
  std::string path;
  std::string text;
};

/// Limits on what a rule set may hold; what goes beyond is refused with a message of its own.
struct Limits {
  std::size_t file_bytes = 128u << 20;
  std::size_t files = 10'000;
  std::size_t rules = 2'000'000;
  std::size_t nesting = 64;         ///< of parentheses, `not` and quantifiers in one condition
  std::size_t text_bytes = 10'000;  ///< of one text literal
  std::size_t messages = 200;       ///< after which checking a set stops reporting
};

struct CheckOptions {
  std::vector<Permission> never_grant;  ///< consignd.yaml's bans, which rules cannot loosen
  Limits limits;
};

/// What a check gave. `rules` is null if there was an error; `sources` is always there, for
/// rendering.
struct CheckResult {
  std::shared_ptr<const RuleSet> rules;
  std::shared_ptr<const SourceMap> sources;
  std::vector<Diagnostic> diagnostics;  ///< in the order of place

  bool ok() const { return rules != nullptr; }
};

/// Reads, resolves and checks a whole rule set. Files are taken in the byte order of their paths,
/// however they come.
CheckResult check_rules(std::vector<RuleFile> files, const CheckOptions& options = {});

class SetCache;

/// Checks one set after the other, as a daemon does on every reload: what `check_rules` gives, but
/// files that are as they were in the last good set are not read again, and their rules are not
/// resolved again unless something is declared otherwise. Not thread-safe.
class RuleSetLoader {
 public:
  explicit RuleSetLoader(CheckOptions options = {});
  ~RuleSetLoader();
  CheckResult check(std::vector<RuleFile> files);
  /// The same of files that are not copied: one that is as it was is best told by the same pointer.
  CheckResult check(std::vector<std::shared_ptr<const Source>> files);

 private:
  CheckOptions options_;
  std::unique_ptr<SetCache> cache_;
};

/// What formatting gave: the text in consign's one way of writing, or (with errors) messages and no
/// text. Comments stay; a formatted text formats to itself and means what it meant.
struct FormatResult {
  std::string text;
  std::shared_ptr<const SourceMap> sources;
  std::vector<Diagnostic> diagnostics;

  bool ok() const { return diagnostics.empty(); }
};
FormatResult format_rules(const RuleFile& file);

/// `check`'s findings beyond errors (language.md C16): rules that can never fire, assigns that
/// always come too late, pairs that can claim one line for different suppliers, file names that
/// sort otherwise than they look. `pair_budget` bounds the pairs compared.
inline constexpr std::size_t kPairBudget = 200'000;
std::vector<Diagnostic> find_warnings(const RuleSet& rules, std::size_t pair_budget = kPairBudget);

}  // namespace consign
