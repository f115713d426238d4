#include "daemon/access/granting.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <utility>

#include "consign/diagnostic.hpp"
#include "consign/hash.hpp"
#include "consign/ruleset.hpp"
#include "daemon/access/accounts.hpp"
#include "daemon/access/checking.hpp"

namespace consign {
namespace {

using store::GrantRow;
using store::GrantState;
using Kind = GrantChange::Kind;

constexpr std::int64_t kDay = 24LL * 3600 * 1'000'000;
constexpr std::size_t kManyPermissions = 10;

std::string pointer_to(std::size_t permission) {
  return "/permissions/" + std::to_string(permission);
}

std::string not_in_vocabulary(const ActiveRules& rules, const Permission& permission) {
  const std::string written = permission.to_string();
  std::vector<std::string> names;
  for (const Permission& known : rules.rules().vocabulary) names.push_back(known.to_string());
  const auto near = nearest_name(written, {names.begin(), names.end()});
  return "there is no permission `" + written + "`" +
         (near.empty() ? "" : "; did you mean `" + std::string(near) + "`?");
}

void check_permissions(const UnitContext& unit, const std::vector<Permission>& permissions,
                       Faults& faults) {
  for (std::size_t i = 0; i < permissions.size(); ++i) {
    if (!is_known_permission(unit.rules, permissions[i])) {
      faults.push_back({pointer_to(i), not_in_vocabulary(unit.rules, permissions[i])});
    } else if (is_banned(unit.rules, unit.settings, permissions[i])) {
      faults.push_back(
          {pointer_to(i), "`" + permissions[i].to_string() + "` covers what `never_grant` bans"});
    }
  }
}

void check_account(const UnitContext& unit, const WantedGrant& wanted, Faults& faults) {
  if (!is_known_account(unit.db, unit.rules, wanted.account)) {
    faults.push_back({"/account", "there is no account `" + wanted.account + "`"});
    return;
  }
  const auto row = store::find_account(unit.db, wanted.account);
  if (row && !row->belongs_to(wanted.shop)) {
    faults.push_back(
        {"/on/shop", "`" + wanted.account + "` does not belong to shop `" + wanted.shop + "`"});
  }
}

// A hash of what is granted, by whom and when, that no grant is called yet.
std::string new_id(UnitContext& unit, const WantedGrant& wanted, const store::Actor& by) {
  constexpr std::size_t kDigits = 32;
  std::string id;
  Sha256 hash;
  hash.field(wanted.account).field(wanted.shop).field(wanted.order).field(wanted.line);
  for (const auto& permission : wanted.permissions) hash.field(permission.to_string());
  hash.field(wanted.until ? format_timestamp(*wanted.until) : "");
  hash.field(by.person).field(format_timestamp(unit.now));
  const std::string content = to_hex(hash.digest());
  for (int n = 0; id.empty() || !store::grant_rows(unit.db, id).empty(); ++n) {
    id = to_hex(sha256(content + std::to_string(n))).substr(0, kDigits);
  }
  return id;
}

bool says_the_same(const HeldGrant& held, const WantedGrant& wanted) {
  return held.shop == wanted.shop && held.order == wanted.order && held.line == wanted.line &&
         held.part == 0 && held.until == wanted.until && held.rule == wanted.rule &&
         held.idle_seconds == wanted.idle_seconds && held.assigned_only == wanted.assigned_only;
}

// The id of a grant by a person that holds all of this, at this place and until then.
std::optional<std::string> find_same(const UnitContext& unit, const WantedGrant& wanted) {
  std::map<std::string, std::set<Permission>> candidates;
  for (const auto& held : unit.access.held_by(wanted.account, unit.now)) {
    if (says_the_same(*held, wanted)) candidates[held->id].insert(held->permission);
  }
  const std::set<Permission> permissions(wanted.permissions.begin(), wanted.permissions.end());
  for (const auto& [id, held] : candidates) {
    if (held == permissions) return id;
  }
  return std::nullopt;
}

std::string subject_of(const std::string& id) { return "grant " + id; }

std::string detail_of(const GrantChange& change) {
  boost::json::object detail;
  if (!change.reason.empty()) detail["reason"] = change.reason;
  if (change.permissions) {
    auto& permissions = detail["permissions"].emplace_array();
    for (const auto& each : *change.permissions) permissions.emplace_back(each.to_string());
  }
  if (change.until) detail["until"] = format_timestamp(*change.until);
  return boost::json::serialize(detail);
}

std::string detail_of(const WantedGrant& wanted) {
  boost::json::object on{{"shop", wanted.shop}};
  if (!wanted.order.empty()) on["order"] = wanted.order;
  if (!wanted.line.empty()) on["line"] = wanted.line;
  boost::json::object detail{{"account", wanted.account}, {"on", std::move(on)}};
  auto& permissions = detail["permissions"].emplace_array();
  for (const auto& each : wanted.permissions) permissions.emplace_back(each.to_string());
  if (wanted.until) detail["until"] = format_timestamp(*wanted.until);
  if (!wanted.reason.empty()) detail["reason"] = wanted.reason;
  return boost::json::serialize(detail);
}

std::string_view done_to(Kind kind) {
  switch (kind) {
    case Kind::revoke:
      return "revoked";
    case Kind::suspend:
      return "suspended";
    case Kind::resume:
      return "resumed";
    case Kind::adjust:
      break;
  }
  return "adjusted";
}

// ---- adjusting

void check_adjustment(const UnitContext& unit, const std::vector<GrantRow>& rows,
                      const GrantChange& change, Faults& faults) {
  if (!change.permissions && !change.until) {
    faults.push_back({"", "an adjustment gives `permissions`, `until` or both"});
  }
  if (change.until && *change.until <= unit.now) {
    faults.push_back({"/until", "this has passed already; to end the grant now, revoke it"});
  }
  for (const auto& row : rows) {
    if (change.until && row.until && *row.until < *change.until) {
      faults.push_back({"/until", "a grant can only be cut down, and this one ends on " +
                                      format_timestamp(*row.until) + "; make another one"});
      break;
    }
  }
  if (!change.permissions) return;
  check_permissions(unit, *change.permissions, faults);
  for (std::size_t i = 0; i < change.permissions->size(); ++i) {
    const Permission& wanted = (*change.permissions)[i];
    const bool held = std::any_of(rows.begin(), rows.end(), [&](const GrantRow& row) {
      return parse_permissions(row.permission)->front().covers(wanted);
    });
    if (!held) {
      faults.push_back(
          {pointer_to(i), "a grant can only be cut down, and this one does not hold `" +
                              wanted.to_string() + "`; make another one"});
    }
  }
}

std::vector<GrantRow> adjusted(const std::vector<GrantRow>& rows, const GrantChange& change,
                               Timestamp now) {
  std::vector<GrantRow> after;
  std::vector<Permission> wanted;
  if (change.permissions) wanted = *change.permissions;
  const auto kept = wanted;
  // What it holds by itself stays as it is, and is not taken out of a wildcard as well.
  std::erase_if(wanted, [&](const Permission& each) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const GrantRow& row) { return row.permission == each.to_string(); });
  });
  for (GrantRow row : rows) {
    const Permission held = parse_permissions(row.permission)->front();
    if (change.until) row.until = change.until;
    if (!change.permissions || std::find(kept.begin(), kept.end(), held) != kept.end()) {
      after.push_back(std::move(row));
      continue;
    }
    // A wildcard goes; what is left of it comes under the same grant.
    GrantRow rest = row;
    for (auto each = wanted.begin(); each != wanted.end();) {
      if (!held.covers(*each)) {
        ++each;
        continue;
      }
      rest.permission = each->to_string();
      after.push_back(rest);
      each = wanted.erase(each);
    }
    row.state = GrantState::revoked;
    row.ended_at = now;
    after.push_back(std::move(row));
  }
  return after;
}

