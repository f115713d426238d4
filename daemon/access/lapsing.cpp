#include "daemon/access/lapsing.hpp"

#include <spdlog/spdlog.h>

#include <boost/json/object.hpp>

#include "consign/ruleset.hpp"
#include "daemon/access/access_notices.hpp"
#include "daemon/access/accounts.hpp"
#include "daemon/access/seats.hpp"
#include "daemon/store/request_rows.hpp"
#include "daemon/store/seat_rows.hpp"

namespace consign {
namespace {

using store::RequestState;

constexpr std::int64_t kAtOnce = 64;
constexpr std::int64_t kSecond = 1'000'000;

const store::Actor& consignd() {
  static const store::Actor actor{"consignd", ""};
  return actor;
}

bool end_due_requests(UnitContext& unit) {
  auto due = store::due_requests(unit.db, unit.now, kAtOnce);
  for (auto& row : due) {
    const bool invited = row.state == RequestState::invited;
    row.state = invited ? RequestState::lapsed : RequestState::expired;
    row.reason = invited ? "the link was not used in time" : "nobody decided it in time";
    row.due = std::nullopt;
    row.changed_at = unit.now;
    store::put_request(unit.db, row);
    store::drop_activation_links(unit.db, row.id);
    const auto what = store::name_of(row.state);
    store::record_event(
        unit.db, "request " + row.id,
        {.at = unit.now, .what = std::string(what), .by = consignd(), .detail = "{}"});
    tell_access(unit, "request." + std::string(what),
                "request " + row.id + " " + format_timestamp(unit.now),
                {{"request", row.id}, {"account", row.account}, {"reason", row.reason}});
  }
  return static_cast<std::int64_t>(due.size()) == kAtOnce;
}

bool end_idle_grants(UnitContext& unit) {
  const auto idle = unit.access.idle_grants(unit.now, kAtOnce);
  for (const auto& id : idle) {
    auto rows = store::grant_rows(unit.db, id);
    std::vector<store::GrantRow> gone;
    for (auto& row : rows) {
      if (!store::is_standing(row) || !row.idle_seconds) continue;
      gone.push_back(row);
      row.state = store::GrantState::ended;
      row.ended_at = unit.now;
      store::put_grant(unit.db, row);
    }
    store::record_event(unit.db, "grant " + id,
                        {.at = unit.now, .what = "idle", .by = consignd(), .detail = "{}"});
    unit.db.after_commit(
        [&access = unit.access, gone = std::move(gone)] { access.replace_grants(gone, {}); });
  }
  return static_cast<std::int64_t>(idle.size()) == kAtOnce;
}

bool remove_idle_accounts(UnitContext& unit) {
  bool more = false;
  for (const AccountPolicy& policy : unit.rules.rules().account_policies) {
    if (!policy.idle_seconds) continue;
    const Timestamp before{unit.now.micros - *policy.idle_seconds * kSecond};
    const auto idle = [&] {
      return store::idle_accounts(unit.db, policy.kind, before, policy.idle_per_organization);
    };
    if (idle().empty()) continue;
    // The store knows of uses as of the last flush; whoever has come back since is not idle.
    unit.access.flush_uses(unit.db, unit.now);
    std::int64_t done = 0;
    for (const auto& account : idle()) {
      if (++done > kAtOnce) {
        more = true;
        break;
      }
      spdlog::info("account {} did nothing for {} days and is removed", account,
                   *policy.idle_seconds / (24 * 3600));
      remove_account(unit, account, consignd());
      tell_access(unit, "account.removed", "account " + account + " " + format_timestamp(unit.now),
                  {{"account", account}, {"reason", "it did nothing for too long"}});
    }
  }
  return more;
}

}  // namespace

bool end_what_lapsed(UnitContext& unit) {
  const bool more_requests = end_due_requests(unit);
  bool more = end_idle_grants(unit);
  more = remove_idle_accounts(unit) || more;
  fit_seats_if_changed(unit);
  return more || more_requests;
}

}  // namespace consign
