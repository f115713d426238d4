// A reload costs what has changed: the files that are as they were need not be read, resolved or
// looked at for warnings again. What is taken over must be what would come out anew, so whatever is
// not plainly independent of the rest (rules that earned a message, that have a table made for
// them, declarations of any kind) is not taken.

#include "dsl/set_cache.hpp"

#include <bit>
#include <functional>

namespace consign {

namespace {

/// All declarations but rules, as written and where: what rules may refer to.
std::string declarations_of(const SetParts& parts) {
  std::string all;
  for (const auto& tree : parts.trees) {
    const Source& source = parts.sources->get(tree->source);
    const bool yaml = !source.path.ends_with(".rules");
    for (const ast::Declaration& each : tree->declarations) {
      if (std::holds_alternative<ast::Rule>(each.what)) continue;
      all += std::to_string(tree->source) + ':';
      // A YAML declaration's span need not hold all of its text.
      all += yaml ? std::string_view(source.text) : parts.sources->text(each.span);
      all += '\n';
      if (yaml) break;
    }
  }
  return all;
}

}  // namespace

NameCounts::Slot& NameCounts::slot_of(std::uint64_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].hash != 0 && slots_[at].hash != hash) at = (at + 1) & mask;
  return slots_[at];
}

void NameCounts::grow() {
  std::vector<Slot> before = std::exchange(slots_, {});
  used_ = 0;
  for (const Slot& slot : before) used_ += slot.count > 0;
  slots_.resize(std::bit_ceil(4 * used_ + 64));
  for (const Slot& slot : before) {
    if (slot.count > 0) slot_of(slot.hash) = slot;
  }
}

std::uint32_t NameCounts::add(std::string_view name) {
  if (2 * (used_ + 1) > slots_.size()) grow();
  const std::uint64_t hash = std::hash<std::string_view>{}(name) | 1;
  Slot& slot = slot_of(hash);
  if (slot.hash == 0) {
    slot.hash = hash;
    ++used_;
  }
  return slot.count++;
}

void NameCounts::remove(std::string_view name) {
  --slot_of(std::hash<std::string_view>{}(name) | 1).count;
}

std::shared_ptr<const Source> SetCache::source(RuleFile file) const {
  const auto at = kept_.find(file.path);
  if (at != kept_.end() && at->second.source->text == file.text) return at->second.source;
  return std::make_shared<const Source>(std::move(file.path), std::move(file.text));
}

const SetCache::Kept* SetCache::find(const SourceMap& sources, SourceId id) const {
  const auto at = kept_.find(sources.get(id).path);
  if (at == kept_.end()) return nullptr;
  const bool same = at->second.id == id && at->second.source == sources.share(id);
  return same ? &at->second : nullptr;
}

std::vector<std::shared_ptr<const ast::File>> SetCache::trees(const SourceMap& sources,
                                                              Depth depth) const {
  std::vector<std::shared_ptr<const ast::File>> trees(sources.size());
  for (SourceId id = 0; id < sources.size(); ++id) {
    const Kept* kept = find(sources, id);
    if (kept && (depth == Depth::declarations || kept->tree->unread.empty())) {
      trees[id] = kept->tree;
    }
  }
  return trees;
}

void SetCache::fill(SetParts& parts) const {
  if (kept_.empty() || declarations_of(parts) != declared_) return;
  for (SourceId id = 0; id < parts.trees.size(); ++id) {
    const Kept* kept = find(*parts.sources, id);
    if (!kept || !kept->rules.reusable) continue;
    parts.rules[id] = kept->rules;
    parts.findings[id] = kept->findings;
    parts.taken_over = true;
  }
}

bool SetCache::keep(const SetParts& parts) {
  std::vector<const FileRules*> leaving, coming;
  for (const auto& [path, kept] : kept_) {
    const bool stays =
        kept.id < parts.rules.size() && parts.rules[kept.id].rules == kept.rules.rules;
    if (!stays) leaving.push_back(kept.rules.rules.get());
  }
  for (SourceId id = 0; id < parts.rules.size(); ++id) {
    const Kept* kept = find(*parts.sources, id);
    const bool stays = kept && kept->rules.rules == parts.rules[id].rules;
    if (!stays) coming.push_back(parts.rules[id].rules.get());
  }
  const auto add = [&](const std::vector<const FileRules*>& files) {
    bool differ = true;
    for (const FileRules* file : files) {
      for (const Rule& rule : file->rules) differ = names_.add(rule.name) == 0 && differ;
    }
    return differ;
  };
  const auto remove = [&](const std::vector<const FileRules*>& files) {
    for (const FileRules* file : files) {
      for (const Rule& rule : file->rules) names_.remove(rule.name);
    }
  };
  remove(leaving);
  if (!add(coming)) {
    remove(coming);
    add(leaving);
    return false;
  }
  kept_.clear();
  for (SourceId id = 0; id < parts.rules.size(); ++id) {
    kept_.insert_or_assign(
        parts.sources->get(id).path,
        Kept{id, parts.sources->share(id), parts.trees[id], parts.rules[id], parts.findings[id]});
  }
  declared_ = declarations_of(parts);
  return true;
}

}  // namespace consign