// ---- the others

std::vector<GrantRow> with_state(std::vector<GrantRow> rows, GrantState state, Timestamp now) {
  for (auto& row : rows) {
    row.state = state;
    if (state == GrantState::revoked) row.ended_at = now;
  }
  return rows;
}

std::vector<GrantRow> changed(const std::vector<GrantRow>& standing, const GrantChange& change,
                              Timestamp now) {
  switch (change.kind) {
    case Kind::revoke:
      return with_state(standing, GrantState::revoked, now);
    case Kind::suspend:
      return with_state(standing, GrantState::suspended, now);
    case Kind::resume:
      return with_state(standing, GrantState::open, now);
    case Kind::adjust:
      break;
  }
  return adjusted(standing, change, now);
}

bool same_rows(const std::vector<GrantRow>& a, const std::vector<GrantRow>& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const GrantRow& x, const GrantRow& y) {
        return x.permission == y.permission && x.state == y.state && x.until == y.until;
      });
}

}  // namespace

bool is_known_permission(const ActiveRules& rules, const Permission& permission) {
  if (permission.resource == "apps") return true;
  const auto& vocabulary = rules.rules().vocabulary;
  return std::any_of(vocabulary.begin(), vocabulary.end(),
                     [&](const Permission& known) { return permission.covers(known); });
}

