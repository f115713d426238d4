// One rule: its clauses, its scope, its condition and its actions.
#pragma once

#include "dsl/actions_resolver.hpp"
#include "dsl/checker.hpp"

namespace consign::check {

class RuleResolver {
 public:
  RuleResolver(World& world, Checker& checker, ActionsResolver& actions)
      : world_(world), checker_(checker), actions_(actions) {}

  /// Adds the rule to those of the world's file. `misread`: reading it has found a fault, so that
  /// what seems to be left out may well be there.
  void resolve(const ast::Rule& written, bool misread);

 private:
  /// A scope, and of an event of one's own which one.
  struct ScopeOf {
    Scope scope;
    std::uint32_t event = 0;
  };
  void check_parts(const ast::Rule& written);
  std::optional<ScopeOf> declared_scope(const ast::Rule& written, bool& known);
  /// Nothing where that is not known; `resolved`: the condition could be resolved, if there is one.
  std::optional<ScopeOf> settle_scope(const ast::Rule& written, const Reach& condition,
                                      bool resolved);
  std::string called(ScopeOf scope) const;
  void label_scope(DiagnosticSink::Builder& message, const ast::Rule& written, ScopeOf scope);
  void check_reads(const ast::Rule& written, ScopeOf scope, const Reach& reach);
  void check_actions(const ast::Rule& written, ScopeOf scope, const Reach& condition);
  void check_texts(const ast::Rule& written, ScopeOf scope, bool has_condition,
                   const Reach& actions);
  void resolve_mode(const ast::Rule& written, Rule& rule);
  void resolve_details(const ast::Rule& written, Rule& rule);

  World& world_;
  Checker& checker_;
  ActionsResolver& actions_;
};

}  // namespace consign::check
