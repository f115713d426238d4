// From the tree as written to the typed tree: names looked up, types decided, scopes settled,
// everything checked.
#pragma once

#include <memory>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/dsl.hpp"
#include "consign/ruleset.hpp"
#include "dsl/ast.hpp"

namespace consign {

/// A file of a set that is resolved.
struct ResolvedFile {
  std::shared_ptr<const FileRules> rules;
  /// Whether it can be taken as it is into a set with the same declarations: it earned no messages
  /// and refers to nothing that was made for it.
  bool reusable = false;
};

/// Resolves the files of a set, which come in the order in which their rules run; the trees are as
/// before, and nothing points into them afterwards. Always hands back a tree; it is whole only if
/// the sink has no errors. Parts that could not be resolved are left out, so that one fault gives
/// one message. Null where an unread rule is not in order, and the trees must be read whole.
/// `resolved` has a place for each file; where it holds rules already, those are taken, and that
/// their names differ from all others is the caller's matter. The other places are filled.
std::shared_ptr<RuleSet> resolve(const std::vector<std::shared_ptr<const ast::File>>& files,
                                 std::shared_ptr<const SourceMap> sources,
                                 const CheckOptions& options, std::vector<ResolvedFile>& resolved,
                                 DiagnosticSink& sink);

}  // namespace consign