Faults faults_in_what(const UnitContext& unit, const WantedGrant& wanted) {
  Faults faults;
  check_permissions(unit, wanted.permissions, faults);
  if (wanted.until && *wanted.until <= unit.now) {
    faults.push_back({"/until", "this has passed already"});
  }
  return faults;
}

Result<MadeGrant, Faults> make_grant(UnitContext& unit, const WantedGrant& wanted,
                                     const store::Actor& by) {
  Faults faults;
  check_account(unit, wanted, faults);
  const Faults more = faults_in_what(unit, wanted);
  faults.insert(faults.end(), more.begin(), more.end());
  if (!faults.empty()) return faults;
  if (auto same = find_same(unit, wanted)) return MadeGrant{std::move(*same), false};

  boost::json::object because = wanted.because;
  if (wanted.rule.empty()) because["person"] = by.person;
  if (!wanted.reason.empty()) because["reason"] = wanted.reason;
  GrantRow row{.id = new_id(unit, wanted, by),
               .account = wanted.account,
               .order = {wanted.shop, wanted.order},
               .on_shop = wanted.order.empty(),
               .line = wanted.line,
               .until = wanted.until,
               .rule = wanted.rule,
               .because = boost::json::serialize(because),
               .made_at = unit.now,
               .by_person = wanted.rule.empty() ? std::optional(by.person) : std::nullopt,
               .idle_seconds = wanted.idle_seconds,
               .assigned_only = wanted.assigned_only};
  std::vector<GrantRow> rows;
  for (const auto& permission :
       std::set<Permission>(wanted.permissions.begin(), wanted.permissions.end())) {
    row.permission = permission.to_string();
    store::put_grant(unit.db, row);
    rows.push_back(row);
  }
  store::record_event(unit.db, subject_of(row.id),
                      {.at = unit.now, .what = "made", .by = by, .detail = detail_of(wanted)});
  unit.db.after_commit([&access = unit.access, rows] { access.replace_grants({}, rows); });
  return MadeGrant{row.id, true};
}

Result<bool, Faults> change_grant(UnitContext& unit, const std::string& id,
                                  const GrantChange& change, const store::Actor& by) {
  const auto all = store::grant_rows(unit.db, id);
  if (all.empty()) return false;
  std::vector<GrantRow> standing;
  for (const auto& row : all) {
    if (store::is_standing(row) && !(row.until && *row.until <= unit.now)) standing.push_back(row);
  }
  Faults faults;
  if (standing.empty()) {
    const bool revoked = std::all_of(all.begin(), all.end(), [](const GrantRow& row) {
      return row.state == GrantState::revoked;
    });
    if (revoked && change.kind == Kind::revoke) return true;
    faults.push_back({"", "the grant no longer stands; make another one"});
    return faults;
  }
  if (change.kind == Kind::adjust) check_adjustment(unit, standing, change, faults);
  if (!faults.empty()) return faults;

  auto after = changed(standing, change, unit.now);
  if (same_rows(standing, after)) return true;
  for (const auto& row : after) store::put_grant(unit.db, row);
  store::record_event(unit.db, subject_of(id),
                      {.at = unit.now,
                       .what = std::string(done_to(change.kind)),
                       .by = by,
                       .detail = detail_of(change)});
  unit.db.after_commit([&access = unit.access, standing, after = std::move(after)] {
    access.replace_grants(standing, after);
  });
  return true;
}

std::vector<std::string_view> review_grant(const std::vector<GrantRow>& rows,
                                           const ReviewLimits& limits, Timestamp now) {
  const GrantRow& first = rows.front();
  Timestamp used = first.made_at;
  bool wildcard = false;
  for (const auto& row : rows) {
    if (row.last_used) used = std::max(used, *row.last_used);
    wildcard = wildcard || row.permission.ends_with(":*");
  }
  std::vector<std::string_view> findings;
  if (now.micros - used.micros >= limits.unused_days * kDay) findings.emplace_back("unused");
  if (wildcard || (first.on_shop && rows.size() >= kManyPermissions)) {
    findings.emplace_back("broad");
  }
  if (now.micros - first.made_at.micros >= limits.old_days * kDay) findings.emplace_back("old");
  return findings;
}

}  // namespace consign
