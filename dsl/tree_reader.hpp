// Reading the files of a rule set: several at a time, and only those that have changed.
#pragma once

#include <cstdint>
#include <memory>
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

/// Reads all files of `sources`, in their order, on several threads where that is worth it; the
/// result is the same. `known` has the trees that were read before, null for others.
std::vector<Reading> read_trees(const SourceMap& sources, Depth depth, const Limits& limits,
                                std::vector<std::shared_ptr<const ast::File>> known);

}  // namespace consign
