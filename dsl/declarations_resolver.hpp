// Declarations that stand for themselves: tables, rates, the time zone, own fields.
#pragma once

#include "dsl/world.hpp"

namespace consign::check {

/// Reports members of different types; such a list is not checked where it is used.
void check_list(World& world, const ast::List& list);
void resolve_table(World& world, const ast::Table& written, Table& table);
void resolve_rate(World& world, const ast::RateDecl& written, std::vector<Span>& places);
void resolve_own_field(World& world, const ast::OwnField& written, OwnField& field);
void resolve_own_event(World& world, const ast::OwnEvent& written, OwnEvent& event);
void resolve_group(World& world, const ast::Group& written, Group& group);
void resolve_policy(World& world, const ast::AccountPolicy& written, AccountPolicy& policy);
void resolve_time_zone(World& world, const ast::TimeZoneDecl& written, std::optional<Span>& first);
void resolve_overlaps(World& world, const ast::Overlaps& written, std::optional<Span>& first);

}  // namespace consign::check
