#include "consign/ruleset.hpp"

#include <algorithm>

#include "consign/hash.hpp"

namespace consign {

void RuleList::add(std::shared_ptr<const FileRules> file) {
  for (const Rule& rule : file->rules) rules_.push_back(&rule);
  files_.push_back(std::move(file));
}

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::line:
      return "line";
    case Scope::order:
      return "order";
    case Scope::check:
      return "check";
  }
  return {};
}

std::optional<std::uint32_t> RuleSet::find_supplier(std::string_view name) const {
  const auto it = std::find_if(suppliers.begin(), suppliers.end(),
                               [&](const Supplier& each) { return each.name == name; });
  if (it == suppliers.end()) return std::nullopt;
  return static_cast<std::uint32_t>(it - suppliers.begin());
}

std::string rule_set_hash(const SourceMap& sources) {
  std::vector<const Source*> files;
  for (SourceId id = 0; id < sources.size(); ++id) files.push_back(&sources.get(id));
  std::sort(files.begin(), files.end(),
            [](const Source* a, const Source* b) { return a->path < b->path; });
  Sha256 hash;
  for (const Source* file : files) {
    const auto* digest = reinterpret_cast<const char*>(file->sha256.data());
    hash.field(file->path).field({digest, file->sha256.size()});
  }
  return to_hex(hash.digest());
}

std::optional<Decimal> convert(const RuleSet& rules, const Decimal& amount, std::string_view from,
                               std::string_view to) {
  if (from == to) return amount;
  for (const Rate& rate : rules.rates) {
    if (rate.from == from && rate.to == to) return amount.times(rate.factor);
    if (rate.from == to && rate.to == from) return amount.divided_by(rate.factor);
  }
  return std::nullopt;
}

}  // namespace consign
