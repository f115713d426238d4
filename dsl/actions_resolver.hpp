// Actions of rules: targets, holds, texts with fields in them, grants, values of own fields.
#pragma once

#include "dsl/checker.hpp"
#include "dsl/permissions_resolver.hpp"

namespace consign::check {

/// Whether rules of that scope may do it.
bool belongs(ActionKind action, Scope scope);

class ActionsResolver {
 public:
  ActionsResolver(World& world, Checker& checker, PermissionsResolver& permissions)
      : world_(world), checker_(checker), permissions_(permissions) {}

  /// The actions of a rule, those that could be resolved and belong to its scope, if that is known.
  /// `reach` takes what their texts and values read.
  std::span<const Action> actions(std::span<const ast::Action> written, std::optional<Scope> scope,
                                  Reach& reach);

 private:
  std::optional<AssignAction> assign(const ast::Assign& written, Span span);
  std::optional<HoldAction> hold(const ast::Hold& written);
  std::optional<GrantAction> grant(const ast::Grant& written, Span span, bool rule_assigns);
  std::optional<GrantTerm> term(const ast::Term& written);
  std::optional<ReviewAction> review(const ast::Review& written);
  std::optional<HandAction> hand(const ast::Hand& written);
  std::optional<SetAction> set(const ast::SetField& written);
  std::optional<TextTemplate> text(const ast::TemplateText& written);
  std::optional<FieldRead> field(std::string_view inner, Span span);
  std::optional<std::int64_t> seconds(const ast::SpannedLiteral& written, std::string_view what);
  bool parts(const ast::Assign& written, AssignAction& action);
  bool shares(const ast::Assign& written, std::span<AssignTarget> targets, Span span);
  void warn_of_unknown_costs(const ast::Assign& written, const AssignAction& action);

  World& world_;
  Checker& checker_;
  PermissionsResolver& permissions_;
  Reach* reach_ = nullptr;
  std::optional<Scope> scope_;               ///< of the rule
  std::vector<TextTemplate::Piece> pieces_;  ///< of the text being resolved
};

}  // namespace consign::check
