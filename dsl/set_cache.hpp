// What is kept of a rule set for the one that comes after it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "consign/dsl.hpp"
#include "consign/source.hpp"
#include "dsl/ast.hpp"
#include "dsl/resolver.hpp"
#include "dsl/tree_reader.hpp"
#include "dsl/warnings.hpp"

namespace consign {

/// How often each name is there, by its hash.
class NameCounts {
 public:
  /// One more of that name; how many there were.
  std::uint32_t add(std::string_view name);
  void remove(std::string_view name);

 private:
  struct Slot {
    std::uint64_t hash = 0;  ///< 0: empty
    std::uint32_t count = 0;
  };
  Slot& slot_of(std::uint64_t hash);
  void grow();

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

/// A set on its way: each of these has a place for each file.
struct SetParts {
  std::shared_ptr<const SourceMap> sources;
  std::vector<std::shared_ptr<const ast::File>> trees;
  std::vector<ResolvedFile> rules;
  std::vector<check::FileFindings> findings;
  bool taken_over = false;  ///< some of the rules are from the cache
};

/// Files, trees, resolved rules and findings of the last set that was in order. They are good for
/// the same file at the same place in the order of files, which spans speak of; rules and findings
/// only as long as nothing that is declared changes. Not thread-safe.
class SetCache {
 public:
  /// The file as it was kept, where its bytes are the same; else a new one.
  std::shared_ptr<const Source> source(RuleFile file) const;
  /// The trees that are good for `sources`, read to that depth or deeper.
  std::vector<std::shared_ptr<const ast::File>> trees(const SourceMap& sources, Depth depth) const;
  /// Fills in the rules and findings that are good for a set of these sources and trees.
  void fill(SetParts& parts) const;
  /// Takes a set without errors in place of the one kept so far. False, and nothing is changed, if
  /// rules that were taken from the cache and others have the same name.
  bool keep(const SetParts& parts);

 private:
  struct Kept {
    SourceId id;
    std::shared_ptr<const Source> source;
    std::shared_ptr<const ast::File> tree;
    ResolvedFile rules;
    check::FileFindings findings;
  };
  const Kept* find(const SourceMap& sources, SourceId id) const;

  std::unordered_map<std::string, Kept> kept_;  ///< by path
  std::string declared_;                        ///< all declarations but rules
  NameCounts names_;                            ///< of rules
};

}  // namespace consign
