// The reader of `.rules` text, and of the conditions and actions inside YAML scalars.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/dsl.hpp"
#include "dsl/ast.hpp"

namespace consign {

/// Text of the language and where each of its bytes stands in its file. `offsets` has one entry
/// more than `text` has bytes: the place of the end. What ends before byte `n` of the
/// text ends at `offsets[n]` of the file. Empty `offsets`: the text is the file itself. The trees
/// that are read from it view the text.
struct Fragment {
  SourceId source = 0;
  std::string_view text;
  std::vector<std::uint32_t> offsets;
};

/// Reads a whole `.rules` file. Faults are reported and reading goes on at the next declaration;
/// what could be read is in the tree.
ast::File parse_rules(SourceId source, const SourceMap& sources, const Limits& limits,
                      DiagnosticSink& sink);

/// Reads all of a `.rules` file but its rules, which stay unread. Nothing where anything is wrong
/// with it: `parse_rules` tells what.
std::optional<ast::File> parse_declarations(SourceId source, const SourceMap& sources,
                                            const Limits& limits);
/// Reads the rules that `parse_declarations` left, one after the other, and hands each to `take`,
/// which says whether to go on; a rule is gone after that. False where anything is wrong with one:
/// `parse_rules` tells what.
bool parse_unread(const ast::File& file, const SourceMap& sources, const Limits& limits,
                  const std::function<bool(const ast::Rule&)>& take);

/// These put what they read into `pool`. Reads one condition; null after a fault, which is
/// reported.
ast::ExprPtr parse_condition(const Fragment& fragment, TreePool& pool, const Limits& limits,
                             DiagnosticSink& sink);
/// Reads actions with commas between them.
std::span<const ast::Action> parse_actions(const Fragment& fragment, TreePool& pool,
                                           const Limits& limits, DiagnosticSink& sink);
/// Reads one literal, as a list or a table holds it.
std::optional<ast::SpannedLiteral> parse_literal(const Fragment& fragment, TreePool& pool,
                                                 const Limits& limits, DiagnosticSink& sink);
/// Reads a literal, also of so much in a time, as a supplier's property holds it.
std::optional<ast::Rated> parse_rated(const Fragment& fragment, TreePool& pool,
                                      const Limits& limits, DiagnosticSink& sink);
/// Reads permissions and role names with commas between them.
std::span<const ast::PermissionItem> parse_permission_items(const Fragment& fragment,
                                                            TreePool& pool, const Limits& limits,
                                                            DiagnosticSink& sink);

}  // namespace consign
