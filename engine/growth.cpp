#include "engine/growth.hpp"

#include <unordered_map>

namespace consign {

namespace {

/// So much of a program may be of dropped rules, or indexed apart, before all is compiled anew.
constexpr std::size_t kShare = 4;  // one in so many

}  // namespace

std::optional<Difference> Difference::between(const Program& previous, const RuleSet& rules,
                                              bool always) {
  std::unordered_map<const FileRules*, std::pair<std::size_t, RuleIndex>> known;
  RuleIndex first = 0;
  for (const auto& file : previous.rules->rules.files()) {
    known.emplace(file.get(), std::pair(known.size(), first));
    first += static_cast<RuleIndex>(file->rules.size());
  }
  Difference made;
  std::size_t kept = 0, next = 0;
  first = 0;
  for (const auto& file : rules.rules.files()) {
    const auto count = static_cast<RuleIndex>(file->rules.size());
    RuleIndex before = kNew;
    // Rules that are kept stay in their order.
    if (const auto at = known.find(file.get()); at != known.end() && at->second.first >= next) {
      next = at->second.first + 1;
      before = at->second.second;
      kept += count;
    }
    made.files_.push_back({first, first + count, before});
    first += count;
  }
  made.added_ = rules.rules.size() - kept;
  made.growth_ = previous.growth;
  made.growth_.added += made.added_;
  made.growth_.dropped += previous.rules->rules.size() - kept;
  if (kept == 0) return std::nullopt;
  if (always) return made;
  const std::size_t bound = rules.rules.size() / kShare;
  if (made.growth_.added > bound || made.growth_.dropped > bound ||
      previous.part_count() > made.growth_.parts + made.growth_.parts / kShare) {
    return std::nullopt;
  }
  return made;
}

}  // namespace consign
