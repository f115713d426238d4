// Reading the files of a rule set: several at a time, and only those that have changed.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/dsl.hpp"
#include "consign/hash.hpp"
#include "consign/source.hpp"
#include "dsl/ast.hpp"

namespace consign {

/// What reading one file gave.
struct Reading {
  std::shared_ptr<const ast::File> tree;
  DiagnosticSink messages;
};

/// Trees of a set that was read, for the next one. A tree is good for a file of the same path, the
/// same bytes and the same place in the order of files, which its spans speak of. Files that earned
/// messages are not kept. Not thread-safe.
class TreeCache {
 public:
  /// The tree of that file, or null.
  std::shared_ptr<const ast::File> find(SourceId id, const Source& source,
                                        const Sha256Digest& hash) const;
  /// Takes the trees of a set in place of those kept so far. `hashes` are of its files' bytes.
  void keep(const SourceMap& sources, const std::vector<Sha256Digest>& hashes,
            const std::vector<Reading>& readings);

 private:
  struct Kept {
    SourceId id;
    Sha256Digest hash;
    std::shared_ptr<const ast::File> tree;
  };
  std::unordered_map<std::string, Kept> kept_;  ///< by path
};

/// Reads all files of `sources`, in their order, on several threads where that is worth it; the
/// result is the same. `cache` may be null.
std::vector<Reading> read_trees(const SourceMap& sources, const Limits& limits, TreeCache* cache);

}  // namespace consign
