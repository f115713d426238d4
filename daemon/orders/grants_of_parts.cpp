#include "daemon/orders/grants_of_parts.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <utility>

#include "consign/hash.hpp"
#include "consign/ruleset.hpp"
#include "daemon/store/grant_rows.hpp"
#include "daemon/wire/decision_json.hpp"

namespace consign {
namespace {

using store::GrantRow;
using store::OrderKey;

bool same_origin(const GrantRow& a, const GrantRow& b) {
  return a.account == b.account && a.on_shop == b.on_shop && a.line == b.line && a.part == b.part &&
         a.rule == b.rule;
}

bool same_grant(const GrantRow& a, const GrantRow& b) {
  return a.permission == b.permission && same_origin(a, b);
}

// The grants that hang on parts which this decision has kept: the engine makes those of new
// assignments only.
std::vector<GrantRow> grants_of_kept_parts(const std::vector<GrantRow>& before,
                                           const Decision& decision,
                                           const std::vector<store::PartRow>& parts) {
  std::vector<GrantRow> kept;
  for (const auto& grant : before) {
    if (!store::is_standing(grant)) continue;
    const bool stays = std::any_of(parts.begin(), parts.end(), [&](const store::PartRow& part) {
      if (part.outcome != "assigned") return false;
      const bool its_own = grant.on_shop ? part.rule == grant.rule
                                         : part.line == grant.line && part.part == grant.part;
      if (!its_own) return false;
      const auto& line = decision.lines[static_cast<std::size_t>(part.place)];
      return std::any_of(line.parts.begin(), line.parts.end(),
                         [&](const Part& each) { return each.kept && each.number == part.part; });
    });
    if (stays) kept.push_back(grant);
  }
  return kept;
}

const GrantRow* find_same(const std::vector<GrantRow>& grants, const GrantRow& wanted) {
  const auto found = std::find_if(grants.begin(), grants.end(),
                                  [&](const GrantRow& each) { return same_grant(each, wanted); });
  return found == grants.end() ? nullptr : &*found;
}

// What is left of a grant that a person has cut down from `whole`.
std::vector<GrantRow> rest_of(const std::vector<GrantRow>& before, const GrantRow& whole) {
  const auto wider = parse_permissions(whole.permission);
  std::vector<GrantRow> rest;
  for (const auto& each : before) {
    const auto narrower = parse_permissions(each.permission);
    if (store::is_standing(each) && same_origin(each, whole) &&
        each.permission != whole.permission && wider && narrower &&
        wider->front().covers(narrower->front())) {
      rest.push_back(each);
    }
  }
  return rest;
}

// Puts the grants in the place of those from before.
void replace(UnitContext& unit, const OrderKey& key, std::vector<GrantRow> before,
             std::vector<GrantRow> standing) {
  if (before.empty() && standing.empty()) return;
  store::end_rule_grants(unit.db, key, unit.now);
  for (const auto& grant : standing) store::put_grant(unit.db, grant);
  unit.db.after_commit(
      [&access = unit.access, before = std::move(before), standing = std::move(standing)] {
        access.replace_grants(before, standing);
      });
}

}  // namespace

void record_grants(UnitContext& unit, const OrderKey& key, const OrderDocument& order,
                   const Decision& decision, const std::string& decision_id,
                   const std::vector<store::PartRow>& parts) {
  const Program& program = *unit.rules.program;
  const auto before = store::rule_grants_of_order(unit.db, key);
  auto standing = grants_of_kept_parts(before, decision, parts);
  const auto kept = standing;
  for (const GrantMade& made : decision.grants) {
    GrantRow row;
    row.id = grant_id(decision_id, made, order);
    row.account = made.account;
    row.order = key;
    row.on_shop = made.on_shop;
    if (!made.on_shop) row.line = order.event.lines[made.line].text(Field::line_id);
    row.part = made.part;
    row.rule = rules_of(program).rules[made.rule].name;
    row.because = boost::json::serialize(because_to_json(program, made.rule));
    row.made_at = unit.now;
    for (const Permission& permission : made.grant->permissions) {
      row.permission = permission.to_string();
      row.state = store::GrantState::open;
      if (find_same(kept, row) != nullptr) continue;
      row.until = made.until;
      const GrantRow* old = find_same(before, row);
      if (old != nullptr && old->until) {
        row.until = row.until ? std::min(*old->until, *row.until) : *old->until;
      }
      if (old != nullptr) row.state = old->state;
      if (row.state != store::GrantState::revoked) {
        standing.push_back(row);
        continue;
      }
      for (const GrantRow& part_of_it : rest_of(before, row)) {
        GrantRow rest = row;
        rest.permission = part_of_it.permission;
        rest.state = part_of_it.state;
        rest.until = part_of_it.until;
        if (find_same(standing, rest) == nullptr) standing.push_back(std::move(rest));
      }
    }
  }
  replace(unit, key, before, std::move(standing));
}

void move_grants(UnitContext& unit, const OrderKey& key, const std::vector<store::PartRow>& after,
                 const PartOrigins& origins) {
  const auto before = store::rule_grants_of_order(unit.db, key);
  std::vector<GrantRow> standing;
  for (const GrantRow& grant : before) {
    // One for the whole line, or for somebody whom the rule names, does not hang on a part.
    if (grant.on_shop || grant.part == 0) standing.push_back(grant);
  }
  for (const auto& part : after) {
    if (part.outcome != "assigned" || !part.supplier) continue;
    const auto origin = origins.find({part.line, part.part});
    const std::int64_t from = origin == origins.end() ? part.part : origin->second;
    for (const GrantRow& grant : before) {
      if (grant.on_shop || grant.part != from || grant.line != part.line) continue;
      GrantRow moved = grant;
      moved.account = "supplier:" + *part.supplier;
      moved.part = part.part;
      if (moved.account != grant.account || moved.part != grant.part) {
        moved.id = to_hex(Sha256()
                              .field(grant.id)
                              .field(moved.account)
                              .field(std::to_string(moved.part))
                              .digest())
                       .substr(0, grant.id.size());
        moved.made_at = unit.now;
      }
      standing.push_back(std::move(moved));
    }
  }
  replace(unit, key, before, std::move(standing));
}

}  // namespace consign
