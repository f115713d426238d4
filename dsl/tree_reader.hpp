// Reading the files of a rule set: several at a time, and only those that have changed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/dsl.hpp"
#include "consign/source.hpp"
#include "dsl/ast.hpp"

namespace consign {

/// Whether the rules of `.rules` files that are in order may stay unread.
enum class Depth : std::uint8_t { declarations, whole };

/// What reading one file gave.
struct Reading {
  std::shared_ptr<const ast::File> tree;
  DiagnosticSink messages;
};

/// Files and trees of a set that was read, for the next one. A tree is good for the same file at
/// the same place in the order of files, which its spans speak of. Trees of files that earned
/// messages are not kept. Not thread-safe.
class TreeCache {
 public:
  /// The file as it was kept, where its bytes are the same; else a new one.
  std::shared_ptr<const Source> source(RuleFile file) const;
  /// The tree of that file, read to that depth or deeper, or null.
  std::shared_ptr<const ast::File> find(SourceId id, const SourceMap& sources, Depth depth) const;
  /// Takes the files and trees of a set in place of those kept so far.
  void keep(const SourceMap& sources, const std::vector<Reading>& readings);

 private:
  struct Kept {
    SourceId id;
    std::shared_ptr<const Source> source;
    std::shared_ptr<const ast::File> tree;  ///< null: not kept
  };
  std::unordered_map<std::string, Kept> kept_;  ///< by path
};

/// Reads all files of `sources`, in their order, on several threads where that is worth it; the
/// result is the same. `cache` may be null.
std::vector<Reading> read_trees(const SourceMap& sources, Depth depth, const Limits& limits,
                                TreeCache* cache);

}  // namespace consign
