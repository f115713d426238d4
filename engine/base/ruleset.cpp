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
    case Scope::request:
      return "request";
    case Scope::event:
      return "event";
  }
  return {};
}

std::optional<std::uint32_t> RuleSet::find_supplier(std::string_view name) const {
  const auto it = std::find_if(suppliers.begin(), suppliers.end(),
                               [&](const Supplier& each) { return each.name == name; });
  if (it == suppliers.end()) return std::nullopt;
  return static_cast<std::uint32_t>(it - suppliers.begin());
}

namespace {
template <class Named>
const Named* find_named(const std::vector<Named>& all, std::string_view name) {
  const auto it = std::ranges::find(all, name, &Named::name);
  return it == all.end() ? nullptr : &*it;
}
}  // namespace

const OwnEvent::Member* OwnEvent::find(std::string_view member) const {
  return find_named(members, member);
}

std::optional<std::int64_t> AccountPolicy::seats_of(std::string_view plan) const {
  for (const auto& [name, count] : seats) {
    if (name == plan) return count;
  }
  return std::nullopt;
}

const Role* RuleSet::find_role(std::string_view name) const { return find_named(roles, name); }

const OwnEvent* RuleSet::find_event(std::string_view name) const {
  return find_named(events, name);
}

const AccountPolicy* RuleSet::find_policy(std::string_view kind) const {
  const auto it = std::ranges::find(account_policies, kind, &AccountPolicy::kind);
  return it == account_policies.end() ? nullptr : &*it;
}

std::string_view RuleSet::scope_name(const Rule& rule) const {
  return rule.scope == Scope::event ? std::string_view(events[rule.event].name)
                                    : name_of(rule.scope);
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
