#include "daemon/rules/program_cache.hpp"

#include <algorithm>
#include <variant>

#include "daemon/rules/compile.hpp"
#include "daemon/store/rule_set_rows.hpp"

namespace consign {
namespace {

constexpr std::size_t kKept = 4;

}  // namespace

std::shared_ptr<const Program> ProgramCache::find(std::string_view hash) {
  if (const auto active = current_.active(); active->hash == hash) return active->program;
  // Held while compiling, so that two who ask for the same old set compile it once.
  const std::lock_guard lock(mutex_);
  for (const auto& [known, program] : kept_) {
    if (known == hash) return program;
  }
  auto files =
      readers_.read([&](store::Connection& db) { return store::rule_set_files(db, hash); });
  if (!files) return nullptr;
  // Bans of today do not concern what was decided then.
  auto compiled = compile_rules(std::move(*files), {}, {});
  const auto* active = std::get_if<0>(&compiled);
  if (active == nullptr) return nullptr;
  kept_.emplace_front(hash, (*active)->program);
  if (kept_.size() > kKept) kept_.pop_back();
  return kept_.front().second;
}

}  // namespace consign
