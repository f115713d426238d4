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

/// Resolves the files of a set, which come in the order in which their rules run; the trees are as
/// before, and nothing points into them afterwards. Always hands back a tree; it is whole only if
/// the sink has no errors. Parts that could not be resolved are left out, so that one fault gives
/// one message. Null where an unread rule is not in order, and the trees must be read whole.
std::shared_ptr<RuleSet> resolve(const std::vector<std::shared_ptr<const ast::File>>& files,
                                 std::shared_ptr<const SourceMap> sources,
                                 const CheckOptions& options, DiagnosticSink& sink);

}  // namespace consign
