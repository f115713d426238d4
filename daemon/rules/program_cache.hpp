// Programs of rule sets that decisions were made with, for telling why.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "consign/engine.hpp"
#include "daemon/rules/current_rules.hpp"
#include "daemon/store/reader_pool.hpp"

namespace consign {

/// The set in force, or one compiled anew from the store; the last few are kept. Safe from any
/// thread.
class ProgramCache {
 public:
  ProgramCache(const CurrentRules& current, store::ReaderPool& readers)
      : current_(current), readers_(readers) {}

  /// Null if the store does not know the set, or it no longer compiles. Throws StoreError.
  std::shared_ptr<const Program> find(std::string_view hash);

 private:
  const CurrentRules& current_;
  store::ReaderPool& readers_;
  std::mutex mutex_;
  std::deque<std::pair<std::string, std::shared_ptr<const Program>>> kept_;
};

}  // namespace consign
